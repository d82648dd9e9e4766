//! `Accept`: which of the forms on offer a client would rather have (RFC 9110 §12.5.1).

use super::lower_case;

/// Returns the form that is wanted most, of those that `offer` knows by the media range, in lower case and without
/// parameters; of equal ones the first that is named. `None` where none is taken.
pub fn preferred<'h, T>(
    lines: impl IntoIterator<Item = &'h str>,
    offer: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let mut best: Option<(T, u16)> = None;
    for range in lines.into_iter().flat_map(|line| line.split(',')) {
        let Some((form, weight)) = offered(range, &offer) else {
            continue;
        };
        if weight > best.as_ref().map_or(0, |(_, weight)| *weight) {
            best = Some((form, weight));
        }
    }
    best.map(|(form, _)| form)
}

fn offered<T>(range: &str, offer: impl Fn(&str) -> Option<T>) -> Option<(T, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let essence = lower_case(parts.next().unwrap_or_default());
    let form = offer(&essence)?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((form, weight.map_or(Some(1000), quality)?))
}

/// RFC 9110 §12.4.2: up to three digits behind the point; here in thousandths.
fn quality(text: &str) -> Option<u16> {
    let (whole, digits) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let thousandths = format!("{digits:0<3}");
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let part: u16 = thousandths.get(..3)?.parse().ok()?;
    Some((whole * 1000 + part).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<char> {
        let offer = |range: &str| match range {
            "application/json" | "*/*" => Some('j'),
            "text/xml" => Some('x'),
            _ => None,
        };
        preferred(lines.iter().copied(), offer)
    }

    #[test]
    fn rfc9110_12_5_1_the_heaviest_range_counts_and_of_equal_ones_the_first() {
        for (lines, expected) in [
            (&["text/xml, application/json"][..], Some('x')),
            (&["text/xml;q=0.5", "application/json;q=0.501"], Some('j')),
            (&["text/html, TEXT/XML ;q=0.1, */*;q=0.01"], Some('x')),
            (&["text/xml;level=1;q=1.000"], Some('x')),
            (&["text/xml;q=0"], None),
            (&["text/xml;q=2"], None),
            (&["text/xml;q=é"], None),
            (&["image/png"], None),
            (&[], None),
        ] {
            assert_eq!(of(lines), expected, "{lines:?}");
        }
    }
}
