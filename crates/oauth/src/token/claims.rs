//! What a token says about itself, and its 40 bytes.
//!
//! ```text
//! 0 kind  1 key id  2 flags  4 id  12 family  20 client  24 user  28 scope  32 expires  36 generation  40
//! ```
//! Numbers are big endian. The flags are reserved and zero; a token that sets one comes from a later version
//! and is refused.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{IssuedToken, TokenFault, TokenId};
use crate::{account::UserNo, client::ClientNo, scope::ScopeNo, time::UnixSeconds};

/// Whether a token opens the API or is exchanged for one that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Presented to the API (RFC 6749 §1.4).
    Access,
    /// Presented to the token endpoint (RFC 6749 §1.5).
    Refresh,
    /// An authorization code, exchanged at the token endpoint once (RFC 6749 §1.3.1).
    Code,
    /// A device code, exchanged at the token endpoint once (RFC 8628 §3.2).
    Device,
}

/// What a token says about itself.
///
/// A *family* is everything that grew from one grant: the refresh token, its successors and the access
/// tokens obtained with them. It bears the id of its refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenClaims {
    /// What the token is for.
    pub kind: TokenKind,
    /// The token's number; successors of a refresh token keep it.
    pub id: TokenId,
    /// The refresh token an access token came with; `None` for a refresh token itself and where there is none.
    pub family: Option<TokenId>,
    /// The client it was issued to.
    pub client: ClientNo,
    /// The user it acts as.
    pub user: UserNo,
    /// What it may be used for.
    pub scope: ScopeNo,
    /// The second it ends at.
    pub expires: UnixSeconds,
    /// How often the refresh token was rotated; 0 for access tokens.
    pub generation: u32,
}

impl TokenClaims {
    /// Returns the family the token belongs to: a refresh token names its own.
    #[must_use]
    pub fn family_id(&self) -> Option<TokenId> {
        match self.kind {
            TokenKind::Refresh => Some(self.id),
            TokenKind::Access => self.family,
            TokenKind::Code | TokenKind::Device => None,
        }
    }

    /// Returns the token's identifier where JWTs have one (RFC 7519 §4.1.7): all that the token says, so that a signed
    /// JWT says all that is needed to check it. It proves nothing by itself.
    #[must_use]
    pub fn jti(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.encode(0))
    }

    /// Reads a `jti`, which a signature must have proved.
    ///
    /// # Errors
    /// [`TokenFault::Malformed`] when it is none of ours.
    pub fn from_jti(jti: &str) -> Result<Self, TokenFault> {
        Self::decode(&payload(jti)?)
    }

    pub(super) fn encode(&self, key_id: u8) -> [u8; PAYLOAD] {
        let mut bytes = [0; PAYLOAD];
        bytes[0] = match self.kind {
            TokenKind::Access => 1,
            TokenKind::Refresh => 2,
            TokenKind::Code => 3,
            TokenKind::Device => 4,
        };
        bytes[1] = key_id;
        bytes[4..12].copy_from_slice(&self.id.bits().to_be_bytes());
        bytes[12..20].copy_from_slice(&self.family.map_or(0, TokenId::bits).to_be_bytes());
        bytes[20..24].copy_from_slice(&self.client.0.to_be_bytes());
        bytes[24..28].copy_from_slice(&self.user.0.to_be_bytes());
        bytes[28..32].copy_from_slice(&self.scope.0.to_be_bytes());
        bytes[32..36].copy_from_slice(&self.expires.0.to_be_bytes());
        bytes[36..40].copy_from_slice(&self.generation.to_be_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8; PAYLOAD]) -> Result<Self, TokenFault> {
        let kind = match bytes[0] {
            1 => TokenKind::Access,
            2 => TokenKind::Refresh,
            3 => TokenKind::Code,
            4 => TokenKind::Device,
            _ => return Err(TokenFault::Malformed),
        };
        let mut rest = &bytes[2..];
        if u16::from_be_bytes(take(&mut rest)?) != 0 {
            return Err(TokenFault::Malformed);
        }
        let id = u64::from_be_bytes(take(&mut rest)?);
        let family = u64::from_be_bytes(take(&mut rest)?);
        Ok(Self {
            kind,
            id: TokenId::from_bits(id).ok_or(TokenFault::Malformed)?,
            family: TokenId::from_bits(family),
            client: ClientNo(u32::from_be_bytes(take(&mut rest)?)),
            user: UserNo(u32::from_be_bytes(take(&mut rest)?)),
            scope: ScopeNo(u32::from_be_bytes(take(&mut rest)?)),
            expires: UnixSeconds(u32::from_be_bytes(take(&mut rest)?)),
            generation: u32::from_be_bytes(take(&mut rest)?),
        })
    }
}

impl IssuedToken {
    /// The length of [`Self::note`].
    pub const NOTE: usize = 54;

    /// Returns all that the token's row is made from, in [`Self::NOTE`] ASCII characters. It proves nothing by itself.
    #[must_use]
    pub fn note(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.claims.encode(self.key_id))
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`TokenFault::Malformed`] when it is none.
    pub fn from_note(note: &str) -> Result<Self, TokenFault> {
        let payload = payload(note)?;
        let [_, key_id, ..] = payload;
        let claims = TokenClaims::decode(&payload)?;
        Ok(Self { claims, key_id })
    }
}

fn payload(text: &str) -> Result<[u8; PAYLOAD], TokenFault> {
    // A little longer than a payload: the decoder asks for room in whole groups of four characters.
    let mut bytes = [0; PAYLOAD + 2];
    let decoded = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes);
    match (decoded, bytes.first_chunk()) {
        (Ok(PAYLOAD), Some(payload)) => Ok(*payload),
        _ => Err(TokenFault::Malformed),
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], TokenFault> {
    let (head, rest) = bytes.split_first_chunk().ok_or(TokenFault::Malformed)?;
    *bytes = rest;
    Ok(*head)
}

pub(super) const PAYLOAD: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{time::UnixMillis, token::TokenIds};

    #[test]
    fn a_note_says_all_that_a_row_is_made_from() {
        let token = IssuedToken {
            claims: TokenClaims {
                kind: TokenKind::Access,
                id: TokenIds::new(0).next(UnixMillis(1_800_000_000_000)),
                family: Some(TokenIds::new(1).next(UnixMillis(1_700_000_000_000))),
                client: ClientNo(1),
                user: UserNo(2),
                scope: ScopeNo(3),
                expires: UnixSeconds(4),
                generation: 5,
            },
            key_id: 7,
        };
        let note = token.note();
        assert_eq!(note.len(), IssuedToken::NOTE);
        assert_eq!(IssuedToken::from_note(&note), Ok(token));
        for text in ["", &note[1..], &format!("{note}A"), &note.replace('A', "!")] {
            assert_eq!(IssuedToken::from_note(text), Err(TokenFault::Malformed));
        }
    }

    #[test]
    fn a_token_of_a_later_version_is_refused() {
        let mut bytes = TokenClaims {
            kind: TokenKind::Access,
            id: TokenIds::new(0).next(UnixMillis(1_800_000_000_000)),
            family: None,
            client: ClientNo(1),
            user: UserNo(2),
            scope: ScopeNo(3),
            expires: UnixSeconds(4),
            generation: 5,
        }
        .encode(1);
        assert!(TokenClaims::decode(&bytes).is_ok());
        for (at, value) in [(0, 0), (0, 5), (2, 1), (3, 1)] {
            let known = std::mem::replace(&mut bytes[at], value);
            assert_eq!(
                TokenClaims::decode(&bytes),
                Err(TokenFault::Malformed),
                "byte {at}"
            );
            bytes[at] = known;
        }
    }
}
