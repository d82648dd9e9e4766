//! XML bodies (`rest-and-records.md` §1.3): `<request><entry><field>value</field>…</entry></request>`.
//!
//! The outermost element only wraps; of several records only the first is used (§1.2). Entities other than XML's own
//! are not resolved, so no body grows while it is read.

use quick_xml::{Reader, events::Event};

use super::{Fields, Unreadable};

/// How deep elements may stand in each other.
const DEEPEST: usize = 32;

/// An element as it was read.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// Reads the fields of a record.
///
/// # Errors
/// [`Unreadable`] when the text is no XML, means more than it says, or is too deep.
pub fn fields(text: &str) -> Result<Fields, Unreadable> {
    let root = read(text)?;
    Ok(record(&root)
        .children
        .iter()
        .map(|field| (field.name.clone(), Some(field.value().to_owned())))
        .collect())
}

/// Appends text as it stands between tags. XML 1.0 §2.2, §2.4: control characters cannot be written at all.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() && u32::from(c) < 0x80 => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}

/// The first record: what stands below the root, unless that only wraps it. A reference that is sent back as it was
/// read has members of its own, and is none.
fn record(root: &Element) -> &Element {
    match root.children.first() {
        Some(first) if !first.children.is_empty() && !first.is_reference() => first,
        _ => root,
    }
}

impl Element {
    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn is_reference(&self) -> bool {
        self.child("value").is_some() || self.child("link").is_some()
    }

    fn value(&self) -> &str {
        let key = |link: &'_ Self| link.text.rfind(['/', '=']).map(|at| at + 1);
        match (self.child("value"), self.child("link")) {
            (Some(value), _) => &value.text,
            // As `sysparm_display_value=true` shows a reference: its key ends the link.
            (None, Some(link)) => link.text.get(key(link).unwrap_or(0)..).unwrap_or_default(),
            (None, None) => &self.text,
        }
    }
}

fn read(text: &str) -> Result<Element, Unreadable> {
    let mut reader = Reader::from_str(text);
    // The first stands for the document; the last is the element that is being read.
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|_| Unreadable)? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(Unreadable);
                }
                open.push(named(start.local_name().as_ref()));
            }
            Event::Empty(start) => {
                let empty = named(start.local_name().as_ref());
                open.last_mut().ok_or(Unreadable)?.children.push(empty);
            }
            Event::End(_) => {
                let ended = open.pop().ok_or(Unreadable)?;
                open.last_mut().ok_or(Unreadable)?.children.push(ended);
            }
            Event::Text(piece) => {
                append(&mut open, &piece.xml10_content())?;
            }
            Event::CData(piece) => {
                append(&mut open, &piece.xml10_content())?;
            }
            Event::GeneralRef(reference) => {
                let number = reference.resolve_char_ref().map_err(|_| Unreadable)?;
                let character = number
                    .or_else(|| predefined(&reference))
                    .ok_or(Unreadable)?;
                append(&mut open, character.encode_utf8(&mut [0; 4]))?;
            }
            // A document type could name entities and other documents: nothing of a record needs one.
            Event::DocType(_) => return Err(Unreadable),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(document), true) if document.children.len() == 1 => {
            document.children.into_iter().next().ok_or(Unreadable)
        }
        _ => Err(Unreadable),
    }
}

fn named(name: &str) -> Element {
    Element {
        name: name.to_owned(),
        ..Element::default()
    }
}

/// Text outside of the root is only the layout of the document.
fn append(open: &mut [Element], piece: &str) -> Result<(), Unreadable> {
    match open {
        [_] if piece.trim().is_empty() => Ok(()),
        [_, .., last] => {
            last.text.push_str(piece);
            Ok(())
        }
        _ => Err(Unreadable),
    }
}

/// XML 1.0 §4.6.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        let fields = fields(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let pair = |(name, value): (String, Option<String>)| (name, value.unwrap_or_default());
        fields.into_iter().map(pair).collect()
    }

    #[test]
    fn rest_1_3_xml_bodies_are_read() {
        let expected = [
            ("a".to_owned(), "1 & <2> Ü\u{41}".to_owned()),
            ("b".to_owned(), String::new()),
        ];
        let record = "<a>1 &amp; &lt;2&gt; Ü&#65;</a><b/>";
        for text in [
            format!("<request><entry>{record}</entry></request>"),
            format!("<?xml version=\"1.0\"?>\n<request>\n <entry>{record}</entry>\n</request>\n"),
            format!("<request><entry>{record}</entry><entry><a>other</a></entry></request>"),
            format!("<request>{record}</request>"),
            format!("<incident>{record}</incident>"),
            format!("<response><result>{record}</result></response>"),
            "<x><a><![CDATA[1 & <2> Ü]]>A</a><b></b></x>".to_owned(),
        ] {
            assert_eq!(of(&text), expected, "{text}");
        }
        let reference = "<r><caller_id><link>l</link><value>id</value></caller_id><b>x</b></r>";
        assert_eq!(of(reference)[0], ("caller_id".to_owned(), "id".to_owned()));
        assert_eq!(of("<request/>"), []);
    }

    #[test]
    fn a_reference_is_taken_as_display_values_show_it() {
        let body = "<request><entry><caller_id><display_value>Abel</display_value>\
                    <link>https://a/api/now/table/sys_user/17</link></caller_id></entry></request>";
        assert_eq!(of(body), [("caller_id".to_owned(), "17".to_owned())]);
    }

    #[test]
    fn what_is_no_xml_or_means_more_than_it_says_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        for text in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&unknown;</a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "{\"a\":1}",
            &deep,
        ] {
            assert!(fields(text).is_err(), "{text:.40}");
        }
    }
}
