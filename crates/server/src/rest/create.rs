//! `POST /api/now/table/{table}` (`rest-and-records.md` §2.1, §2.5).
//!
//! ```text
//! request --decide--> the record, and the answer that shows it --store--> on disk --> answer
//! ```
//! Most answers are ready before the record is on disk. What was asked for is let go by then, so that of all the creates
//! that one commit carries, none has to look at its request again.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use snowglobe_records::{Table, acl::Operation};

use super::{
    access::Head,
    input,
    page::{Asked, made},
    params::{Params, choose_view},
    path::Named,
    table::{mode, open, written},
};
use crate::{
    app::App,
    error::{RestError, json},
    records::{self, Input, Making, Question, Session},
    refusal,
};

/// A record that the caller may make, and what they are told of it.
struct Decided {
    session: Session,
    making: Making,
    location: Option<HeaderValue>,
    answer: Answer,
}

/// The body of the answer.
enum Answer {
    Ready(String),
    /// Only a read of the record can tell.
    Read(Arc<Table>, Uri),
}

/// `POST /api/now/table/{table}`
pub(crate) async fn create(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let Decided {
        session,
        making,
        location,
        answer,
    } = decide(app, table, request).await?;
    let body = match answer {
        Answer::Ready(body) => {
            making.store(&session).await?;
            body
        }
        // Boxed: the future of every create would be larger.
        Answer::Read(table, uri) => Box::pin(store_and_read(session, making, (table, uri))).await?,
    };
    let mut response = json(StatusCode::CREATED, body);
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

async fn decide(app: App, table: String, request: Request) -> Result<Decided, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, &table, Head::from(&parts), body).await?;
    let mut params = Params::parse(parts.uri.query())?;
    choose_view(&mut params, &table);
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    let input = Input {
        pairs: &pairs,
        mode: mode(&session, &table, &params),
    };
    refusal::asks(Question::about(&table, Operation::Create));
    let making = records::prepare(&session, &table, input).await?;
    let mut location = session.links(&parts.uri).table(table.name());
    location.extend(["/", making.row().sys_id.as_str()]);
    let asked = Asked::of(&params, &parts.uri);
    let answer = match made(&session, &table, &making, asked) {
        Some(body) => Answer::Ready(body),
        None => Answer::Read(table, parts.uri.clone()),
    };
    Ok(Decided {
        session,
        making,
        location: HeaderValue::try_from(location).ok(),
        answer,
    })
}

async fn store_and_read(
    session: Session,
    making: Making,
    (table, uri): (Arc<Table>, Uri),
) -> Result<String, RestError> {
    let made = making.store(&session).await?;
    let session = session.refreshed();
    let mut params = Params::parse(uri.query())?;
    choose_view(&mut params, &table);
    let asked = Asked {
        told_once: made.secret.as_ref(),
        ..Asked::of(&params, &uri)
    };
    written(&session, &table, &made.sys_id, asked).await
}
