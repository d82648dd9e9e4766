//! The answer that goes through the person's browser to the client (RFC 6749 §4.1.2, §4.2.2).

use std::fmt::{self, Write as _};

use zeroize::Zeroizing;

use super::error::AuthorizeError;

/// How the answer travels (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirection URI.
    Query,
    /// In its fragment, which no server sees.
    Fragment,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// Reads the name on the wire.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Returns the name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }
}

/// A proved redirection URI, and what every answer to it carries.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) uri: Box<str>,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<Box<str>>,
    pub(super) iss: Option<Box<str>>,
}

/// An answer on its way to a proved redirection URI. Only the stages of a request make one.
#[derive(Clone)]
pub struct Redirect {
    uri: Box<str>,
    mode: ResponseMode,
    parameters: Vec<Parameter>,
    error: Option<AuthorizeError>,
}

type Parameter = (&'static str, Zeroizing<String>);

/// A form for the browser to post: where, and what.
#[derive(Debug)]
pub struct FormPost<'r> {
    /// The redirection URI.
    pub action: &'r str,
    /// Names and values, not escaped.
    pub fields: Vec<(&'static str, &'r str)>,
}

impl Target {
    /// Answers with what was granted.
    pub(super) fn answer(self, granted: Vec<(&'static str, String)>) -> Redirect {
        self.send(granted, None)
    }

    /// Answers with an error.
    pub(super) fn refuse(self, error: AuthorizeError) -> Redirect {
        let parameters = vec![
            ("error", error.code().to_owned()),
            ("error_description", error.to_string()),
        ];
        self.send(parameters, Some(error))
    }

    fn send(
        self,
        parameters: Vec<(&'static str, String)>,
        error: Option<AuthorizeError>,
    ) -> Redirect {
        let state = self.state.map(|state| ("state", String::from(state)));
        // RFC 9207 §2: "in the authorization response … including error responses".
        let iss = self.iss.map(|iss| ("iss", String::from(iss)));
        let all = parameters.into_iter().chain(state).chain(iss);
        Redirect {
            uri: self.uri,
            mode: self.mode,
            parameters: all
                .map(|(name, value)| (name, Zeroizing::new(value)))
                .collect(),
            error,
        }
    }
}

impl Redirect {
    /// Returns the value of `Location`; `None` when the browser has to post a form.
    #[must_use]
    pub fn location(&self) -> Option<Zeroizing<String>> {
        let separator = match self.mode {
            ResponseMode::Query if self.uri.ends_with(['?', '&']) => "",
            // RFC 6749 §3.1.2: a query that is there "MUST be retained".
            ResponseMode::Query if self.uri.contains('?') => "&",
            ResponseMode::Query => "?",
            ResponseMode::Fragment => "#",
            ResponseMode::FormPost => return None,
        };
        let mut location = Zeroizing::new(String::with_capacity(self.uri.len() + 256));
        location.push_str(&self.uri);
        location.push_str(separator);
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            location.push_str(if at == 0 { "" } else { "&" });
            location.push_str(name);
            location.push('=');
            push_encoded(value, &mut location);
        }
        Some(location)
    }

    /// Returns the form to post, where that is the response mode.
    #[must_use]
    pub fn form_post(&self) -> Option<FormPost<'_>> {
        (self.mode == ResponseMode::FormPost).then(|| FormPost {
            action: &self.uri,
            fields: self
                .parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect(),
        })
    }

    /// Returns the error it carries, for the log.
    #[must_use]
    pub fn error(&self) -> Option<&AuthorizeError> {
        self.error.as_ref()
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("Redirect")
            .field("uri", &self.uri)
            .field("mode", &self.mode)
            .field("parameters", &names)
            .field("error", &self.error)
            .finish()
    }
}

/// Escapes all but RFC 3986's unreserved characters: what any parser of a query, or of a fragment, undoes.
fn push_encoded(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
