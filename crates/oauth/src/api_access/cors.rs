//! CORS rules (`rest-and-records.md` §12.2): which pages of other origins may call what, and what a browser is told.
//!
//! Without a rule no answer has a CORS header, so browsers refuse. A rule is for a REST API or, where it says so, for
//! one path; the domain that names an origin exactly is stronger than one with a wildcard, and of those the longest.

use std::sync::Arc;

use super::{ApiCall, Pattern};

/// A record of `sys_cors_rule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsRule {
    /// What people call it.
    pub name: Box<str>,
    /// What it opens.
    pub target: Target,
    /// To whom.
    pub domain: Domain,
    /// The methods that it allows.
    pub methods: Vec<&'static str>,
    /// Seconds for which a browser may keep the answer to its preflight; 0 means that it asks each time.
    pub max_age: u32,
    /// Whether the browser may send its cookies.
    pub credentials: bool,
    /// The request headers that it allows.
    pub allow_headers: AllowHeaders,
    /// Names of answer headers that a page may read, separated by commas.
    pub expose_headers: Box<str>,
}

/// What a rule opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A REST API.
    Api(Pattern),
    /// One path, such as `/oauth_token.do`.
    Path(Box<str>),
}

/// The request headers that a rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowHeaders {
    /// Whatever is asked for. Rules of before the field existed have nothing in it, and worked with `Authorization`.
    Any,
    /// These, separated by commas.
    Listed(Box<str>),
}

/// The origins that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// One origin.
    Exact(Box<str>),
    /// Every host below a suffix: `https://*.example.com`.
    Below {
        /// `http://` or `https://`.
        scheme: &'static str,
        /// The dotted suffix, with the port if there is one.
        suffix: Box<str>,
    },
}

/// Why a text names no origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DomainFault {
    /// It begins with something else.
    #[error("it must begin with http:// or https://")]
    Scheme,
    /// There is more than a host and a port.
    #[error("it must be a host, with a port if it has one, and no path")]
    Host,
    /// The wildcard stands where it may not.
    #[error(
        "one * may stand right behind the scheme, before a dotted suffix, as in https://*.example.com"
    )]
    Wildcard,
}

impl DomainFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        "cors_domain_invalid"
    }
}

impl Domain {
    /// Reads a domain.
    ///
    /// # Errors
    /// [`DomainFault`] when it names no origins.
    pub fn parse(text: &str) -> Result<Self, DomainFault> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_suffix('/').unwrap_or(&text);
        let (scheme, host) = split_scheme(text).ok_or(DomainFault::Scheme)?;
        match host.strip_prefix('*') {
            Some(suffix) if suffix.starts_with('.') && is_authority(&suffix[1..]) => {
                Ok(Self::Below {
                    scheme,
                    suffix: without_default_port(scheme, suffix).into(),
                })
            }
            None if !host.contains('*') && is_authority(host) => Ok(Self::Exact(
                format!("{scheme}{}", without_default_port(scheme, host)).into(),
            )),
            None if !host.contains('*') => Err(DomainFault::Host),
            _ => Err(DomainFault::Wildcard),
        }
    }

    /// Tells whether it has a wildcard.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        matches!(self, Self::Below { .. })
    }

    /// Returns how well it fits an origin: the more, the closer; `None` when it does not.
    fn fit(&self, origin: &str) -> Option<usize> {
        match self {
            Self::Exact(own) => (**own == *origin).then_some(usize::MAX),
            Self::Below { scheme, suffix } => {
                let host = origin.strip_prefix(scheme)?.strip_suffix(&**suffix)?;
                let label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                (!host.is_empty() && host.chars().all(label)).then_some(suffix.len())
            }
        }
    }
}

fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?)))
}

/// A host, or an address in brackets, and perhaps a port.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((host, port)) => (host, port),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let port_is_one = match port.strip_prefix(':') {
        Some(port) => port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    !host.is_empty() && !host.starts_with('.') && host.chars().all(in_host) && port_is_one
}

/// An `Origin` has no port where it is the scheme's own (RFC 6454 §6.2).
fn without_default_port<'t>(scheme: &str, authority: &'t str) -> &'t str {
    let default = if scheme == "https://" { ":443" } else { ":80" };
    authority.strip_suffix(default).unwrap_or(authority)
}

/// Every rule in force.
#[derive(Debug, Clone, Default)]
pub struct CorsRules(Arc<[CorsRule]>);

/// What a page asks for.
#[derive(Debug, Clone, Copy)]
pub struct CrossOrigin<'r> {
    /// The `Origin` header.
    pub origin: &'r str,
    /// The method of the call, or the one that a preflight announces.
    pub method: &'r str,
    /// The path, percent-decoded.
    pub path: &'r str,
}

impl CorsRules {
    /// Keeps these rules.
    #[must_use]
    pub fn new(rules: Vec<CorsRule>) -> Self {
        Self(rules.into())
    }

    /// Returns the rule that allows a call, if one does.
    #[must_use]
    pub fn of(&self, call: CrossOrigin<'_>) -> Option<&CorsRule> {
        if self.0.is_empty() {
            return None;
        }
        // RFC 9110 §9.3.2: HEAD is GET without the content.
        let method = match call.method {
            "HEAD" => "GET",
            method => method,
        };
        let origin = call.origin.to_ascii_lowercase();
        let fitting = self
            .0
            .iter()
            .filter(|rule| rule.target.is(method, call.path));
        let closest = fitting.filter_map(|rule| Some((rule.domain.fit(&origin)?, rule)));
        let (_, rule) = closest
            .filter(|(_, rule)| rule.methods.contains(&method))
            .max_by_key(|(fit, _)| *fit)?;
        Some(rule)
    }
}

impl Target {
    fn is(&self, method: &str, path: &str) -> bool {
        match self {
            Self::Api(pattern) => {
                path.starts_with("/api/") && pattern.fits(&ApiCall::of(method, path))
            }
            Self::Path(own) => path.trim_start_matches('/') == own.trim_matches('/'),
        }
    }
}
