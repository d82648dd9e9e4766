//! The envelope of a batch (`rest-and-records.md` §8): several calls in one body, each with its own Base64 inside.
//!
//! It is read as a whole or not at all. What an item says is read when its turn comes: one that cannot be done fails
//! alone.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// §8: what one item may bring (`glide.rest.batch.max.inputSize`), in bytes.
pub const MOST_IN: usize = 5 * 1024 * 1024;

/// Calls to be answered one after another.
#[derive(Debug, Deserialize)]
pub struct Batch {
    /// What the caller names the whole.
    #[serde(default, rename = "batch_request_id", deserialize_with = "text")]
    pub id: String,
    /// The calls.
    #[serde(rename = "rest_requests")]
    pub items: Vec<Item>,
}

/// The text is no batch.
#[derive(Debug, thiserror::Error)]
#[error("The batch cannot be read: {0}")]
pub struct UnreadableBatch(serde_json::Error);

impl Batch {
    /// Reads the body of a batch.
    ///
    /// # Errors
    /// [`UnreadableBatch`] when it is no JSON, or an item lacks its id, method or URL.
    pub fn parse(body: &[u8]) -> Result<Self, UnreadableBatch> {
        serde_json::from_slice(body).or_else(|error| {
            // As other bodies: a byte order mark, and single quotes (§1.3).
            let text = std::str::from_utf8(body).unwrap_or_default();
            super::json::value(text.trim_start_matches('\u{feff}'))
                .ok()
                .and_then(|value| serde_json::from_value(value).ok())
                .ok_or(UnreadableBatch(error))
        })
    }
}

/// One call.
#[derive(Debug, Deserialize)]
pub struct Item {
    /// What the caller names it.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// As it was sent.
    pub method: String,
    url: String,
    /// The headers that are this item's own; Go writes an empty list as `null`.
    #[serde(default, deserialize_with = "or_nothing")]
    pub headers: Vec<Header>,
    body: Option<String>,
    /// Whether the answer is told without its headers.
    #[serde(default, deserialize_with = "flag")]
    pub exclude_response_headers: bool,
}

/// A header of a call or of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value; clients copy lengths as numbers.
    #[serde(deserialize_with = "text")]
    pub value: String,
}

/// Why an item is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ItemFault {
    /// It leads somewhere else, or nowhere.
    #[error("the url is not a path of this instance")]
    Url,
    /// Not what RFC 4648 §4 calls Base64.
    #[error("the body is not Base64")]
    Base64,
    /// More than one item may bring.
    #[error("the body has more than {MOST_IN} bytes")]
    TooLarge,
}

impl Item {
    /// Returns the path with its query, as a request line has it. It may have been sent without a slash in front, and
    /// blanks and the like may stand in it as typed (§8).
    ///
    /// # Errors
    /// [`ItemFault::Url`] when it names another host.
    pub fn target(&self) -> Result<String, ItemFault> {
        let mut target = String::with_capacity(self.url.len() + 1);
        target.push_str(if self.url.starts_with('/') { "" } else { "/" });
        for byte in self.url.bytes() {
            if byte.is_ascii_graphic() && !UNSAFE.contains(&byte) {
                target.push(char::from(byte));
            } else {
                let _ = write!(target, "%{byte:02X}"); // writing to a String cannot fail
            }
        }
        let elsewhere = |path: &str| path.starts_with("//") || path.contains(':');
        if target.split('?').next().is_some_and(elsewhere) {
            return Err(ItemFault::Url);
        }
        Ok(target)
    }

    /// Returns what it brings; the Base64 may be broken into lines (§8).
    ///
    /// # Errors
    /// [`ItemFault`] when it is no Base64, or too much.
    pub fn content(&self) -> Result<Vec<u8>, ItemFault> {
        let text = self.body.as_deref().unwrap_or_default();
        let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        let content = STANDARD.decode(packed).map_err(|_| ItemFault::Base64)?;
        if content.len() > MOST_IN {
            return Err(ItemFault::TooLarge);
        }
        Ok(content)
    }
}

/// What may not stand in a request line (RFC 3986 §2), though it can be seen.
const UNSAFE: &[u8] = b"\"<>`{}|\\";

fn or_nothing<'de, D, T>(list: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(list)?.unwrap_or_default())
}

/// `true`, also as a word.
fn flag<'de, D: Deserializer<'de>>(flag: D) -> Result<bool, D::Error> {
    Ok(text(flag)?.eq_ignore_ascii_case("true"))
}

/// §8: ids come back as text, even if a number was sent.
fn text<'de, D: Deserializer<'de>>(id: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(id)? {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(url: &str, body: Option<&str>) -> Item {
        let whole = serde_json::json!({"rest_requests": [
            {"id": 1, "method": "GET", "url": url, "body": body},
        ]});
        let batch = Batch::parse(whole.to_string().as_bytes()).expect("a batch");
        batch.items.into_iter().next().expect("an item")
    }

    #[test]
    fn rest_8_ids_come_back_as_text() {
        let body =
            br#"{"batch_request_id":7,"rest_requests":[{"id":null,"method":"GET","url":"/"}]}"#;
        let batch = Batch::parse(body).expect("a batch");
        assert_eq!((&*batch.id, &*batch.items[0].id), ("7", ""));
    }

    #[test]
    fn rest_8_odd_members_do_not_refuse_the_whole() {
        let body = "\u{feff}{'batch_request_id':'1','rest_requests':[\
            {'id':'1','method':'GET','url':'/','headers':null,'exclude_response_headers':'true'},\
            {'id':'2','method':'GET','url':'/','headers':[{'name':'a','value':17}],'exclude_response_headers':null}]}";
        let items = Batch::parse(body.as_bytes()).expect("a batch").items;
        let told: Vec<_> = items
            .iter()
            .map(|item| (item.headers.len(), item.exclude_response_headers))
            .collect();
        assert_eq!(told, [(0, true), (1, false)]);
        assert_eq!(items[1].headers[0].value, "17");
    }

    #[test]
    fn an_item_without_its_id_method_or_url_is_none() {
        for item in [
            r#"{"method":"GET","url":"/"}"#,
            r#"{"id":"1","url":"/"}"#,
            r#"{"id":"1","method":"GET"}"#,
        ] {
            let body = format!(r#"{{"rest_requests":[{item}]}}"#);
            assert!(Batch::parse(body.as_bytes()).is_err(), "{item}");
        }
        assert!(Batch::parse(b"{}").is_err());
    }

    #[test]
    fn rest_8_a_url_is_a_path_however_it_is_typed() {
        for (url, expected) in [
            ("api/now/table/incident", Ok("/api/now/table/incident")),
            ("/a?q=x y^z", Ok("/a?q=x%20y^z")),
            ("/a?q=\"{}\"", Ok("/a?q=%22%7B%7D%22")),
            ("/a?to=https://b", Ok("/a?to=https://b")),
            ("/é", Ok("/%C3%A9")),
            ("//elsewhere/a", Err(ItemFault::Url)),
            ("https://elsewhere/a", Err(ItemFault::Url)),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(item(url, None).target(), expected, "{url}");
        }
    }

    #[test]
    fn rest_8_a_body_is_base64_that_may_be_broken_into_lines() {
        assert_eq!(item("/", None).content(), Ok(Vec::new()));
        assert_eq!(
            item("/", Some("aGVs\r\nbG8=")).content(),
            Ok(b"hello".to_vec())
        );
        assert_eq!(item("/", Some("{}")).content(), Err(ItemFault::Base64));
        let long = "AAAA".repeat(MOST_IN / 3 + 1);
        assert_eq!(item("/", Some(&long)).content(), Err(ItemFault::TooLarge));
    }
}
