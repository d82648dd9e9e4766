//! From dictionary records to tables: inheritance, system columns, overrides, choices, storage names.
//!
//! One unusable record must not take the instance down, so it is left out and reported as a [`Problem`].

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Dictionary,
    column::{Choice, ChoiceMode, Column, DefaultValue},
    definition::{ColumnRow, Definition, TableRow},
    kind::Kind,
    table::{NumberFormat, Table},
};
use crate::name::{Name, database_name};

/// A record of the dictionary that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A column, choice or override whose table does not exist.
    #[error("'{element}' belongs to table '{table}', which does not exist")]
    UnknownTable {
        /// The missing table.
        table: Name,
        /// The column that names it.
        element: Name,
    },
    /// A table that extends itself, directly or not, or a table that does not exist.
    #[error("table '{0}' has no usable chain of parents")]
    BrokenHierarchy(Name),
}

/// The columns every table has (`rest-and-records.md` §13.3): element, label, type, characters.
const SYSTEM_COLUMNS: [(&str, &str, &str, u32); 6] = [
    ("sys_id", "Sys ID", "GUID", 32),
    ("sys_created_on", "Created", "glide_date_time", 40),
    ("sys_created_by", "Created by", "string", 40),
    ("sys_updated_on", "Updated", "glide_date_time", 40),
    ("sys_updated_by", "Updated by", "string", 40),
    ("sys_mod_count", "Updates", "integer", 40),
];
const CLASS_COLUMN: (&str, &str, &str, u32) = ("sys_class_name", "Class", "sys_class_name", 80);

pub(super) fn build(definition: &Definition) -> (Dictionary, Vec<Problem>) {
    let mut problems = Vec::new();
    let rows: HashMap<&Name, &TableRow> = definition
        .tables
        .iter()
        .map(|row| (&row.name, row))
        .collect();
    let chains = chains(&rows, &mut problems);
    let declared = declared(definition, &chains, &rows, &mut problems);

    let mut tables = HashMap::with_capacity(chains.len());
    for (name, ancestors) in &chains {
        let descendants = descendants(name, &chains);
        let table = table(rows[*name], ancestors, descendants, &declared, definition);
        tables.insert((*name).clone(), Arc::new(table));
    }
    (Dictionary { tables }, problems)
}

/// The ancestors of each table, nearest first; tables without a sound chain are left out.
fn chains<'a>(
    rows: &HashMap<&'a Name, &'a TableRow>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'a Name, Vec<Name>> {
    let mut chains = BTreeMap::new();
    for (name, row) in rows {
        let mut ancestors: Vec<Name> = Vec::new();
        let mut next = row.super_class.as_ref();
        let sound = loop {
            match next {
                None => break true,
                Some(parent) if parent == *name || ancestors.contains(parent) => break false,
                Some(parent) => match rows.get(parent) {
                    None => break false,
                    Some(row) => {
                        ancestors.push(parent.clone());
                        next = row.super_class.as_ref();
                    }
                },
            }
        };
        if sound {
            chains.insert(*name, ancestors);
        } else {
            problems.push(Problem::BrokenHierarchy((*name).clone()));
        }
    }
    chains
}

fn descendants(name: &Name, chains: &BTreeMap<&Name, Vec<Name>>) -> Vec<Name> {
    let extends = |(child, ancestors): (&&Name, &Vec<Name>)| {
        ancestors.contains(name).then(|| (*child).clone())
    };
    chains.iter().filter_map(extends).collect()
}

/// The columns that each table declares itself, system columns of roots included.
fn declared<'a>(
    definition: &'a Definition,
    chains: &BTreeMap<&'a Name, Vec<Name>>,
    rows: &HashMap<&Name, &TableRow>,
    problems: &mut Vec<Problem>,
) -> HashMap<&'a Name, Vec<(Column, bool)>> {
    let mut declared: HashMap<&Name, Vec<(Column, bool)>> = HashMap::new();
    for row in definition.columns.iter().filter(|row| row.active) {
        match chains.get(&row.name) {
            Some(ancestors) => {
                let column = column(row, ancestors.is_empty());
                declared
                    .entry(&row.name)
                    .or_default()
                    .push((column, row.display));
            }
            None => problems.push(Problem::UnknownTable {
                table: row.name.clone(),
                element: row.element.clone(),
            }),
        }
    }
    for (name, _) in chains.iter().filter(|(_, ancestors)| ancestors.is_empty()) {
        let columns = declared.entry(name).or_default();
        let classes =
            rows[*name].is_extendable || chains.values().any(|up| up.last() == Some(name));
        let class_column = classes.then_some(&CLASS_COLUMN);
        for (element, label, internal_type, max_length) in SYSTEM_COLUMNS.iter().chain(class_column)
        {
            if !columns.iter().any(|(column, _)| column.element == *element) {
                columns.push((
                    system_column(name, element, label, internal_type, *max_length),
                    false,
                ));
            }
        }
    }
    declared
}

fn column(row: &ColumnRow, root: bool) -> Column {
    Column {
        element: row.element.clone(),
        declared_in: row.name.clone(),
        label: row.label.clone(),
        internal_type: row.internal_type.clone(),
        kind: Kind::of(&row.internal_type),
        storage: storage(&row.name, &row.element, root),
        max_length: row.max_length,
        default: DefaultValue::parse(&row.default_value),
        mandatory: row.mandatory,
        read_only: row.read_only,
        unique: row.unique,
        indexed: row.indexed,
        reference: row.reference.clone(),
        choice: match row.choice {
            1 | 3 => ChoiceMode::Listed,
            2 => ChoiceMode::Suggested,
            _ => ChoiceMode::None,
        },
        choices: Vec::new(),
    }
}

fn system_column(
    table: &Name,
    element: &str,
    label: &str,
    internal_type: &str,
    max_length: u32,
) -> Column {
    Column {
        // The constants above are names.
        element: Name::parse(element).unwrap_or_else(|_| table.clone()),
        declared_in: table.clone(),
        label: label.into(),
        internal_type: internal_type.into(),
        kind: Kind::of(internal_type),
        storage: element.into(),
        max_length,
        default: DefaultValue::None,
        mandatory: false,
        read_only: true,
        unique: element == "sys_id",
        indexed: element == "sys_class_name"
            || matches!(element, "sys_created_on" | "sys_updated_on") && !is_log(table),
        reference: None,
        choice: ChoiceMode::None,
        choices: Vec::new(),
    }
}

/// Tables that the instance fills by the thousand, in the order of time: indexes of time would cost each row
/// twice and find nothing that the row key does not.
fn is_log(table: &Name) -> bool {
    const LOGS: [&str; 4] = ["oauth_credential", "sys_audit", "sys_journal_field", "syslog"];
    LOGS.contains(&table.as_str())
}

/// The database's name for a column: one wide table holds the whole hierarchy, so a child's are qualified.
fn storage(table: &Name, element: &Name, root: bool) -> Box<str> {
    if root {
        element.as_str().into()
    } else {
        database_name(&format!("{table}.{element}"))
    }
}

fn table(
    row: &TableRow,
    ancestors: &[Name],
    descendants: Vec<Name>,
    declared: &HashMap<&Name, Vec<(Column, bool)>>,
    definition: &Definition,
) -> Table {
    // From the root down, so that the nearest declaration of an element wins.
    let lineage: Vec<&Name> = ancestors.iter().rev().chain([&row.name]).collect();
    let mut columns: BTreeMap<Name, Column> = BTreeMap::new();
    let mut display = None;
    for (column, is_display) in lineage
        .iter()
        .filter_map(|name| declared.get(name))
        .flatten()
    {
        if *is_display {
            display = Some(column.element.clone());
        }
        columns.insert(column.element.clone(), column.clone());
    }
    for name in &lineage {
        refine(name, &mut columns, definition);
    }
    let columns: Vec<Arc<Column>> = columns.into_values().map(Arc::new).collect();
    let by_element: HashMap<Name, usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| (column.element.clone(), at))
        .collect();
    let display = display
        .or_else(|| {
            ["name", "number", "u_name"]
                .iter()
                .find_map(|e| Name::parse(e).ok().filter(|e| by_element.contains_key(e)))
        })
        .and_then(|element| by_element.get(&element).map(|at| Arc::clone(&columns[*at])));
    Table {
        name: row.name.clone(),
        sys_id: row.sys_id,
        label: row.label.clone(),
        ancestors: ancestors.to_vec(),
        descendants,
        columns,
        by_element,
        display,
        number: number(&lineage, definition),
        ws_access: row.ws_access,
        audited: row.audit,
    }
}

/// Applies one table's overrides and choices to the columns collected so far.
fn refine(name: &Name, columns: &mut BTreeMap<Name, Column>, definition: &Definition) {
    for row in definition.overrides.iter().filter(|row| row.name == *name) {
        if let Some(column) = columns.get_mut(&row.element) {
            column.default = DefaultValue::parse(&row.default_value);
        }
    }
    let mut lists: BTreeMap<&Name, Vec<(i64, Choice)>> = BTreeMap::new();
    for row in definition.choices.iter().filter(|row| row.name == *name) {
        let choice = Choice {
            value: row.value.clone(),
            label: row.label.clone(),
            inactive: row.inactive,
        };
        lists
            .entry(&row.element)
            .or_default()
            .push((row.sequence, choice));
    }
    for (element, mut list) in lists {
        if let Some(column) = columns.get_mut(element) {
            list.sort_by_key(|(sequence, _)| *sequence);
            column.choices = list.into_iter().map(|(_, choice)| choice).collect();
        }
    }
}

fn number(lineage: &[&Name], definition: &Definition) -> Option<NumberFormat> {
    let own = |name: &&Name| definition.numbers.iter().find(|row| row.category == **name);
    lineage.iter().rev().find_map(own).map(|row| NumberFormat {
        prefix: row.prefix.clone(),
        base: row.number,
        digits: row.maximum_digits,
    })
}
