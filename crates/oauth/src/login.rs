//! What comes after the right password and before the session: each step once, in this order.
//!
//! ```text
//! password ── second factor ── (setting one up) ── new password ── session
//! ```

/// What a log-in proved of a person, as `amr` tells (RFC 8176).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// Nobody noted it: the log-in is older than that.
    #[default]
    Unknown,
    /// That they know the password.
    Password,
    /// That, and that they have the second factor.
    PasswordAndCode,
}

impl Proof {
    /// Returns the methods of `amr`. A recovery code is a one-time password as well.
    #[must_use]
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Unknown => &[],
            Self::Password => &["pwd"],
            Self::PasswordAndCode => &["pwd", "otp", "mfa"],
        }
    }

    /// Returns how it is kept.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Password => "pwd",
            Self::PasswordAndCode => "pwd otp mfa",
        }
    }

    /// Reads what [`Self::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let all = [Self::Password, Self::PasswordAndCode];
        let known = all.into_iter().find(|proof| proof.text() == text);
        known.unwrap_or_default()
    }
}

/// What is asked of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The code of the second factor.
    SecondFactor,
    /// Setting a second factor up.
    Enrol,
    /// A new password (`password_needs_reset`).
    NewPassword,
    /// Nothing more: the session begins, of somebody who proved this.
    Session(Proof),
}

/// How somebody stands to a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// They have none, and need none.
    Unneeded,
    /// They have none, and everybody must (`glide.authenticate.multifactor`).
    Missing,
    /// They have one, and did not prove it yet.
    Unproven,
    /// They proved it in this log-in.
    Proven,
}

impl Factor {
    /// Returns it from what is stored, what the instance demands, and what this log-in proved.
    #[must_use]
    pub fn of(enrolled: bool, required: bool, proven: bool) -> Self {
        match (enrolled, required) {
            (true, _) if proven => Self::Proven,
            (true, _) => Self::Unproven,
            (false, true) => Self::Missing,
            (false, false) => Self::Unneeded,
        }
    }

    /// Returns what comes next.
    #[must_use]
    pub fn next(self, password_needs_reset: bool) -> Step {
        match self {
            Self::Unproven => Step::SecondFactor,
            Self::Missing => Step::Enrol,
            Self::Unneeded | Self::Proven if password_needs_reset => Step::NewPassword,
            Self::Unneeded => Step::Session(Proof::Password),
            Self::Proven => Step::Session(Proof::PasswordAndCode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc8176_2_what_was_proved_is_told_by_its_methods() {
        for proof in [Proof::Unknown, Proof::Password, Proof::PasswordAndCode] {
            assert_eq!(Proof::parse(proof.text()), proof);
            assert_eq!(proof.text(), proof.amr().join(" "));
        }
        assert_eq!(Proof::parse("face"), Proof::Unknown);
    }

    #[test]
    fn every_step_comes_in_its_order() {
        let next = |enrolled, required, needs_reset, proven| {
            Factor::of(enrolled, required, proven).next(needs_reset)
        };
        let (once, twice) = (Proof::Password, Proof::PasswordAndCode);
        assert_eq!(next(false, false, false, false), Step::Session(once));
        // There is none to prove.
        assert_eq!(next(false, false, false, true), Step::Session(once));
        assert_eq!(next(false, false, true, false), Step::NewPassword);
        assert_eq!(next(false, true, true, false), Step::Enrol);
        assert_eq!(next(false, true, false, true), Step::Enrol);
        assert_eq!(next(true, true, true, false), Step::SecondFactor);
        assert_eq!(next(true, false, false, false), Step::SecondFactor);
        assert_eq!(next(true, true, true, true), Step::NewPassword);
        assert_eq!(next(true, true, false, true), Step::Session(twice));
    }
}
