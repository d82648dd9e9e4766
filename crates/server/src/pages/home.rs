//! Where a person arrives after logging in without a place to go on to.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{Forms, Shell, fault::PageFault, page};
use crate::{app::App, identity::session};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    tiles: &'static [Tile],
}

/// A way on.
struct Tile {
    path: &'static str,
    name: &'static str,
    text: &'static str,
}

const TILES: &[Tile] = &[];

/// `GET /`
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, &headers).await? else {
        return Ok(session::to_login("/"));
    };
    let template = HomePage {
        shell: Shell::of(Some(&session)),
        tiles: TILES,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}
