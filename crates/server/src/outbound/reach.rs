//! Which addresses the instance may connect to: the public ones, and those that its configuration names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::config::{self, HostPattern, Peers};

/// The addresses and hosts that may be reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    loopback: bool,
    allowed: Vec<Peers>,
    hosts: Vec<HostPattern>,
    plain_http: Vec<HostPattern>,
}

/// Why a URL is not called, as far as its text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forbidden {
    /// It is none of the web, has no TLS, or has a name and a password in it.
    Url,
    /// The configuration names the hosts that may be called, and this is none of them.
    Host,
    /// It names an address that may not be reached.
    Address,
}

impl Reach {
    /// Reaches public addresses and this machine, which a development instance may reach: identity providers under
    /// test run there.
    pub(crate) fn of_development() -> Self {
        Self {
            loopback: true,
            ..Self::default()
        }
    }

    /// Reaches public addresses and what the configuration names, or of hosts nothing but what it names.
    pub(crate) fn of_production(config: &config::Outbound) -> Self {
        Self {
            loopback: false,
            allowed: config.allow.clone(),
            hosts: config.hosts.clone(),
            plain_http: config.plain_http.clone(),
        }
    }

    /// Tells whether an address may be connected to.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address)
            || (self.loopback && address.is_loopback())
            || self.allowed.iter().any(|range| range.contains(address))
    }

    /// Tells whether an address may be a proxy's. The configuration names the proxy, so it may stand in the own network;
    /// where clouds keep credentials, and where nobody can stand, none does. That an address is the proxy's does not let
    /// anybody call it.
    pub(crate) fn allows_proxy(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let own = match address {
            IpAddr::V4(address) => address.is_private() || address.is_loopback(),
            IpAddr::V6(address) => {
                (address.is_unique_local() && address != CLOUD_V6) || address.is_loopback()
            }
        };
        own || self.allows(address)
    }

    /// Tells whether a URL may be called as far as its text tells: `https`, or `http` to this machine where that may
    /// be reached and to hosts that the configuration lists for it; nobody's name and password in it; one of the hosts,
    /// where they are listed; and no address that may not be reached. The `url` crate has undone every other spelling
    /// of an address (`0x7f.1`, `2130706433`) by then.
    ///
    /// # Errors
    /// [`Forbidden`]
    pub(crate) fn check(&self, url: &Url) -> Result<(), Forbidden> {
        let host = url.host_str().unwrap_or_default();
        let listed = |patterns: &[HostPattern]| patterns.iter().any(|it| it.matches(host));
        let scheme = match url.scheme() {
            "https" => true,
            "http" => {
                (is_here(url) && self.allows(Ipv4Addr::LOCALHOST.into()))
                    || listed(&self.plain_http)
            }
            _ => false,
        };
        if !scheme || !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Url);
        }
        if !self.hosts.is_empty() && !listed(&self.hosts) {
            return Err(Forbidden::Host);
        }
        match address(url) {
            Some(address) if !self.allows(address) => Err(Forbidden::Address),
            _ => Ok(()),
        }
    }
}

/// Where a cloud keeps credentials, in a range of private networks.
const CLOUD_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// The address that a URL names instead of a host.
pub(super) fn address(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// Tells whether a URL names this machine.
pub(super) fn is_here(url: &Url) -> bool {
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
        Reach {
            loopback,
            allowed: allowed.collect(),
            ..Reach::default()
        }
    }

    #[test]
    fn ssrf_where_hosts_are_listed_no_other_is_called() {
        let config: config::Outbound = toml::from_str(
            "hosts = [\"api.example\", \"*.idp.example\", \"10.1.0.7\"]\nallow = [\"10.1.0.0/16\"]\n\
             plain_http = [\"api.example\", \"else.example\"]\n",
        )
        .unwrap();
        let reach = Reach::of_production(&config);
        for (url, expected) in [
            ("https://api.example/v1", Ok(())),
            ("https://API.EXAMPLE./v1", Ok(())),
            ("https://a.idp.example:8443/", Ok(())),
            ("https://10.1.0.7/", Ok(())),
            ("http://api.example/", Ok(())),
            ("https://idp.example/", Err(Forbidden::Host)),
            ("https://api.example.evil/", Err(Forbidden::Host)),
            ("https://evil.example/?api.example", Err(Forbidden::Host)),
            ("https://api.example@evil.example/", Err(Forbidden::Url)),
            ("https://10.1.0.8/", Err(Forbidden::Host)),
            ("https://8.8.8.8/", Err(Forbidden::Host)),
            ("http://a.idp.example/", Err(Forbidden::Url)),
            ("http://else.example/", Err(Forbidden::Host)),
            ("http://127.0.0.1/", Err(Forbidden::Url)),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(reach.check(&url), expected, "{url}");
        }
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
    fn ssrf_a_proxy_stands_in_the_own_network_and_not_where_clouds_keep_credentials() {
        let reach = reach(false, &["100.64.0.7"]);
        for (address, allowed) in [
            ("93.184.216.34", true),
            ("10.0.0.1", true),
            ("127.0.0.1", true),
            ("fd12::1", true),
            ("100.64.0.7", true),
            ("100.64.0.8", false),
            ("169.254.169.254", false),
            ("::ffff:169.254.169.254", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(reach.allows_proxy(address), allowed, "{address}");
        }
        assert!(
            !reach.allows("10.0.0.1".parse().unwrap()),
            "but nobody calls it"
        );
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
        let takes = |reach: &Reach, url: &str| reach.check(&Url::parse(url).unwrap()).is_ok();
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
