//! The error page of the endpoint: nobody is redirected, and the client hears nothing.
//!
//! In development it shows which redirect URI came and which are registered; in production neither, for whoever
//! made the link up must not learn from it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use snowglobe_oauth::authorize::{PageError, Redirect};
use snowglobe_store::backend::{ApplyError, StoreError};

use super::answer;
use crate::{
    app::{App, Mode},
    identity::user_token::CsrfFault,
    pages::{Forms, Shell, fault::PageFault, page},
    refusal::{self, Why},
};

/// Why a request does not come to its end.
#[derive(Debug)]
pub(super) enum AuthorizeFault {
    /// The client is told.
    Refused(Box<Redirect>),
    /// There is no proved place to send them to.
    Request(PageError),
    /// The consent form was sent in before.
    FormUsed,
    /// The session ended while the page was made.
    NoSession,
    /// What any page can be refused with.
    Page(PageFault),
}

#[derive(Template)]
#[template(path = "authorize_error.html")]
struct ErrorPage<'a> {
    shell: Shell,
    text: &'a str,
    hint: &'a str,
    uris: Option<Uris<'a>>,
}

/// For whoever is developing the application.
struct Uris<'a> {
    received: &'a str,
    expected: &'a [Box<str>],
}

impl AuthorizeFault {
    /// Returns what is sent.
    pub(super) fn answer(self, app: &App) -> Response {
        match self {
            Self::Refused(redirect) => answer::send(&redirect),
            Self::Page(fault) => fault.into_response(),
            Self::NoSession => PageFault::Csrf(CsrfFault::Wrong).into_response(),
            Self::Request(error) => {
                refusal::say(why(&error));
                show(&error, app.mode == Mode::Development)
            }
            Self::FormUsed => {
                refusal::say("consent_form_used");
                let text = "This page was answered before.";
                let hint = "Go back to the application and start again from there.";
                refuse(text, hint, None)
            }
        }
    }
}

fn why(error: &PageError) -> Why {
    let why = Why::new(error.code()).text(error);
    match error {
        PageError::RedirectUriMismatch { received, expected } => {
            why.expected(expected.join(" or ")).received(received)
        }
        PageError::Repeated(again) => why.received(again),
        _ => why,
    }
}

fn show(error: &PageError, develops: bool) -> Response {
    let uris = match error {
        PageError::RedirectUriMismatch { received, expected } if develops => {
            Some(Uris { received, expected })
        }
        _ => None,
    };
    refuse(&error.to_string(), hint(error), uris)
}

fn refuse(text: &str, hint: &str, uris: Option<Uris<'_>>) -> Response {
    let template = ErrorPage {
        shell: Shell::of(None),
        text,
        hint,
        uris,
    };
    page(StatusCode::BAD_REQUEST, &template, Forms::StayHere)
}

/// What whoever runs the application can do about it.
fn hint(error: &PageError) -> &'static str {
    match error {
        PageError::RedirectUriMismatch { .. } => {
            "The address must be registered in the application's record, in the field Redirect URL, letter by letter."
        }
        PageError::NoneRegistered | PageError::NoRedirectUri => {
            "The address to return to belongs in the field Redirect URL of the application's record, and in the request."
        }
        PageError::UnknownClient | PageError::InactiveClient | PageError::NoClient => {
            "Compare client_id with the application's record in System OAuth › Application Registry."
        }
        PageError::NoState | PageError::LongState => {
            "The application should send a random state of its own with each request, and compare it when it comes back."
        }
        PageError::OauthInactive => {
            "An administrator can turn it on: com.snc.platform.security.oauth.is.active."
        }
        PageError::Form(_) | PageError::Repeated(_) => {
            "Go back to the application and start again from there."
        }
    }
}

impl From<PageError> for AuthorizeFault {
    fn from(error: PageError) -> Self {
        Self::Request(error)
    }
}

impl From<Box<Redirect>> for AuthorizeFault {
    fn from(redirect: Box<Redirect>) -> Self {
        Self::Refused(redirect)
    }
}

impl From<PageFault> for AuthorizeFault {
    fn from(fault: PageFault) -> Self {
        Self::Page(fault)
    }
}

impl From<CsrfFault> for AuthorizeFault {
    fn from(fault: CsrfFault) -> Self {
        Self::Page(fault.into())
    }
}

impl From<StoreError> for AuthorizeFault {
    fn from(error: StoreError) -> Self {
        Self::Page(error.into())
    }
}

impl From<ApplyError> for AuthorizeFault {
    fn from(error: ApplyError) -> Self {
        Self::Page(error.into())
    }
}
