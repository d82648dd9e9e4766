//! What a password that a person chooses must be: long. (NIST SP 800-63B §5.1.1.2: length, and no rules about
//! kinds of characters.)

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewPasswordFault {
    /// It has fewer than [`SHORTEST`] characters.
    #[error("The new password needs at least 12 characters.")]
    TooShort,
    /// It is longer than what is hashed.
    #[error("The new password is too long.")]
    TooLong,
    /// It is the user name, or little more.
    #[error("The new password must not contain the user name.")]
    HoldsUserName,
    /// It is the one that is to be replaced.
    #[error("The new password must differ from the present one.")]
    Same,
    /// It was typed differently the second time.
    #[error("The two new passwords differ.")]
    NotRepeated,
}

impl NewPasswordFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "new_password_too_short",
            Self::TooLong => "new_password_too_long",
            Self::HoldsUserName => "new_password_holds_user_name",
            Self::Same => "new_password_same",
            Self::NotRepeated => "new_password_not_repeated",
        }
    }
}

/// Characters of the shortest password.
pub const SHORTEST: usize = 12;
/// Bytes of the longest.
const LONGEST: usize = 1024;

/// Checks what a person typed.
///
/// # Errors
/// [`NewPasswordFault`], whose text is for the person.
pub fn check(
    user_name: &str,
    current: &str,
    new: &str,
    repeated: &str,
) -> Result<(), NewPasswordFault> {
    let holds_name = || new.to_lowercase().contains(&user_name.to_lowercase());
    if new != repeated {
        Err(NewPasswordFault::NotRepeated)
    } else if new.chars().count() < SHORTEST {
        Err(NewPasswordFault::TooShort)
    } else if new.len() > LONGEST {
        Err(NewPasswordFault::TooLong)
    } else if user_name.len() > 2 && holds_name() {
        Err(NewPasswordFault::HoldsUserName)
    } else if new == current {
        Err(NewPasswordFault::Same)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_is_enough() {
        let check = |new: &str| check("abel", "the present one", new, new);
        for (new, expected) in [
            ("twelve chars", Ok(())),
            ("zwölf Zeiche", Ok(())),
            ("eleven char", Err(NewPasswordFault::TooShort)),
            ("", Err(NewPasswordFault::TooShort)),
            ("I am ABEL myself", Err(NewPasswordFault::HoldsUserName)),
            ("the present one", Err(NewPasswordFault::Same)),
            (&"a".repeat(1025), Err(NewPasswordFault::TooLong)),
        ] {
            assert_eq!(check(new), expected, "{new}");
        }
        let differently = super::check("abel", "a", "twelve chars", "Twelve chars");
        assert_eq!(differently, Err(NewPasswordFault::NotRepeated));
    }
}
