//! Every route, in one list.

mod pattern;

use std::sync::LazyLock;

use axum::{
    extract::Request,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    error::RestError,
    methods::{Methods, any, get, post},
    oauth, ops,
    pages::{self, console},
    refusal,
    rest::routes as rest_routes,
};

pub(crate) use pattern::{names_in, pattern_of};

/// A path, as a pattern, and what answers there.
pub(crate) struct Route(pub(crate) &'static str, pub(crate) fn() -> Methods);

/// The routes of an instance, but those of the REST surface ([`rest_routes::ROUTES`]).
const ROUTES: &[Route] = &[
    Route("/oauth_auth.do", || {
        get(oauth::authorize::servicenow).post(oauth::authorize::servicenow)
    }),
    Route("/oauth2/authorize", || {
        get(oauth::authorize::strict).post(oauth::authorize::strict)
    }),
    Route("/sdk-oauth.do", || get(pages::code::get)),
    Route("/oauth_token.do", || any(oauth::token::servicenow)),
    Route("/oauth2/token", || any(oauth::token::strict)),
    Route("/oauth_revoke_token.do", || any(oauth::revoke::servicenow)),
    Route("/oauth_revoke.do", || any(oauth::revoke::servicenow)),
    Route("/oauth2/revoke", || any(oauth::revoke::strict)),
    Route("/oauth2/device_authorization", || {
        any(oauth::device_authorization::post)
    }),
    Route("/oauth2/device", || {
        get(pages::device::get).post(pages::device::post)
    }),
    Route("/oauth2/introspect", || any(oauth::introspect::post)),
    Route("/oauth2/userinfo", || {
        get(oauth::userinfo::respond).post(oauth::userinfo::respond)
    }),
    Route("/.well-known/openid-configuration", || {
        get(oauth::metadata::get)
    }),
    Route("/.well-known/oauth-authorization-server", || {
        get(oauth::metadata::get)
    }),
    Route("/oauth2/logout", || {
        get(oauth::logout::respond).post(oauth::logout::respond)
    }),
    Route("/oauth2/jwks", || get(oauth::jwks::get)),
    Route("/api/now/oauth/jwks", || get(oauth::jwks::get)),
    Route("/", || get(console::home::get)),
    Route("/nav_to.do", || get(console::nav_to::get)),
    Route("/navpage.do", || get(console::nav_to::home)),
    Route("/now/nav/ui/classic", || get(console::nav_to::home)),
    Route("/login.do", || {
        get(pages::login::get).post(pages::login::post)
    }),
    Route("/angular.do", || post(pages::angular::post)),
    Route("/logout.do", || {
        get(pages::logout::get).post(pages::logout::post)
    }),
    Route("/validate_multifactor_auth_code.do", || {
        post(pages::second_factor::post)
    }),
    Route("/my_second_factor.do", || {
        get(pages::my_second_factor::get).post(pages::my_second_factor::post)
    }),
    Route("/change_password.do", || {
        get(pages::new_password::get).post(pages::new_password::post)
    }),
    Route("/my_connected_apps.do", || {
        get(pages::my_connected_apps::get).post(pages::my_connected_apps::post)
    }),
    Route("/sg_requests.do", || get(console::requests::get)),
    Route("/sg_credentials.do", || get(console::expiry::get)),
    Route("/oauth_initiator.do", || get(pages::outbound::initiate)),
    Route("/oauth_redirect.do", || get(pages::outbound::redirected)),
    Route("/oauth_password_input.do", || {
        get(pages::outbound::password_form).post(pages::outbound::password)
    }),
    Route("/_sg/assets/{name}", || get(pages::assets::get)),
    Route("/_sg/health", || get(ops::health)),
    Route("/_sg/ready", || get(ops::ready)),
    Route("/_sg/metrics", || get(ops::metrics)),
    Route("/_sg/clock", || any(ops::clock::respond)),
    Route("/_sg/explain/{id}", || any(ops::explain::refusal)),
    Route("/_sg/rest_message/{message}/{function}", || {
        any(ops::rest_message::execute)
    }),
    Route("/_sg/rest_execution/{sys_id}", || {
        any(ops::rest_message::execution)
    }),
    Route("/_sg/alias/{alias}", || any(ops::alias::resolve)),
    Route("/_sg/alias/{alias}/request", || any(ops::alias::request)),
    Route("/_sg/request", || any(ops::rest_message::request)),
    Route("/_sg/token/{alias}", || any(ops::alias::token)),
    Route("/_sg/grant/{alias}", || any(ops::grant::grant)),
    Route("/_sg/grants", || any(ops::grant::health)),
    Route("/_sg/flow/{flow}", || any(ops::flow::run)),
    Route("/_sg/flow_run/{sys_id}", || any(ops::flow::progress)),
    Route("/_sg/requests", || any(ops::explain::requests)),
    // Last, so that a page with a path of its own is counted as itself.
    Route("/{page}", || get(console::get).post(console::post)),
];

/// What answers at each of [`routes`].
static ANSWERS: LazyLock<Vec<Methods>> =
    LazyLock::new(|| all().map(|Route(_, answers)| answers()).collect());

fn all() -> impl Iterator<Item = &'static Route> {
    rest_routes::ROUTES.iter().chain(ROUTES)
}

/// Returns the paths that are served, as patterns. The credentials matrix in the tests has a row for each.
pub fn routes() -> impl Iterator<Item = &'static str> {
    all().map(|Route(path, _)| *path)
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Network,
    /// It is an item of a batch: the REST surface is open to those, but no other batch.
    Batch,
}

/// Answers a request. Each handler reads its body under a limit of its own, so nothing here sets one.
pub(crate) async fn answer(app: &App, door: Door, request: Request) -> Response {
    let at = pattern_of(request.uri().path());
    if door == Door::Batch && !at.is_some_and(is_for_a_batch) {
        return RestError::NoSuchApi.into_response();
    }
    match at.and_then(|at| ANSWERS.get(at)) {
        Some(methods) => methods.answer(app.clone(), request, other_method).await,
        None => unknown(request.uri()),
    }
}

fn is_for_a_batch(at: usize) -> bool {
    let route = rest_routes::ROUTES.get(at);
    route.is_some_and(|Route(path, _)| !path.ends_with("/batch"))
}

/// Returns the methods that the route at this place takes.
pub(crate) fn methods_of(at: usize) -> impl Iterator<Item = &'static Method> {
    let methods = ANSWERS.get(at);
    methods.into_iter().flat_map(Methods::known)
}

/// A path that nothing is behind: E12 under `/api`, plain 404 elsewhere.
pub(crate) fn unknown(uri: &Uri) -> Response {
    if let Some(api) = uri.path().strip_prefix("/api/") {
        return no_such_api(api).into_response();
    }
    refusal::say("path_unknown");
    (StatusCode::NOT_FOUND, "Nothing is served at this path.\n").into_response()
}

/// E12; it names those APIs of a real instance that people ask for and that are not here.
fn no_such_api(path: &str) -> RestError {
    let known = NOT_SERVED.iter().find(|(start, ..)| {
        let rest = path.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    known.map_or(RestError::NoSuchApi, |&(_, what, instead)| {
        RestError::NotServed { what, instead }
    })
}

/// What such a path begins with, what it is, and what there is in its place.
const NOT_SERVED: [(&str, &str, &str); 11] = [
    ("now/graphql", GRAPHQL, "use the Table API"),
    ("now/v1/graphql", GRAPHQL, "use the Table API"),
    (
        "now/scim",
        SCIM,
        "read and write sys_user and sys_user_group by the Table API",
    ),
    (
        "now/v1/scim",
        SCIM,
        "read and write sys_user and sys_user_group by the Table API",
    ),
    (
        "now/v2/scim",
        SCIM,
        "read and write sys_user and sys_user_group by the Table API",
    ),
    (
        "sn_cicd",
        "The CI/CD API",
        "nothing is installed or scanned here",
    ),
    (
        "now/processflow",
        "Flow Designer’s API",
        "flows are records of sys_hub_flow",
    ),
    (
        "now/sp",
        "Service Portal’s API",
        "use the Table API and the Service Catalog API",
    ),
    (
        "global/em",
        EVENTS,
        "insert rows of em_event by the Table API",
    ),
    (
        "global/em_event",
        EVENTS,
        "insert rows of em_event by the Table API",
    ),
    ("now/em", EVENTS, "insert rows of em_event by the Table API"),
];
const GRAPHQL: &str = "GraphQL";
const SCIM: &str = "SCIM";
const EVENTS: &str = "Event Management’s API";

/// A method that the path does not take.
async fn other_method(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return RestError::Method.into_response();
    }
    refusal::say("method_not_allowed");
    let text = "This path does not take this method.\n";
    (StatusCode::METHOD_NOT_ALLOWED, text).into_response()
}
