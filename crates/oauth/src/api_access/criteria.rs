//! Filter criteria and the API authentication policies made of them (`inbound-oauth.md` §5.2): from where a call must
//! come, and who must make it.
//!
//! A policy's conditions are alternatives; each says of some criteria that they are true or false. Nothing public says
//! what a policy without a condition does: here it holds where all of its criteria do, and without a criterion it never
//! holds, so that an unfinished one lets nobody in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who calls, and from where.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'c> {
    /// The address, if it can be known.
    pub address: Option<IpAddr>,
    /// The names of the roles, contained ones included.
    pub roles: &'c [std::sync::Arc<str>],
    /// The `sys_id`s of the groups.
    pub groups: &'c [Box<str>],
}

/// A record of `sys_auth_filter_criteria`: true where any line of it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    /// `sys_ip_filter_criteria`: the address is in one of these ranges.
    Address(Vec<Range>),
    /// `sys_role_filter_criteria`: the caller has one of these roles.
    Role(Vec<Box<str>>),
    /// `sys_group_filter_criteria`: the caller is a member of one of these groups.
    Group(Vec<Box<str>>),
    /// Not all of it can be read, so nobody knows whether it is true.
    Unreadable,
}

/// Addresses from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: IpAddr,
    last: IpAddr,
}

/// A record of `sys_authentication_policy`: any of its conditions makes it hold, and a condition is that each of its
/// criteria is what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthPolicy(pub Vec<Vec<(Criterion, bool)>>);

impl Range {
    /// Reads a range; an end that is left out is the start.
    #[must_use]
    pub fn parse(first: &str, last: &str) -> Option<Self> {
        let first: IpAddr = first.trim().parse().ok()?;
        let last = match last.trim() {
            "" => first,
            last => last.parse().ok()?,
        };
        Self::new(first.to_canonical(), last.to_canonical())
    }

    /// Reads a network and the length of its mask, which may be written behind the network as well.
    #[must_use]
    pub fn parse_network(network: &str, mask: &str) -> Option<Self> {
        let (network, mask) = network.split_once('/').unwrap_or((network, mask));
        let length: u32 = mask.trim().trim_start_matches('/').parse().ok()?;
        let network: IpAddr = network.trim().parse().ok()?;
        // Callers are compared by their canonical addresses, so a network of mapped ones is the one that it maps.
        let mapped = network.is_ipv6() && network.to_canonical().is_ipv4();
        let length = if mapped {
            length.checked_sub(96)?
        } else {
            length
        };
        match network.to_canonical() {
            IpAddr::V4(network) => {
                let host = u32::MAX.checked_shr(length).unwrap_or(0);
                let bits = u32::from(network);
                let last = Ipv4Addr::from(bits | host);
                (length <= 32).then_some(())?;
                Self::new(Ipv4Addr::from(bits & !host).into(), last.into())
            }
            IpAddr::V6(network) => {
                let host = u128::MAX.checked_shr(length).unwrap_or(0);
                let bits = u128::from(network);
                let last = Ipv6Addr::from(bits | host);
                (length <= 128).then_some(())?;
                Self::new(Ipv6Addr::from(bits & !host).into(), last.into())
            }
        }
    }

    /// A range is of one family, and in order.
    fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        let sound = first.is_ipv4() == last.is_ipv4() && first <= last;
        sound.then_some(Self { first, last })
    }

    fn has(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && (self.first..=self.last).contains(&address)
    }
}

impl Criterion {
    /// Tells whether it is true; `None` where that cannot be known, which is neither.
    fn is_true(&self, of: &Circumstances<'_>) -> Option<bool> {
        match self {
            Self::Address(ranges) => of
                .address
                .map(|address| ranges.iter().any(|range| range.has(address))),
            Self::Role(roles) => Some(
                roles
                    .iter()
                    .any(|role| of.roles.iter().any(|has| **has == **role)),
            ),
            Self::Unreadable => None,
            Self::Group(groups) => Some(groups.iter().any(|group| of.groups.contains(group))),
        }
    }
}

impl AuthPolicy {
    /// Makes a policy of its criteria and its conditions.
    #[must_use]
    pub fn new(criteria: Vec<Criterion>, conditions: Vec<Vec<(Criterion, bool)>>) -> Self {
        let all = || criteria.into_iter().map(|it| (it, true)).collect();
        Self(if conditions.is_empty() {
            vec![all()]
        } else {
            conditions
        })
    }

    /// Tells whether it holds for a caller.
    #[must_use]
    pub fn holds(&self, of: &Circumstances<'_>) -> bool {
        let met = |(criterion, wanted): &(Criterion, bool)| criterion.is_true(of) == Some(*wanted);
        let mut conditions = self.0.iter().filter(|condition| !condition.is_empty());
        conditions.any(|condition| condition.iter().all(met))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Circumstances<'_> {
        Circumstances {
            address: address.parse().ok(),
            ..Circumstances::default()
        }
    }

    fn is_in(range: Range, address: &str) -> bool {
        Criterion::Address(vec![range]).is_true(&from(address)) == Some(true)
    }

    #[test]
    fn a_range_has_both_its_ends_and_nothing_else() {
        let range = Range::parse("192.0.2.10", " 192.0.2.20 ").unwrap();
        for (address, expected) in [
            ("192.0.2.9", false),
            ("192.0.2.10", true),
            ("::ffff:192.0.2.15", true),
            ("192.0.2.20", true),
            ("192.0.2.21", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_in(range, address), expected, "{address}");
        }
        let one = Range::parse("2001:db8::1", "").unwrap();
        assert!(is_in(one, "2001:db8::1") && !is_in(one, "2001:db8::2"));
    }

    #[test]
    fn a_network_has_all_that_its_mask_leaves_open() {
        for (network, mask, within, outside) in [
            ("192.0.2.77", "24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.0/25", "", "192.0.2.127", "192.0.2.128"),
            ("192.0.2.7", "32", "192.0.2.7", "192.0.2.6"),
            ("2001:db8::", "/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::ffff:192.0.2.0", "120", "192.0.2.255", "192.0.3.0"),
        ] {
            let range = Range::parse_network(network, mask).unwrap();
            assert!(is_in(range, within), "{network}/{mask}");
            assert!(!is_in(range, outside), "{network}/{mask}");
        }
        let everything = Range::parse_network("0.0.0.0", "0").unwrap();
        assert!(is_in(everything, "255.255.255.255") && !is_in(everything, "::1"));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for (first, last) in [
            ("", ""),
            ("192.0.2.256", ""),
            ("192.0.2.2", "192.0.2.1"),
            ("192.0.2.1", "2001:db8::1"),
            ("192.0.2.1", "x"),
        ] {
            assert_eq!(Range::parse(first, last), None, "{first} {last}");
        }
        for (network, mask) in [
            ("192.0.2.0", ""),
            ("192.0.2.0", "33"),
            ("::", "129"),
            ("x", "8"),
        ] {
            assert_eq!(
                Range::parse_network(network, mask),
                None,
                "{network}/{mask}"
            );
        }
    }

    fn office() -> Criterion {
        Criterion::Address(vec![Range::parse_network("192.0.2.0", "24").unwrap()])
    }

    fn of(address: &'static str, roles: &'static [&'static str]) -> bool {
        let roles: Vec<std::sync::Arc<str>> = roles.iter().map(|it| (*it).into()).collect();
        let groups = ["network".into()];
        let caller = Circumstances {
            roles: &roles,
            groups: &groups,
            ..from(address)
        };
        let itil = Criterion::Role(vec!["itil".into()]);
        let policy = AuthPolicy::new(
            Vec::new(),
            vec![
                vec![(office(), true), (itil, true)],
                vec![
                    (office(), false),
                    (Criterion::Role(vec!["admin".into()]), true),
                ],
            ],
        );
        policy.holds(&caller)
    }

    #[test]
    fn any_condition_is_enough_and_each_is_whole() {
        assert!(of("192.0.2.1", &["itil"]));
        assert!(!of("192.0.2.1", &["admin"]));
        assert!(of("198.51.100.1", &["admin"]));
        assert!(!of("198.51.100.1", &["itil"]));
        assert!(
            !of("not known", &["admin", "itil"]),
            "an unknown address is not elsewhere"
        );
    }

    #[test]
    fn without_a_condition_all_criteria_count_and_without_those_nobody_comes_in() {
        let group = |name: &str| Criterion::Group(vec![name.into()]);
        let groups = ["network".into()];
        let caller = Circumstances {
            groups: &groups,
            ..from("192.0.2.1")
        };
        let holds = |criteria| AuthPolicy::new(criteria, Vec::new()).holds(&caller);
        assert!(holds(vec![office(), group("network")]));
        assert!(!holds(vec![office(), group("hardware")]));
        assert!(!holds(Vec::new()));
        assert!(!AuthPolicy::new(vec![office()], vec![Vec::new()]).holds(&caller));
        for wanted in [true, false] {
            let condition = vec![(Criterion::Unreadable, wanted)];
            assert!(!AuthPolicy::new(Vec::new(), vec![condition]).holds(&caller));
        }
    }
}
