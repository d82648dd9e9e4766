//! Every route, in one list.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Uri,
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, get},
};

use crate::{app::App, error::RestError, oauth, observe, ops, rest::table};

/// A path, as a pattern, and what answers there.
struct Route(&'static str, fn() -> MethodRouter<App>);

/// The routes of an instance.
const ROUTES: &[Route] = &[
    Route("/oauth_token.do", || any(oauth::token::servicenow)),
    Route("/oauth2/token", || any(oauth::token::strict)),
    Route("/oauth_revoke_token.do", || any(oauth::revoke::servicenow)),
    Route("/oauth_revoke.do", || any(oauth::revoke::servicenow)),
    Route("/oauth2/revoke", || any(oauth::revoke::strict)),
    Route("/api/now/table/{table}", list),
    Route("/api/now/v1/table/{table}", list),
    Route("/api/now/v2/table/{table}", list),
    Route("/api/now/table/{table}/{sys_id}", record),
    Route("/api/now/v1/table/{table}/{sys_id}", record),
    Route("/api/now/v2/table/{table}/{sys_id}", record),
    Route("/_sg/health", || get(ops::health)),
    Route("/_sg/ready", || get(ops::ready)),
    Route("/_sg/metrics", || get(ops::metrics)),
];

fn list() -> MethodRouter<App> {
    get(table::list).post(table::create).fallback(table::method)
}

fn record() -> MethodRouter<App> {
    get(table::read)
        .put(table::update)
        .patch(table::update)
        .delete(table::delete)
        .fallback(table::method)
}

/// Returns the paths that are served, as patterns. The credentials matrix in the tests has a row for each.
pub fn routes() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|Route(path, _)| *path)
}

pub(crate) fn router(app: App) -> Router {
    let observer = app.observer.clone();
    ROUTES
        .iter()
        .fold(Router::new(), |router, Route(path, answers)| {
            router.route(path, answers())
        })
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
