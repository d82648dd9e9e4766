//! Running REST messages over REST (`outbound-oauth.md` §8.5). The path is ours: a real instance has only scripts for this.

use std::collections::BTreeMap;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use snowglobe_oauth::outbound::{Brought, MessageAuth, MessageFault, RestMessage};
use snowglobe_store::Execution;

use super::{access::Head, input, path::Named};
use crate::{
    app::App,
    broker::{Done, Run, Took, Wanted, enqueue, pairs, run},
    error::{OutboundRefusal, RestError, json as answer},
    records::Session,
};

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
    let executed = executed(&session.app, (&message, &function), &bytes, user).await?;
    Ok(executed.answer(|told| json!({"result": told})))
}

/// `GET /api/sn_broker/rest_execution/{sys_id}`: what has become of a call that nobody waits for; for who asked for it, and
/// for whoever may read REST messages.
pub(crate) async fn execution(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let found = session.app.store.execution(&sys_id).await?;
    let is_own = |it: &Execution| it.user == session.user.account.sys_id;
    // One that is not there looks like one that is another's.
    let found = if let Some(own) = found.filter(is_own) {
        own
    } else {
        let session = may_read(session)?;
        let found = session.app.store.execution(&sys_id).await?;
        found.ok_or(RestError::NoRecord)?
    };
    let told = progress(&sys_id, &found);
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
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
    let user = Some(session.user.account.sys_id.clone());
    let done = by_alias(&session.app, &alias, &bytes, user).await?;
    Ok(done.answer(|told| json!({"result": told})))
}

/// Makes the call that a body describes.
pub(crate) async fn by_alias(
    app: &App,
    alias: &str,
    body: &[u8],
    user: Option<Box<str>>,
) -> Result<Executed, RestError> {
    let asked: AdHoc = read(body)?;
    finished(app, asked.by_alias(alias, user)?).await
}

/// `POST /api/sn_broker/request`: a call that no record describes, to a URL, proven by a profile; for whoever may make
/// REST messages, which could do the same.
pub(crate) async fn request_to_url(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let session = may_make(Session::open(app, Head::from(&parts)).await?)?;
    let bytes = input::collect(&mut body, MOST).await?;
    let user = Some(session.user.account.sys_id.clone());
    let done = to_url(&session.app, &bytes, user).await?;
    Ok(done.answer(|told| json!({"result": told})))
}

/// Makes the call to a URL that a body describes.
pub(crate) async fn to_url(
    app: &App,
    body: &[u8],
    user: Option<Box<str>>,
) -> Result<Executed, RestError> {
    let asked: AdHoc = read(body)?;
    finished(app, asked.by_url(app, user)?).await
}

/// Lets in who may read REST messages.
async fn permitted(app: App, head: Head<'_>) -> Result<Session, RestError> {
    may_read(Session::open(app, head).await?)
}

fn may_read(session: Session) -> Result<Session, RestError> {
    let table = session.table("sys_rest_message")?;
    let context = session.context();
    if session.access(&context).may_read_table(&table) {
        Ok(session)
    } else {
        Err(RestError::UnreadableTable("sys_rest_message".to_owned()))
    }
}

fn may_make(session: Session) -> Result<Session, RestError> {
    let table = session.table("sys_rest_message")?;
    let context = session.context();
    if session.access(&context).may_create_in(&table) {
        Ok(session)
    } else {
        Err(RestError::Refused("Insert"))
    }
}

/// Reads a body of JSON; none at all says nothing.
pub(super) fn read<T: Default + DeserializeOwned>(body: &[u8]) -> Result<T, RestError> {
    if body.is_empty() {
        return Ok(T::default());
    }
    let read = serde_json::from_slice(body);
    read.map_err(|error| RestError::UnreadableBody(error.to_string()))
}

/// What came of a call, or that it was taken on.
pub(crate) struct Executed {
    status: StatusCode,
    told: Value,
    took: Option<Took>,
}

impl Executed {
    /// Makes the answer. W3C Server Timing: how long the API took, and what was added to that here.
    pub(crate) fn answer(self, wrapped: impl Fn(Value) -> Value) -> Response {
        let mut response = answer(self.status, wrapped(self.told).to_string());
        let timing = self.took.and_then(|took| {
            let ms = |it: std::time::Duration| it.as_secs_f64() * 1000.0;
            let text = format!(
                "api;dur={:.3}, broker;dur={:.3}",
                ms(took.away),
                ms(took.here)
            );
            HeaderValue::try_from(text).ok()
        });
        if let Some(timing) = timing {
            response.headers_mut().insert("server-timing", timing);
        }
        response
    }
}

/// Runs a function with what a body brings, or takes it on, and tells what came of it.
pub(crate) async fn executed(
    app: &App,
    names: (&str, &str),
    body: &[u8],
    user: Option<Box<str>>,
) -> Result<Executed, RestError> {
    let wanted: Wanted = read(body)?;
    if wanted.asynchronous {
        let sys_id = enqueue(app, names, wanted, user).await;
        let sys_id = sys_id.map_err(|fault| refused(fault.code(), fault.to_string()))?;
        let told = json!({"sys_id": sys_id.as_str(), "state": "queued"});
        return Ok(Executed {
            status: StatusCode::ACCEPTED,
            told,
            took: None,
        });
    }
    let run = wanted.run(app, names, user);
    let run = run.map_err(|fault| refused(fault.code(), fault.to_string()))?;
    finished(app, run).await
}

/// Tells what has become of a call that nobody waits for.
pub(crate) fn progress(sys_id: &str, found: &Execution) -> Value {
    let result = &found.result;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "sys_id": sys_id,
        "state": &*found.state,
        "attempts": found.attempts,
        "next_attempt": text(&found.next_attempt),
        "reason": text(&result.reason),
        "detail": text(&result.detail),
        "status_code": result.status,
        "headers": &*result.headers,
        "body": &*result.body,
        "method": &*result.method,
        "endpoint": &*result.endpoint,
    })
}

async fn finished(app: &App, asked: Run) -> Result<Executed, RestError> {
    let done = run(app, asked).await;
    let done = done.map_err(|fault| refused(fault.code(), fault.to_string()))?;
    Ok(Executed {
        status: StatusCode::OK,
        told: told(&done),
        took: Some(done.took),
    })
}

fn refused(code: &'static str, why: String) -> RestError {
    RestError::Outbound(OutboundRefusal::new(code, why))
}

/// A call that no record describes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AdHoc {
    method: String,
    /// Under the connection's URL, of a call by an alias.
    path: String,
    /// The whole URL, of one by a profile or by nothing.
    endpoint: String,
    /// What proves the latter: the name or key of a Basic or an OAuth profile.
    basic_profile: String,
    oauth_profile: String,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<String>,
    timeout_ms: Option<u32>,
}

impl AdHoc {
    fn by_alias(self, alias: &str, user: Option<Box<str>>) -> Result<Run, RestError> {
        let (basic, oauth) = (&*self.basic_profile, &*self.oauth_profile);
        if [&*self.endpoint, basic, oauth] != [""; 3] {
            let why = "a call by an alias has a path, and the alias's credential";
            return Err(RestError::UnreadableBody(why.to_owned()));
        }
        // What proves the call is for the connection alone: it goes nowhere else because a caller says so.
        if self.path.contains("://") {
            let fault = MessageFault::Elsewhere;
            return Err(refused(fault.code(), fault.to_string()));
        }
        let path = self.path.clone();
        Ok(self.run((MessageAuth::Alias(alias.into()), &path), user))
    }

    fn by_url(self, app: &App, user: Option<Box<str>>) -> Result<Run, RestError> {
        let outbound = app.store.outbound();
        let registry = outbound.registry();
        let auth = match (&*self.basic_profile, &*self.oauth_profile) {
            ("", "") => MessageAuth::None,
            (basic, "") => MessageAuth::Basic(registry.basic_profile_key(basic).into()),
            ("", oauth) => MessageAuth::OAuth(registry.profile_key(oauth).into()),
            _ => {
                let why = "a call is proven by one profile".to_owned();
                return Err(RestError::UnreadableBody(why));
            }
        };
        if !self.path.is_empty() {
            let why = "a call to a URL has an endpoint, not a path".to_owned();
            return Err(RestError::UnreadableBody(why));
        }
        let endpoint = self.endpoint.clone();
        Ok(self.run((auth, &endpoint), user))
    }

    fn run(self, (auth, endpoint): (MessageAuth, &str), user: Option<Box<str>>) -> Run {
        let method = match &*self.method {
            "" => "get",
            method => method,
        };
        let (message, function) = RestMessage::ad_hoc(auth, method, endpoint);
        Run {
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
            source: ("", Box::default()),
            idempotency_key: None,
        }
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

const MOST: usize = 1024 * 1024;
