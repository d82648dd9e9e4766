//! The revocation endpoints: `/oauth_revoke_token.do` and `/oauth_revoke.do` as `ServiceNow` has them (GET or
//! POST, no client authentication), and `POST /oauth2/revoke` by RFC 7009.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
};
use bytes::Bytes;
use snowglobe_oauth::{
    error::TokenError,
    form::Form,
    policy::{Dialect, RevocationBy},
    revoke::{self, Material, RevocationRequest},
};

use super::{
    answer::{Failure, authorization, form_body, json, refuse},
    client,
};
use crate::{app::App, identity::token};

/// `GET` or `POST /oauth_revoke_token.do`, `/oauth_revoke.do`
pub(crate) async fn servicenow(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::ServiceNow, request).await
}

/// `POST /oauth2/revoke`
pub(crate) async fn strict(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::Strict, request).await
}

async fn respond(app: &App, dialect: Dialect, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let revoked = async {
        let query = parts.uri.query().unwrap_or_default();
        let by_url =
            dialect == Dialect::ServiceNow && (parts.method == Method::GET || !query.is_empty());
        // A POST with the token in its URL needs no body, and then has no content type either.
        let bodiless =
            parts.method == Method::GET || !parts.headers.contains_key(header::CONTENT_TYPE);
        let body = if by_url && bodiless {
            Bytes::new()
        } else {
            form_body(&parts, body).await?
        };
        let mut form = Form::parse(&body).map_err(TokenError::from)?;
        if by_url {
            form.append(query.as_bytes()).map_err(TokenError::from)?;
        }
        revoke(app, dialect, &form, &parts).await
    };
    match revoked.await {
        // RFC 7009 §2.2: 200 whether or not there was such a token. Clients want JSON on every answer.
        Ok(()) => json(StatusCode::OK, "{}"),
        Err(failure) => refuse(&failure, app.policy(dialect), &parts),
    }
}

async fn revoke(
    app: &App,
    dialect: Dialect,
    form: &Form<'_>,
    parts: &Parts,
) -> Result<(), Failure> {
    let policy = app.policy(dialect);
    let request = RevocationRequest::parse(form, authorization(parts), policy)?;
    let clients = app.store.clients();
    let by = if policy.revocation == RevocationBy::Client {
        let named = client::named(app, &request.presented);
        Some(client::authenticate(app, &request.presented, named.as_ref(), policy).await?)
    } else {
        None
    };
    let token = token::recover(app, request.token.expose()).map(|token| token.claims);
    let owner = token
        .as_ref()
        .ok()
        .and_then(|claims| clients.by_no(claims.client));
    let material = Material {
        token,
        by: by.as_ref(),
        owner: owner.map(|client| &**client),
    };
    if let Some(change) = revoke::decide(&material, policy, app.now())? {
        app.store.apply_changes(&[change], None, app.now()).await?;
    }
    Ok(())
}
