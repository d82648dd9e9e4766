//! Running REST messages over REST (`outbound-oauth.md` §8.5). The path is ours: a real instance has only scripts for this.

use std::collections::BTreeMap;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use snowglobe_oauth::outbound::{Brought, Escaping, LogLevel, MessageFault, RestMessage, Variable};

use super::{access::Head, input, path::Named};
use crate::{
    app::App,
    broker::{Done, Run, find, run},
    error::{OutboundRefusal, RestError, json as answer},
    records::Session,
};

/// What a caller brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    /// Escaped for XML in a body, as `setStringParameter` does, and percent-encoded in a URL.
    variables: BTreeMap<String, String>,
    /// Put in as they are, as `setStringParameterNoEscape` does.
    variables_raw: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<String>,
    timeout_ms: Option<u32>,
    log_level: Option<String>,
}

/// `POST /api/sn_broker/rest_message/{message}/{function}/execute`, for whoever may read REST messages.
pub(crate) async fn execute(
    State(app): State<App>,
    Named((message, function)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let session = permitted(app, Head::from(&parts)).await?;
    let bytes = input::collect(&mut body, MOST).await?;
    let user = Some(session.user.account.sys_id.clone());
    let done = executed(&session.app, (&message, &function), &bytes, user).await?;
    Ok(answer(StatusCode::OK, json!({"result": done}).to_string()))
}

/// `POST /api/sn_broker/alias/{alias}/request`: a call that no record describes, by the alias's connection and
/// credential; for whoever may read REST messages.
pub(crate) async fn request(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let session = permitted(app, Head::from(&parts)).await?;
    let bytes = input::collect(&mut body, MOST).await?;
    let asked: AdHoc = read(&bytes)?;
    let user = Some(session.user.account.sys_id.clone());
    let done = finished(&session.app, asked.run(&alias, user)?).await?;
    Ok(answer(StatusCode::OK, json!({"result": done}).to_string()))
}

/// Lets in who may read REST messages.
async fn permitted(app: App, head: Head<'_>) -> Result<Session, RestError> {
    let session = Session::open(app, head).await?;
    let table = session.table("sys_rest_message")?;
    let context = session.context();
    if session.access(&context).may_read_table(&table) {
        Ok(session)
    } else {
        Err(RestError::UnreadableTable("sys_rest_message".to_owned()))
    }
}

fn read<T: Default + DeserializeOwned>(body: &[u8]) -> Result<T, RestError> {
    if body.is_empty() {
        return Ok(T::default());
    }
    let read = serde_json::from_slice(body);
    read.map_err(|error| RestError::UnreadableBody(error.to_string()))
}

/// Runs a function with what a body brings, and tells what came of it.
pub(crate) async fn executed(
    app: &App,
    names: (&str, &str),
    body: &[u8],
    user: Option<Box<str>>,
) -> Result<Value, RestError> {
    let run = read::<Wanted>(body)?.run(app, names, user)?;
    finished(app, run).await
}

async fn finished(app: &App, asked: Run) -> Result<Value, RestError> {
    let done = run(app, asked).await;
    Ok(told(&done.map_err(|fault| {
        refused(fault.code(), fault.to_string())
    })?))
}

fn refused(code: &'static str, why: String) -> RestError {
    RestError::Outbound(OutboundRefusal::new(code, why))
}

impl Wanted {
    fn run(
        self,
        app: &App,
        (message, function): (&str, &str),
        user: Option<Box<str>>,
    ) -> Result<Run, RestError> {
        let found = find(app.store.outbound().registry(), message, function);
        let (message, function) =
            found.map_err(|fault| refused(fault.code(), fault.to_string()))?;
        Ok(Run {
            message,
            function,
            timeout_ms: self.timeout_ms,
            log_level: self.log_level.as_deref().map(LogLevel::parse),
            brought: self.into(),
            user,
            idempotency_key: None,
        })
    }
}

/// A call that no record describes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AdHoc {
    method: String,
    /// Under the connection's URL.
    path: String,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<String>,
    timeout_ms: Option<u32>,
}

impl AdHoc {
    fn run(self, alias: &str, user: Option<Box<str>>) -> Result<Run, RestError> {
        // What proves the call is for the connection alone: it goes nowhere else because a caller says so.
        if self.path.contains("://") {
            let fault = MessageFault::Elsewhere;
            return Err(refused(fault.code(), fault.to_string()));
        }
        let method = if self.method.is_empty() {
            "get"
        } else {
            &self.method
        };
        let (message, function) = RestMessage::by_alias(alias, method, &self.path);
        Ok(Run {
            message,
            function,
            brought: Brought {
                headers: pairs(self.headers),
                query: pairs(self.query),
                body: self.body.map(Into::into),
                ..Brought::default()
            },
            timeout_ms: self.timeout_ms,
            log_level: None,
            user,
            idempotency_key: None,
        })
    }
}

/// Tells what came of a run; `outbound-oauth.md` §6.5: a call that got no answer has status 0 and says why.
pub(crate) fn told(done: &Done) -> Value {
    let headers: serde_json::Map<String, Value> = done
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned().into())
        })
        .collect();
    let missing: Vec<&str> = done.built.missing.iter().map(|name| &**name).collect();
    json!({
        "status_code": done.status,
        "headers": headers,
        "body": done.body,
        "endpoint": done.built.url,
        "method": &*done.built.method,
        "attempts": done.attempts,
        "unresolved": missing,
        "have_error": done.error.is_some(),
        "error_code": done.error.as_ref().map(|(code, _)| *code),
        "error_message": done.error.as_ref().map(|(_, text)| &**text),
        "initiator_url": done.initiator,
    })
}

impl From<Wanted> for Brought {
    fn from(wanted: Wanted) -> Self {
        let variables = |map: BTreeMap<String, String>, escaping| {
            map.into_iter().map(move |(name, value)| Variable {
                name: name.into(),
                value: value.into(),
                escaping,
            })
        };
        Self {
            variables: variables(wanted.variables, Escaping::Xml)
                .chain(variables(wanted.variables_raw, Escaping::Raw))
                .collect(),
            headers: pairs(wanted.headers),
            query: pairs(wanted.query),
            body: wanted.body.map(Into::into),
        }
    }
}

fn pairs(map: BTreeMap<String, String>) -> Vec<(Box<str>, Box<str>)> {
    let pairs = map.into_iter();
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

const MOST: usize = 1024 * 1024;
