//! Text that must not be stored, printed or compared as it is.

use std::fmt;

/// A password or client secret as the caller sent it, on its way to being hashed or sealed.
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the clear text, to be hashed or sealed at once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
