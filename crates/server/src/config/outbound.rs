//! Whom the instance itself may connect to, and by which way.

use std::{fmt, net::IpAddr, path::PathBuf};

use reqwest::Url;
use serde::Deserialize;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{ConfigError, Peers};

/// The `[outbound]` section.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outbound {
    /// Addresses that may be reached although they are not public, as addresses or CIDR ranges: an identity provider
    /// in the own network.
    pub allow: Vec<Peers>,
    /// The hosts that may be called, such as `api.example` or `*.example`; where none is named, every public one.
    pub hosts: Vec<HostPattern>,
    /// The hosts that may be called without TLS.
    pub plain_http: Vec<HostPattern>,
    /// The HTTP proxy that requests leave through: `http://name:password@proxy.example:3128`.
    pub proxy: Option<Proxy>,
    /// The hosts that are reached without the proxy.
    pub direct: Vec<HostPattern>,
    /// Let the proxy resolve names, where this machine cannot. It alone guards then which addresses they lead to, so
    /// `hosts` has to say which names it is told.
    pub proxy_resolves: bool,
    /// A file with more certificates to trust, as PEM: of a provider in the own network, or of a proxy that looks into
    /// TLS.
    pub ca_file: Option<PathBuf>,
}

impl Outbound {
    /// Tells what is wrong with the section as a whole.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.proxy_resolves && self.proxy.is_none() {
            return Some("'proxy_resolves' needs a 'proxy'");
        }
        if self.proxy_resolves && self.hosts.is_empty() {
            return Some(
                "'proxy_resolves' leaves it to the proxy which addresses a name leads to: list the names in 'hosts'",
            );
        }
        None
    }

    /// Reads the certificates to trust beside the machine's.
    ///
    /// # Errors
    /// [`ConfigError::CaFile`] when the file cannot be read or holds none.
    pub(crate) fn roots(&self) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
        let Some(path) = &self.ca_file else {
            return Ok(Vec::new());
        };
        let fault = |why: String| ConfigError::CaFile {
            path: path.clone(),
            why,
        };
        let pem = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
        let roots = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
        match roots {
            Ok(roots) if !roots.is_empty() => Ok(roots),
            Ok(_) => Err(fault("it holds no certificate".to_owned())),
            Err(error) => Err(fault(error.to_string())),
        }
    }
}

/// A host, or with `*.` in front all hosts below it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostPattern {
    name: Box<str>,
    below: bool,
}

impl HostPattern {
    /// Tells whether a URL's host is meant: its text as the URL has it, in lower case.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        if !self.below {
            return *host == *self.name;
        }
        let rest = host.strip_suffix(&*self.name);
        rest.is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    }
}

impl TryFrom<String> for HostPattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refused = || format!("'{text}' is no host such as api.example, *.example or 10.0.0.7");
        let (below, name) = match text.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, &*text),
        };
        // As a URL writes it: in lower case, an international name in ASCII, an address in its one spelling.
        let url = Url::parse(&format!("https://{name}/")).map_err(|_| refused())?;
        let host = url.host_str().unwrap_or_default();
        let alone = url.port().is_none() && url.username().is_empty() && url.path() == "/";
        let plain = !name.contains(['/', '@', '?', '#', ':', '*']) || name.starts_with('[');
        if host.is_empty() || !alone || !plain || url.query().is_some() {
            return Err(refused());
        }
        Ok(Self {
            name: host.trim_end_matches('.').into(),
            below,
        })
    }
}

/// A proxy. It is shown without its password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Proxy {
    /// Its host.
    pub host: Box<str>,
    /// Its port.
    pub port: u16,
    /// What it asks for, if it does.
    pub credentials: Option<(Box<str>, Box<str>)>,
}

impl Proxy {
    /// Returns the address that stands in place of its name.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare.parse().ok()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

impl TryFrom<String> for Proxy {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        // The text may hold a password, so it is not repeated.
        let refused =
            || "'proxy' must be such as http://name:password@proxy.example:3128".to_owned();
        let url = Url::parse(&text).map_err(|_| refused())?;
        let host = url.host_str().filter(|host| !host.is_empty());
        if url.scheme() != "http" || url.path() != "/" || url.query().is_some() {
            return Err(refused());
        }
        let plain = |text: &str| {
            let bytes = percent_decoded(text);
            String::from_utf8(bytes).map(String::into_boxed_str)
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (name, password) => Some((
                plain(name).map_err(|_| refused())?,
                plain(password.unwrap_or_default()).map_err(|_| refused())?,
            )),
        };
        Ok(Self {
            host: host.ok_or_else(refused)?.into(),
            port: url.port().unwrap_or(3128),
            credentials,
        })
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, after @ ..] => pair(*high, *low).map(|byte| (byte, after)),
            _ => None,
        };
        let (byte, after) = escaped.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    bytes
}

fn pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Result<HostPattern, String> {
        HostPattern::try_from(text.to_owned())
    }

    #[test]
    fn a_pattern_is_one_host_or_all_below_one() {
        for (text, host, matches) in [
            ("api.example", "api.example", true),
            ("API.Example", "api.example", true),
            ("api.example", "api.example.", true),
            ("api.example", "x.api.example", false),
            ("api.example", "api.example.evil", false),
            ("*.example", "api.example", true),
            ("*.example", "a.b.example", true),
            ("*.example", "example", false),
            ("*.example", ".example", false),
            ("*.example", "badexample", false),
            ("bücher.example", "xn--bcher-kva.example", true),
            ("10.0.0.7", "10.0.0.7", true),
            ("[::1]", "[::1]", true),
        ] {
            let pattern = pattern(text).expect(text);
            assert_eq!(pattern.matches(host), matches, "{text} {host}");
        }
        for text in [
            "",
            "*",
            "*.",
            "a:80",
            "https://a",
            "a/b",
            "u@a",
            "a.*",
            "*.*.a",
            "a?b",
            "a#b",
            "a b",
        ] {
            assert!(pattern(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        let proxy = |text: &str| Proxy::try_from(text.to_owned());
        let with = proxy("http://jo:p%40ss%20w@proxy.example:8888").expect("a proxy");
        assert_eq!((&*with.host, with.port), ("proxy.example", 8888));
        assert_eq!(with.credentials, Some(("jo".into(), "p@ss w".into())));
        assert_eq!(format!("{with:?}"), "Proxy(proxy.example:8888)");
        let plain = proxy("http://10.0.0.1").expect("a proxy");
        assert_eq!((plain.port, plain.credentials), (3128, None));
        for text in [
            "proxy:3128",
            "https://proxy",
            "socks5://jo:pass@proxy",
            "http://proxy/x",
        ] {
            let fault = proxy(text).expect_err(text);
            assert!(!fault.contains("pass@proxy"), "{fault}");
        }
    }

    #[test]
    fn a_proxy_that_resolves_names_is_told_which() {
        let section = |text: &str| toml::from_str::<Outbound>(text).expect(text).fault();
        let proxy = "proxy = \"http://p\"\nproxy_resolves = true\n";
        assert!(section(proxy).is_some());
        assert!(section("hosts = [\"a.example\"]\nproxy_resolves = true\n").is_some());
        assert_eq!(section(&format!("{proxy}hosts = [\"a.example\"]\n")), None);
    }
}
