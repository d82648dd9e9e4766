//! Sealing: secrets that must be recovered lie encrypted, bound to the place they belong to.

use std::fmt::Write as _;

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};

/// Seals and opens with the master key.
#[derive(Clone)]
pub(crate) struct Sealer(ChaCha20Poly1305);

impl Sealer {
    /// Uses this master key.
    #[must_use]
    pub(crate) fn new(master_key: &[u8; 32]) -> Self {
        Self(ChaCha20Poly1305::new(master_key.into()))
    }

    /// Encrypts `secret` for `place` (table, column and row); `nonce` must never repeat under one key, so it is random.
    #[must_use]
    pub(crate) fn seal(&self, place: &str, secret: &[u8], nonce: [u8; 12]) -> Option<String> {
        let payload = Payload {
            msg: secret,
            aad: place.as_bytes(),
        };
        let sealed = self.0.encrypt(&nonce.into(), payload).ok()?;
        Some(encode_hex(nonce.iter().chain(&sealed)))
    }

    /// Decrypts what was sealed for `place`; `None` for another place, another master key or damaged text.
    #[must_use]
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = decode_hex(sealed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<12>()?;
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        self.0.decrypt(nonce.into(), payload).ok()
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

fn encode_hex<'b>(bytes: impl Iterator<Item = &'b u8>) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.as_bytes().chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_place_open() {
        let sealer = Sealer::new(&[7; 32]);
        let sealed = sealer.seal("sg_key.1", b"secret", [1; 12]).expect("sealed");
        assert_eq!(
            sealer.open("sg_key.1", &sealed).as_deref(),
            Some(&b"secret"[..])
        );
        assert_eq!(sealer.open("sg_key.2", &sealed), None);
        assert_eq!(Sealer::new(&[8; 32]).open("sg_key.1", &sealed), None);
        for damaged in ["", "00", "zz", "é", &sealed[2..], &format!("{sealed}00")] {
            assert_eq!(sealer.open("sg_key.1", damaged), None, "{damaged}");
        }
    }
}
