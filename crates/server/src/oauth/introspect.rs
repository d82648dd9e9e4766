//! The introspection endpoint: `POST /oauth2/introspect` (RFC 7662).
//!
//! Resource servers ask it for every request they get, so it costs what the check of a bearer costs: with warm
//! caches, no query.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use snowglobe_oauth::{
    client_auth::AuthenticatedClient,
    error::TokenError,
    form::Form,
    introspect::{self, Described, INACTIVE, Inactive, IntrospectionRequest, Material},
    policy::Dialect,
    token::{TokenClaims, TokenKind},
};
use snowglobe_store::backend::ApplyError;

use super::{
    answer::{Failure, authorization, form_body, json, refuse},
    client,
    subject::subject,
};
use crate::{
    app::App,
    identity::token,
    refusal::{self, Why},
};

/// `POST /oauth2/introspect`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asked = async {
        let body = form_body(&parts, body).await?;
        let form = Form::parse(&body).map_err(TokenError::from)?;
        ask(&app, &form, &parts).await
    };
    match asked.await {
        Ok(answer) => json(StatusCode::OK, answer),
        Err(failure) => refuse(&failure, app.policy(Dialect::Strict), &parts),
    }
}

async fn ask(app: &App, form: &Form<'_>, parts: &Parts) -> Result<Vec<u8>, Failure> {
    let policy = app.policy(Dialect::Strict);
    let request = IntrospectionRequest::parse(form, authorization(parts), policy)?;
    let named = client::named(app, &request.presented);
    let by = client::authenticate(app, &request.presented, named.as_ref(), policy).await?;
    introspect::may_ask(&by)?;
    let told = match token::recover(app, request.token.expose()) {
        Ok(token) => describe(app, token.claims, &by).await?,
        Err(fault) => Err(fault.into()),
    };
    Ok(told.unwrap_or_else(|why| {
        refusal::say(Why::new(why.code()).text(why));
        INACTIVE.into()
    }))
}

async fn describe(
    app: &App,
    claims: TokenClaims,
    by: &AuthenticatedClient,
) -> Result<Result<Vec<u8>, Inactive>, ApplyError> {
    let store = &app.store;
    let user = store.user_by_no(claims.user).await?;
    let family = match claims.kind {
        TokenKind::Refresh => store.family(claims.id).await?,
        TokenKind::Access | TokenKind::Code | TokenKind::Device => None,
    };
    let owner = store.clients().by_no(claims.client).map(Arc::clone);
    let scope = token::scope(app, claims.scope).await?;
    let material = Material {
        claims,
        by,
        owner: owner.as_deref(),
        account: user.as_ref().map(|user| &*user.account),
        audience: app.audience(&scope.resources),
        family,
    };
    let active = match introspect::decide(&material, app.now(), |id| store.is_revoked_id(id)) {
        Ok(active) => active,
        Err(why) => return Ok(Err(why)),
    };
    let described = Described {
        scope: &scope.scope,
        audience: material.audience,
        subject: &subject(app, &claims, active.client, active.account).await?,
        issuer: &app.issuer,
    };
    let mut answer = Vec::with_capacity(512);
    active.write_json(&described, &mut answer);
    Ok(Ok(answer))
}
