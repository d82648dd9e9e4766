//! What a browser carries for the instance between two requests: sealed, so that nobody reads or changes it, and
//! bound to a purpose, so that it is good for nothing else.
//!
//! The keys come from the master key, so every node opens what another sealed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Seals, opens and proves.
#[derive(Clone)]
pub struct Handles {
    aead: XChaCha20Poly1305,
    mac: Hmac<Sha256>,
}

impl Handles {
    pub(crate) fn new(master_key: &[u8; 32]) -> Self {
        Self {
            aead: XChaCha20Poly1305::new(&derive(master_key, b"snowglobe handles: seal").into()),
            mac: keyed(&derive(master_key, b"snowglobe handles: proof")),
        }
    }

    /// Seals `bytes` for a purpose. `nonce` is random; 192 bits of it never repeat. Returns `None` only for bytes
    /// beyond what the cipher takes.
    #[must_use]
    pub fn seal(&self, purpose: &str, bytes: &[u8], nonce: [u8; 24]) -> Option<String> {
        let payload = Payload {
            msg: bytes,
            aad: purpose.as_bytes(),
        };
        let sealed = self.aead.encrypt(&nonce.into(), payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this purpose; `None` for anything else.
    #[must_use]
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<24>()?;
        let payload = Payload {
            msg: sealed,
            aad: purpose.as_bytes(),
        };
        self.aead.decrypt(nonce.into(), payload).ok()
    }

    /// Returns a proof of `bytes` for a purpose, as text.
    #[must_use]
    pub fn proof(&self, purpose: &str, bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.tag(purpose, bytes).finalize().into_bytes())
    }

    /// Tells whether `proof` is the proof of `bytes` for this purpose, in constant time.
    #[must_use]
    pub fn proves(&self, purpose: &str, bytes: &[u8], proof: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(proof)
            .is_ok_and(|proof| self.tag(purpose, bytes).verify_slice(&proof).is_ok())
    }

    /// Returns a proof of `bytes` for a purpose, as 64 hex digits.
    #[must_use]
    pub fn hex_proof(&self, purpose: &str, bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(72);
        for byte in self.tag(purpose, bytes).finalize().into_bytes() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Tells whether 64 hex digits are the proof of `bytes` for this purpose, in constant time.
    #[must_use]
    pub fn proves_hex(&self, purpose: &str, bytes: &[u8], proof: &str) -> bool {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let pairs = proof.as_bytes().chunks_exact(2);
        let bytes_of_proof: Option<Vec<u8>> = pairs
            .map(|pair| u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok())
            .collect();
        proof.len() == 64
            && bytes_of_proof
                .is_some_and(|proof| self.tag(purpose, bytes).verify_slice(&proof).is_ok())
    }

    fn tag(&self, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
        // A zero byte is in no purpose, so no purpose runs into its bytes.
        let mac = self.mac.clone().chain_update(purpose.as_bytes());
        mac.chain_update([0]).chain_update(bytes)
    }
}

impl std::fmt::Debug for Handles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handles")
    }
}

/// A key of its own for each use of the master key.
fn derive(master_key: &[u8; 32], label: &[u8]) -> [u8; 32] {
    keyed(master_key)
        .chain_update(label)
        .finalize()
        .into_bytes()
        .into()
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // RFC 2104 §3: a key shorter than a block is filled up with zero bytes.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_opens_for_its_purpose_and_on_its_instance_only() {
        let handles = Handles::new(&[7; 32]);
        let sealed = handles.seal("mfa", b"who", [1; 24]).unwrap();
        assert_eq!(handles.open("mfa", &sealed).as_deref(), Some(&b"who"[..]));
        assert_eq!(handles.open("login", &sealed), None);
        assert_eq!(Handles::new(&[8; 32]).open("mfa", &sealed), None);
        assert_eq!(
            Handles::new(&[7; 32]).open("mfa", &sealed).as_deref(),
            Some(&b"who"[..])
        );
    }

    #[test]
    fn a_damaged_handle_opens_nothing() {
        let handles = Handles::new(&[7; 32]);
        let sealed = handles.seal("mfa", b"who", [1; 24]).unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            let new = if sealed.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            damaged.replace_range(at..=at, new);
            assert_eq!(handles.open("mfa", &damaged), None, "{at}");
            assert_eq!(handles.open("mfa", &sealed[..at]), None, "{at}");
        }
        for foreign in ["", "=", "é", &format!("{sealed}A"), &format!("{sealed}=")] {
            assert_eq!(handles.open("mfa", foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_proof_holds_for_its_purpose_and_bytes_only() {
        let handles = Handles::new(&[7; 32]);
        let proof = handles.proof("ck", b"one");
        assert!(handles.proves("ck", b"one", &proof));
        assert!(!handles.proves("ck", b"two", &proof));
        assert!(!handles.proves("c", b"k\0one", &proof));
        assert!(!handles.proves("ck", b"one", ""));
        assert!(!handles.proves("ck", b"one", &proof[..20]));
        assert!(!Handles::new(&[8; 32]).proves("ck", b"one", &proof));
    }

    #[test]
    fn a_proof_in_hex_holds_for_its_purpose_and_bytes_only() {
        let handles = Handles::new(&[7; 32]);
        let proof = handles.hex_proof("ck", b"one");
        assert_eq!(proof.len(), 64);
        assert!(handles.proves_hex("ck", b"one", &proof));
        assert!(!handles.proves_hex("ck", b"two", &proof));
        assert!(!handles.proves_hex("c", b"k\0one", &proof));
        for foreign in ["", "zz", "é", &proof[..63], &format!("{proof}00")] {
            assert!(!handles.proves_hex("ck", b"one", foreign), "{foreign}");
        }
    }
}
