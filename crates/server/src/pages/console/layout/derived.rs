//! Pages of tables that nobody has written a layout for, and what written ones leave out.

use std::sync::Arc;

use snowglobe_records::{
    Column, Table,
    dictionary::{Journal, Kind},
};

use super::{Part, Related};

/// Columns of a derived list.
const LIST: usize = 6;

/// Lists below a derived form: a table that everything refers to would have a hundred.
const RELATED: usize = 6;

/// What only the instance itself makes something of.
const HIDDEN: [&str; 4] = ["sys_id", "sys_domain", "sys_domain_path", "sys_tags"];

/// A list below a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::console) struct Below {
    pub(in crate::pages::console) table: String,
    pub(in crate::pages::console) column: String,
    pub(in crate::pages::console) title: String,
}

impl Below {
    pub(super) fn of(related: &Related) -> Self {
        Self {
            table: related.table.to_owned(),
            column: related.column.to_owned(),
            title: related.title.to_owned(),
        }
    }
}

/// The columns that say most, those that name a record first; when it was last changed, last.
pub(super) fn list(table: &Table) -> Vec<Arc<Column>> {
    let mut columns: Vec<&Arc<Column>> = table
        .columns()
        .iter()
        .filter(|column| fits_a_list(column))
        .collect();
    columns.sort_by_key(|column| (rank(table, column), column.element.clone()));
    let changed = table.column("sys_updated_on");
    let mut columns: Vec<_> = columns.into_iter().take(LIST).chain(changed).collect();
    if columns.is_empty() {
        columns.extend(table.columns().first());
    }
    columns.into_iter().map(Arc::clone).collect()
}

/// Adds the columns that no part has: the table's own, then those of the instance, both folded away where other
/// parts were written.
pub(super) fn complete(table: &Table, parts: &mut Vec<Part>) {
    let written = !parts.is_empty();
    let missing = |column: &&Arc<Column>| {
        let element = column.element.as_str();
        !HIDDEN.contains(&element)
            && !parts
                .iter()
                .any(|part| part.columns.iter().any(|known| known.element == *element))
    };
    let mut rest: Vec<&Arc<Column>> = table.columns().iter().filter(missing).collect();
    rest.sort_by_key(|column| (rank(table, column), column.label.clone()));
    let (system, own): (Vec<_>, Vec<_>) = rest
        .into_iter()
        .partition(|column| column.element.starts_with("sys_"));
    let part = |title, columns: Vec<&Arc<Column>>, folded| Part {
        title,
        columns: columns.into_iter().map(Arc::clone).collect(),
        folded,
    };
    let title = if written { "Other fields" } else { "" };
    parts.push(part(title, own, written));
    parts.push(part("About this record", system, true));
}

/// The tables that declare a reference to this one.
pub(super) fn related<'d>(
    table: &Table,
    tables: impl Iterator<Item = &'d Arc<Table>>,
) -> Vec<Below> {
    let mut below: Vec<Below> = tables
        .flat_map(|other| {
            let refers = |column: &&Arc<Column>| {
                refers_to(column, table) && column.declared_in == *other.name()
            };
            other.columns().iter().filter(refers).map(|column| Below {
                table: other.name().to_string(),
                column: column.element.to_string(),
                title: format!("{} \u{2013} {}", other.label(), column.label),
            })
        })
        .collect();
    below.sort_by(|one, other| (&one.title, &one.column).cmp(&(&other.title, &other.column)));
    below.truncate(RELATED);
    below
}

fn refers_to(column: &Column, table: &Table) -> bool {
    let target = column.reference.as_deref().unwrap_or_default();
    let in_family = table.name() == target || table.ancestors().iter().any(|name| name == target);
    column.kind == Kind::Reference && !column.element.starts_with("sys_") && in_family
}

fn fits_a_list(column: &Column) -> bool {
    const LONGEST: u32 = 255;
    match column.kind {
        Kind::Secret(_) | Kind::Journal(_) | Kind::List => false,
        Kind::Text => (1..=LONGEST).contains(&column.max_length) && is_own(column),
        _ => is_own(column),
    }
}

fn is_own(column: &Column) -> bool {
    !column.element.starts_with("sys_")
}

/// How much a column says about its record; less is more.
fn rank(table: &Table, column: &Column) -> u8 {
    let is_display = table
        .display()
        .is_some_and(|display| display.element == column.element);
    match column.kind {
        _ if is_display => 0,
        _ if column.mandatory => 1,
        Kind::Journal(Journal::Input) => 8,
        Kind::Journal(Journal::View) | Kind::Secret(_) => 9,
        _ if matches!(column.element.as_str(), "short_description" | "description") => 2,
        _ if column.element == "active" => 4,
        Kind::Reference => 3,
        _ if !column.choices.is_empty() => 4,
        Kind::Text => 5,
        _ => 6,
    }
}
