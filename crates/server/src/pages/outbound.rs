//! A person's way to another provider and back (`outbound-oauth.md` §1.4, §3.2).
//!
//! ```text
//! Get OAuth Token ── /oauth_initiator.do ── the provider ── /oauth_redirect.do ── tokens
//!               └─ /oauth_password_input.do ── tokens
//! ```
//! `state` is a sealed handle: it holds who asked for what, the session that it counts for and the PKCE verifier, and it
//! counts once. So nobody is made to store somebody else's tokens (RFC 6749 §10.12).

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use serde::{Deserialize, Serialize};
use snowglobe_oauth::{
    Form, TokenId,
    outbound::{
        AuthorizationUrl, CallbackFault, CredentialKind, OutboundGrant, Profile, Provider,
        Registry, Returned,
    },
    secret::Secret,
};
use snowglobe_store::{Requestor, Ticket, backend::ApplyError};

use super::{Forms, Shell, fault::PageFault, form, page};
use crate::{
    app::App,
    broker::{self, Consented, PROFILES},
    entropy,
    identity::{
        seal::{self, Purpose},
        session::{self, Session, see_other, to_login},
    },
    records,
    refusal::{self, Why},
};

/// What a person asks for.
struct Asked {
    requestor: Requestor,
    profile: Profile,
    provider: Provider,
}

/// What `state` holds.
#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    id: i64,
    /// The `sysparm_ck` of the session.
    ck: String,
    context: String,
    requestor: String,
    profile: String,
    user: Option<String>,
    verifier: String,
    redirect_uri: String,
}

/// `GET /oauth_initiator.do`
pub(crate) async fn initiate(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, &headers).await? else {
        let here = uri.path_and_query().map_or("/", |it| it.as_str());
        return Ok(to_login(here));
    };
    let asked = asked(&app, &session, uri.query().unwrap_or_default(), "oauth_")?;
    match asked.profile.grant() {
        Some(OutboundGrant::Password) => Ok(see_other(&password_href(&asked))),
        Some(OutboundGrant::AuthorizationCode) if !asked.provider.auth_url.is_empty() => {
            let to = authorization(&app, &session, &asked)?;
            Ok(see_other(to.as_str()))
        }
        _ => Ok(failed(
            &session,
            &asked.requestor,
            "the profile’s grant has no authorization endpoint to go to",
        )),
    }
}

fn authorization(
    app: &App,
    session: &Session,
    asked: &Asked,
) -> Result<AuthorizationUrl, PageFault> {
    let random = entropy::random().map_err(|error| PageFault::Unavailable(error.to_string()))?;
    let verifier = Secret::generate(random);
    let redirect_uri = match &*asked.provider.redirect_url {
        "" => format!("{}/oauth_redirect.do", app.issuer),
        own => own.to_owned(),
    };
    let requestor = &asked.requestor;
    let pending = Pending {
        id: app.store.ids().tokens().next(app.now()).as_i64(),
        ck: session.ck(),
        context: requestor.context.to_string(),
        requestor: requestor.id.to_string(),
        profile: requestor.profile.to_string(),
        user: requestor.user.as_deref().map(str::to_owned),
        verifier: verifier.expose().to_owned(),
        redirect_uri: redirect_uri.clone(),
    };
    let pending =
        serde_json::to_vec(&pending).map_err(|error| PageFault::Unavailable(error.to_string()))?;
    let state = seal::seal(app, Purpose::Outbound, &pending, OPEN_FOR)?;
    let scope = asked.profile.scope();
    Ok(AuthorizationUrl::new(
        &asked.provider,
        &scope,
        &redirect_uri,
        &state,
        &verifier,
    ))
}

/// `GET /oauth_redirect.do`
pub(crate) async fn redirected(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, &headers).await? else {
        refusal::say(CallbackFault::State.code());
        return Err(PageFault::Stale);
    };
    let returned = Returned::parse(uri.query().unwrap_or_default()).map_err(refuse)?;
    let pending = open(&app, &session, &returned.state).await?;
    let requestor = Requestor {
        context: pending.context.into(),
        id: pending.requestor.into(),
        profile: pending.profile.into(),
        user: pending.user.map(Into::into),
    };
    let of_provider = {
        let outbound = app.store.outbound();
        let registry = outbound.registry();
        let profile = registry.profiles.get(&requestor.profile);
        let provider = profile.and_then(|it| registry.provider_of(it));
        provider.is_none_or(|it| returned.may_be_of(it))
    };
    if !of_provider {
        return Err(refuse(CallbackFault::Issuer));
    }
    let code = match returned.result {
        Ok(code) => code,
        Err((error, description)) => {
            return Ok(failed(&session, &requestor, &said(&error, &description)));
        }
    };
    let brought = Consented::Code {
        code,
        redirect_uri: pending.redirect_uri,
        verifier: Secret::new(pending.verifier),
    };
    Ok(exchange(&app, &session, &requestor, brought).await)
}

/// Opens a state: of this session, and once.
async fn open(app: &App, session: &Session, state: &str) -> Result<Pending, PageFault> {
    let wrong = || refuse(CallbackFault::State);
    let bytes = seal::open(app, Purpose::Outbound, state).ok_or_else(wrong)?;
    let pending: Pending = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    session.check_ck(&pending.ck).map_err(|_| wrong())?;
    let ticket = Ticket {
        id: TokenId::from_i64(pending.id).ok_or_else(wrong)?,
        expires: app.now().after(OPEN_FOR),
    };
    match app.store.spend(ticket).await {
        Ok(()) => Ok(pending),
        Err(ApplyError::Conflict) => Err(wrong()),
        Err(error) => Err(error.into()),
    }
}

fn refuse(fault: CallbackFault) -> PageFault {
    refusal::say(Why::new(fault.code()).text(fault));
    PageFault::Stale
}

#[derive(Template)]
#[template(path = "outbound_password.html")]
struct PasswordPage {
    shell: Shell,
    provider: Box<str>,
    ck: String,
    context: Box<str>,
    requestor: Box<str>,
    profile: Box<str>,
    personal: bool,
}

/// `GET /oauth_password_input.do`
pub(crate) async fn password_form(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, &headers).await? else {
        let here = uri.path_and_query().map_or("/", |it| it.as_str());
        return Ok(to_login(here));
    };
    let query = uri.query().unwrap_or_default();
    let asked = asked(&app, &session, query, "sysparm_oauth_")?;
    let template = PasswordPage {
        shell: Shell::of(Some(&session)),
        provider: asked.provider.name,
        ck: session.ck(),
        personal: asked.requestor.user.is_some(),
        context: asked.requestor.context,
        requestor: asked.requestor.id,
        profile: asked.requestor.profile,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// `POST /oauth_password_input.do`
pub(crate) async fn password(
    State(app): State<App>,
    request: Request,
) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let fields = form::parse(&body)?;
    let Some(session) = session::current(&app, &parts.headers).await? else {
        return Ok(to_login("/"));
    };
    session.check_ck(form::field(&fields, "sysparm_ck")?)?;
    let text = String::from_utf8_lossy(&body);
    let asked = asked(&app, &session, &text, "sysparm_oauth_")?;
    let brought = Consented::Password {
        username: form::field(&fields, "user_name")?.to_owned(),
        password: Secret::new(form::field(&fields, "user_password")?.to_owned()),
    };
    Ok(exchange(&app, &session, &asked.requestor, brought).await)
}

async fn exchange(
    app: &App,
    session: &Session,
    requestor: &Requestor,
    brought: Consented,
) -> Response {
    match broker::consented(app, requestor, brought).await {
        Ok(()) => message(
            session,
            requestor,
            "OAuth token obtained",
            "The token is held and renewed from now on. Calls that use this profile need nothing more.".to_owned(),
        ),
        Err(fault) => {
            refusal::say(Why::new(fault.code()).text(&fault));
            failed(session, requestor, &fault.to_string())
        }
    }
}

/// Reads who asks for what, and sees that this person may.
fn asked(app: &App, session: &Session, query: &str, prefix: &str) -> Result<Asked, PageFault> {
    let form = Form::parse(query.as_bytes()).map_err(|_| PageFault::Form)?;
    let value = |name: &str| {
        let name = format!("{prefix}{name}");
        let found = form.iter().find(|(key, _)| *key == name);
        found.map_or("", |(_, value)| value)
    };
    let outbound = app.store.outbound();
    let registry = outbound.registry();
    let profile = registry.profiles.get(value("provider_profile"));
    let profile = profile.ok_or(PageFault::NotFound)?.clone();
    let provider = registry.provider_of(&profile).ok_or(PageFault::NotFound)?;
    // The documentation spells the context in both ways (§1.4).
    let context = match value("requestor_context") {
        "oauth_2_0_credential" => "oauth_2_0_credentials",
        other => other,
    };
    let personal = form.iter().any(|(name, value)| {
        matches!(name, "personal" | "sysparm_oauth_personal") && value == "true"
    });
    let requestor = Requestor {
        context: context.into(),
        id: value("requestor").into(),
        profile: profile.sys_id.clone(),
        user: personal.then(|| session.user.account.sys_id.clone()),
    };
    if !may_ask(app, session, registry, &requestor) {
        return Err(PageFault::Forbidden);
    }
    Ok(Asked {
        requestor,
        provider: provider.clone(),
        profile,
    })
}

/// A token that all share is for whoever manages what uses it; one's own, of a credential that is personal, for anybody.
fn may_ask(app: &App, session: &Session, registry: &Registry, requestor: &Requestor) -> bool {
    let uses_profile = match &*requestor.context {
        "oauth_2_0_credentials" => registry.credentials.get(&requestor.id).is_some_and(|it| {
            matches!(&it.kind, CredentialKind::OAuth { profile, personal }
                if *profile == requestor.profile && *personal == requestor.user.is_some())
        }),
        "sys_rest_message" if requestor.user.is_none() => {
            let message = registry.messages.get(&requestor.id);
            message.is_some_and(|it| it.uses_profile(&requestor.profile))
        }
        // Calls that no record describes share a profile's tokens.
        PROFILES if requestor.user.is_none() => requestor.id == requestor.profile,
        _ => false,
    };
    if !uses_profile || requestor.user.is_some() {
        return uses_profile;
    }
    let records = records::Session::of(app.clone(), std::sync::Arc::clone(&session.user));
    let context = records.context();
    let access = records.access(&context);
    let table = records.dictionary.table(&requestor.context);
    table.is_some_and(|table| access.may_create_in(table))
}

fn password_href(asked: &Asked) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("sysparm_oauth_requestor_context", &asked.requestor.context)
        .append_pair("sysparm_oauth_requestor", &asked.requestor.id)
        .append_pair("sysparm_oauth_provider_profile", &asked.requestor.profile);
    if asked.requestor.user.is_some() {
        query.append_pair("sysparm_oauth_personal", "true");
    }
    format!("/oauth_password_input.do?{}", query.finish())
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    shell: Shell,
    title: &'static str,
    text: String,
    next: String,
    next_text: &'static str,
}

/// A page with the way to the provider. It is a link, not a redirect: Chromium holds a form's page against every address
/// that the form leads to.
pub(crate) fn lead_on(shell: &Shell, requestor: &Requestor) -> Response {
    let template = MessagePage {
        shell: shell.clone(),
        title: "Get OAuth Token",
        text: "The provider asks who you are, and whether this instance may act for you there."
            .to_owned(),
        next: initiator_href(requestor),
        next_text: "Continue to the provider",
    };
    page(StatusCode::OK, &template, Forms::StayHere)
}

/// Returns the address that begins a person's consent.
pub(crate) fn initiator_href(requestor: &Requestor) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("oauth_requestor_context", &requestor.context)
        .append_pair("oauth_requestor", &requestor.id)
        .append_pair("oauth_provider_profile", &requestor.profile)
        .append_pair("response_type", "code");
    if requestor.user.is_some() {
        query.append_pair("personal", "true");
    }
    format!("/oauth_initiator.do?{}", query.finish())
}

/// `outbound-oauth.md` §4.1.
fn failed(session: &Session, requestor: &Requestor, detail: &str) -> Response {
    let text = format!(
        "OAuth flow failed. Verify the configurations and try again. Error detail:{detail}"
    );
    message(session, requestor, "OAuth flow failed", text)
}

fn message(
    session: &Session,
    requestor: &Requestor,
    title: &'static str,
    text: String,
) -> Response {
    let template = MessagePage {
        shell: Shell::of(Some(session)),
        title,
        text,
        next: format!("/oauth_2_0_credentials.do?sys_id={}", requestor.id),
        next_text: "Back to the credential",
    };
    page(StatusCode::OK, &template, Forms::StayHere)
}

fn said(error: &str, description: &str) -> String {
    format!("{error}, {description}")
}

/// Seconds that a person may take at the provider.
const OPEN_FOR: u32 = 600;
