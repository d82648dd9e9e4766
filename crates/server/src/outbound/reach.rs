//! Which addresses the instance may connect to: the public ones, and those that its configuration names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::config::Peers;

/// The addresses that may be reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    loopback: bool,
    allowed: Vec<Peers>,
}

impl Reach {
    /// Reaches public addresses and the named ones; `loopback` adds this machine, which a development instance may
    /// reach: identity providers under test run there.
    pub(crate) fn new(loopback: bool, allowed: Vec<Peers>) -> Self {
        Self { loopback, allowed }
    }

    /// Tells whether an address may be connected to.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address)
            || (self.loopback && address.is_loopback())
            || self.allowed.iter().any(|range| range.contains(address))
    }

    /// Tells whether a URL may be fetched as far as its text tells: `https`, or `http` to this machine where that may
    /// be reached; nobody's name and password in it; and no address that may not be reached. The `url` crate has
    /// undone every other spelling of an address (`0x7f.1`, `2130706433`) by then.
    pub(crate) fn takes(&self, url: &Url) -> bool {
        let address = address(url);
        let reached = address.is_none_or(|address| self.allows(address));
        let scheme = match url.scheme() {
            "https" => true,
            "http" => is_here(url) && self.allows(Ipv4Addr::LOCALHOST.into()),
            _ => false,
        };
        scheme && reached && url.username().is_empty() && url.password().is_none()
    }
}

/// The address that a URL names instead of a host.
fn address(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

fn is_here(url: &Url) -> bool {
    match address(url) {
        Some(address) => address.to_canonical().is_loopback(),
        None => url.host_str() == Some("localhost"),
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What the IANA registry of special-purpose addresses does not list.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local() // 169.254.169.254, where clouds keep credentials
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast();
    let [a, b, c, _] = address.octets();
    let reserved = match (a, b, c) {
        // This network, carrier-grade NAT, protocol assignments, 6to4 relays, benchmarks, the future.
        (0 | 240.., ..) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _) => true,
        (100, b, _) => b & 0b1100_0000 == 64,
        _ => false,
    };
    !special && !reserved
}

/// Global unicast, without the parts that lead to IPv4 addresses in disguise.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    // Teredo and protocol assignments (2001::/23), documentation, 6to4.
    let special = match (first, second) {
        (0x2001, second) => second < 0x200 || second == 0xdb8,
        (0x2002, _) => true,
        (0x3fff, second) => second < 0x1000,
        _ => false,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(loopback: bool, allowed: &[&str]) -> Reach {
        let allowed = allowed
            .iter()
            .map(|range| Peers::try_from((*range).to_owned()).unwrap());
        Reach::new(loopback, allowed.collect())
    }

    #[test]
    fn ssrf_only_public_addresses_are_reached() {
        let reach = reach(false, &[]);
        for public in [
            "8.8.8.8",
            "172.15.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2001:4860::8888",
        ] {
            assert!(reach.allows(public.parse().unwrap()), "{public}");
        }
        for special in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!reach.allows(special.parse().unwrap()), "{special}");
        }
    }

    #[test]
    fn what_the_configuration_names_is_reached_and_nothing_beside_it() {
        let reach = reach(false, &["10.1.0.0/16", "fd00::7"]);
        for (address, reached) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("10.2.0.1", false),
            ("fd00::7", true),
            ("fd00::8", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(reach.allows(address.parse().unwrap()), reached, "{address}");
        }
    }

    #[test]
    fn ssrf_a_url_is_https_and_names_no_address_of_ours() {
        let takes = |reach: &Reach, url: &str| reach.takes(&Url::parse(url).unwrap());
        let production = reach(false, &[]);
        let development = reach(true, &[]);
        for url in [
            "https://idp.example/jwks",
            "https://8.8.8.8/",
            "https://idp.example:8443/",
        ] {
            assert!(takes(&production, url) && takes(&development, url), "{url}");
        }
        for url in [
            "http://idp.example/jwks",
            "https://user@idp.example/",
            "https://user:word@idp.example/",
            "ftp://idp.example/",
            "file:///etc/passwd",
            "https://10.0.0.1/",
            "https://[fd00::1]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(
                !takes(&production, url) && !takes(&development, url),
                "{url}"
            );
        }
        for url in [
            "http://127.0.0.1:9/",
            "http://localhost:9/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://127.1/",
            "https://0177.0.0.1/",
        ] {
            assert_eq!(
                (takes(&production, url), takes(&development, url)),
                (false, true),
                "{url}"
            );
        }
    }
}
