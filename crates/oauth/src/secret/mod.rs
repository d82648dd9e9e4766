//! Secrets at rest in memory: held, compared and passed on, never printed.

mod hash;

use std::{borrow::Cow, fmt};

pub use hash::{InvalidSecretHash, SecretHash};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A secret that is ours to keep: wiped from memory when dropped, without `==` and without a printable form.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Renders 256 random bits, which the caller provides, as letters and digits: nothing a shell, a form or
    /// a header would change.
    #[must_use]
    pub fn generate(random: [u8; 32]) -> Self {
        let mut number = Zeroizing::new(random);
        let mut text = String::with_capacity(GENERATED_LEN);
        for _ in 0..GENERATED_LEN {
            let digit = divide_by_62(&mut number);
            text.push(char::from(BASE62[usize::from(digit)]));
        }
        Self::new(text)
    }

    /// Derives the secret that `key` stands for where it serves this purpose; nothing leads from it back to the key.
    #[must_use]
    pub fn derive(key: &[u8; 32], purpose: &str) -> Self {
        // HMAC takes a key shorter than its block as filled up with zeros (RFC 2104 §2).
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        mac.update(purpose.as_bytes());
        Self::generate(mac.finalize().into_bytes().into())
    }

    /// Returns the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret as a request presented it: a client's secret, a password or a refresh token.
#[derive(Clone)]
pub struct PresentedSecret<'r>(Cow<'r, str>);

impl<'r> PresentedSecret<'r> {
    /// Takes in what a request presented.
    pub fn new(text: impl Into<Cow<'r, str>>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_secret(&self) -> Secret {
        Secret::new(self.expose().to_owned())
    }
}

impl fmt::Debug for PresentedSecret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedSecret(…)")
    }
}

/// Divides the big-endian number in place and returns the remainder, which is below 62.
fn divide_by_62(number: &mut [u8; 32]) -> u8 {
    let mut remainder = 0_u16;
    for byte in number {
        let dividend = remainder << 8 | u16::from(*byte);
        *byte = (dividend / 62).to_le_bytes()[0];
        remainder = dividend % 62;
    }
    remainder.to_le_bytes()[0]
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 > 2^256.
const GENERATED_LEN: usize = 43;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_secret_is_letters_and_digits_and_keeps_every_bit() {
        let secret = Secret::generate([0xff; 32]);
        assert_eq!(secret.expose().len(), 43);
        assert!(secret.expose().bytes().all(|b| b.is_ascii_alphanumeric()));
        let mut flipped = [0xff; 32];
        flipped[0] = 0x7f;
        assert_ne!(Secret::generate(flipped).expose(), secret.expose());
        flipped = [0xff; 32];
        flipped[31] = 0xfe;
        assert_ne!(Secret::generate(flipped).expose(), secret.expose());
    }

    #[test]
    fn a_key_stands_for_one_secret_in_each_purpose() {
        let derive = |key, purpose| Secret::derive(&[key; 32], purpose).expose().to_owned();
        assert_eq!(derive(1, "a"), derive(1, "a"));
        assert_ne!(derive(1, "a"), derive(1, "b"));
        assert_ne!(derive(1, "a"), derive(2, "a"));
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hush".to_owned())), "Secret(…)");
        assert_eq!(
            format!("{:?}", PresentedSecret::new("hush")),
            "PresentedSecret(…)"
        );
    }
}
