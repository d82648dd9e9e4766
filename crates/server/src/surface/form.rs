//! JSON or XML (`rest-and-records.md` §1.3).

use axum::http::{HeaderMap, HeaderValue, header};
use snowglobe_oauth::header::accept;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    /// With the name that was asked for.
    Xml(&'static str),
}

/// Returns the form that `Accept` prefers: a missing header and wildcards mean JSON. `None` when it takes neither.
pub(crate) fn wanted(headers: &HeaderMap) -> Option<Form> {
    let accept = headers.get_all(header::ACCEPT);
    let mut lines = accept.iter().map(HeaderValue::to_str).peekable();
    if lines.peek().is_none() {
        return Some(Form::Json);
    }
    let mut readable = true;
    let lines = lines.filter_map(|line| {
        readable &= line.is_ok();
        line.ok()
    });
    let form = accept::preferred(lines, offered);
    form.filter(|_| readable)
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

fn offered(range: &str) -> Option<Form> {
    Some(match range {
        "" | "*/*" | "application/*" | "application/json" | "text/*" | "text/json" => Form::Json,
        "application/xml" => Form::Xml("application/xml;charset=UTF-8"),
        "text/xml" => Form::Xml("text/xml;charset=UTF-8"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
