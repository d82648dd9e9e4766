//! Where a person arrives: the modules of the navigator, and what its filter finds.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};

use super::frame::{Navigator, Visit};
use crate::{
    app::App,
    identity::session::to_login,
    pages::{Forms, Shell, fault::PageFault, page},
    rest::params::pairs,
};

#[derive(Template)]
#[template(path = "console/home.html")]
struct HomePage {
    shell: Shell,
    nav: Navigator,
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
    let template = HomePage {
        shell: visit.shell(),
        nav: visit.filtered_navigator(&filter),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}
