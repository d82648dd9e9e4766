//! The request body: `application/x-www-form-urlencoded` (RFC 6749 appendix B).
//!
//! Text without escapes is borrowed from the body. A `%` that starts no escape stands for itself, as the
//! WHATWG URL standard has it (people do post passwords such as `50%off` unescaped); bytes that are no
//! UTF-8 are refused, for no parameter of ours could mean them.

use std::{borrow::Cow, fmt};

/// The parameters of a request, in the order they came.
pub struct Form<'b> {
    parameters: Vec<(Cow<'b, str>, Cow<'b, str>)>,
}

/// Why a body is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// A name or value is not UTF-8.
    #[error("a parameter is not valid UTF-8")]
    NotUtf8,
    /// There are more parameters than any request needs.
    #[error("there are too many parameters")]
    TooMany,
}

/// A parameter came more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} is repeated")]
pub struct Duplicate(pub &'static str);

impl<'b> Form<'b> {
    /// Parses a body.
    ///
    /// # Errors
    /// [`FormFault`] when it is not text or has more than 64 parameters.
    pub fn parse(body: &'b [u8]) -> Result<Self, FormFault> {
        let mut form = Self {
            parameters: Vec::with_capacity(8),
        };
        form.append(body)?;
        Ok(form)
    }

    /// Adds the parameters of a query, for instances that still take them there (`inbound-oauth.md` §1).
    ///
    /// # Errors
    /// As [`Form::parse`].
    pub fn append(&mut self, encoded: &'b [u8]) -> Result<(), FormFault> {
        for pair in encoded
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if self.parameters.len() == MAX_PARAMETERS {
                return Err(FormFault::TooMany);
            }
            let at = pair
                .iter()
                .position(|byte| *byte == b'=')
                .unwrap_or(pair.len());
            let (name, value) = pair.split_at(at);
            let value = value.strip_prefix(b"=").unwrap_or_default();
            self.parameters.push((decode(name)?, decode(value)?));
        }
        Ok(())
    }

    /// Returns a parameter's value; one without a value counts as left out (RFC 6749 §3.2).
    ///
    /// # Errors
    /// [`Duplicate`]: "Request and response parameters MUST NOT be included more than once" (§3.2).
    pub fn get(&self, name: &'static str) -> Result<Option<&str>, Duplicate> {
        let mut values = self.parameters.iter().filter(|(known, _)| known == name);
        let first = values.next();
        if values.next().is_some() {
            return Err(Duplicate(name));
        }
        Ok(first
            .map(|(_, value)| &**value)
            .filter(|value| !value.is_empty()))
    }

    /// Iterates over all parameters, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|(name, value)| (&**name, &**value))
    }

    /// Iterates over the values of a parameter that may come more than once (RFC 8707 §2), without empty ones.
    pub fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let values = self
            .parameters
            .iter()
            .filter(move |(known, _)| known == name);
        values
            .map(|(_, value)| &**value)
            .filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.parameters.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Appends a name or value as the body of a form has it (RFC 6749 appendix B).
pub(crate) fn encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.push('%');
                out.extend(digits.map(char::from));
            }
        }
    }
}

/// Decodes one name or value.
pub(crate) fn decode(encoded: &[u8]) -> Result<Cow<'_, str>, FormFault> {
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(encoded)
            .map(Cow::Borrowed)
            .map_err(|_| FormFault::NotUtf8);
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, tail)) = rest.split_first() {
        let (decoded, tail) = match (byte, escape(tail)) {
            (b'+', _) => (b' ', tail),
            (b'%', Some((decoded, tail))) => (decoded, tail),
            _ => (byte, tail),
        };
        bytes.push(decoded);
        rest = tail;
    }
    String::from_utf8(bytes)
        .map(Cow::Owned)
        .map_err(|_| FormFault::NotUtf8)
}

/// Reads the two hex digits after a `%`.
fn escape(tail: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], rest) = tail.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(*high)? << 4 | digit(*low)?;
    Some((u8::try_from(value).ok()?, rest))
}

const MAX_PARAMETERS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn value(body: &str, name: &'static str) -> Option<String> {
        Form::parse(body.as_bytes())
            .unwrap()
            .get(name)
            .unwrap()
            .map(str::to_owned)
    }

    #[test]
    fn escapes_are_undone_in_names_and_values() {
        assert_eq!(
            value("a=1&user%5Fname=J%C3%BCrgen+M%2b", "user_name").unwrap(),
            "Jürgen M+"
        );
        assert_eq!(value("x=a=b", "x").unwrap(), "a=b");
        assert_eq!(value("?x=1", "x"), None);
    }

    #[test]
    fn a_percent_that_starts_no_escape_stands_for_itself() {
        for text in ["50%", "50%o", "50%off", "%%41"] {
            assert_eq!(
                value(&format!("p={text}"), "p").unwrap(),
                text.replace("%41", "A")
            );
        }
    }

    #[test]
    fn a_parameter_without_a_value_counts_as_left_out() {
        assert_eq!(value("scope=", "scope"), None);
        assert_eq!(value("scope", "scope"), None);
        assert_eq!(value("&&", "scope"), None);
    }

    #[test]
    fn a_repeated_parameter_is_refused_when_it_is_asked_for() {
        let form = Form::parse(b"scope=a&state=1&scope=&state=2").unwrap();
        assert_eq!(form.get("scope"), Err(Duplicate("scope")));
        assert_eq!(form.get("grant_type"), Ok(None));
    }

    #[test]
    fn what_is_no_text_or_too_much_is_refused() {
        assert_eq!(Form::parse(b"a=%ff").unwrap_err(), FormFault::NotUtf8);
        assert_eq!(Form::parse(b"\xff=1").unwrap_err(), FormFault::NotUtf8);
        let many = "a=1&".repeat(65);
        assert_eq!(
            Form::parse(many.as_bytes()).unwrap_err(),
            FormFault::TooMany
        );
        assert!(Form::parse(&many.as_bytes()[4..]).is_ok());
    }

    #[test]
    fn values_are_not_printed() {
        let form = Form::parse(b"username=abel&password=hush").unwrap();
        assert_eq!(format!("{form:?}"), r#"["username", "password"]"#);
    }
}
