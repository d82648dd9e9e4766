//! Where a person arrives: what to point a client at, what was refused of late, and the modules of the navigator or
//! what its filter finds.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};

use super::{
    frame::{Navigator, Visit},
    requests::{self, Line},
};
use crate::{
    app::App,
    identity::session::to_login,
    pages::{Forms, Shell, fault::PageFault, page},
    rest::params::pairs,
};

/// How many refusals are shown.
const REFUSALS: usize = 5;

/// What people look for when they set up a client, and where it is.
const ENDPOINTS: [(&str, &str); 5] = [
    ("Instance", ""),
    ("Authorization URL", "/oauth_auth.do"),
    ("Token URL", "/oauth_token.do"),
    ("Strict endpoints", "/.well-known/openid-configuration"),
    ("Table API", "/api/now/table/incident"),
];

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomePage {
    shell: Shell,
    nav: Navigator,
    endpoints: Vec<(&'static str, String)>,
    /// For administrators only.
    refused: Option<Vec<Line>>,
}

/// `GET /`
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, PageFault> {
    let Some(visit) = Visit::open(&app, &headers).await? else {
        return Ok(to_login("/"));
    };
    let filter = pairs(uri.query().unwrap_or_default())
        .find(|(name, _)| name == "sysparm_nav")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let url = |(label, path)| (label, format!("{}{path}", app.issuer));
    let template = HomePage {
        shell: visit.shell(),
        nav: visit.filtered_navigator(&filter),
        endpoints: ENDPOINTS.into_iter().map(url).collect(),
        refused: visit
            .is_admin()
            .then(|| requests::newest(&app, true, REFUSALS)),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}
