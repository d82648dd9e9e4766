//! `X-Forwarded-For`: whom a chain of trusted proxies speaks for (security.md §2, 47).

use std::net::IpAddr;

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The nearest address that is none of the trusted proxies.
    Stranger(IpAddr),
    /// Trusted proxies only, or nothing at all.
    Trusted,
    /// What stands before the trusted proxies is no address: it cannot be known.
    Unknown,
}

/// Reads the header's lines from behind: each proxy adds the one before it at the end, so the first stranger from there
/// is the nearest that is known. What the client itself sent stands before that, and is not looked at.
pub fn origin<'h>(
    lines: impl DoubleEndedIterator<Item = &'h str>,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> Origin {
    for part in lines.rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = part.trim().parse::<IpAddr>() else {
            return Origin::Unknown;
        };
        let address = address.to_canonical();
        if !is_trusted(address) {
            return Origin::Stranger(address);
        }
    }
    Origin::Trusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_stranger_is_found_from_behind() {
        let stranger = |text: &str| Origin::Stranger(text.parse().expect("an address"));
        for (lines, expected) in [
            (&["203.0.113.9"][..], stranger("203.0.113.9")),
            (&["1.1.1.1, 203.0.113.9"], stranger("203.0.113.9")),
            (
                &["1.1.1.1", "203.0.113.9, 10.0.0.2"],
                stranger("203.0.113.9"),
            ),
            (&["::ffff:203.0.113.9"], stranger("203.0.113.9")),
            (&["10.0.0.3,10.0.0.2"], Origin::Trusted),
            (&[], Origin::Trusted),
            (&["1.1.1.1, nobody"], Origin::Unknown),
            (&["nobody, 1.1.1.1"], stranger("1.1.1.1")),
        ] {
            let is_trusted = |it: IpAddr| it.to_string().starts_with("10.");
            assert_eq!(
                origin(lines.iter().copied(), is_trusted),
                expected,
                "{lines:?}"
            );
        }
    }
}
