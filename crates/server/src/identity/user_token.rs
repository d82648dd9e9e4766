//! The token that shows that a page or program of a session made a request, and no other site: `sysparm_ck` of a
//! form, `g_ck` of a page's scripts, `X-UserToken` of a REST call (`rest-and-records.md` §1.4; security.md §2, 22).
//!
//! It is derived from the session's cookie, so nothing is stored, and it ends with the session.

use axum::http::HeaderName;

use crate::app::App;

/// The request does not show that a page of this session made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CsrfFault {
    /// `sysparm_ck` is not there.
    #[error("the form came without its sysparm_ck")]
    Missing,
    /// It belongs to another session, or to none.
    #[error("the form's sysparm_ck is not of this session")]
    Wrong,
}

impl CsrfFault {
    /// Returns the fault's name in logs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Missing => "csrf_token_missing",
            Self::Wrong => "csrf_token_wrong",
        }
    }
}

/// Returns the token of the session with this cookie: 72 hex digits, as clients look for in pages.
pub(crate) fn of(app: &App, cookie: &str) -> String {
    let handles = app.store.handles();
    let mut token = handles.hex_proof(PURPOSE, cookie.as_bytes());
    token.push_str(&handles.hex_proof(FILL, cookie.as_bytes())[..8]);
    token
}

/// Checks that a token is the one of the session with this cookie.
///
/// # Errors
/// [`CsrfFault`] when it is not: nothing may be done.
pub(crate) fn check(app: &App, cookie: &str, presented: &str) -> Result<(), CsrfFault> {
    if presented.is_empty() {
        return Err(CsrfFault::Missing);
    }
    let (proof, fill) = presented.split_at_checked(64).ok_or(CsrfFault::Wrong)?;
    let handles = app.store.handles();
    let right = handles.proves_hex(PURPOSE, cookie.as_bytes(), proof)
        && handles.hex_proof(FILL, cookie.as_bytes()).get(..8) == Some(fill);
    if right { Ok(()) } else { Err(CsrfFault::Wrong) }
}

/// The request header that carries it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-usertoken");

const PURPOSE: &str = "sysparm_ck";
/// The last eight digits say nothing more: a real one has 72.
const FILL: &str = "sysparm_ck fill";
