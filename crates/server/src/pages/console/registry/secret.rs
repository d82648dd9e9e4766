//! A secret that was made a moment ago, on the one page that ever shows it (security.md §2, 45).
//!
//! The page answers the form itself and is kept by nobody (`Cache-Control: no-store`): loading it again sends the
//! form again, which makes nothing, since the name is taken by then or the record has changed.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    pages::{
        Forms, Shell, assets,
        console::{
            form::Record,
            frame::{Navigator, Visit},
            list::record_href,
        },
        page, with_script,
    },
    records::Generated,
};

#[derive(Template)]
#[template(path = "console/secret.html")]
struct SecretPage<'a> {
    shell: Shell,
    nav: Navigator,
    name: &'a str,
    /// What the secret is called.
    label: &'static str,
    client_id: String,
    secret: &'a str,
    href: String,
    script: &'static str,
}

/// Shows the secret.
pub(in crate::pages::console) fn told_once(
    visit: &Visit,
    record: &Record,
    secret: &Generated,
) -> Response {
    let client_id = record
        .row
        .as_ref()
        .and_then(|row| row.value("client_id").as_text());
    let template = SecretPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        name: record.name(),
        label: if record.table.name() == "api_key" {
            "API key"
        } else {
            "Client Secret"
        },
        client_id: client_id.unwrap_or_default().to_owned(),
        secret: secret.expose(),
        href: record_href(record.table.name(), &record.sys_id()),
        script: assets::COPY.path(),
    };
    with_script(page(StatusCode::OK, &template, Forms::StayHere))
}
