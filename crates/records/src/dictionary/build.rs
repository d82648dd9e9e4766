//! From dictionary records to tables: chains of parents, and what a table inherits along them.
//!
//! One unusable record must not take the instance down, so it is left out and reported as a [`Problem`].

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Dictionary,
    column::{Column, DefaultValue},
    declared::{self, Declared, Stored},
    definition::{Definition, TableRow},
    table::{Defaulted, Table},
};
use crate::name::{ByName, Name};

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
    /// A table named like those that the database, or the store, keeps for itself.
    #[error("table '{0}' has a name that is taken")]
    TakenName(Name),
}

/// The ancestors of each sound table, nearest first.
pub(super) type Chains<'a> = BTreeMap<&'a Name, Vec<Name>>;

/// How names of tables begin that are not the dictionary's to give.
const TAKEN: [&str; 3] = ["sg_", "sqlite_", "pg_"];

/// Tells whether a table may have this name.
#[must_use]
pub fn may_name_a_table(name: &str) -> bool {
    Name::parse(name).is_ok() && !TAKEN.iter().any(|taken| name.starts_with(taken))
}

pub(super) fn build(definition: &Definition, stored: &Stored<'_>) -> (Dictionary, Vec<Problem>) {
    let mut problems = Vec::new();
    let rows = usable(definition, &mut problems);
    let chains = chains(&rows, &mut problems);
    let mut declared = declared::by_table(definition, &rows, &chains, stored, &mut problems);
    let mut descendants = descendants(&chains);

    let mut parents_first: Vec<_> = chains.iter().collect();
    parents_first.sort_by_key(|(_, ancestors)| ancestors.len());
    let mut tables: ByName<Arc<Table>> = ByName::default();
    for (name, ancestors) in parents_first {
        let parent = ancestors.first().and_then(|parent| tables.get(parent));
        let own = declared.remove(*name).unwrap_or_default();
        let below = descendants.remove(*name).unwrap_or_default();
        let table = table(rows[*name], ancestors, below, own, parent);
        tables.insert((*name).clone(), Arc::new(table));
    }
    (Dictionary { tables }, problems)
}

fn usable<'a>(
    definition: &'a Definition,
    problems: &mut Vec<Problem>,
) -> HashMap<&'a Name, &'a TableRow> {
    let mut rows = HashMap::with_capacity(definition.tables.len());
    for row in &definition.tables {
        if TAKEN.iter().any(|taken| row.name.starts_with(taken)) {
            problems.push(Problem::TakenName(row.name.clone()));
        } else {
            rows.insert(&row.name, row);
        }
    }
    rows
}

/// Follows each table to its root; tables without a sound chain are left out.
fn chains<'a>(rows: &HashMap<&'a Name, &'a TableRow>, problems: &mut Vec<Problem>) -> Chains<'a> {
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

/// The tables below each table, in the order of their names.
fn descendants<'c>(chains: &'c Chains<'_>) -> HashMap<&'c Name, Vec<Name>> {
    let mut descendants: HashMap<&Name, Vec<Name>> = HashMap::new();
    for (name, ancestors) in chains {
        for ancestor in ancestors {
            descendants
                .entry(ancestor)
                .or_default()
                .push((*name).clone());
        }
    }
    descendants
}

fn table(
    row: &TableRow,
    ancestors: &[Name],
    descendants: Vec<Name>,
    own: Declared<'_>,
    parent: Option<&Arc<Table>>,
) -> Table {
    let declared_display = own
        .display
        .clone()
        .or_else(|| parent?.declared_display.clone());
    let number = own.number.clone().or_else(|| parent?.number.clone());
    let inherited = parent.map_or(&[][..], |parent| &parent.columns);
    let columns = columns(inherited, own);
    let by_element: ByName<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| (column.element.clone(), at))
        .collect();
    let defaults = columns.iter().enumerate();
    let defaults = defaults.filter(|(_, column)| column.default != DefaultValue::None);
    let defaulted = |(at, column): (usize, &Arc<Column>)| Defaulted {
        at,
        literal: column.literal(),
    };
    let defaults = defaults.map(defaulted).collect();
    let numbered = columns.iter().enumerate();
    let numbered = numbered.filter(|(_, column)| column.default == DefaultValue::NextNumber);
    let numbered = numbered.map(|(at, _)| at).collect();
    let display = display(declared_display.as_ref(), &by_element)
        .and_then(|at| columns.get(at))
        .map(Arc::clone);
    Table {
        name: row.name.clone(),
        sys_id: row.sys_id,
        label: row.label.clone(),
        ancestors: ancestors.to_vec(),
        descendants,
        columns,
        by_element,
        defaults,
        numbered,
        declared_display,
        display,
        number,
        ws_access: row.ws_access,
        // What a table leaves in the audit, its children do too.
        audited: row.audit || parent.is_some_and(|parent| parent.audited),
    }
}

/// A table's columns: its parent's as they are, apart from those that its own records say something about.
fn columns(inherited: &[Arc<Column>], own: Declared<'_>) -> Vec<Arc<Column>> {
    let mut columns: BTreeMap<Name, Arc<Column>> = inherited
        .iter()
        .map(|column| (column.element.clone(), Arc::clone(column)))
        .collect();
    for mut column in own.columns {
        // Who declares a column anew keeps its choices, unless there is a list of its own.
        if let Some(known) = columns.get(&column.element) {
            column.choices.clone_from(&known.choices);
        }
        columns.insert(column.element.clone(), Arc::new(column));
    }
    for (element, default) in own.defaults {
        if let Some(column) = columns.get_mut(element) {
            Arc::make_mut(column).default = default;
        }
    }
    for (element, list) in own.choices {
        if let Some(column) = columns.get_mut(element) {
            Arc::make_mut(column).choices = list.into_iter().map(|(_, choice)| choice).collect();
        }
    }
    columns.into_values().collect()
}

/// The place of the column that stands for a row: the one declared so, or the first of the usual ones.
fn display(declared: Option<&Name>, by_element: &ByName<usize>) -> Option<usize> {
    const USUAL: [&str; 3] = ["name", "number", "u_name"];
    match declared {
        Some(element) => by_element.get(element),
        None => USUAL.iter().find_map(|element| by_element.get(*element)),
    }
    .copied()
}
