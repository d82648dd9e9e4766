//! The built-in tables as the records that describe them: what a new instance's dictionary tables hold.
//!
//! A record names only what differs from its column's default, so that they stay few bytes each.

use std::{borrow::Cow, collections::HashSet};

use super::{
    Seed, derived_id, field_class,
    id::known_id,
    labels,
    spec::{Column, Table, table::MAXIMUM_DIGITS},
    system, tables,
};

/// Returns the rows of `sys_db_object`, `sys_dictionary`, `sys_dictionary_override`, `sys_choice`, `sys_number`
/// and `sys_glide_object` for all built-in tables, and the global scope they belong to.
#[must_use]
pub fn records() -> Vec<Seed> {
    let mut seeds = Vec::with_capacity(3000);
    seeds.push(global_scope());
    seeds.extend(field_class::records());
    for table in tables::all() {
        seeds.push(table_record(table));
        seeds.push(collection(table));
        seeds.push(labels::of_table(table.name, table.label));
        seeds.extend(choice_sets(table));
        seeds.extend(
            table
                .columns
                .iter()
                .map(|column| column_record(table.name, column)),
        );
        seeds.extend(restated(table));
        seeds.extend(overrides(table));
        seeds.extend(choices(table));
        seeds.extend(number(table));
    }
    seeds.extend(system_columns());
    seeds
}

fn global_scope() -> Seed {
    Seed::new("sys_scope", known_id("global"))
        .with("name", "Global")
        .with("source", "global")
        .with("scope", "global")
}

fn table_record(table: &Table) -> Seed {
    let id = |name| derived_id("sys_db_object", name);
    let mut seed = Seed::new("sys_db_object", id(table.name))
        .with("name", table.name)
        .with("label", table.label)
        .with_flag("is_extendable", table.is_extendable)
        .with_flag("audit", table.audit);
    if let Some(parent) = table.super_class {
        seed = seed.with_reference("super_class", id(parent));
    }
    if table.number.is_some() {
        seed = seed.with_reference("number_ref", derived_id("sys_number", table.name));
    }
    seed
}

/// The row that stands for the table itself among its columns (`rest-and-records.md` §11.2).
fn collection(table: &Table) -> Seed {
    Seed::new("sys_dictionary", derived_id("sys_dictionary", table.name))
        .with("name", table.name)
        .with("column_label", table.label)
        .with("internal_type", "collection")
}

/// One row heads the choices of each column (`rest-and-records.md` §11.2).
fn choice_sets(table: &'static Table) -> impl Iterator<Item = Seed> {
    let mut elements: Vec<&str> = table
        .choice_lists()
        .filter(|list| !list.choices.is_empty())
        .map(|list| list.element)
        .collect();
    elements.sort_unstable();
    elements.dedup();
    elements.into_iter().map(|element| {
        let key = format!("{}.{element}", table.name);
        Seed::new("sys_choice_set", derived_id("sys_choice_set", &key))
            .with("name", table.name)
            .with("element", element)
    })
}

fn column_record(table: &'static str, column: &Column) -> Seed {
    let dependent = if column.element == "subcategory" {
        "category"
    } else {
        ""
    };
    let seed = dictionary_record(table, column.element)
        .with("column_label", column.label)
        .with("internal_type", column.internal_type)
        .with("max_length", column.max_length.to_string())
        .with("reference", column.reference.unwrap_or_default())
        .with("default_value", column.default_value)
        .with("dependent", dependent)
        .with_flag("mandatory", column.mandatory)
        .with_flag("read_only", column.read_only)
        .with_flag("unique", column.unique)
        .with_flag("display", column.display)
        .with_flag("indexed", column.indexed);
    match column.choice {
        0 => seed,
        mode => seed.with("choice", mode.to_string()),
    }
}

fn dictionary_record(table: &'static str, element: impl Into<Cow<'static, str>>) -> Seed {
    let element = element.into();
    let id = derived_id("sys_dictionary", &format!("{table}.{element}"));
    Seed::new("sys_dictionary", id)
        .with("name", table)
        .with("element", element)
}

/// The columns that every root has, for readers only: `super::load` leaves them out again.
fn system_columns() -> Vec<Seed> {
    let columns = system::columns();
    let parents: HashSet<_> = tables::all()
        .filter_map(|table| table.super_class)
        .collect();
    let roots = tables::all().filter(|table| table.super_class.is_none());
    let of_root = |root: &'static Table| {
        let classes = root.is_extendable || parents.contains(root.name);
        let columns = columns
            .iter()
            .filter(move |c| classes || c.element != *system::CLASS);
        columns.map(|column| system_column(root.name, column))
    };
    roots.flat_map(of_root).collect()
}

fn system_column(table: &'static str, column: &crate::Column) -> Seed {
    dictionary_record(table, column.element.to_string())
        .with("column_label", column.label.to_string())
        .with("internal_type", column.internal_type.to_string())
        .with("max_length", column.max_length.to_string())
        .with_flag("read_only", column.read_only)
        .with_flag("unique", column.unique)
        .with_flag("indexed", column.indexed)
}

/// Rows of a child that say again what it inherits. A row exists where its column is declared, and whoever knows
/// that walks `super_class` (`rest-and-records.md` §11.2); but public clients look up `name=incident` alone and
/// expect `short_description` there. These rows are for them: they declare nothing (see [`super::INHERITED`]).
fn restated(table: &'static Table) -> Vec<Seed> {
    if !table.restates {
        return Vec::new();
    }
    let above: Vec<_> = hierarchy(table).skip(1).collect();
    let own = |column: &&Column| {
        table
            .columns
            .iter()
            .any(|own| own.element == column.element)
    };
    let columns = above.iter().flat_map(|declaring| {
        let inherited = declaring.columns.iter().filter(|column| !own(column));
        inherited.map(|column| (declaring.name, column_record(table.name, column)))
    });
    let root = above.last().map_or(table.name, |root| root.name);
    let system = system::columns();
    let system = system
        .iter()
        .map(|column| (root, system_column(table.name, column)));
    let from =
        |(declaring, seed): (&str, Seed)| seed.with("attributes", super::inherited_from(declaring));
    columns.chain(system).map(from).collect()
}

fn overrides(table: &'static Table) -> impl Iterator<Item = Seed> {
    table.defaults.iter().map(|(element, default_value)| {
        let id = derived_id(
            "sys_dictionary_override",
            &format!("{}.{element}", table.name),
        );
        Seed::new("sys_dictionary_override", id)
            .with("name", table.name)
            .with("element", *element)
            .with("base_table", declared_in(table, element))
            .with("default_value_override", "true")
            .with("default_value", *default_value)
    })
}

/// The table of the hierarchy that declares an element; `""` when none does.
fn declared_in(table: &Table, element: &str) -> &'static str {
    hierarchy(table)
        .find(|table| table.columns.iter().any(|column| column.element == element))
        .map_or("", |table| table.name)
}

/// A table and those above it, nearest first.
pub(super) fn hierarchy(table: &Table) -> impl Iterator<Item = &'static Table> {
    let parent = |table: &&Table| tables::all().find(|other| Some(other.name) == table.super_class);
    std::iter::successors(tables::all().find(|other| other.name == table.name), parent)
}

fn choices(table: &'static Table) -> impl Iterator<Item = Seed> {
    table
        .sequenced_choices()
        .into_iter()
        .map(|(sequence, list, (value, label))| {
            let key = format!(
                "{}.{}.{}.{value}",
                table.name, list.element, list.dependent_value
            );
            Seed::new("sys_choice", derived_id("sys_choice", &key))
                .with("name", table.name)
                .with("element", list.element)
                .with("value", value)
                .with("label", label)
                .with("sequence", sequence.to_string())
                .with("dependent_value", list.dependent_value)
        })
}

fn number(table: &'static Table) -> Option<Seed> {
    table.number.map(|number| {
        Seed::new("sys_number", derived_id("sys_number", table.name))
            .with("category", table.name)
            .with("prefix", number.prefix)
            .with("number", number.base.to_string())
            .with("maximum_digits", MAXIMUM_DIGITS.to_string())
    })
}
