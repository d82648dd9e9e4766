//! Whether an API takes its caller: access policies and token restriction first (401), then the auth scopes of the
//! token's client (403) (`inbound-oauth.md` §5).

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderMap, Method, Uri, request::Parts},
};
use snowglobe_oauth::api_access::{
    ApiCall,
    auth_scope::{ScopeMissing, Settings},
    criteria::Circumstances,
    decoded,
    policy::{PolicyFault, Proof},
};
use snowglobe_records::pack;
use snowglobe_store::{ApiAccess, User};

use super::rate;
use crate::{
    app::App,
    error::RestError,
    identity::caller::{self, By, Caller},
    refusal::{self, Why},
};

/// What a request says before its body.
#[derive(Clone, Copy)]
pub(super) struct Head<'r> {
    method: &'r Method,
    pub(super) uri: &'r Uri,
    pub(super) headers: &'r HeaderMap,
}

impl<'r> From<&'r Request> for Head<'r> {
    fn from(request: &'r Request) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
        }
    }
}

impl<'r> From<&'r Parts> for Head<'r> {
    fn from(parts: &'r Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
        }
    }
}

/// Returns who calls, if the API takes them.
pub(super) async fn admitted(app: &App, head: Head<'_>) -> Result<Arc<User>, RestError> {
    let known = caller::caller(app, head.headers).await;
    let path = decoded(head.uri.path());
    let asked = (head.method.as_str(), &*path);
    let call = ApiCall::of(asked.0, asked.1);
    // Not a borrow: it is held while calls are counted.
    let access = Arc::clone(&app.store.api_access());
    let known = known.map_err(|unknown| challenged(app, &access, &call, unknown.into()))?;
    let proof = match &known.by {
        By::Password => Proof::Password,
        By::Token(client) => Proof::Token(client),
        // Policies are for what a call brings along; who is logged in passed the login page's own.
        By::Session => {
            rate::admit(app, &access.rates, &call, &known.user, asked).await?;
            return Ok(known.user);
        }
        By::ApiKey(_) => Proof::ApiKey {
            policy_required: app.store.properties().flag(POLICY_REQUIRED, true),
        },
    };
    let of = Circumstances {
        address: refusal::address(),
        roles: known.user.caller.roles(),
        groups: &known.user.groups,
    };
    access.policies.check(&call, proof, &of).map_err(|fault| {
        refuse_policy(&fault, &known.by, &of);
        challenged(app, &access, &call, RestError::NotAuthenticated)
    })?;
    let scopes = &access.scopes;
    let checked = match &known.by {
        By::Token(client) => scopes.check(&call, client, || settings(app)),
        By::ApiKey(key) => scopes.check_key(&call, key, || settings(app)),
        By::Password | By::Session => Ok(()),
    };
    checked.map_err(|missing| refuse_scope(missing, &known.by))?;
    rate::admit(app, &access.rates, &call, &known.user, asked).await?;
    Ok(known.user)
}

/// Checks that a page of the console takes whoever comes with a token (§1, §5.3). A page is of no API: only the policies
/// and scopes that are for every API are for it, and a restricted token opens it unless the property says otherwise.
pub(crate) fn admit_to_page(app: &App, path: &str, known: &Caller) -> Result<(), RestError> {
    let By::Token(client) = &known.by else {
        return Ok(());
    };
    let call = ApiCall::of("GET", path);
    let access = Arc::clone(&app.store.api_access());
    let of = Circumstances {
        address: refusal::address(),
        roles: known.user.caller.roles(),
        groups: &known.user.groups,
    };
    let bound_at_pages = app.store.properties().flag(RESTRICTED_AT_PAGES, false);
    match access.policies.check(&call, Proof::Token(client), &of) {
        Err(PolicyFault::TokenRestricted) if !bound_at_pages => {}
        Err(fault) => {
            refuse_policy(&fault, &known.by, &of);
            return Err(RestError::NotAuthenticated);
        }
        Ok(()) => {}
    }
    let checked = access.scopes.check(&call, client, || settings(app));
    checked.map_err(|missing| refuse_scope(missing, &known.by))
}

/// Where a policy decides, the refusal asks for what the policy takes.
fn challenged(app: &App, access: &ApiAccess, call: &ApiCall<'_>, error: RestError) -> RestError {
    const FIRST_ONLY: &str =
        "glide.security.response.authenticate.header.auth_profile.first_scheme_only";
    match (error, access.policies.of(call)) {
        (RestError::NotAuthenticated, Some(policy)) => {
            let first_only = app.store.properties().flag(FIRST_ONLY, true);
            RestError::Challenged(policy.challenges(first_only))
        }
        (error, _) => error,
    }
}

fn settings(app: &App) -> Settings {
    let properties = app.store.properties();
    let useraccount = properties.text("glide.oauth.token.scope.useraccount");
    Settings {
        enabled: properties.flag("com.glide.rest.api.auth.scope.check.enable", true),
        useraccount: match useraccount {
            Some(sys_id) if !sys_id.is_empty() => sys_id.into(),
            _ => pack::useraccount_scope().as_str().into(),
        },
    }
}

fn refuse_policy(fault: &PolicyFault, by: &By, of: &Circumstances<'_>) {
    let why = Why::new(fault.code()).text(fault);
    let why = why.received(match by {
        By::Password => "a name and a password".to_owned(),
        By::Token(client) => format!("a token of {}", client.name),
        By::Session => "a session".to_owned(),
        By::ApiKey(key) => format!("the API key '{}'", key.name),
    });
    refusal::say(match fault {
        PolicyFault::NotAdmitted { policy } => {
            why.expected(format_args!("a profile of the access policy '{policy}'"))
        }
        PolicyFault::CriteriaNotMet { policy } => {
            let address = of
                .address
                .map_or("nowhere known".to_owned(), |it| it.to_string());
            why.expected(format_args!(
                "filter criteria behind the access policy '{policy}'"
            ))
            .received(format_args!("a caller from {address}"))
        }
        PolicyFault::TokenRestricted | PolicyFault::ApiKeyWithoutPolicy => why,
    });
}

fn refuse_scope(missing: ScopeMissing, by: &By) -> RestError {
    let why = Why::new(missing.code()).text(&missing);
    let why = match by {
        By::Token(client) => {
            let names: Vec<&str> = client.auth_scopes.iter().map(|it| &*it.name).collect();
            why.received(format_args!("auth scopes of {}: {names:?}", client.name))
        }
        By::ApiKey(key) => why.received(format_args!("the auth scope of '{}'", key.name)),
        By::Password | By::Session => why,
    };
    refusal::say(if missing.wanted.is_empty() {
        why
    } else {
        why.expected(format_args!("one of the auth scopes {:?}", missing.wanted))
    });
    RestError::MissingScope(missing.wanted.into_iter().next())
}

/// Whether a restricted token is kept from pages, too (§5.3).
const RESTRICTED_AT_PAGES: &str = "glide.oauth.enforce_restricted_binding_for_ui";

/// Whether API keys open only what a policy admits them to; development packs say no.
const POLICY_REQUIRED: &str = "snowglobe.api_key.policy_required";
