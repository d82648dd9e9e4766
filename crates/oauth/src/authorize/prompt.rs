//! `prompt` and `max_age` (OpenID Connect Core §3.1.2.1): how much of the person's time a client asks for.

/// What the client wants the person to see, whatever is known of them already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prompt {
    /// Nothing at all: an error comes back where a page would be needed.
    pub none: bool,
    /// The login page.
    pub login: bool,
    /// The consent page, which also names the person and lets another one take their place.
    pub consent: bool,
}

impl Prompt {
    /// Reads the values, separated by spaces; `None` when `none` stands beside another one. Values that are not
    /// known ask for nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        let mut values = 0;
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            values += 1;
            match value {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" | "select_account" => prompt.consent = true,
                _ => {}
            }
        }
        (!prompt.none || values == 1).then_some(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone() {
        assert!(Prompt::parse("none").is_some_and(|prompt| prompt.none));
        for text in ["none login", "consent none", "none other"] {
            assert_eq!(Prompt::parse(text), None, "{text}");
        }
    }

    #[test]
    fn values_add_up() {
        let prompt = Prompt::parse("login  consent create").unwrap_or_default();
        assert!(prompt.login && prompt.consent && !prompt.none);
        assert_eq!(Prompt::parse(""), Some(Prompt::default()));
    }
}
