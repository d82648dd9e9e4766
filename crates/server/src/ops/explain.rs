//! `/_sg/explain/{id}` and `/_sg/requests`: why a request was refused, for whoever runs the instance.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json as object};
use snowglobe_oauth::reason;

use super::{explain_records, guard};
use crate::{
    app::{App, Mode},
    clock::timestamp,
    error::{RestError, json},
    events::{Answered, REFUSALS, REQUESTS, Refused},
    rest::path::Named,
    router,
};

/// `GET /_sg/explain/{id}`: the reason of the refusal that carried this `X-Transaction-ID`, and of a request for
/// records, well answered or not, what was asked and what the rules said.
pub(crate) async fn refusal(
    State(app): State<App>,
    Named(id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let events = app.observer.events();
    let (refused, asked) = (events.refusal(&id), events.question(&id));
    let mut told = match (&refused, &asked) {
        (Some(refused), _) => explanation(refused),
        (None, Some(asked)) => line(&asked.request),
        (None, None) => return Err(RestError::NoRefusal),
    };
    if let Some(asked) = asked {
        let records = explain_records::explain(&app, asked.user, &asked.question).await?;
        told["records"] = object!(records);
    }
    Ok(json(StatusCode::OK, told.to_string()))
}

/// `GET /_sg/requests`: the last requests, without anything that they carried. In development only.
pub(crate) async fn requests(State(app): State<App>, request: Request) -> Response {
    if app.mode != Mode::Development {
        return router::unknown(request.uri());
    }
    let (parts, _) = request.into_parts();
    let listed = list(&app, &parts).await;
    listed.unwrap_or_else(RestError::into_response)
}

async fn list(app: &App, parts: &Parts) -> Result<Response, RestError> {
    guard::operator(app, &parts.headers).await?;
    if !reads(&parts.method) {
        return Err(RestError::Method);
    }
    let requests = app.observer.events().requests();
    let requests: Vec<Value> = requests.iter().map(|it| line(it)).collect();
    let body = object!({"kept": REQUESTS, "requests": requests});
    Ok(json(StatusCode::OK, body.to_string()))
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn line(answered: &Answered) -> Value {
    object!({
        "id": answered.id.as_str(),
        "time": timestamp(answered.at).to_string(),
        "method": answered.method.as_str(),
        "route": answered.route,
        "path": &*answered.path,
        "status": answered.status,
        "duration_us": u64::try_from(answered.took.as_micros()).unwrap_or(u64::MAX),
        "reason": answered.reason,
    })
}

fn explanation(refused: &Refused) -> Value {
    let Refused {
        request,
        refusal,
        client,
        user,
    } = refused;
    let mut told = line(request);
    told["client"] = client.as_deref().into();
    told["user"] = user.as_deref().into();
    told["expected"] = refusal.expected.as_deref().into();
    told["received"] = refusal.received.as_deref().into();
    told["kept"] = REFUSALS.into();
    if let Some(reason) = reason::find(refusal.code) {
        told["what"] = reason.what.into();
        told["rule"] = reason.rule.into();
        told["who"] = reason.who.text().into();
        told["here"] = reason.here.into();
        told["there"] = reason.there.into();
    }
    told
}
