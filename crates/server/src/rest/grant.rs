//! Grants at other providers over REST: how each stands, and what is done about one (`outbound-oauth.md` §8.5). The
//! paths are ours: a real instance has only scripts for this.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use snowglobe_oauth::{
    outbound::{OutboundGrant, Profile},
    time::UnixMillis,
};

use super::{
    access::Head,
    broker::{asked, denied, refused},
    path::Named,
};
use crate::{
    app::App,
    broker::{self, BrokerFault, Entry, Grant, Sight},
    clock::timestamp,
    error::{OutboundRefusal, RestError, json as answer},
    pages::outbound::initiator_href,
    records::Session,
};

/// `GET /api/sn_broker/health`: how every credential that gets tokens stands, those that want somebody first; for whoever
/// sees the expiry board, and of it what they see there.
pub(crate) async fn health(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let sight = Sight::of(&session);
    let sight =
        sight.ok_or_else(|| RestError::UnreadableTable("oauth_requestor_profile".into()))?;
    let me = &session.user.account.sys_id;
    let all = all(&session.app, |entry| sight.shows(entry, me)).await?;
    Ok(answer(StatusCode::OK, json!({"result": all}).to_string()))
}

/// Tells of those that somebody may see.
pub(crate) async fn all(app: &App, shows: impl Fn(&Entry) -> bool) -> Result<Value, RestError> {
    let entries = broker::overview(app, app.now())
        .await
        .map_err(|it| fault(&it))?;
    let entries = entries.iter().filter(|it| shows(it));
    Ok(entries.map(|it| told(app, it)).collect())
}

/// `GET`, `POST` and `DELETE /api/sn_broker/alias/{alias}/grant`: how the caller's grant behind an alias stands; a new
/// token for it, before its time; and its end, here and at the provider. Everybody looks after what is theirs alone, and
/// whoever sees the whole expiry board after what all share.
pub(crate) async fn grant(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, asked) = asked(app, alias, Head::from(&request)).await?;
    let found = match Grant::of(&session.app, &asked) {
        // An alias that is not there looks like one that is not for this caller.
        Err(_) if Sight::of(&session) != Some(Sight::All) => return Err(denied(&asked)),
        found => found,
    };
    let grant = found.map_err(|not| refused(&session.app, not))?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if !grant.is_for(&session) || (changes && session.user.caller.is_read_only()) {
        return Err(denied(&asked));
    }
    looked_after(&session.app, grant, request.method()).await
}

/// Does what a method says with a grant, and tells how it stands then.
pub(crate) async fn looked_after(
    app: &App,
    grant: Grant,
    method: &Method,
) -> Result<Response, RestError> {
    let grant = match *method {
        Method::GET | Method::HEAD => grant,
        Method::POST => grant.renew(app).await.map_err(|not| refused(app, not))?,
        Method::DELETE => {
            grant.end(app).await.map_err(|it| fault(&it))?;
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        _ => return Err(RestError::Method),
    };
    let entry = grant.stands(app).await.map_err(|it| fault(&it))?;
    let told = json!({"result": told(app, &entry)});
    Ok(answer(StatusCode::OK, told.to_string()))
}

fn told(app: &App, entry: &Entry) -> Value {
    let requestor = &entry.requestor;
    let moment = |at: Option<UnixMillis>| at.map(shown);
    let grant = entry.profile.as_ref().and_then(Profile::grant);
    json!({
        "credential": {
            "sys_id": &*requestor.id, "table": &*requestor.context, "name": &*entry.name,
        },
        "provider": &*entry.provider,
        "grant_type": grant.map(OutboundGrant::grant_type),
        "personal": entry.personal,
        "user": entry.user.as_deref(),
        "state": entry.outlook.name(),
        "reason": entry.outlook.trouble().map(|it| &*it.code),
        "why": entry.why(),
        "action": entry.action(shown),
        "wants_somebody": entry.wants_somebody(),
        "access_expires": moment(entry.access_ends()),
        "consent_expires": moment(entry.consent_ends()),
        // PRB2015199: told whether or not the access token has expired.
        "initiator_url": grant.is_some_and(OutboundGrant::needs_person)
            .then(|| format!("{}{}", app.issuer, initiator_href(requestor))),
    })
}

fn shown(at: UnixMillis) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn fault(fault: &BrokerFault) -> RestError {
    RestError::Outbound(OutboundRefusal::new(fault.code(), fault.to_string()))
}
