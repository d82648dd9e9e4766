//! The claims of a JWT (RFC 7519 §4), typed where RFC 7519 types them.

use serde_json::{Map, Value};

use super::fault::ClaimFault;
use crate::time::UnixMillis;

/// What a JWT claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims(Map<String, Value>);

/// The recipients a JWT names in `aud` (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience<'c> {
    /// A single string.
    One(&'c str),
    /// A list of strings.
    Many(Vec<&'c str>),
}

impl Claims {
    /// Returns a claim as it was sent.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns a claim that is a string.
    ///
    /// # Errors
    /// [`ClaimFault::Malformed`] when it is anything else.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, ClaimFault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ClaimFault::Malformed(name)),
        }
    }

    /// Returns a claim that must be there, as a string that is not empty.
    ///
    /// # Errors
    /// [`ClaimFault`] when it is missing or anything else.
    pub fn required_text(&self, name: &'static str) -> Result<&str, ClaimFault> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or(ClaimFault::Missing(name))
    }

    /// Returns a time (RFC 7519 §2, `NumericDate`), whole seconds since 1970; fractions are cut off.
    ///
    /// # Errors
    /// [`ClaimFault::Malformed`] when it is no number.
    pub fn seconds(&self, name: &'static str) -> Result<Option<i64>, ClaimFault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                whole(number).map(Some).ok_or(ClaimFault::Malformed(name))
            }
            Some(_) => Err(ClaimFault::Malformed(name)),
        }
    }

    /// Returns the recipients; an empty list when `aud` is left out.
    ///
    /// # Errors
    /// [`ClaimFault::Malformed`] when it is neither a string nor a list of strings.
    pub fn audience(&self) -> Result<Audience<'_>, ClaimFault> {
        match self.0.get("aud") {
            None => Ok(Audience::Many(Vec::new())),
            Some(Value::String(one)) => Ok(Audience::One(one)),
            Some(Value::Array(many)) => many
                .iter()
                .map(Value::as_str)
                .collect::<Option<_>>()
                .map(Audience::Many)
                .ok_or(ClaimFault::Malformed("aud")),
            Some(_) => Err(ClaimFault::Malformed("aud")),
        }
    }

    /// Returns when it was made, in seconds, if it says so.
    ///
    /// # Errors
    /// [`ClaimFault::Malformed`] when `iat` is no number.
    pub fn issued_at(&self) -> Result<Option<i64>, ClaimFault> {
        self.seconds("iat")
    }

    /// Checks the time: `exp` must be there and ahead, `nbf` and `iat` not ahead, give or take `skew_seconds`.
    ///
    /// RFC 7519 §4.1.4: "MUST NOT be accepted … on or after" `exp`. Returns `exp`.
    ///
    /// # Errors
    /// [`ClaimFault`] says which of them fails.
    pub fn check_times(&self, now: UnixMillis, skew_seconds: u32) -> Result<i64, ClaimFault> {
        let now = now.0.div_euclid(1000);
        let skew = i64::from(skew_seconds);
        let exp = self.seconds("exp")?.ok_or(ClaimFault::Missing("exp"))?;
        if now >= exp.saturating_add(skew) {
            return Err(ClaimFault::Expired);
        }
        let ahead = |at: i64| at > now.saturating_add(skew);
        if self.seconds("nbf")?.is_some_and(ahead) {
            return Err(ClaimFault::NotYetValid);
        }
        if self.seconds("iat")?.is_some_and(ahead) {
            return Err(ClaimFault::IssuedAhead);
        }
        Ok(exp)
    }
}

impl<'c> Audience<'c> {
    /// Returns the first of them.
    #[must_use]
    pub fn first(&self) -> Option<&'c str> {
        match self {
            Self::One(one) => Some(one),
            Self::Many(many) => many.first().copied(),
        }
    }

    /// Tells whether `recipient` is among them; compared byte by byte.
    #[must_use]
    pub fn names(&self, recipient: &str) -> bool {
        match self {
            Self::One(one) => *one == recipient,
            Self::Many(many) => many.contains(&recipient),
        }
    }
}

impl From<Map<String, Value>> for Claims {
    fn from(claims: Map<String, Value>) -> Self {
        Self(claims)
    }
}

/// Whole seconds of a number, as long as it is a date at all.
fn whole(number: &serde_json::Number) -> Option<i64> {
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let seconds = number.as_f64()?.floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range holds whole numbers that both types have"
    )]
    (seconds.abs() <= LAST_DATE).then_some(seconds as i64)
}

/// Far beyond the year 9999, and well within what an `f64` counts exactly.
const LAST_DATE: f64 = 1e15;
