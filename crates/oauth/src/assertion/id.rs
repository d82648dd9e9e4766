//! The name an assertion is remembered by, so that it counts once (RFC 7523 §3, point 7).

use aws_lc_rs::digest;

use crate::{client::ClientNo, time::UnixSeconds};

/// A used assertion: who it came through and its `jti`, as a digest of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssertionId {
    digest: [u8; 32],
    forget_after: UnixSeconds,
}

impl AssertionId {
    /// Names the assertion with this `jti` of a client; its time says how long it must be remembered.
    /// `dead_from` is in seconds since 1970.
    #[must_use]
    pub fn new(client: ClientNo, jti: &str, dead_from: i64) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&client.0.to_be_bytes());
        context.update(jti.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        let seconds = u32::try_from(dead_from.max(0)).unwrap_or(u32::MAX);
        Self {
            digest: bytes,
            forget_after: UnixSeconds(seconds),
        }
    }

    /// Returns the digest that no two assertions share.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Returns the second from which its `exp` refuses it anyway.
    #[must_use]
    pub fn forget_after(&self) -> UnixSeconds {
        self.forget_after
    }
}
