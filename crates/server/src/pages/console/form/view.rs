//! The form as a page: each field with the control that its type asks for.

use std::collections::HashMap;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_records::{
    Column,
    dictionary::{ChoiceMode, DefaultValue, Journal, Kind},
    write::RowCells,
};

use super::{
    Named, Submission,
    record::{Field, Record, is_chosen},
    related::List,
};
use crate::{
    pages::{
        Forms, Shell,
        console::{
            frame::{Navigator, Visit},
            layout::{self, Part},
        },
        fault::PageFault,
        page,
    },
    records::Written,
};

/// What a form page says besides the record.
#[derive(Debug, Default)]
pub(in crate::pages::console) struct FormPage {
    /// What happened, or what is wrong.
    pub(in crate::pages::console) message: Option<Message>,
    /// What was typed, to be shown in place of what is stored.
    pub(in crate::pages::console) typed: Option<Submission>,
    /// What is wrong, by element.
    pub(in crate::pages::console) errors: HashMap<String, String>,
}

/// A line above a form.
#[derive(Debug)]
pub(in crate::pages::console) struct Message {
    /// `good`, `bad` or `warn`, as the stylesheet has it.
    pub(in crate::pages::console) kind: &'static str,
    pub(in crate::pages::console) text: String,
}

/// A button of a form besides saving and deleting.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages::console) struct Button {
    /// `sysverb_…`
    pub(in crate::pages::console) verb: &'static str,
    pub(in crate::pages::console) label: &'static str,
    /// What it does, in a sentence.
    pub(in crate::pages::console) help: &'static str,
    pub(in crate::pages::console) danger: bool,
}

#[derive(Template)]
#[template(path = "console/form.html")]
struct Page<'a> {
    shell: Shell,
    nav: Navigator,
    ck: String,
    title: String,
    table: &'a str,
    label: &'a str,
    sys_id: String,
    mod_count: i64,
    is_new: bool,
    may_save: bool,
    may_delete: bool,
    message: Option<Message>,
    parts: Vec<PartView>,
    buttons: Vec<Button>,
    activity: &'a [Written],
    related: Vec<List>,
}

/// A part of the form.
struct PartView {
    title: &'static str,
    folded: bool,
    fields: Vec<FieldView>,
}

/// A field with its control.
struct FieldView {
    element: String,
    label: String,
    help: Option<&'static str>,
    mandatory: bool,
    wide: bool,
    error: Option<String>,
    /// What is stored now, where somebody else changed it.
    now: Option<String>,
    control: Control,
}

/// What a field is edited with.
enum Control {
    /// Nothing: it is only read.
    Text {
        text: String,
        href: Option<String>,
    },
    Line {
        value: String,
        /// What an on-screen keyboard should offer.
        mode: &'static str,
        choices: Vec<(String, String)>,
    },
    Area {
        value: String,
        rows: u8,
    },
    Check {
        on: bool,
    },
    /// Value, label, chosen.
    Select {
        choices: Vec<(String, String, bool)>,
    },
    Reference {
        key: String,
        original: String,
        text: String,
        href: Option<String>,
    },
    Secret {
        filled: bool,
    },
}

/// Shows a form.
pub(in crate::pages::console) async fn show(
    visit: &Visit,
    record: &Record,
    mut shown: FormPage,
    status: StatusCode,
) -> Result<Response, PageFault> {
    let parts = layout::form_parts(&record.table, record.kind());
    let template = Page {
        shell: visit.shell(),
        nav: visit.navigator(),
        ck: visit.ck(),
        title: record.title(),
        table: record.table.name(),
        label: record.table.label(),
        sys_id: record.sys_id(),
        mod_count: record.row.as_ref().map_or(0, RowCells::mod_count),
        is_new: record.row.is_none(),
        may_save: record.may_save && record.fields.iter().any(|field| field.writable),
        may_delete: record.may_delete,
        message: shown.message.take(),
        parts: parts
            .iter()
            .map(|part| part_view(part, record, &shown))
            .filter(|part| !part.fields.is_empty())
            .collect(),
        buttons: super::super::registry::buttons(record),
        activity: &record.activity,
        related: super::related::lists(visit, record).await?,
    };
    Ok(page(status, &template, Forms::StayHere))
}

fn part_view(part: &Part, record: &Record, shown: &FormPage) -> PartView {
    let field = |column: &std::sync::Arc<Column>| record.field(&column.element);
    let fields: Vec<FieldView> = part
        .columns
        .iter()
        .filter_map(field)
        .filter(|field| says_something(field, record))
        .map(|field| field_view(field, record, shown))
        .collect();
    let wrong = fields.iter().any(|field| field.error.is_some());
    PartView {
        title: part.title,
        folded: part.folded && !wrong,
        fields,
    }
}

/// On a new record, what nobody can fill is not shown, and a journal view is shown as a journal.
fn says_something(field: &Field, record: &Record) -> bool {
    let is_view = matches!(field.column.kind, Kind::Journal(Journal::View));
    !is_view && (field.writable || record.row.is_some())
}

fn field_view(field: &Field, record: &Record, shown: &FormPage) -> FieldView {
    let column = &field.column;
    let control = control(field, shown.typed.as_ref());
    let wide = matches!(control, Control::Area { .. })
        || is_long(column)
        || column.element == "short_description";
    let typed = shown.typed.as_ref();
    let changed = typed.is_some_and(|typed| differs(field, typed));
    FieldView {
        element: column.element.to_string(),
        label: column.label.to_string(),
        help: layout::help(&column.declared_in, &column.element),
        mandatory: column.mandatory && field.writable,
        wide,
        error: shown.errors.get(column.element.as_str()).cloned(),
        now: (changed && record.row.is_some()).then(|| in_words(field)),
        control,
    }
}

fn control(field: &Field, typed: Option<&Submission>) -> Control {
    let column = &*field.column;
    if !field.writable {
        return match column.kind {
            Kind::Secret(_) => Control::Text {
                text: if field.filled { "Set" } else { "Not set" }.to_owned(),
                href: None,
            },
            _ => Control::Text {
                text: field.shown.clone(),
                href: field.href.clone(),
            },
        };
    }
    let value = typed
        .and_then(|typed| typed.field(&column.element))
        .unwrap_or(&field.typed);
    match column.kind {
        Kind::Secret(_) => Control::Secret {
            filled: field.filled,
        },
        Kind::Journal(_) => Control::Area {
            value: typed.map_or_else(String::new, |_| value.to_owned()),
            rows: 3,
        },
        Kind::Boolean => Control::Check {
            on: matches!(value, "true" | "1"),
        },
        _ if is_chosen(column) => reference(field, typed),
        _ if column.choice == ChoiceMode::Listed && !column.choices.is_empty() => Control::Select {
            choices: choices(column, value),
        },
        // An address is one line, however long it may be.
        Kind::Text if is_long(column) && &*column.internal_type != "url" => Control::Area {
            value: value.to_owned(),
            rows: if column.max_length > 2000 { 5 } else { 3 },
        },
        kind => Control::Line {
            value: value.to_owned(),
            mode: match kind {
                Kind::Integer | Kind::Scaled(_) => "decimal",
                _ if &*column.internal_type == "url" => "url",
                _ if &*column.internal_type == "email" => "email",
                _ => "text",
            },
            choices: suggestions(column),
        },
    }
}

fn reference(field: &Field, typed: Option<&Submission>) -> Control {
    let named = typed.and_then(|typed| typed.reference(&field.column.element));
    let (key, original, text) = match named {
        None => (&*field.typed, &*field.shown, &*field.shown),
        Some(Named::Nothing) => ("", "", ""),
        Some(Named::Key { key, text }) => (key, text, text),
        Some(Named::Text(text)) => (&*field.typed, &*field.shown, text),
    };
    // A row without a name, or one that is gone, still has its key.
    let text = if text.is_empty() && !key.is_empty() {
        key
    } else {
        text
    };
    let original = if original.is_empty() { key } else { original };
    Control::Reference {
        key: key.to_owned(),
        original: original.to_owned(),
        text: text.to_owned(),
        href: field.href.clone().filter(|_| key == field.typed),
    }
}

/// The choices of a select: those that are offered, and the present one whatever it is.
fn choices(column: &Column, value: &str) -> Vec<(String, String, bool)> {
    let none = (String::new(), "-- None --".to_owned(), value.is_empty());
    let none = Some(none).filter(|_| column.default == DefaultValue::None || value.is_empty());
    let offered = column
        .choices
        .iter()
        .filter(|choice| !choice.inactive || *choice.value == *value)
        .map(|choice| {
            let chosen = *choice.value == *value;
            (choice.value.to_string(), choice.label.to_string(), chosen)
        });
    let mut all: Vec<_> = none.into_iter().chain(offered).collect();
    if !all.iter().any(|(_, _, chosen)| *chosen) {
        all.push((value.to_owned(), value.to_owned(), true));
    }
    all
}

fn suggestions(column: &Column) -> Vec<(String, String)> {
    let offered = column.choices.iter().filter(|choice| !choice.inactive);
    offered
        .map(|choice| (choice.value.to_string(), choice.label.to_string()))
        .collect()
}

fn is_long(column: &Column) -> bool {
    const LINE: u32 = 255;
    column.kind == Kind::Text && column.max_length > LINE
}

/// Tells whether what was typed is something else than what is stored.
fn differs(field: &Field, typed: &Submission) -> bool {
    if !field.writable || matches!(field.column.kind, Kind::Secret(_) | Kind::Journal(_)) {
        return false;
    }
    if is_chosen(&field.column) {
        return match typed.reference(&field.column.element) {
            None => false,
            Some(Named::Nothing) => !field.typed.is_empty(),
            Some(Named::Key { key, .. }) => key != field.typed,
            Some(Named::Text(text)) => text != field.shown,
        };
    }
    typed
        .field(&field.column.element)
        .is_some_and(|text| text != field.typed)
}

fn in_words(field: &Field) -> String {
    let shown = if field.shown.is_empty() {
        &field.typed
    } else {
        &field.shown
    };
    if shown.is_empty() {
        "empty".to_owned()
    } else {
        shown.clone()
    }
}
