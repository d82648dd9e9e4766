//! Cells as a person reads them (`rest-and-records.md` §4): the columns' own display values, and the two look-ups
//! that need other rows: names of referenced records, labels of classes.

use snowglobe_records::{
    Column, Dictionary, ValueRef,
    dictionary::Kind,
    display::{self, Format},
};
use snowglobe_store::records::Displays;

/// Reads cells for one person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) displays: &'a Displays,
    pub(crate) format: &'a Format,
}

impl<'a> Reader<'a> {
    /// Appends the display value of a cell. A journal has none of its own.
    pub(crate) fn push(&self, column: &Column, value: ValueRef<'_>, out: &mut String) {
        match (column.kind, value) {
            (Kind::Reference, ValueRef::Text(key)) => out.push_str(self.name_of(column, key)),
            (Kind::List, ValueRef::Text(keys)) => self.push_list(column, keys, out),
            (_, ValueRef::Text(class)) if &*column.internal_type == "sys_class_name" => {
                out.push_str(display::class_label(self.dictionary, class).unwrap_or(class));
            }
            _ => display::display(column, value, self.format, out),
        }
    }

    /// Returns the display value of a cell.
    pub(crate) fn text(&self, column: &Column, value: ValueRef<'_>) -> String {
        let mut text = String::new();
        self.push(column, value, &mut text);
        text
    }

    /// Returns what a referenced record is called. A dangling reference shows nothing; `sys_domain`, which points
    /// to no row, shows its value (§4.1).
    pub(crate) fn name_of<'k>(&self, column: &Column, key: &'k str) -> &'k str
    where
        'a: 'k,
    {
        let found = column
            .reference
            .as_deref()
            .and_then(|target| self.displays.of(target, key));
        found.unwrap_or(if &*column.internal_type == "domain_id" {
            key
        } else {
            ""
        })
    }

    fn push_list(&self, column: &Column, keys: &str, out: &mut String) {
        for (at, key) in keys.split(',').map(str::trim).enumerate() {
            out.push_str(if at == 0 { "" } else { ", " });
            let target = column.reference.as_deref().unwrap_or_default();
            // What is no key, such as an e-mail address on a watch list, shows as itself.
            out.push_str(self.displays.of(target, key).unwrap_or(key));
        }
    }
}
