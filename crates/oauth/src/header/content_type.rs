//! `Content-Type`: what a body is, without its parameters (RFC 9110 §8.3). Letter case makes no difference (§8.3.1):
//! who compares it says so.

/// Returns the type of a body: `application/json; charset=utf-8` is `application/json`.
#[must_use]
pub fn essence(line: &str) -> &str {
    let essence = line.split(';').next().unwrap_or_default();
    essence.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc9110_8_3_1_parameters_are_not_the_type() {
        for line in [
            "application/json",
            " application/json ;charset=\"utf-8\"",
            "application/json;;",
        ] {
            assert_eq!(essence(line), "application/json");
        }
        assert_eq!(essence(";charset=utf-8"), "");
    }
}
