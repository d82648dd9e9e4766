//! What programs ask of outbound connections (`outbound-oauth.md` §8.5). The paths are ours: a real instance has only
//! scripts for this.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::json;
use snowglobe_oauth::outbound::{CredentialKind, Demand, Selector};
use snowglobe_store::Requestor;

use super::{access::Head, params::pairs, path::Named};
use crate::{
    app::App,
    broker::{self, BrokerFault},
    error::{OutboundRefusal, RestError, json as answer},
    outbound::explained,
    pages::outbound::initiator_href,
    records::Session,
    refusal::{self, Why},
};

/// `GET /api/sn_broker/alias/{alias}/resolve`: where a call by this alias goes, and why; `connection` picks one of
/// several. For whoever may read aliases.
pub(crate) async fn resolve(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table("sys_alias")?;
    let context = session.context();
    if !session.access(&context).may_read_table(&table) {
        return Err(RestError::UnreadableTable("sys_alias".to_owned()));
    }
    let outbound = session.app.store.outbound();
    let query = request.uri().query().unwrap_or_default();
    let connection = pairs(query).find(|(name, _)| name == "connection");
    let selector = connection
        .as_ref()
        .map_or(Selector::First, |(_, name)| Selector::Named(name));
    let told = explained(outbound.registry(), &alias, selector);
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
}

/// `GET /api/sn_broker/token/{alias}`: an access token for the alias, which lives for a while, and nothing else of the
/// grant. For those whom a row of `sys_alias_access` names, administrators included: whoever holds a token acts with it.
pub(crate) async fn token(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let app = &session.app;
    let user = &session.user;
    let (alias_id, requestor) = requestor_of(&session, &alias, &request)?;
    let taken = broker::token(app, &requestor, Demand::Any).await;
    let reason = taken.as_ref().err().map_or("", |fault| fault.code());
    app.store
        .note_hand_out(&alias_id, &user.account, (&requestor.id, reason), app.now())
        .await?;
    tracing::info!(
        user.name = &*user.account.user_name,
        alias,
        given = taken.is_ok(),
        "a program asked for an access token"
    );
    let token = taken.map_err(|fault| refused(app, &fault, &requestor))?;
    let seconds = token.expires.since(app.now()).max(0) / 1000;
    let told = json!({"result": {
        "access_token": token.access.expose(),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": &*token.scope,
    }});
    let mut response = answer(StatusCode::OK, told.to_string());
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}

/// Finds whose token is asked for, as far as the caller may know.
fn requestor_of(
    session: &Session,
    alias: &str,
    request: &Request,
) -> Result<(Box<str>, Requestor), RestError> {
    let outbound = session.app.store.outbound();
    let registry = outbound.registry();
    let account = &session.user.account;
    let permitted = registry.alias(alias).ok().filter(|alias| {
        let has_role = |role: &str| session.user.caller.has_role(role);
        registry.may_take_token(&alias.sys_id, &account.sys_id, has_role)
    });
    // An alias that is not there looks like one that is not for this caller.
    let Some(permitted) = permitted else {
        refusal::say(Why::new("broker_not_permitted").received(alias));
        return Err(RestError::ApiAcl);
    };
    let query = request.uri().query().unwrap_or_default();
    let connection = pairs(query).find(|(name, _)| name == "connection");
    let selector = connection
        .as_ref()
        .map_or(Selector::First, |(_, name)| Selector::Named(name));
    let resolved = registry.resolve(&permitted.sys_id, selector).outcome;
    let resolved = resolved.map_err(|fault| {
        RestError::Outbound(OutboundRefusal::new(fault.code(), fault.to_string()))
    })?;
    let credential = resolved
        .credential
        .and_then(|key| registry.credentials.get(&key));
    let Some((credential, CredentialKind::OAuth { profile, personal })) =
        credential.map(|it| (it, &it.kind))
    else {
        let code = "credential_without_token";
        let why = "the alias's credential is none that tokens are got with".to_owned();
        return Err(RestError::Outbound(OutboundRefusal::new(code, why)));
    };
    let requestor = Requestor {
        context: "oauth_2_0_credentials".into(),
        id: credential.sys_id.clone(),
        profile: profile.clone(),
        user: personal.then(|| account.sys_id.clone()),
    };
    Ok((permitted.sys_id.clone(), requestor))
}

fn refused(app: &App, fault: &BrokerFault, requestor: &Requestor) -> RestError {
    let mut refusal = OutboundRefusal::new(fault.code(), fault.to_string());
    if fault.needs_consent() {
        let href = initiator_href(requestor);
        refusal.initiator = Some(format!("{}{href}", app.issuer));
    }
    RestError::Outbound(refusal)
}
