//! Every route, in one list.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Uri,
    middleware,
    response::{IntoResponse, Response},
    routing::{any, get},
};

use crate::{app::App, error::RestError, oauth, observe, ops, rest::table};

/// The routes of an instance. The credentials matrix in the tests has a row for each.
pub(crate) fn router(app: App) -> Router {
    let observer = app.observer.clone();
    let list = || get(table::list).post(table::create).fallback(table::method);
    let record = || {
        get(table::read)
            .put(table::update)
            .patch(table::update)
            .delete(table::delete)
            .fallback(table::method)
    };
    Router::new()
        .route("/oauth_token.do", any(oauth::token::servicenow))
        .route("/oauth2/token", any(oauth::token::strict))
        .route("/oauth_revoke_token.do", any(oauth::revoke::servicenow))
        .route("/oauth_revoke.do", any(oauth::revoke::servicenow))
        .route("/oauth2/revoke", any(oauth::revoke::strict))
        .route("/api/now/table/{table}", list())
        .route("/api/now/v1/table/{table}", list())
        .route("/api/now/v2/table/{table}", list())
        .route("/api/now/table/{table}/{sys_id}", record())
        .route("/api/now/v1/table/{table}/{sys_id}", record())
        .route("/api/now/v2/table/{table}/{sys_id}", record())
        .route("/_sg/health", get(ops::health))
        .route("/_sg/ready", get(ops::ready))
        .route("/_sg/metrics", get(ops::metrics))
        .fallback(unknown)
        // Each handler reads its body under a limit of its own.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(observer, observe::observe))
        .with_state(app)
}

/// A path that nothing is behind: E12 under `/api`, plain 404 elsewhere.
async fn unknown(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return RestError::NoSuchApi.into_response();
    }
    (
        axum::http::StatusCode::NOT_FOUND,
        "Nothing is served at this path.\n",
    )
        .into_response()
}
