//! base64url as RFC 7515 §2 defines it: no padding, no line breaks, one spelling for each value.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// `None` for anything but the one spelling: padding, other alphabets and stray last bits are refused.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
