//! Handles: what a browser carries from one page to the next, sealed for one purpose and some minutes.
//!
//! A handle tells its bearer nothing and cannot be changed; one of another purpose, of another instance, or one that
//! is too old opens nothing. Whoever must be the one that got it puts what tells browsers apart inside.

use snowglobe_store::backend::StoreError;

use crate::{app::App, entropy};

/// What a handle is for. One of one purpose is no handle of another (`architecture.md` §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The login form: this browser asked for it.
    Login,
    /// The consent form: this session was asked about this request.
    Consent,
    /// The password was right and a second factor is asked for.
    Mfa,
    /// The page that asks about a device: this session was asked about this one.
    Device,
    /// A second factor that is being set up.
    Enrol,
    /// The password was right and must be replaced before anything else.
    Reset,
    /// Somebody is at another provider to consent: the `state` they come back with.
    Outbound,
    /// The cookie of a session that a token made.
    ApiSession,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Consent => "consent",
            Self::Mfa => "mfa",
            Self::Device => "device",
            Self::Enrol => "enrol",
            Self::Reset => "reset",
            Self::Outbound => "outbound",
            Self::ApiSession => "api session",
        }
    }
}

/// Seals bytes for a purpose; the handle opens for so many seconds.
///
/// # Errors
/// [`StoreError::Unavailable`] when the system gives no randomness.
pub(crate) fn seal(
    app: &App,
    purpose: Purpose,
    bytes: &[u8],
    seconds: u32,
) -> Result<String, StoreError> {
    let nonce = entropy::random().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let expires = app.now().after(seconds).0;
    let dated = [&expires.to_be_bytes()[..], bytes].concat();
    let sealed = app.store.handles().seal(purpose.name(), &dated, nonce);
    sealed.ok_or_else(|| StoreError::Driver("the handle cannot be sealed".to_owned()))
}

/// Opens a handle of this purpose; `None` when it is none, or too old.
pub(crate) fn open(app: &App, purpose: Purpose, handle: &str) -> Option<Vec<u8>> {
    let dated = app.store.handles().open(purpose.name(), handle)?;
    let (expires, bytes) = dated.split_first_chunk()?;
    let expires = snowglobe_oauth::UnixSeconds(u32::from_be_bytes(*expires));
    expires.is_after(app.now()).then(|| bytes.to_vec())
}
