//! A token's text, in either format, and what it proves.

use std::sync::Arc;

use snowglobe_oauth::{
    access_jwt,
    bearer::{self, BearerFault},
    client::Client,
    scope::{NumberedScope, ScopeNo},
    time::UnixMillis,
    token::{IssuedToken, TokenFault},
};
use snowglobe_store::{
    Owner, User,
    backend::{ApplyError, StoreError},
};

use crate::{app::App, refusal};

/// Verifies a text and returns the token it is; whether that still opens anything is asked elsewhere.
pub(crate) fn recover(app: &App, text: &str) -> Result<IssuedToken, TokenFault> {
    recover_at(app, text, app.now())
}

fn recover_at(app: &App, text: &str, now: UnixMillis) -> Result<IssuedToken, TokenFault> {
    let keys = app.store.keys();
    if !access_jwt::looks_like_one(text) {
        return keys.recover(text);
    }
    let signing_keys = app.store.signing_keys();
    let claims = access_jwt::verify(text, &signing_keys, &app.issuer, now)?;
    // A row that has to be written again gets the key that would write the token now.
    let key_id = keys.current();
    Ok(IssuedToken { claims, key_id })
}

/// An access token that opens this instance, and those it stands for.
pub(crate) struct BearerOf {
    pub(crate) token: IssuedToken,
    pub(crate) client: Arc<Client>,
    pub(crate) user: Arc<User>,
    pub(crate) scope: NumberedScope,
}

/// Why a token opens nothing here.
#[derive(Debug)]
pub(crate) enum Refused {
    Bearer(BearerFault),
    Store(ApplyError),
}

impl<F: Into<BearerFault>> From<F> for Refused {
    fn from(fault: F) -> Self {
        Self::Bearer(fault.into())
    }
}

/// Checks an access token against all that may have happened since it was issued.
pub(crate) async fn bearer(app: &App, text: &str) -> Result<BearerOf, Refused> {
    bearer_at(app, text, app.now()).await
}

/// The same, its life being looked at as of a moment: what ended it otherwise since then counts.
pub(super) async fn bearer_at(app: &App, text: &str, now: UnixMillis) -> Result<BearerOf, Refused> {
    let store = &app.store;
    let token = recover_at(app, text, now)?;
    refusal::sent_by(token.claims.client);
    refusal::acting_as(token.claims.user);
    let user = store
        .user_by_no(token.claims.user)
        .await
        .map_err(|error| Refused::Store(error.into()))?;
    let client = store.clients().by_no(token.claims.client).map(Arc::clone);
    let account = user.as_ref().map(|user| &*user.account);
    let revoked = |id| store.is_revoked_id(id);
    bearer::check(&token.claims, now, revoked, client.as_deref(), account)?;
    let scope = scope(app, token.claims.scope)
        .await
        .map_err(Refused::Store)?;
    bearer::for_instance(&scope.resources, &app.issuer)?;
    let (Some(user), Some(client)) = (user, client) else {
        return Err(BearerFault::ClientInactive.into());
    };
    store.token_seen(
        &token,
        Owner {
            client: &client,
            user: &user.account,
        },
    );
    Ok(BearerOf {
        token,
        client,
        user,
        scope,
    })
}

/// Returns what a token's number stands for. Another node may have numbered it a moment ago.
pub(crate) async fn scope(app: &App, no: ScopeNo) -> Result<NumberedScope, ApplyError> {
    if let Some(scope) = app.store.numbered_scope(no) {
        return Ok(scope);
    }
    let unknown = || StoreError::Unavailable(format!("scope number {} is unknown here", no.0));
    Ok(app.store.find_scope(no).await?.ok_or_else(unknown)?)
}
