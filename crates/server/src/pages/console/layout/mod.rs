//! What lists and forms show of a table: written down for the tables that people work with, derived from the
//! dictionary for every other.

mod api_access;
mod derived;
mod help;
mod oauth;
mod outbound;
mod people;
mod system;
mod work;

use std::sync::Arc;

use snowglobe_records::{Column, Table};

pub(super) use help::help;

/// The looks of a table's pages. What a part leaves empty comes from the table above, or from the dictionary.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) table: &'static str,
    /// The columns of a list.
    pub(super) list: &'static [&'static str],
    /// The sections of a form; fields that are in none follow behind them.
    pub(super) form: &'static [Section],
    /// The lists below a form.
    pub(super) related: &'static [Related],
}

/// A part of a form.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) fields: &'static [&'static str],
}

/// A list below a form: the rows of a table whose column names the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Related {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    pub(super) title: &'static str,
}

const FAMILIES: [&[Layout]; 6] = [
    oauth::LAYOUTS,
    api_access::LAYOUTS,
    outbound::LAYOUTS,
    people::LAYOUTS,
    work::LAYOUTS,
    system::LAYOUTS,
];

/// A part of a form, with the columns that the table really has.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) title: &'static str,
    pub(super) columns: Vec<Arc<Column>>,
    /// Shown folded: what is seldom needed.
    pub(super) folded: bool,
}

/// Returns the columns of a table's lists, those that a URL asks for if it does.
pub(crate) fn list_columns(table: &Table, asked: Option<&str>) -> Vec<Arc<Column>> {
    let named = |names: &mut dyn Iterator<Item = &str>| -> Vec<Arc<Column>> {
        let mut columns: Vec<Arc<Column>> = Vec::new();
        for column in names.filter_map(|name| table.column(name)) {
            if !columns.iter().any(|known| known.element == column.element) {
                columns.push(Arc::clone(column));
            }
        }
        columns
    };
    let wanted = asked.map(|fields| named(&mut fields.split(',').map(str::trim)));
    if let Some(columns) = wanted.filter(|columns| !columns.is_empty()) {
        return columns;
    }
    let mut layouts = layouts(table).map(|layout| layout.list);
    match layouts.find(|list| !list.is_empty()) {
        Some(list) => named(&mut list.iter().copied()),
        None => derived::list(table),
    }
}

/// Returns the parts of a form: every column that a person can make something of, once. `kind` is the record's `type`.
pub(super) fn form_parts(table: &Table, kind: &str) -> Vec<Part> {
    let mut layouts = layouts_of(table, kind).map(|layout| layout.form);
    let sections = layouts.find(|form| !form.is_empty()).unwrap_or_default();
    let mut parts: Vec<Part> = sections
        .iter()
        .map(|section| Part {
            title: section.title,
            columns: section
                .fields
                .iter()
                .filter_map(|field| table.column(field))
                .map(Arc::clone)
                .collect(),
            folded: false,
        })
        .collect();
    derived::complete(table, &mut parts);
    parts.retain(|part| !part.columns.is_empty());
    parts
}

/// Returns the lists below a table's form.
pub(super) fn related<'d>(
    (table, kind): (&Table, &str),
    tables: impl Iterator<Item = &'d Arc<Table>>,
) -> Vec<derived::Below> {
    let mut layouts = layouts_of(table, kind).map(|layout| layout.related);
    match layouts.find(|related| !related.is_empty()) {
        Some(related) => related.iter().map(derived::Below::of).collect(),
        None => derived::related(table, tables),
    }
}

/// The layouts of a record: one table holds this instance's clients and the providers that it is a client of.
fn layouts_of(table: &Table, kind: &str) -> impl Iterator<Item = &'static Layout> {
    let is_provider = table.name() == "oauth_entity" && kind == "consumer";
    let own = is_provider.then_some(&outbound::PROVIDER);
    own.into_iter().chain(layouts(table))
}

/// The layouts of a table and of those above it, nearest first.
fn layouts(table: &Table) -> impl Iterator<Item = &'static Layout> {
    let family = std::iter::once(table.name()).chain(table.ancestors());
    family.filter_map(|name| {
        FAMILIES
            .iter()
            .copied()
            .flatten()
            .find(|layout| *name == *layout.table)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::console::fixture::dictionary;

    #[test]
    fn every_layout_names_what_exists() {
        let dictionary = dictionary();
        let all = FAMILIES.iter().copied().flatten();
        for layout in all.chain([&outbound::PROVIDER]) {
            let table = dictionary.table(layout.table);
            let table = table.unwrap_or_else(|| panic!("no table {}", layout.table));
            let fields = layout.form.iter().flat_map(|section| section.fields);
            for element in layout.list.iter().chain(fields) {
                let known = table.column(element).is_some();
                assert!(known, "{}.{element}", layout.table);
            }
            for Related { table, column, .. } in layout.related {
                let known = dictionary
                    .table(table)
                    .is_some_and(|table| table.column(column).is_some());
                assert!(known, "{}: {table}.{column}", layout.table);
            }
        }
    }

    #[test]
    fn a_form_shows_every_field_once() {
        let dictionary = dictionary();
        let kinds = dictionary
            .tables()
            .flat_map(|table| [(table, ""), (table, "consumer")]);
        for (table, kind) in kinds {
            let mut shown: Vec<_> = form_parts(table, kind)
                .iter()
                .flat_map(|part| part.columns.iter().map(|column| column.element.clone()))
                .collect();
            shown.sort();
            let all = shown.len();
            shown.dedup();
            assert_eq!(shown.len(), all, "{} shows a field twice", table.name());
            let hidden = ["sys_id", "sys_domain", "sys_domain_path", "sys_tags"];
            for column in table.columns() {
                let missing = !shown.contains(&column.element);
                let expected = hidden.contains(&column.element.as_str());
                assert_eq!(missing, expected, "{}.{}", table.name(), column.element);
            }
        }
    }

    #[test]
    fn a_list_begins_with_what_names_the_record() {
        let dictionary = dictionary();
        let list = |table: &str, asked| -> Vec<String> {
            let columns = list_columns(dictionary.table(table).unwrap(), asked);
            columns
                .iter()
                .map(|column| column.element.to_string())
                .collect()
        };
        for table in dictionary.tables() {
            let columns = list_columns(table, None);
            assert!(!columns.is_empty(), "{} shows nothing", table.name());
        }
        assert_eq!(list("cmn_cost_center", None)[0], "name");
        assert_eq!(list("oauth_entity", None)[..2], ["name", "client_id"]);
        assert_eq!(list("oauth_jwt", None), list("oauth_entity", None));
        assert_eq!(
            list("incident", Some("state, nope,number,state")),
            ["state", "number"]
        );
    }
}
