//! The code that a person reads on a device and types somewhere else (RFC 8628 §6.1).
//!
//! Eight letters of an alphabet without vowels, so that no code is a word, and without digits, so that nothing is
//! mistaken for a letter: 34.5 bits.

use std::fmt;

/// A user code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserCode([u8; LETTERS]);

/// Why what somebody typed lets nothing in. One text for all, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserCodeFault {
    /// It is no user code.
    #[error("it is not eight of the letters that codes are made of")]
    Malformed,
    /// No device has it.
    #[error("no device has this code")]
    Unknown,
    /// The device did not wait so long.
    #[error("the code's time is over")]
    Expired,
    /// Somebody has said yes or no already.
    #[error("the code was answered before")]
    Answered,
    /// The device's client may not be let in any more.
    #[error("the application is not active")]
    Client,
}

impl UserCodeFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "user_code_malformed",
            Self::Unknown => "user_code_unknown",
            Self::Expired => "user_code_expired",
            Self::Answered => "user_code_answered",
            Self::Client => "user_code_client_gone",
        }
    }
}

impl UserCode {
    /// Makes one of random bits, of which some 29 are left over: no code is likelier than another to speak of.
    #[must_use]
    pub fn generate(random: [u8; 8]) -> Self {
        let mut rest = u64::from_be_bytes(random);
        let mut letters = [0; LETTERS];
        for letter in &mut letters {
            let at = usize::try_from(rest % BASE).unwrap_or_default();
            *letter = ALPHABET.get(at).copied().unwrap_or_default();
            rest /= BASE;
        }
        Self(letters)
    }

    /// Reads what a person typed: in any case, with any blanks and punctuation (RFC 8628 §6.1).
    ///
    /// # Errors
    /// [`UserCodeFault::Malformed`] when there is another letter, a digit, or another number of letters.
    pub fn parse(typed: &str) -> Result<Self, UserCodeFault> {
        let mut letters = [0; LETTERS];
        let mut free = letters.iter_mut();
        for c in typed.chars().filter(|c| c.is_alphanumeric()) {
            let upper = u8::try_from(c.to_ascii_uppercase()).ok();
            let known = upper.filter(|letter| ALPHABET.contains(letter));
            let (Some(letter), Some(place)) = (known, free.next()) else {
                return Err(UserCodeFault::Malformed);
            };
            *place = letter;
        }
        match free.next() {
            None => Ok(Self(letters)),
            Some(_) => Err(UserCodeFault::Malformed),
        }
    }

    /// Returns the letters, which whoever keeps them keeps as a proof only.
    #[must_use]
    pub fn letters(&self) -> &[u8] {
        &self.0
    }
}

/// Writes it as people read it: `WDJB-MJHT`.
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.iter().enumerate() {
            if at == LETTERS / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

/// Logs do not let anybody in.
impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode(…)")
    }
}

const LETTERS: usize = 8;
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const BASE: u64 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(typed: &str) -> Result<String, UserCodeFault> {
        UserCode::parse(typed).map(|code| code.to_string())
    }

    #[test]
    fn rfc8628_6_1_a_code_is_taken_however_it_is_typed() {
        for typed in [
            "WDJB-MJHT",
            "wdjbmjht",
            " wdjb mjht ",
            "W.D.J.B/m-j-h-t",
            "WDJB\u{2013}MJHT\u{a0}",
        ] {
            assert_eq!(parsed(typed).as_deref(), Ok("WDJB-MJHT"), "{typed}");
        }
    }

    #[test]
    fn rfc8628_6_1_what_is_no_code_is_refused() {
        for typed in [
            "",
            "-",
            "WDJB-MJH",
            "WDJB-MJHTT",
            "WDJB-MJH0",
            "WDJB-MJHA",
            "WDJB-MJHÑ",
            "WDJB-MJH１",
            &"W".repeat(10_000),
        ] {
            assert_eq!(parsed(typed), Err(UserCodeFault::Malformed), "{typed:.20}");
        }
    }

    #[test]
    fn rfc8628_6_1_every_code_can_be_typed_and_every_letter_occurs() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..2_000_u64 {
            let random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            let code = UserCode::generate(random);
            assert_eq!(UserCode::parse(&code.to_string()), Ok(code));
            seen.extend(code.letters().to_vec());
        }
        assert_eq!(seen.len(), 20);
        assert_eq!(UserCode::generate([0; 8]).to_string(), "BBBB-BBBB");
    }

    #[test]
    fn a_code_is_not_printed_for_logs() {
        assert_eq!(format!("{:?}", UserCode::generate([7; 8])), "UserCode(…)");
    }
}
