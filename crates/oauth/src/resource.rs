//! Resource indicators (RFC 8707): which resource servers a token is meant for.
//!
//! A token that names none is for this instance. Which URIs exist is what the application registry says
//! (`oauth_entity.resource_uris`), so the sets that are ever numbered and stored are bounded by it.

use std::{fmt, sync::Arc};

use crate::form::Form;

/// A set of resource URIs, kept as its one text: sorted, without doubles, separated by single spaces, which
/// no URI holds.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Resources(Option<Arc<str>>);

/// Why a resource is refused (`invalid_target`, RFC 8707 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetFault {
    /// It is no absolute URI, or has a fragment.
    #[error("a resource must be an absolute URI without a fragment")]
    Malformed,
    /// There are more than any request needs.
    #[error("too many resources are named")]
    TooMany,
    /// No resource server is registered under it.
    #[error("a resource is not known here")]
    Unknown,
    /// It was not named when the grant was made.
    #[error("a resource is not among those of the grant")]
    Widened,
}

impl TargetFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "resource_malformed",
            Self::TooMany => "resource_too_many",
            Self::Unknown => "resource_unknown",
            Self::Widened => "resource_widened",
        }
    }
}

impl Resources {
    /// No resource: the token is for this instance.
    pub const NONE: Self = Self(None);

    /// Reads the parameter `resource`, the one that may come more than once (RFC 8707 §2).
    ///
    /// # Errors
    /// [`TargetFault`] when a value is no absolute URI without a fragment.
    pub fn parse(form: &Form<'_>) -> Result<Self, TargetFault> {
        let values: Vec<_> = form.all("resource").collect();
        if values.len() > MAX_RESOURCES {
            return Err(TargetFault::TooMany);
        }
        if !values.iter().all(|value| is_resource_uri(value)) {
            return Err(TargetFault::Malformed);
        }
        Ok(Self::of(values))
    }

    /// Returns the set of these URIs; what is none is left out.
    pub fn of<'a>(uris: impl IntoIterator<Item = &'a str>) -> Self {
        let mut uris: Vec<_> = uris
            .into_iter()
            .filter(|uri| is_resource_uri(uri))
            .collect();
        uris.sort_unstable();
        uris.dedup();
        Self((!uris.is_empty()).then(|| uris.join(" ").into()))
    }

    /// Checks that every URI is one that `known` tells of.
    ///
    /// # Errors
    /// [`TargetFault::Unknown`] when one is not.
    pub fn known(self, known: impl Fn(&str) -> bool) -> Result<Self, TargetFault> {
        if self.iter().all(known) {
            Ok(self)
        } else {
            Err(TargetFault::Unknown)
        }
    }

    /// Decides what a token gets that is made from a grant for `granted`: what it asks for, or all of them.
    ///
    /// # Errors
    /// [`TargetFault::Widened`] when it asks for another (RFC 8707 §2.2).
    pub fn narrowed(&self, granted: &Self) -> Result<Self, TargetFault> {
        if self.is_empty() {
            return Ok(granted.clone());
        }
        // A grant that named none was for this instance, whatever may be asked for now.
        if self.iter().all(|uri| granted.contains(uri)) {
            Ok(self.clone())
        } else {
            Err(TargetFault::Widened)
        }
    }

    /// Tells whether no resource is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Iterates over the URIs, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0
            .as_deref()
            .into_iter()
            .flat_map(|text| text.split(' '))
    }

    /// Tells whether the set has this URI; compared byte by byte.
    #[must_use]
    pub fn contains(&self, uri: &str) -> bool {
        self.iter().any(|known| known == uri)
    }

    /// Returns the one text of the set, empty for none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resources({})", self.as_str())
    }
}

/// Tells whether a URI names this instance: its issuer, or the REST API below it.
#[must_use]
pub fn is_instance(uri: &str, issuer: &str) -> bool {
    let below = uri.strip_prefix(issuer);
    below.is_some_and(|path| matches!(path, "" | "/" | "/api" | "/api/now"))
}

/// "Its value MUST be an absolute URI … The URI MUST NOT include a fragment component" (RFC 8707 §2).
fn is_resource_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    // RFC 3986 §3.1.
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    // RFC 3986 §2: what a URI may hold, but no `#`.
    let allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
    is_scheme && !rest.is_empty() && uri.len() <= MAX_LENGTH && rest.bytes().all(allowed)
}

const MAX_RESOURCES: usize = 8;
const MAX_LENGTH: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Resources, TargetFault> {
        Resources::parse(&Form::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn rfc8707_2_a_resource_may_come_more_than_once() {
        let both = parse("resource=https://b.example/&resource=https%3A%2F%2Fa.example/x%3Fy");
        assert_eq!(
            both.unwrap().as_str(),
            "https://a.example/x?y https://b.example/"
        );
        assert_eq!(parse("scope=x"), Ok(Resources::NONE));
        assert_eq!(parse("resource="), Ok(Resources::NONE));
    }

    #[test]
    fn rfc8707_2_a_resource_is_an_absolute_uri_without_a_fragment() {
        for uri in [
            "/api",
            "api.example",
            "https:",
            "https://a.example/%23x y",
            "https://a.example/%0a",
            "https://a.example/\u{e9}",
            "https://a.example/#x",
            "1a://x",
            ":x",
        ] {
            let encoded: String = form_encode(uri);
            let body = format!("resource={encoded}");
            assert_eq!(parse(&body), Err(TargetFault::Malformed), "{uri}");
        }
        assert!(parse("resource=urn:example:api").is_ok());
    }

    fn form_encode(text: &str) -> String {
        text.replace('#', "%23").replace(' ', "+")
    }

    #[test]
    fn so_many_resources_are_too_many() {
        let body = "&resource=urn:x:1".repeat(9);
        assert_eq!(parse(&body), Err(TargetFault::TooMany));
    }

    #[test]
    fn rfc8707_2_2_a_token_is_for_no_more_than_its_grant() {
        let granted = Resources::of(["urn:a:1", "urn:b:1"]);
        let ask = |uri| Resources::of([uri]).narrowed(&granted);
        assert_eq!(Resources::NONE.narrowed(&granted), Ok(granted.clone()));
        assert_eq!(ask("urn:a:1"), Ok(Resources::of(["urn:a:1"])));
        assert_eq!(ask("urn:c:1"), Err(TargetFault::Widened));
        assert_eq!(
            Resources::of(["urn:a:1"]).narrowed(&Resources::NONE),
            Err(TargetFault::Widened)
        );
    }
}
