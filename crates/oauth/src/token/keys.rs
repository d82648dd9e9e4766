//! The instance's token keys: one to mint with, all to verify with.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{IssuedToken, TokenClaims, TokenFault, TokenText, claims::PAYLOAD};

/// The token keys by id. A key leaves when its last token has died, or at once in an emergency.
#[derive(Clone)]
pub struct KeyRing {
    current: Key,
    older: Vec<Key>,
}

/// The keyed state of the MAC: cloning it saves hashing the key again for every token.
#[derive(Clone)]
struct Key {
    id: u8,
    mac: Hmac<Sha256>,
}

impl KeyRing {
    /// Starts a ring with the key that mints. Keys are random and serve tokens alone.
    #[must_use]
    pub fn new(id: u8, key: &[u8; 32]) -> Self {
        Self {
            current: Key::new(id, key),
            older: Vec::new(),
        }
    }

    /// Adds a key that still verifies. A key with the id of one already there changes nothing.
    #[must_use]
    pub fn with_older(mut self, id: u8, key: &[u8; 32]) -> Self {
        if self.key(id).is_none() {
            self.older.push(Key::new(id, key));
        }
        self
    }

    /// Returns the id of the key that mints.
    #[must_use]
    pub fn current(&self) -> u8 {
        self.current.id
    }

    /// Writes a new token under the current key.
    #[must_use]
    pub fn mint(&self, claims: TokenClaims) -> (IssuedToken, TokenText) {
        let issued = IssuedToken {
            claims,
            key_id: self.current.id,
        };
        (issued, self.current.write(&claims))
    }

    /// Writes a token of old again: the same text as the first time, if its key is still on the ring.
    #[must_use]
    pub fn mint_again(&self, token: &IssuedToken) -> Option<TokenText> {
        Some(self.key(token.key_id)?.write(&token.claims))
    }

    /// Verifies a text and returns what the token says.
    ///
    /// # Errors
    /// [`TokenFault`] when it is no token of this instance; an expired one still is.
    pub fn verify(&self, text: &str) -> Result<TokenClaims, TokenFault> {
        self.recover(text).map(|token| token.claims)
    }

    /// Verifies a text and returns all its row would hold, so that a lost row can be written again.
    ///
    /// # Errors
    /// As [`KeyRing::verify`].
    pub fn recover(&self, text: &str) -> Result<IssuedToken, TokenFault> {
        // A little longer than a token: the decoder asks for room in whole groups of four characters.
        let mut bytes = [0; 66];
        // The decoder refuses spare bits that are not zero, so a token has one spelling only.
        let decoded = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes);
        let (64, Some((payload, tag))) = (
            decoded.map_err(|_| TokenFault::Malformed)?,
            bytes.split_first_chunk::<PAYLOAD>(),
        ) else {
            return Err(TokenFault::Malformed);
        };
        let key = self.key(payload[1]).ok_or(TokenFault::UnknownKey)?;
        key.prove(payload, &tag[..TAG])?;
        Ok(IssuedToken {
            claims: TokenClaims::decode(payload)?,
            key_id: key.id,
        })
    }

    fn key(&self, id: u8) -> Option<&Key> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == id)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older: Vec<_> = self.older.iter().map(|key| key.id).collect();
        f.debug_struct("KeyRing")
            .field("current", &self.current.id)
            .field("older", &older)
            .finish()
    }
}

impl Key {
    fn new(id: u8, key: &[u8; 32]) -> Self {
        // RFC 2104 §3: a key of one block is used as it is; 32 zero bytes follow the key.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(key);
        Self {
            id,
            mac: Hmac::new(&(*block).into()),
        }
    }

    fn write(&self, claims: &TokenClaims) -> TokenText {
        let payload = claims.encode(self.id);
        let mut bytes = [0; PAYLOAD + TAG];
        bytes[..PAYLOAD].copy_from_slice(&payload);
        let tag = self
            .mac
            .clone()
            .chain_update(payload)
            .finalize()
            .into_bytes();
        bytes[PAYLOAD..].copy_from_slice(&tag[..TAG]);
        let mut text = Zeroizing::new([0; TokenText::LEN]);
        // 64 bytes are 86 characters exactly; a shorter text would verify nowhere.
        let written = URL_SAFE_NO_PAD.encode_slice(bytes, text.as_mut_slice());
        debug_assert_eq!(written, Ok(TokenText::LEN));
        TokenText(text)
    }

    fn prove(&self, payload: &[u8; PAYLOAD], tag: &[u8]) -> Result<(), TokenFault> {
        // Compares in constant time (security.md §2, 34).
        let mac = self.mac.clone().chain_update(payload);
        mac.verify_truncated_left(tag)
            .map_err(|_| TokenFault::BadMac)
    }
}

/// Bytes of the MAC kept: 192 bits, far beyond guessing.
const TAG: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::UserNo,
        client::ClientNo,
        scope::ScopeNo,
        time::{UnixMillis, UnixSeconds},
        token::{TokenIds, TokenKind},
    };

    fn claims(kind: TokenKind) -> TokenClaims {
        let ids = TokenIds::new(3);
        TokenClaims {
            kind,
            id: ids.next(UnixMillis(1_800_000_000_000)),
            family: Some(ids.next(UnixMillis(1_800_000_000_000))),
            client: ClientNo(7),
            user: UserNo(9),
            scope: ScopeNo(2),
            expires: UnixSeconds(1_800_001_800),
            generation: 4,
        }
    }

    #[test]
    fn a_token_says_what_it_was_minted_with() {
        let ring = KeyRing::new(1, &[1; 32]);
        for kind in [
            TokenKind::Access,
            TokenKind::Refresh,
            TokenKind::Code,
            TokenKind::Device,
        ] {
            let (issued, text) = ring.mint(claims(kind));
            assert_eq!(text.expose().len(), 86);
            assert_eq!(ring.verify(text.expose()), Ok(claims(kind)));
            assert_eq!(ring.recover(text.expose()), Ok(issued));
        }
    }

    #[test]
    fn an_older_key_writes_the_same_text_again() {
        let old = KeyRing::new(1, &[1; 32]);
        let (issued, text) = old.mint(claims(TokenKind::Access));
        let ring = KeyRing::new(2, &[2; 32]).with_older(1, &[1; 32]);
        let again = ring.mint_again(&issued).unwrap();
        assert_eq!(again.expose(), text.expose());
        assert_eq!(ring.verify(text.expose()), Ok(issued.claims));
        assert_ne!(ring.mint(issued.claims).1.expose(), text.expose());
    }

    #[test]
    fn a_key_that_left_takes_its_tokens_with_it() {
        let (issued, text) = KeyRing::new(1, &[1; 32]).mint(claims(TokenKind::Access));
        let ring = KeyRing::new(2, &[2; 32]);
        assert_eq!(ring.verify(text.expose()), Err(TokenFault::UnknownKey));
        assert!(ring.mint_again(&issued).is_none());
    }

    #[test]
    fn another_key_of_the_same_id_proves_nothing() {
        let (_, text) = KeyRing::new(1, &[1; 32]).mint(claims(TokenKind::Access));
        assert_eq!(
            KeyRing::new(1, &[2; 32]).verify(text.expose()),
            Err(TokenFault::BadMac)
        );
    }

    #[test]
    fn a_token_has_one_spelling() {
        let ring = KeyRing::new(1, &[1; 32]);
        let (_, text) = ring.mint(claims(TokenKind::Access));
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=";
        let twins = alphabet.chars().filter(|last| {
            ring.verify(&format!("{}{last}", &text.expose()[..85]))
                .is_ok()
        });
        assert_eq!(twins.count(), 1);
    }

    #[test]
    fn keys_and_tokens_are_not_printed() {
        let ring = KeyRing::new(1, &[0x41; 32]).with_older(7, &[0x42; 32]);
        assert_eq!(format!("{ring:?}"), "KeyRing { current: 1, older: [7] }");
        assert_eq!(
            format!("{:?}", ring.mint(claims(TokenKind::Access)).1),
            "TokenText(…)"
        );
    }
}
