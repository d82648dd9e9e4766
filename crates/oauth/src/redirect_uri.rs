//! Redirection URIs (RFC 6749 §3.1.2): what may be registered, and what a request may name.
//!
//! Both are checked. A registered text is taken apart once, and what no honest client needs is refused
//! ([`RedirectUri::parse`]); a request's text is never taken apart: it is compared byte by byte with the
//! registered one (RFC 9700 §2.1), and only the port of a loopback address may differ (RFC 8252 §7.3). So there
//! is no second parser that could read a URI differently from the browser.
//!
//! Schemes are allow-listed: `https`; `http` for this machine; private-use schemes in reverse domain order
//! (RFC 8252 §7.1). A path without a scheme is for the pages of ours that show a code (`inbound-oauth.md` §2.1).

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

/// A redirection URI as it was registered, and sound.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    text: Box<str>,
    /// Where the port lies, its colon included, if the address is one of the loopback interface.
    port: Option<(usize, usize)>,
}

/// Why a text is no redirection URI that anybody should register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriFault {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// It is longer than 2,000 bytes.
    #[error("it is longer than 2,000 bytes")]
    TooLong,
    /// It holds a character no URI has (RFC 3986 appendix A), a stray `%`, or an escaped control character.
    #[error("it holds a character that no URI has")]
    Character,
    /// It has a fragment (RFC 6749 §3.1.2: "MUST NOT").
    #[error("it has a fragment")]
    Fragment,
    /// It is neither `https`, nor `http` on this machine, nor a private-use scheme such as `com.example.app`.
    #[error("its scheme is not allowed")]
    Scheme,
    /// It is `http` to another machine: the code could be read on the way.
    #[error("http is for loopback addresses only")]
    PlainHttp,
    /// It has a user name or password, behind which a host hides.
    #[error("it has a user name")]
    UserInfo,
    /// The host or port is missing or none.
    #[error("its host or port is not valid")]
    Host,
    /// Its path steps upwards, or hides a separator in an escape.
    #[error("its path is not plain")]
    Path,
    /// It has no scheme and is none of the pages of this instance that may receive a code.
    #[error("it is a path on this instance that receives no codes")]
    Relative,
}

impl RedirectUriFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "redirect_uri_empty",
            Self::TooLong => "redirect_uri_too_long",
            Self::Character => "redirect_uri_character",
            Self::Fragment => "redirect_uri_fragment",
            Self::Scheme => "redirect_uri_scheme",
            Self::PlainHttp => "redirect_uri_plain_http",
            Self::UserInfo => "redirect_uri_user_info",
            Self::Host => "redirect_uri_host",
            Self::Path => "redirect_uri_path",
            Self::Relative => "redirect_uri_relative",
        }
    }
}

impl RedirectUri {
    /// Takes a text to register.
    ///
    /// # Errors
    /// [`RedirectUriFault`] when it is not sound.
    pub fn parse(text: &str) -> Result<Self, RedirectUriFault> {
        if text.is_empty() {
            return Err(RedirectUriFault::Empty);
        }
        if text.len() > MAX_LEN {
            return Err(RedirectUriFault::TooLong);
        }
        characters(text)?;
        let port = if OWN_PAGES.contains(&text) {
            None
        } else {
            absolute(text)?
        };
        Ok(Self {
            text: text.into(),
            port,
        })
    }

    /// Reads the registry's field: texts separated by commas, blanks around them ignored
    /// (`inbound-oauth.md` §3.1).
    pub fn list(field: &str) -> impl Iterator<Item = (&str, Result<Self, RedirectUriFault>)> {
        let texts = field
            .split([',', '\n'])
            .map(str::trim)
            .filter(|it| !it.is_empty());
        texts.map(|text| (text, Self::parse(text)))
    }

    /// Tells whether a request's text is this URI: byte by byte, and any port on the loopback interface.
    #[must_use]
    pub fn matches(&self, presented: &str) -> bool {
        let Some((start, end)) = self.port else {
            return *self.text == *presented;
        };
        // RFC 8252 §7.3: "MUST allow any port to be specified at the time of the request".
        let (Some(head), Some(tail)) = (self.text.get(..start), self.text.get(end..)) else {
            return false;
        };
        let port = presented
            .strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(tail));
        port.is_some_and(|port| port.is_empty() || is_port(port))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// RFC 3986 appendix A: reserved and unreserved characters, and `%` before two hex digits.
fn characters(text: &str) -> Result<(), RedirectUriFault> {
    const PUNCTUATION: &[u8] = b"-._~:/?#[]@!$&'()*+,;=";
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = match byte {
            b'%' => {
                let (escaped, tail) = escape(tail).ok_or(RedirectUriFault::Character)?;
                if escaped.is_ascii_control() {
                    return Err(RedirectUriFault::Character);
                }
                tail
            }
            b'#' => return Err(RedirectUriFault::Fragment),
            byte if byte.is_ascii_alphanumeric() || PUNCTUATION.contains(&byte) => tail,
            _ => return Err(RedirectUriFault::Character),
        };
    }
    Ok(())
}

fn escape(tail: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], rest) = tail.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(*high)? << 4 | digit(*low)?;
    Some((u8::try_from(value).ok()?, rest))
}

/// Checks a URI with a scheme, and returns where the port of a loopback address lies.
fn absolute(text: &str) -> Result<Option<(usize, usize)>, RedirectUriFault> {
    let (scheme, rest) = text.split_once(':').ok_or(RedirectUriFault::Relative)?;
    if scheme.contains(['/', '?']) {
        return Err(RedirectUriFault::Relative);
    }
    let Some(hierarchy) = rest.strip_prefix("//") else {
        // RFC 8252 §7.1: a private-use scheme needs no authority: `com.example.app:/callback`.
        return if is_private_use(scheme) {
            path(rest).map(|()| None)
        } else {
            Err(RedirectUriFault::Scheme)
        };
    };
    let end = hierarchy.find(['/', '?']).unwrap_or(hierarchy.len());
    let (authority, tail) = hierarchy.split_at(end);
    let host = host(authority)?;
    path(tail)?;
    if scheme.eq_ignore_ascii_case("https") || is_private_use(scheme) {
        return Ok(None);
    }
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(RedirectUriFault::Scheme);
    }
    match host {
        // RFC 8252 §8.3 discourages `localhost`, whose port is therefore not free.
        "localhost" => Ok(None),
        "127.0.0.1" | "[::1]" => {
            let start = text.len() - hierarchy.len() + host.len();
            Ok(Some((start, start + authority.len() - host.len())))
        }
        _ => Err(RedirectUriFault::PlainHttp),
    }
}

/// Checks an authority and returns its host.
fn host(authority: &str) -> Result<&str, RedirectUriFault> {
    if authority.contains('@') {
        return Err(RedirectUriFault::UserInfo);
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(literal) => {
            let length = literal.find(']').ok_or(RedirectUriFault::Host)? + 2;
            authority.split_at(length)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let sound = match host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(literal) => literal.parse::<Ipv6Addr>().is_ok(),
        None => is_name(host),
    };
    if sound && (port.is_empty() || is_port(port)) {
        Ok(host)
    } else {
        Err(RedirectUriFault::Host)
    }
}

/// Names as DNS has them; what ends in a number is an IPv4 address in its one plain form.
fn is_name(host: &str) -> bool {
    let label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !label.is_empty() && label.bytes().all(allowed)
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = last.starts_with(|first: char| first.is_ascii_digit());
    host.split('.').all(label) && (!number || host.parse::<Ipv4Addr>().is_ok())
}

/// A colon and a port, in its one plain form.
fn is_port(port: &str) -> bool {
    port.strip_prefix(':').is_some_and(|digits| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        plain && digits.parse::<u16>().is_ok()
    })
}

/// RFC 8252 §7.1: "a URI scheme based on a domain name under their control, expressed in reverse order".
fn is_private_use(scheme: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    letter && scheme.contains('.') && !scheme.contains("..") && scheme.bytes().all(allowed)
}

/// A path that a server behind a proxy could read as another one is refused, `/..;/` and `/%2e%2e/` too.
fn path(tail: &str) -> Result<(), RedirectUriFault> {
    let path = tail.split('?').next().unwrap_or_default();
    let lower = path.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") {
        return Err(RedirectUriFault::Path);
    }
    let plain = lower.replace("%2e", ".");
    let mut names = plain
        .split('/')
        .map(|segment| segment.split(';').next().unwrap_or_default());
    if names.any(|name| matches!(name, "." | "..")) {
        return Err(RedirectUriFault::Path);
    }
    Ok(())
}

const MAX_LEN: usize = 2000;
/// The pages of an instance that may be registered by their path alone (`inbound-oauth.md` §3.2).
const OWN_PAGES: [&str; 1] = ["/sdk-oauth.do"];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> RedirectUri {
        RedirectUri::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    #[test]
    fn what_honest_clients_register_is_taken() {
        for text in [
            "https://app.example/callback",
            "https://app.example:8443/cb?tenant=1",
            "https://app.example",
            "https://203.0.113.7/cb",
            "https://[2001:db8::1]:444/cb",
            "https://localhost/test",
            "http://localhost:8765/callback",
            "http://127.0.0.1/callback",
            "http://[::1]:7000/callback",
            "com.example.app:/oauth2redirect",
            "com.example.app://callback/here",
            "https://xn--bcher-kva.example/%C3%BC",
            "/sdk-oauth.do",
        ] {
            assert!(parse(text).matches(text), "{text}");
        }
    }

    #[test]
    fn the_registry_s_field_is_a_list() {
        let list: Vec<_> =
            RedirectUri::list(" https://a.example/ ,\nftp://b.example,, https://c.example")
                .map(|(text, parsed)| (text, parsed.map(|uri| uri.as_str().to_owned())))
                .collect();
        assert_eq!(
            list,
            [
                ("https://a.example/", Ok("https://a.example/".to_owned())),
                ("ftp://b.example", Err(RedirectUriFault::Scheme)),
                ("https://c.example", Ok("https://c.example".to_owned())),
            ]
        );
    }
}
