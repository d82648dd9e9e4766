//! The `JSONv2` web service (`rest-and-records.md` §11.1): `/{table}.do?JSONv2`, older clients `?JSON`.
//!
//! It is the Table API's elder: the same records under the same rules, in other words. A call that fails as a whole
//! answers 200 with an `error` (E22); a row that fails says so in its place.

mod act;
mod asked;
mod rows;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use snowglobe_records::{
    Table,
    acl::Operation,
    parameters::jsonv2::{Action, Asked, Missing},
};

use super::{input, page::encoded};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{Question, Session},
    refusal,
    rest::access::Head,
};

/// Tells whether a query asks for this service.
pub(crate) fn is_asked(query: Option<&str>) -> bool {
    query.is_some_and(|query| {
        query.split('&').any(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            name.eq_ignore_ascii_case("JSONv2") || name.eq_ignore_ascii_case("JSON")
        })
    })
}

/// `GET` and `POST /{table}.do?JSONv2`
pub(crate) async fn respond(app: App, table: &str, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    match run(app, table, &parts, &mut body).await {
        Ok(answered) => answered,
        Err(error) => {
            input::discard(&mut body).await;
            error.into_response()
        }
    }
}

async fn run(app: App, table: &str, parts: &Parts, body: &mut Body) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(parts)).await?;
    let table = session.table(table)?;
    let asked = asked::read(&session.app, parts, body).await?;
    refusal::asks(question(&table, &asked));
    let answered = match act(&session, &table, &asked).await {
        Ok(records) => format!("{{\"records\":{records}}}"),
        Err(Failure::Call(error)) => json!({"error": error, "reason": Value::Null}).to_string(),
        Err(Failure::Rest(error)) => return Err(error),
    };
    Ok(answer(StatusCode::OK, answered))
}

/// What the operator can look at again (`snowglobe explain`).
fn question(table: &Table, asked: &Asked) -> Question {
    let operation = match &asked.action {
        Action::Insert => Operation::Create,
        Action::Update => Operation::Write,
        Action::DeleteRecord | Action::DeleteMultiple => Operation::Delete,
        Action::Get | Action::GetRecords | Action::GetKeys | Action::Unknown(_) => Operation::Read,
    };
    let text = |name| Some(asked.text(name)).filter(|text| !text.is_empty());
    let question = Question::about(table, operation).with(text("sysparm_query"), None);
    match text("sysparm_sys_id") {
        Some(sys_id) => question.of(sys_id),
        None => question,
    }
}

/// Why a call failed as a whole.
enum Failure {
    /// What was asked makes no sense (E22).
    Call(String),
    /// As everywhere under REST.
    Rest(RestError),
}

impl Failure {
    fn missing(parameter: Missing) -> Self {
        Self::Call(parameter.to_string())
    }
}

impl<E: Into<RestError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Rest(error.into())
    }
}

async fn act(session: &Session, table: &Arc<Table>, asked: &Asked) -> Result<String, Failure> {
    match &asked.action {
        Action::Get => {
            let sys_id = asked
                .needed("sysparm_sys_id", "get")
                .map_err(Failure::missing)?;
            let query = rows::by_sys_id(table, sys_id)?;
            rows::read(session, table, query, asked).await
        }
        Action::GetRecords => {
            let query = encoded(session, table, asked.text("sysparm_query"))?;
            rows::read(session, table, query, asked).await
        }
        Action::GetKeys => {
            let query = encoded(session, table, asked.text("sysparm_query"))?;
            let keys = rows::keys(
                session,
                table,
                query,
                asked.count(asked::most_rows(session)),
            )
            .await?;
            Ok(json!(keys).to_string())
        }
        Action::Insert => act::insert(session, table, asked).await,
        Action::Update => act::update(session, table, asked).await,
        Action::DeleteRecord => {
            let sys_id = asked
                .needed("sysparm_sys_id", "delete")
                .map_err(Failure::missing)?;
            act::delete(session, table, &[sys_id.to_owned()]).await
        }
        Action::DeleteMultiple => {
            let query = asked
                .needed("sysparm_query", "delete")
                .map_err(Failure::missing)?;
            let query = encoded(session, table, query)?;
            let keys = rows::keys(session, table, query, rows::ALL).await?;
            act::delete(session, table, &keys).await
        }
        Action::Unknown(name) => Err(Failure::Call(format!("Unknown sysparm_action: {name}"))),
    }
}
