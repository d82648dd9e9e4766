//! Time-based one-time codes (RFC 6238): the second factor that an authenticator app shows.
//!
//! SHA-1, six digits, 30 seconds: what every app takes without being told. A code is good for its own step and the
//! two beside it, for clocks differ, and for one use (RFC 6238 §5.2).

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq as _;

use crate::time::UnixMillis;

/// The secret that the instance and an app share: 160 bits (RFC 4226 §4, R6).
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// Takes random bytes for a secret.
    #[must_use]
    pub fn new(random: [u8; 20]) -> Self {
        Self(random)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8; 20] {
        &self.0
    }

    /// Returns the secret as people type it: base32 (RFC 4648 §6), 32 letters and digits.
    #[must_use]
    pub fn base32(&self) -> String {
        base32(&self.0)
    }

    /// Returns the address that an app reads from a QR code.
    #[must_use]
    pub fn uri(&self, issuer: &str, user_name: &str) -> String {
        let mut uri = String::from("otpauth://totp/");
        push_escaped(issuer, &mut uri);
        uri.push(':');
        push_escaped(user_name, &mut uri);
        let _ = write!(uri, "?secret={}&issuer=", self.base32());
        push_escaped(issuer, &mut uri);
        uri
    }

    /// Returns the step that a code belongs to, if it is good now and that step is after the last one used.
    #[must_use]
    pub fn check(&self, code: &str, last_step: i64, now: UnixMillis) -> Option<i64> {
        let current = now.0.div_euclid(STEP_MS);
        // Every step is computed and compared, so that the time does not tell which one it was.
        let good = [current - 1, current, current + 1].map(|step| {
            let right = bool::from(self.code(step).as_bytes().ct_eq(code.as_bytes()));
            (right && step > last_step).then_some(step)
        });
        good.into_iter().flatten().next()
    }

    /// Returns the code of a step.
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        // RFC 6238 §4.2 names SHA-1; HMAC does not lean on what is broken in it.
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        // RFC 4226 §5.3: the last four bits say where four bytes are taken.
        let offset = usize::from(digest.last().copied().unwrap_or_default() & 15);
        let taken = digest.iter().skip(offset).take(4);
        let number = taken.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// Renders random bytes as a recovery code: four groups of four letters and digits, 80 bits.
#[must_use]
pub fn recovery_code(random: [u8; 10]) -> String {
    let text = base32(&random).to_ascii_lowercase();
    let mut code = String::with_capacity(19);
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        code.push(letter);
    }
    code
}

/// Returns what of a typed code counts: its letters and digits, whatever separates them.
#[must_use]
pub fn plain_code(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric);
    plain
        .map(|letter| letter.to_ascii_lowercase())
        .take(64)
        .collect()
}

fn base32(bytes: &[u8]) -> String {
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let digit = u8::try_from(buffer >> bits & 31).unwrap_or_default();
            text.push(char::from(if digit < 26 {
                b'A' + digit
            } else {
                b'2' + digit - 26
            }));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        let digit = u8::try_from(buffer << (5 - bits) & 31).unwrap_or_default();
        text.push(char::from(if digit < 26 {
            b'A' + digit
        } else {
            b'2' + digit - 26
        }));
    }
    text
}

fn push_escaped(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// RFC 6238 §4: X.
const STEP_MS: i64 = 30_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    #[test]
    fn rfc6238_appendix_b_the_last_six_digits_of_the_sha1_vectors() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code(seconds / 30), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_two_beside_it() {
        let code = secret().code(100);
        for (step, good) in [
            (98, None),
            (99, Some(100)),
            (100, Some(100)),
            (101, Some(100)),
            (102, None),
        ] {
            let now = UnixMillis(step * STEP_MS);
            assert_eq!(secret().check(&code, 0, now), good, "{step}");
        }
        for wrong in ["", "0", &code[..5], &format!("{code}0"), "abcdef"] {
            assert_eq!(
                secret().check(wrong, 0, UnixMillis(100 * STEP_MS)),
                None,
                "{wrong}"
            );
        }
    }

    #[test]
    fn rfc6238_5_2_a_step_is_used_once() {
        let now = UnixMillis(100 * STEP_MS);
        assert_eq!(secret().check(&secret().code(100), 99, now), Some(100));
        assert_eq!(secret().check(&secret().code(100), 100, now), None);
        assert_eq!(secret().check(&secret().code(99), 100, now), None);
        assert_eq!(secret().check(&secret().code(101), 100, now), Some(101));
    }

    #[test]
    fn an_app_reads_the_secret() {
        let uri = secret().uri("https://snow.example", "fred luddy");
        assert_eq!(
            uri,
            "otpauth://totp/https%3A%2F%2Fsnow.example:fred%20luddy\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=https%3A%2F%2Fsnow.example"
        );
        assert_eq!(format!("{:?}", secret()), "TotpSecret(…)");
    }

    #[test]
    fn a_recovery_code_survives_how_people_type_it() {
        let code = recovery_code([0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0]);
        assert_eq!(code, "74ap-6ah7-ad7q-b7ya");
        assert_eq!(plain_code(" 74AP 6ah7ad7q-b7ya\n"), plain_code(&code));
    }
}
