//! The vocabulary of effects: what a decision asks the store to write.
//!
//! What takes power away, or may happen once only, must be on disk before the answer leaves; a token that
//! proves itself may be written behind it.

use crate::{
    account::UserNo,
    assertion::AssertionId,
    client::ClientNo,
    scope::ScopeNo,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenId},
};

/// One effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Keeps the row of a token that was issued. May be written behind the answer: the token proves itself,
    /// and the row can be made again from it.
    InsertToken(IssuedToken),
    /// Moves a family to the next generation. **On disk before the answer**, and only if the stored
    /// generation still is `from` (a missing row counts as 0): otherwise another request was faster, and the
    /// decision is to be made again from what is stored now.
    RotateFamily(RotateFamily),
    /// Marks a code as used. **On disk before the answer**, together with the tokens it gave, and only if it was not
    /// used before: otherwise the decision is to be made again, and finds a replay.
    ConsumeCode {
        /// The code.
        id: TokenId,
        /// What it gave: the family, or the access token where there is no refresh token.
        gave: TokenId,
        /// After this second nothing of that lives.
        gave_until: UnixSeconds,
        /// When.
        at: UnixMillis,
    },
    /// Marks a device code as used, as [`Self::ConsumeCode`] does; only one that a person allowed.
    ConsumeDeviceCode {
        /// The device.
        id: TokenId,
        /// The family that it got.
        gave: TokenId,
        /// After this second nothing of that lives.
        gave_until: UnixSeconds,
        /// When.
        at: UnixMillis,
    },
    /// Notes that a device asked and nobody had answered yet. **On disk before the answer**, so that a device which
    /// comes too early is seen.
    NotePoll {
        /// The device.
        id: TokenId,
        /// When.
        at: UnixMillis,
        /// Seconds until it may ask again.
        interval: u32,
    },
    /// Ends a family: its refresh tokens and every access token that names it. **On disk before the answer.**
    RevokeFamily {
        /// The family.
        id: TokenId,
        /// After this second none of its tokens lives, and the revocation may be forgotten.
        forget_after: UnixSeconds,
    },
    /// Notes that an assertion was used. **On disk before the answer**, and only if nobody used it before:
    /// otherwise it is a replay.
    UseAssertion(AssertionId),
    /// Ends one access token. **On disk before the answer.**
    RevokeToken {
        /// The token.
        id: TokenId,
        /// After this second the token is dead anyway, and the revocation may be forgotten.
        forget_after: UnixSeconds,
    },
}

/// A family's step to its next generation, with all its row needs if it has none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotateFamily {
    /// The family.
    pub id: TokenId,
    /// The client it belongs to.
    pub client: ClientNo,
    /// The user it acts as.
    pub user: UserNo,
    /// The scope of its refresh tokens.
    pub scope: ScopeNo,
    /// The generation that was presented.
    pub from: u32,
    /// The generation that replaces it.
    pub to: u32,
    /// When it was replaced.
    pub at: UnixMillis,
    /// When the new generation ends.
    pub expires: UnixSeconds,
}

impl Change {
    /// Tells whether the answer must wait until the change is on disk.
    #[must_use]
    pub fn before_answer(&self) -> bool {
        !matches!(self, Self::InsertToken(_))
    }
}
