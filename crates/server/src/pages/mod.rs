//! Pages for people: rendered here, without a script, behind one policy of what a browser may do with them.
//!
//! A page is a template (`templates/*.html`) that extends `base.html`, or `card.html` where there is one thing to do,
//! and has a [`Shell`] for the frame around it. [`page`] makes the answer of it.

pub(crate) mod angular;
pub(crate) mod assets;
pub(crate) mod code;
pub(crate) mod consent;
pub(crate) mod console;
pub(crate) mod device;
pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod log_in;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod my_connected_apps;
pub(crate) mod my_second_factor;
pub(crate) mod new_password;
pub(crate) mod outbound;
mod prose;
pub(crate) mod second_factor;

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{identity::session::Session, refusal};

/// What the frame of a page shows: where its looks come from, and who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) stylesheet: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) who: Option<Who>,
}

/// Who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) user_name: Box<str>,
    /// For the forms of this page: `sysparm_ck`.
    pub(crate) ck: String,
}

impl Shell {
    /// Returns the frame for whoever is logged in, or nobody.
    pub(crate) fn of(session: Option<&Session>) -> Self {
        Self {
            stylesheet: assets::STYLESHEET.path(),
            icon: assets::ICON.path(),
            who: session.map(|session| Who {
                user_name: session.user.account.user_name.clone(),
                ck: session.ck(),
            }),
        }
    }
}

/// Where the forms of a page may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms {
    /// To this instance only.
    StayHere,
    /// On to a client, at the end of a chain of redirects: log-in and consent pages. Chromium holds `form-action`
    /// against every redirect that follows a form, so these pages cannot name it.
    MayLeadOn,
}

/// Renders a page. Nobody keeps it, frames it, or learns from where it was left (security.md §2, 7, 8 and 48).
pub(crate) fn page(status: StatusCode, template: &impl Template, forms: Forms) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => {
            refusal::say("internal");
            tracing::error!(error = %error, "a page cannot be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = match forms {
        Forms::StayHere => STAY_HERE,
        Forms::MayLeadOn => MAY_LEAD_ON,
    };
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    response
}

/// Lets a page load the scripts of this instance; it does its work without them.
pub(crate) fn with_script(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(WITH_SCRIPT),
    );
    response
}

const WITH_SCRIPT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const MAY_LEAD_ON: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     frame-ancestors 'none'; base-uri 'none'";
const STAY_HERE: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html;charset=UTF-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::PRAGMA, "no-cache"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];
