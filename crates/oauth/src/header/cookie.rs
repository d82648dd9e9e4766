//! `Cookie`: the value of one name (RFC 6265 §5.4).

/// Returns the value of a cookie. One that comes twice with different values counts as none: somebody who may set
/// cookies for a neighbouring host must not choose which of them counts.
pub fn value<'h>(lines: impl IntoIterator<Item = &'h str>, name: &str) -> Option<&'h str> {
    let pairs = lines.into_iter().flat_map(|line| line.split(';'));
    let mut values = pairs.filter_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        (known.trim() == name).then(|| value.trim())
    });
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let lines = ["XJSESSIONID=no; a=b;JSESSIONID=yes ; glide=1"];
        assert_eq!(value(lines, "JSESSIONID"), Some("yes"));
        assert_eq!(value(lines, "glide"), Some("1"));
        assert_eq!(value(lines, "SESSIONID"), None);
        assert_eq!(value([], "a"), None);
    }

    #[test]
    fn two_values_of_one_cookie_count_as_none() {
        assert_eq!(value(["s=1; s=1"], "s"), Some("1"));
        assert_eq!(value(["s=1; s=1", "s=2"], "s"), None);
    }
}
