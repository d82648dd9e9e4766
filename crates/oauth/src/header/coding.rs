//! `Accept-Encoding`: whether an answer may be packed (RFC 9110 §12.5.3).

/// Tells whether a client takes gzip. A header that does not name it, `*` among them, leaves the answer as it is.
pub fn takes_gzip<'h>(lines: impl IntoIterator<Item = &'h str>) -> bool {
    let mut codings = lines.into_iter().flat_map(|line| line.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = |part: &str| {
            let weight = part.strip_prefix("q=").or(part.strip_prefix("Q="));
            weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
        };
        ["gzip", "x-gzip"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
            && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_1_4_gzip_is_sent_to_who_takes_it() {
        for (line, expected) in [
            ("gzip", true),
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("x-gzip", true),
            ("gzip;q=0", false),
            ("gzip; Q=0.000", false),
            ("deflate", false),
            ("identity", false),
        ] {
            assert_eq!(takes_gzip([line]), expected, "{line}");
        }
        assert!(!takes_gzip([]));
        assert!(takes_gzip(["br", "gzip"]));
    }
}
