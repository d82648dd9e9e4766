//! The forms of a page, as a browser without JavaScript sees them.

/// A form.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) is_post: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) buttons: Vec<Button>,
}

/// An input, with what stands in it.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) value: String,
}

/// A way to send the form.
#[derive(Debug)]
pub(crate) struct Button {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What a person reads on it.
    pub(crate) label: String,
}

/// Reads the forms of a page.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut inside = false;
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let Some((tag, after)) = Tag::read(&rest[at + 1..]) else {
            rest = &rest[at + 1..];
            continue;
        };
        match (tag.name.as_str(), forms.last_mut()) {
            ("form", _) => {
                forms.push(tag.form());
                inside = true;
            }
            ("/form", _) => inside = false,
            ("input", Some(form)) if inside => form.input(&tag),
            ("button", Some(form)) if inside => form.button(&tag, text_before_end(after)),
            _ => {}
        }
        rest = after;
    }
    forms
}

impl Form {
    /// The field whose type is this.
    pub(crate) fn field(&self, kind: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// The button that says one of these words.
    pub(crate) fn button_saying(&self, words: &[&str]) -> Option<&Button> {
        let says = |button: &&Button| {
            let label = button.label.to_lowercase();
            words.iter().any(|word| label.contains(word))
        };
        self.buttons.iter().find(says)
    }

    /// What is sent when nothing is typed and this button is pressed.
    pub(crate) fn sent_by(&self, button: Option<&Button>) -> Vec<(String, String)> {
        let fields = self.fields.iter().filter(|field| !field.name.is_empty());
        let fields = fields.filter(|field| !matches!(field.kind.as_str(), "checkbox" | "radio"));
        let pressed = button.filter(|button| !button.name.is_empty());
        fields
            .map(|field| (field.name.clone(), field.value.clone()))
            .chain(pressed.map(|button| (button.name.clone(), button.value.clone())))
            .collect()
    }

    fn input(&mut self, tag: &Tag) {
        let (name, value) = (tag.attribute("name"), tag.attribute("value"));
        match tag.attribute("type").to_lowercase().as_str() {
            "submit" => self.buttons.push(Button {
                label: value.clone(),
                name,
                value,
            }),
            kind => self.fields.push(Field {
                name,
                value,
                kind: if kind.is_empty() { "text" } else { kind }.to_owned(),
            }),
        }
    }

    fn button(&mut self, tag: &Tag, label: String) {
        if tag.attribute("type") != "button" {
            self.buttons.push(Button {
                name: tag.attribute("name"),
                value: tag.attribute("value"),
                label,
            });
        }
    }
}

/// An opening or closing tag.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// Reads a tag after its `<`, and what follows its `>`.
    fn read(text: &str) -> Option<(Self, &str)> {
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '/'))?;
        let mut tag = Self {
            name: text[..end].to_lowercase(),
            attributes: Vec::new(),
        };
        let mut rest = text[end..].trim_start();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                return (!tag.name.is_empty()).then_some((tag, after));
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
            let name = rest[..end].to_lowercase();
            let (value, after) = value_of(&rest[end..])?;
            tag.attributes.push((name, value));
            rest = after;
        }
    }

    fn attribute(&self, name: &str) -> String {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn form(&self) -> Form {
        Form {
            action: self.attribute("action"),
            is_post: self.attribute("method").eq_ignore_ascii_case("post"),
            ..Form::default()
        }
    }
}

/// The value after an attribute's name, if it has one, and what follows.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(text) = text.strip_prefix('=') else {
        return Some((String::new(), text));
    };
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (value, after) = text[1..].split_once(quote)?;
        return Some((unescape(value), after));
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>')?;
    Some((unescape(&text[..end]), &text[end..]))
}

/// The words between a button's tag and its end, less the tags among them.
fn text_before_end(after: &str) -> String {
    let inside = after.split("</button").next().unwrap_or_default();
    let mut text = String::new();
    for piece in inside.split('<') {
        text.push_str(piece.rsplit('>').next().unwrap_or_default());
    }
    unescape(text.trim())
}

/// Undoes character references.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let read = after
            .split_once(';')
            .and_then(|(name, after)| Some((character(name)?, after)));
        let (character, after) = read.unwrap_or(('&', after));
        out.push(character);
        rest = after;
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<p>3 < 4</p><form action="/login.do?a=1&amp;b=2" method="POST">
        <input name=user_name required><input type="password" name='user_password'/>
        <input type="hidden" name="sysparm_ck" value="a&#34;b">
        <button name="sysverb_login" value="1"><b>Log</b> in</button></form><input name="outside">"#;

    #[test]
    fn a_form_is_read_as_a_browser_does() {
        let forms = forms(PAGE);
        assert_eq!(forms.len(), 1);
        let form = &forms[0];
        assert_eq!(
            (form.action.as_str(), form.is_post),
            ("/login.do?a=1&b=2", true)
        );
        assert_eq!(
            form.field("password").map(|f| f.name.as_str()),
            Some("user_password")
        );
        let button = form.button_saying(&["log in"]);
        let sent: Vec<String> = form
            .sent_by(button)
            .into_iter()
            .map(|(n, v)| n + "=" + &v)
            .collect();
        assert_eq!(
            sent,
            [
                "user_name=",
                "user_password=",
                "sysparm_ck=a\"b",
                "sysverb_login=1"
            ]
        );
    }
}
