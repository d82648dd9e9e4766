//! The key set: `/oauth2/jwks` and `/api/now/oauth/jwks` (`inbound-oauth.md` §1).

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use snowglobe_oauth::{policy::Dialect, signing::JWKS_MAX_AGE};

use super::{
    answer::{Failure, refuse_plainly},
    signing,
};
use crate::app::App;

/// `GET /oauth2/jwks`, `GET /api/now/oauth/jwks`
pub(crate) async fn get(State(app): State<App>) -> Response {
    if let Err(error) = signing::complete(&app).await {
        return refuse_plainly(&Failure::from(error), app.policy(Dialect::Strict));
    }
    let keys = app.store.signing_keys().render(app.now());
    public_json(keys, JWKS_MAX_AGE)
}

/// Writes JSON that anybody may have and keep for so many seconds, pages of other origins too.
pub(super) fn public_json(body: String, max_age: u32) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    let keep = HeaderValue::try_from(format!("public, max-age={max_age}"));
    if let Ok(keep) = keep {
        headers.insert(header::CACHE_CONTROL, keep);
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}
