//! What a page can be refused with, and the page that says so.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use snowglobe_store::backend::{ApplyError, StoreError};

use super::{Forms, Shell, page};
use crate::{
    identity::{sign_in::Refusal, slow::Overloaded, user_token::CsrfFault},
    refusal::{self, Why},
};

/// Why a page does not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageFault {
    /// The form is none of this session's pages.
    #[error(transparent)]
    Csrf(#[from] CsrfFault),
    /// The form cannot be read.
    #[error("the form cannot be read")]
    Form,
    /// The page is too old to go on from.
    #[error("the page was open for too long, was used already, or belongs to another browser")]
    Stale,
    /// The rules do not let this person do it.
    #[error("the person may not do this")]
    Forbidden,
    /// There is no such table or record, or none that this person may see.
    #[error("there is no such page or record")]
    NotFound,
    /// The store failed, or too much is waiting: the same may work later.
    #[error("{0}")]
    Unavailable(String),
}

impl PageFault {
    /// Returns the fault's name in logs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Csrf(fault) => fault.code(),
            Self::Form => "form_unreadable",
            Self::Stale => "page_stale",
            Self::Forbidden => "page_forbidden",
            Self::NotFound => "page_not_found",
            Self::Unavailable(_) => "unavailable",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Csrf(_) | Self::Stale | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Form => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn texts(&self) -> (&'static str, &'static str) {
        match self {
            Self::Csrf(_) => (
                "This form is out of date",
                "Nothing was done. The form does not belong to your present session: its field sysparm_ck is missing \
                 or of another session. Open the page again and repeat what you did.",
            ),
            Self::Stale => (
                "This page is out of date",
                "Nothing was done. The page was open for too long, was used already, or was opened in another browser. \
                 Please start again.",
            ),
            Self::Form => ("The form cannot be read", "Nothing was done."),
            Self::Forbidden => (
                "Not for you",
                "Nothing was done: your roles do not include this.",
            ),
            Self::NotFound => (
                "Nothing here",
                "There is no such page or record, or it is not for you.",
            ),
            Self::Unavailable(_) => (
                "Not now",
                "The instance cannot answer at this moment. Please try again in a few seconds.",
            ),
        }
    }
}

/// A page with one message and one way on.
#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    shell: Shell,
    title: &'static str,
    text: &'static str,
    next: &'static str,
    next_text: &'static str,
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        if let Self::Unavailable(why) = &self {
            tracing::error!(error = why, "a page could not be made");
        }
        refusal::say(Why::new(self.code()).text(&self));
        let (title, text) = self.texts();
        let template = MessagePage {
            shell: Shell::of(None),
            title,
            text,
            next: "/",
            next_text: "Start again",
        };
        let mut response = page(self.status(), &template, Forms::StayHere);
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<StoreError> for PageFault {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ApplyError> for PageFault {
    fn from(error: ApplyError) -> Self {
        match error {
            // Somebody was faster, most likely the same person in another window.
            ApplyError::Conflict => Self::Stale,
            error => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<Refusal> for PageFault {
    /// For whoever is known already and could not be served; wrong credentials are told on their own page.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Wrong(_) => Self::Stale,
            Refusal::Throttled => Self::Unavailable(refusal.code().to_owned()),
            Refusal::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

impl From<Overloaded> for PageFault {
    fn from(error: Overloaded) -> Self {
        Self::Unavailable(error.to_string())
    }
}
