//! What a step takes from an answer: one mapping in a line.
//!
//! ```text
//! id     = $.order.id
//! note   = $.order.note?       empty where the answer has none
//! etag   = header:ETag
//! whole  = body
//! ```

use serde_json::Value;

use super::{FlowFault, json_path::JsonPath};

/// A name, and where its value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What later steps call it.
    pub name: Box<str>,
    /// Where it comes from.
    pub source: Source,
    /// It may be missing.
    pub optional: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A place in a body that is JSON.
    Json(JsonPath),
    /// A header.
    Header(Box<str>),
    /// The whole body.
    Body,
}

impl Mapping {
    /// Reads mappings; empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`FlowFault::Mapping`] with the first line that is none.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, FlowFault> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| Self::parse(line).ok_or_else(|| FlowFault::Mapping(line.into())))
            .collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, source) = line.split_once('=')?;
        let (name, source) = (name.trim(), source.trim());
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || !name.chars().all(part) {
            return None;
        }
        let (source, optional) = match source.strip_suffix('?') {
            Some(source) => (source.trim_end(), true),
            None => (source, false),
        };
        let source = match source.strip_prefix("header:") {
            Some(header) if !header.trim().is_empty() => Source::Header(header.trim().into()),
            Some(_) => return None,
            None if source == "body" => Source::Body,
            None => Source::Json(JsonPath::parse(source).ok()?),
        };
        Some(Self {
            name: name.into(),
            source,
            optional,
        })
    }

    /// Takes what the mappings say from an answer.
    ///
    /// # Errors
    /// [`FlowFault::AnswerMissing`] with the name of the first that finds nothing and may not.
    pub fn take<'a>(
        mappings: &[Self],
        header: impl Fn(&str) -> Option<&'a str>,
        body: &str,
    ) -> Result<Vec<(Box<str>, String)>, FlowFault> {
        let mut document: Option<Option<Value>> = None;
        let mut taken = Vec::with_capacity(mappings.len());
        for mapping in mappings {
            let found = match &mapping.source {
                Source::Header(name) => header(name).map(str::to_owned),
                Source::Body => Some(body.to_owned()),
                Source::Json(path) => {
                    let document = document.get_or_insert_with(|| serde_json::from_str(body).ok());
                    document
                        .as_ref()
                        .and_then(|it| path.find(it))
                        .and_then(text)
                }
            };
            match found {
                Some(found) => taken.push((mapping.name.clone(), found)),
                None if mapping.optional => taken.push((mapping.name.clone(), String::new())),
                None => return Err(FlowFault::AnswerMissing(mapping.name.clone())),
            }
        }
        Ok(taken)
    }
}

/// Texts as they are, what is no text as JSON; null is nothing.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"order":{"id":7,"open":true,"note":null,"lines":[{"sku":"a"}]}}"#;

    fn taken(mappings: &str, body: &str) -> Result<Vec<(String, String)>, FlowFault> {
        let mappings = Mapping::parse_all(mappings)?;
        let header = |name: &str| (name.eq_ignore_ascii_case("etag")).then_some("\"v1\"");
        let taken = Mapping::take(&mappings, header, body)?;
        Ok(taken
            .into_iter()
            .map(|(name, text)| (name.into(), text))
            .collect())
    }

    fn pair(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn an_answer_gives_what_the_mappings_name() {
        let mappings = "id=$.order.id\n\n# more\n open = $.order.open \nsku = $.order.lines[0].sku\n\
             lines = $.order.lines\nnote = $.order.note?\netag = header:ETag";
        let expected = [
            pair("id", "7"),
            pair("open", "true"),
            pair("sku", "a"),
            pair("lines", r#"[{"sku":"a"}]"#),
            pair("note", ""),
            pair("etag", "\"v1\""),
        ];
        assert_eq!(taken(mappings, ANSWER).expect("all"), expected);
        assert_eq!(
            taken("all = body", "no JSON").expect("all"),
            [pair("all", "no JSON")]
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let missing = |name: &str| Err(FlowFault::AnswerMissing(name.into()));
        assert_eq!(taken("x = $.order.note", ANSWER), missing("x"));
        assert_eq!(taken("x = $.a", "no JSON"), missing("x"));
        assert_eq!(taken("x = header:X-Nothing", ANSWER), missing("x"));
    }

    #[test]
    fn a_line_that_is_no_mapping_is_named() {
        for line in ["x", "=$.a", "x=", "x=a.b", "x y=$.a", "x=header:", "x=$..a"] {
            let fault = taken(&format!("id=$.order.id\n{line}"), ANSWER);
            assert_eq!(fault, Err(FlowFault::Mapping(line.into())), "{line}");
        }
    }
}
