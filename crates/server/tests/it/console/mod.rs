//! The console: lists and forms for every table, and the Application Registry (`inbound-oauth.md` §3, §4.2).

mod access;
mod forms;
mod hostile;
mod lists;
mod registry;
mod requests;
mod tokens;

use snowglobe_testkit::Answer;

use crate::browser::{Browser, unescape};

/// The fields that a browser sends of a page's record form, as it was loaded.
fn filled(html: &str) -> Vec<(String, String)> {
    let (_, rest) = html
        .split_once("<form class=\"record\"")
        .expect("a record form");
    let (form, _) = rest.split_once("</form>").expect("its end");
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let attribute = |name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            Some(unescape(rest.split_once('"')?.0))
        };
        let on = !tag.contains("type=\"checkbox\"") || tag.contains(" checked");
        if tag.starts_with("input ") && on {
            fields.extend(attribute("name").zip(attribute("value")));
        } else if tag.starts_with("textarea ") || tag.starts_with("select ") {
            let text = tag.split_once(">\n").map_or("", |(_, text)| text);
            fields.extend(attribute("name").map(|name| (name, unescape(text))));
        } else if tag.starts_with("option ") && tag.contains(" selected") {
            let chosen = attribute("value").unwrap_or_default();
            fields.last_mut().expect("a select before it").1 = chosen;
        }
    }
    fields
}

/// Sends a record's form with a button pressed and some fields typed over.
fn press(
    browser: &Browser<'_>,
    page: &Answer,
    table: &str,
    typed: &[(&str, &str)],
    button: &str,
) -> Answer {
    let loaded = filled(&page.body);
    let loaded = loaded.iter().map(|(name, value)| (&**name, &**value));
    let kept = loaded.filter(|(name, _)| typed.iter().all(|(other, _)| other != name));
    let (button, value) = button.split_once('=').unwrap_or((button, "1"));
    let pressed = [(button, value)];
    let fields: Vec<_> = kept.chain(typed.iter().copied()).chain(pressed).collect();
    browser.post(&format!("/{table}.do"), &fields)
}

/// The text of the element with this id.
fn element(html: &str, id: &str) -> String {
    let (_, rest) = html.split_once(&format!("id=\"{id}\"")).expect(id);
    let (_, rest) = rest.split_once('>').expect("a tag");
    unescape(rest.split_once('<').expect("its end").0)
}

/// Where an answer sends the browser.
fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}
