//! JSON or XML (`rest-and-records.md` §1.3).

use axum::http::{HeaderMap, header};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    /// With the name that was asked for.
    Xml(&'static str),
}

/// Returns the form that `Accept` prefers: a missing header and wildcards mean JSON. `None` when it takes neither.
pub(crate) fn wanted(headers: &HeaderMap) -> Option<Form> {
    let mut accept = headers.get_all(header::ACCEPT).iter().peekable();
    if accept.peek().is_none() {
        return Some(Form::Json);
    }
    let mut best: Option<(Form, u16)> = None;
    for value in accept {
        for range in value.to_str().ok()?.split(',') {
            let Some((form, quality)) = offered(range) else {
                continue;
            };
            // RFC 9110 §12.5.1: of equal ones any will do; we take the one that was named first.
            if quality > best.map_or(0, |(_, quality)| quality) {
                best = Some((form, quality));
            }
        }
    }
    best.map(|(form, _)| form)
}

/// Tells whether `Accept` takes any form at all, or says nothing.
pub(crate) fn takes_anything(headers: &HeaderMap) -> bool {
    let mut accept = headers.get_all(header::ACCEPT).iter().peekable();
    let anything = |range: &str| {
        let essence = range.split(';').next().unwrap_or_default().trim();
        matches!(
            essence,
            "" | "*/*" | "application/*" | "application/octet-stream"
        )
    };
    accept.peek().is_none()
        || accept.any(|value| {
            value
                .to_str()
                .is_ok_and(|text| text.split(',').any(anything))
        })
}

fn offered(range: &str) -> Option<(Form, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let form = match &*essence {
        "" | "*/*" | "application/*" | "application/json" | "text/*" | "text/json" => Form::Json,
        "application/xml" => Form::Xml("application/xml;charset=UTF-8"),
        "text/xml" => Form::Xml("text/xml;charset=UTF-8"),
        _ => return None,
    };
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
    use axum::http::HeaderValue;

    fn of(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(accept).expect("a header");
        headers.insert(header::ACCEPT, value);
        wanted(&headers)
    }

    #[test]
    fn rest_1_3_accept_chooses_between_json_and_xml() {
        const XML: Option<Form> = Some(Form::Xml("application/xml;charset=UTF-8"));
        const TEXT_XML: Option<Form> = Some(Form::Xml("text/xml;charset=UTF-8"));
        assert_eq!(wanted(&HeaderMap::new()), Some(Form::Json));
        for (accept, form) in [
            ("", Some(Form::Json)),
            ("*/*", Some(Form::Json)),
            ("application/json", Some(Form::Json)),
            ("application/json;charset=utf-8", Some(Form::Json)),
            ("application/json, text/plain, */*", Some(Form::Json)),
            ("application/xml", XML),
            ("Application/XML", XML),
            ("text/xml", TEXT_XML),
            ("application/xml, application/json", XML),
            ("application/xml;q=0.5, application/json", Some(Form::Json)),
            ("application/json;q=0, application/xml;q=0.001", XML),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                XML,
            ),
            ("text/html", None),
            ("application/json;q=0", None),
            ("image/png, text/html", None),
        ] {
            assert_eq!(of(accept), form, "{accept}");
        }
    }
}
