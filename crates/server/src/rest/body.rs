//! Records as JSON, written straight from the database's rows (`rest-and-records.md` §2.3, §4.1).

use std::fmt::Write as _;

use snowglobe_records::{
    Column, ValueRef,
    dictionary::{Kind, reference_key},
    display::{self, Format},
    plan::Output,
    query::Path,
};
use snowglobe_store::sql::{Row, Rows};

use super::{links::LinkBase, params::DisplayMode};
use crate::records::{History, Reader};

/// How the records of one answer are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presenter<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) outputs: &'a [Output],
    pub(crate) mode: DisplayMode,
    pub(crate) exclude_reference_link: bool,
    pub(crate) links: LinkBase<'a>,
    pub(crate) history: &'a History,
    /// A client's secret, or an API key's token, that was made a moment ago: shown in this one answer, in place of nothing.
    pub(crate) told_once: Option<&'a str>,
}

impl Presenter<'_> {
    /// Returns `{"result":[…]}`.
    pub(crate) fn list(&self, rows: &Rows) -> String {
        let mut out = String::with_capacity(64 + rows.len() * self.outputs.len() * 32);
        out.push_str("{\"result\":[");
        self.push_rows(rows, &mut out);
        out.push_str("]}");
        out
    }

    /// Appends `{…},{…}`.
    pub(super) fn push_rows(&self, rows: &Rows, out: &mut String) {
        for (at, row) in rows.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.push_record(row, out);
        }
    }

    /// Returns `{"result":{…}}`.
    pub(super) fn result(&self, row: Row<'_>) -> String {
        let mut out = String::with_capacity(64 + self.outputs.len() * 48);
        out.push_str("{\"result\":");
        self.push_record(row, &mut out);
        out.push('}');
        out
    }

    /// Returns `{…}`.
    pub(crate) fn record(&self, row: Row<'_>) -> String {
        let mut out = String::with_capacity(64 + self.outputs.len() * 32);
        self.push_record(row, &mut out);
        out
    }

    fn push_record(&self, row: Row<'_>, out: &mut String) {
        out.push('{');
        self.push_members(row, out);
        out.push('}');
    }

    /// Appends the members of a record's object, without its braces.
    pub(super) fn push_members(&self, row: Row<'_>, out: &mut String) {
        for (at, output) in self.outputs.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            push_string(&output.key, out);
            out.push(':');
            match output.path.column.kind {
                Kind::Journal(_) => self.push_journal(at, row.get(at), out),
                Kind::Secret(_) if self.tells(output) => self.push_told(out),
                _ => self.push_cell(&output.path.column, row.get(at), out),
            }
        }
    }

    fn push_cell(&self, column: &Column, value: ValueRef<'_>, out: &mut String) {
        match (column.kind, value) {
            (Kind::Reference, ValueRef::Text(key)) => self.push_reference(column, key, out),
            _ if matches!(self.mode, DisplayMode::Value | DisplayMode::Named) => {
                push_value(column, value, out);
            }
            _ if self.mode == DisplayMode::Display => self.push_display(column, value, out),
            _ => {
                out.push_str("{\"display_value\":");
                self.push_display(column, value, out);
                out.push_str(",\"value\":");
                if self.mode == DisplayMode::Typed {
                    push_typed(column, value, out);
                    self.push_internal(column, value, out);
                } else {
                    push_value(column, value, out);
                }
                out.push('}');
            }
        }
    }

    /// Dates come once more: in the caller's zone, and in the system's format.
    fn push_internal(&self, column: &Column, value: ValueRef<'_>, out: &mut String) {
        if matches!(column.kind, Kind::Date | Kind::DateTime) {
            let format = Format {
                time_zone: self.reader.format.time_zone.clone(),
                ..Format::default()
            };
            let mut text = String::new();
            display::display(column, value, &format, &mut text);
            out.push_str(",\"display_value_internal\":");
            push_string(&text, out);
        }
    }

    fn tells(&self, output: &Output) -> bool {
        let Path { table, column } = &output.path;
        let made = matches!(
            (&*column.declared_in, &*column.element),
            ("oauth_entity", "client_secret") | ("api_key", "token")
        );
        self.told_once.is_some() && *table == 0 && made
    }

    fn push_told(&self, out: &mut String) {
        let secret = self.told_once.unwrap_or_default();
        if self.mode.shows_both() {
            out.push_str("{\"display_value\":");
            push_string(secret, out);
            out.push_str(",\"value\":");
            push_string(secret, out);
            out.push('}');
        } else {
            push_string(secret, out);
        }
    }

    /// A journal has no value of its own; the cell is the key of the record whose entries it shows.
    fn push_journal(&self, at: usize, cell: ValueRef<'_>, out: &mut String) {
        let mut text = String::new();
        let shows = self.mode == DisplayMode::Display || self.mode.shows_both();
        if let (true, ValueRef::Text(sys_id)) = (shows, cell) {
            self.history.push(at, sys_id, self.reader.format, &mut text);
        }
        if self.mode.shows_both() {
            out.push_str("{\"display_value\":");
            push_string(&text, out);
            out.push_str(",\"value\":\"\"}");
        } else {
            push_string(&text, out);
        }
    }

    fn push_reference(&self, column: &Column, key: &str, out: &mut String) {
        let display = |out: &mut String| push_string(self.reader.name_of(column, key), out);
        let target = column
            .reference
            .as_deref()
            .filter(|_| !self.exclude_reference_link);
        match (self.mode, target) {
            (DisplayMode::Value, None) => push_string(key, out),
            (DisplayMode::Display, None) => display(out),
            (mode, target) => {
                let mut joint = '{';
                let mut member = |name: &str, out: &mut String| {
                    out.push(joint);
                    joint = ',';
                    push_string(name, out);
                    out.push(':');
                };
                if mode != DisplayMode::Value {
                    member("display_value", out);
                    display(out);
                }
                if let Some(target) = target {
                    member("link", out);
                    self.push_link(column, target, key, out);
                }
                if mode != DisplayMode::Display {
                    member("value", out);
                    push_string(key, out);
                }
                out.push('}');
            }
        }
    }

    fn push_link(&self, column: &Column, target: &str, key: &str, out: &mut String) {
        let mut url = String::with_capacity(128);
        self.links.push_table(target, &mut url);
        url.push_str(if reference_key(column) == "name" {
            "?name="
        } else {
            "/"
        });
        url.push_str(key);
        push_string(&url, out);
    }

    fn push_display(&self, column: &Column, value: ValueRef<'_>, out: &mut String) {
        push_string(&self.reader.text(column, value), out);
    }
}

/// A number or a boolean as JSON has them; `3.0`, as documented, for a whole number.
fn push_typed(column: &Column, value: ValueRef<'_>, out: &mut String) {
    match (column.kind, value) {
        (Kind::Integer, ValueRef::Int(number)) => {
            let _ = write!(out, "{number}.0"); // writing to a String cannot fail
        }
        (Kind::Boolean, ValueRef::Int(flag)) => {
            out.push_str(if flag == 0 { "false" } else { "true" });
        }
        _ => push_value(column, value, out),
    }
}

fn push_value(column: &Column, value: ValueRef<'_>, out: &mut String) {
    // Text is stored as it is sent: no copy in between.
    let stored_as_sent = matches!(
        column.kind,
        Kind::Text | Kind::DateTime | Kind::Date | Kind::List
    );
    if let (true, ValueRef::Text(text)) = (stored_as_sent, value) {
        return push_string(text, out);
    }
    if let (Kind::Integer, ValueRef::Int(number)) = (column.kind, value) {
        let _ = write!(out, "\"{number}\""); // writing to a String cannot fail
        return;
    }
    let mut text = String::new();
    column.kind.write(value, &mut text);
    push_string(&text, out);
}

/// Appends a JSON string.
pub(crate) fn push_string(text: &str, out: &mut String) {
    let plain = |b: u8| b >= 0x20 && b != b'"' && b != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // A string always serialises.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_json() {
        for text in [
            "",
            "plain",
            "ü",
            "a\"b",
            "a\\b",
            "line\nbreak",
            "\u{0}\u{1f}",
            "</script>",
        ] {
            let mut out = String::new();
            push_string(text, &mut out);
            assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), text);
        }
    }
}
