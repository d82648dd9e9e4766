//! JSON answers as XML (`rest-and-records.md` §1.3): `<response><result>…</result></response>`, with one `result` for
//! each row of a list.
//!
//! The JSON is read as it comes, so a streamed list stays one.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use snowglobe_records::body::xml::escape;

use super::recode::{self, Recode};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// Writes a JSON answer as XML of this type; leaves any other as it is.
pub(super) fn dress(mut response: Response, kind: &'static str) -> Response {
    let headers = response.headers_mut();
    let own = headers.get(header::CONTENT_TYPE);
    let is_json = own.is_some_and(|own| own.as_bytes().starts_with(b"application/json"));
    // The attributes of a file stand in a header, and its bytes are its own.
    if !is_json || headers.contains_key("x-attachment-metadata") {
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    recode::through(response, Xml::default())
}

/// What is open: an object, with its element, or a list, whose items all have this name.
enum Open {
    Object(String),
    List(String),
}

/// What is being read.
#[derive(Default, PartialEq)]
enum Token {
    #[default]
    None,
    /// A text; whether its last character was a backslash.
    Text { escaped: bool },
    /// A number, a boolean or null.
    Bare,
}

/// Reads JSON and writes XML.
#[derive(Default)]
struct Xml {
    begun: bool,
    open: Vec<Open>,
    /// The member whose value comes next.
    member: Option<String>,
    token: Token,
    read: Vec<u8>,
}

impl Recode for Xml {
    fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = String::with_capacity(piece.len() * 2);
        if !self.begun {
            self.begun = true;
            out.push_str(HEAD);
        }
        for byte in piece {
            self.take(*byte, &mut out);
        }
        out.into_bytes()
    }

    fn finish(&mut self) -> Vec<u8> {
        let mut out = String::new();
        self.end_bare(&mut out);
        out.into_bytes()
    }
}

impl Xml {
    fn take(&mut self, byte: u8, out: &mut String) {
        if let Token::Text { escaped } = &mut self.token {
            self.read.push(byte);
            match byte {
                _ if *escaped => *escaped = false,
                b'\\' => *escaped = true,
                b'"' => self.end_text(out),
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => {
                self.token = Token::Text { escaped: false };
                self.read = vec![byte];
            }
            b'{' => self.begin_object(out),
            b'[' => {
                let name = self.name();
                self.open.push(Open::List(name));
            }
            b'}' | b']' => {
                self.end_bare(out);
                if let Some(Open::Object(name)) = self.open.pop() {
                    out.extend(["</", &name, ">"]);
                }
            }
            b',' | b':' => self.end_bare(out),
            _ if byte.is_ascii_whitespace() => self.end_bare(out),
            _ => {
                self.token = Token::Bare;
                self.read.push(byte);
            }
        }
    }

    fn begin_object(&mut self, out: &mut String) {
        let name = self.name();
        out.extend(["<", &name, ">"]);
        self.open.push(Open::Object(name));
    }

    /// The element of the value that comes next.
    fn name(&mut self) -> String {
        match (self.member.take(), self.open.last()) {
            (Some(member), _) => element(&member),
            (None, Some(Open::List(name))) => name.clone(),
            (None, _) => "response".to_owned(),
        }
    }

    fn end_text(&mut self, out: &mut String) {
        self.token = Token::None;
        let read = std::mem::take(&mut self.read);
        let text: String = serde_json::from_slice(&read).unwrap_or_default();
        match self.open.last() {
            Some(Open::Object(_)) if self.member.is_none() => self.member = Some(text),
            _ => self.scalar(&text, out),
        }
    }

    fn end_bare(&mut self, out: &mut String) {
        if std::mem::take(&mut self.token) != Token::Bare {
            return;
        }
        let read = std::mem::take(&mut self.read);
        match &*String::from_utf8_lossy(&read) {
            "null" => self.scalar("", out),
            text => self.scalar(text, out),
        }
    }

    fn scalar(&mut self, text: &str, out: &mut String) {
        let name = self.name();
        if text.is_empty() {
            out.extend(["<", &name, "/>"]);
            return;
        }
        out.extend(["<", &name, ">"]);
        escape(text, out);
        out.extend(["</", &name, ">"]);
    }
}

/// A name that XML takes: what it does not becomes an underscore.
fn element(name: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut element: String = name
        .chars()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect();
    let begins = element.chars().next();
    if !begins.is_some_and(|c| c.is_alphabetic() || c == '_') {
        element.insert(0, '_');
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(json: &str) -> String {
        let whole = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut coder = Xml::default();
            let mut out: Vec<u8> = pieces.flat_map(|piece| coder.push(piece)).collect();
            out.extend(coder.finish());
            String::from_utf8(out).expect("UTF-8")
        };
        let at_once = whole(&mut std::iter::once(json.as_bytes()));
        assert_eq!(whole(&mut json.as_bytes().chunks(1)), at_once, "in pieces");
        at_once.strip_prefix(HEAD).expect("a head").to_owned()
    }

    #[test]
    fn rest_1_3_answers_read_as_xml() {
        for (json, expected) in [
            (
                r#"{"result":{"number":"INC1","active":"true","parent":""}}"#,
                "<response><result><number>INC1</number><active>true</active><parent/></result></response>",
            ),
            (
                r#"{"result":[{"a":"1"},{"a":"2"}]}"#,
                "<response><result><a>1</a></result><result><a>2</a></result></response>",
            ),
            (r#"{"result":[]}"#, "<response></response>"),
            (
                r#"{"result":{"caller_id":{"link":"http://h/x?a=1&b=2","value":"id"}}}"#,
                "<response><result><caller_id><link>http://h/x?a=1&amp;b=2</link><value>id</value></caller_id></result></response>",
            ),
            (
                r#"{"error":{"message":"Invalid table x","detail":null},"status":"failure"}"#,
                "<response><error><message>Invalid table x</message><detail/></error><status>failure</status></response>",
            ),
            (
                r#"{"result":{"caller_id.name":"Ü \"<b>\" \\ \n\u0001\uD83D\uDE00","1 x":12,"t":true}}"#,
                "<response><result><caller_id.name>Ü \"&lt;b&gt;\" \\ \n😀</caller_id.name><_1_x>12</_1_x><t>true</t></result></response>",
            ),
            (
                r#"{"result":{"stats":{"count":"2"}},"list":["a","b"]}"#,
                "<response><result><stats><count>2</count></stats></result><list>a</list><list>b</list></response>",
            ),
        ] {
            assert_eq!(xml(json), expected, "{json}");
        }
    }
}
