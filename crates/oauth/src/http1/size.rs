//! Lengths as they are written: nothing but digits, and not so many that anybody counts them otherwise.

/// Reads a `Content-Length` (RFC 9110 §8.6).
pub(super) fn of_body(value: &[u8]) -> Option<u64> {
    number(value, 10)
}

/// Reads the line before a chunk (RFC 9112 §7.1); what stands behind `;` is an extension.
pub(super) fn of_chunk(line: &[u8]) -> Option<u64> {
    number(line.split(|byte| *byte == b';').next()?, 16)
}

fn number(digits: &[u8], radix: u32) -> Option<u64> {
    const MOST_DIGITS: usize = 15;
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    digits.iter().try_fold(0, |number: u64, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        Some(number * u64::from(radix) + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_digits_only() {
        assert_eq!((of_body(b"0"), of_body(b"120")), (Some(0), Some(120)));
        assert_eq!((of_chunk(b"1F"), of_chunk(b"a;b=c")), (Some(31), Some(10)));
        for other in [
            "",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1,1",
            "0x1",
            "1a",
            "1234567890123456",
        ] {
            assert_eq!(of_body(other.as_bytes()), None, "{other}");
        }
        for other in [
            "",
            ";",
            "+1",
            " 1",
            "1 ",
            "1 ;a",
            "0x1",
            "1g",
            "1234567890123456",
        ] {
            assert_eq!(of_chunk(other.as_bytes()), None, "{other}");
        }
    }
}
