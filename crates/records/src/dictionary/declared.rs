//! What the dictionary's records say about each table, gathered by table in one pass.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    build::{Chains, Problem},
    column::{Choice, ChoiceMode, Column, DefaultValue},
    definition::{ColumnRow, Definition, TableRow},
    kind::Kind,
    table::NumberFormat,
};
use crate::name::{Name, database_name};

/// What is said about one table itself; the rest it inherits.
#[derive(Default)]
pub(super) struct Declared<'a> {
    /// System columns of a root included.
    pub(super) columns: Vec<Column>,
    /// The column that stands for a row.
    pub(super) display: Option<Name>,
    /// Other defaults for inherited columns.
    pub(super) defaults: Vec<(&'a Name, DefaultValue)>,
    /// Lists by element, in sequence.
    pub(super) choices: BTreeMap<&'a Name, Vec<(i64, Choice)>>,
    /// How its rows are numbered.
    pub(super) number: Option<NumberFormat>,
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

/// Columns that every table has in the database: the store's row key, SQLite's names for it, PostgreSQL's own.
const TAKEN: [&str; 10] = [
    "sys_row", "rowid", "oid", "_rowid_", "tableoid", "ctid", "xmin", "xmax", "cmin", "cmax",
];

/// Whether the database has a column, by table and column as it names them, and whether that holds numbers.
pub(super) type Stored<'s> = dyn Fn(&str, &str) -> Option<bool> + 's;

/// Gathers the records of the tables that have a sound chain.
pub(super) fn by_table<'a>(
    definition: &'a Definition,
    rows: &HashMap<&'a Name, &'a TableRow>,
    chains: &Chains<'a>,
    stored: &Stored<'_>,
    problems: &mut Vec<Problem>,
) -> HashMap<&'a Name, Declared<'a>> {
    let mut tables: HashMap<&Name, Declared<'_>> = HashMap::with_capacity(chains.len());
    for row in definition.columns.iter().filter(|row| row.active) {
        let Some(ancestors) = chains.get(&row.name) else {
            problems.push(Problem::UnknownTable {
                table: row.name.clone(),
                element: row.element.clone(),
            });
            continue;
        };
        let table = tables.entry(&row.name).or_default();
        table.columns.push(column(row, ancestors.last(), stored));
        if row.display {
            table.display = Some(row.element.clone());
        }
    }
    for row in &definition.overrides {
        let default = DefaultValue::parse(&row.default_value);
        let table = tables.entry(&row.name).or_default();
        table.defaults.push((&row.element, default));
    }
    for row in &definition.numbers {
        let format = NumberFormat {
            category: row.category.clone(),
            prefix: row.prefix.clone(),
            base: row.number,
            digits: row.maximum_digits,
        };
        // The first one counts.
        let table = tables.entry(&row.category).or_default();
        table.number.get_or_insert(format);
    }
    gather_choices(definition, &mut tables);
    add_system_columns(rows, chains, &mut tables);
    tables
}

fn gather_choices<'a>(definition: &'a Definition, tables: &mut HashMap<&'a Name, Declared<'a>>) {
    for row in &definition.choices {
        let choice = Choice {
            value: row.value.clone(),
            label: row.label.clone(),
            inactive: row.inactive,
        };
        let table = tables.entry(&row.name).or_default();
        let list = table.choices.entry(&row.element).or_default();
        list.push((row.sequence, choice));
    }
    for list in tables
        .values_mut()
        .flat_map(|table| table.choices.values_mut())
    {
        list.sort_by_key(|(sequence, _)| *sequence);
    }
}

fn add_system_columns<'a>(
    rows: &HashMap<&'a Name, &'a TableRow>,
    chains: &Chains<'a>,
    tables: &mut HashMap<&'a Name, Declared<'a>>,
) {
    let parents: HashSet<&Name> = chains
        .values()
        .filter_map(|ancestors| ancestors.last())
        .collect();
    for name in chains
        .iter()
        .filter_map(|(name, up)| up.is_empty().then_some(*name))
    {
        let classes = rows[name].is_extendable || parents.contains(name);
        let class_column = classes.then_some(&CLASS_COLUMN);
        let columns = &mut tables.entry(name).or_default().columns;
        for spec in SYSTEM_COLUMNS.iter().chain(class_column) {
            if !columns.iter().any(|column| column.element == *spec.0) {
                columns.push(system_column(name, spec));
            }
        }
    }
}

fn column(row: &ColumnRow, root: Option<&Name>, stored: &Stored<'_>) -> Column {
    let kind = Kind::of(&row.internal_type);
    Column {
        element: row.element.clone(),
        declared_in: row.name.clone(),
        label: row.label.clone(),
        internal_type: row.internal_type.clone(),
        kind,
        storage: storage(row, root, kind, stored),
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
    (element, label, internal_type, max_length): &(&str, &str, &str, u32),
) -> Column {
    Column {
        // The constants above are names.
        element: Name::parse(element).unwrap_or_else(|_| table.clone()),
        declared_in: table.clone(),
        label: (*label).into(),
        internal_type: (*internal_type).into(),
        kind: Kind::of(internal_type),
        storage: (*element).into(),
        max_length: *max_length,
        default: DefaultValue::None,
        mandatory: false,
        read_only: true,
        unique: *element == "sys_id",
        indexed: *element == "sys_class_name"
            || matches!(*element, "sys_created_on" | "sys_updated_on")
                && !is_log(table)
                && !is_for_clients(table),
        reference: None,
        choice: ChoiceMode::None,
        choices: Vec::new(),
    }
}

/// Tables that the instance fills by the thousand, in the order of time: indexes of time would cost each row
/// twice and find nothing that the row key does not.
fn is_log(table: &Name) -> bool {
    const LOGS: [&str; 5] = [
        "oauth_credential",
        "sys_audit",
        "sys_audit_delete",
        "sys_journal_field",
        "syslog",
    ];
    LOGS.contains(&table.as_str())
}

/// Tables that are there for clients who look: they hold few rows or none, and each index would cost every start of a
/// new instance.
fn is_for_clients(table: &Name) -> bool {
    const TABLES: [&str; 15] = [
        "cmdb_identifier",
        "cmdb_identifier_entry",
        "sc_multi_row_question_answer",
        "sys_atf_test",
        "sys_data_source",
        "sys_execution_tracker",
        "sys_import_set_run",
        "sys_remote_update_set",
        "sys_report",
        "sys_transform_script",
        "sys_trigger",
        "sys_ui_list",
        "sys_ui_list_element",
        "sys_ui_view",
        "syslog_transaction",
    ];
    TABLES.contains(&table.as_str())
}

/// The database's name for a column: one wide table holds the whole hierarchy, so a child's are qualified. A column
/// that changed from text to number, or back, is stored beside its former self.
fn storage(row: &ColumnRow, root: Option<&Name>, kind: Kind, stored: &Stored<'_>) -> Box<str> {
    let ColumnRow { name, element, .. } = row;
    let full = match root {
        None if !TAKEN.contains(&element.as_str()) => element.to_string(),
        _ => format!("{name}.{element}"),
    };
    let storage = database_name(&full);
    let table = database_name(root.unwrap_or(name));
    match stored(&table, &storage) {
        Some(numeric) if numeric != kind.is_numeric() => {
            let other = if numeric { "text" } else { "number" };
            database_name(&format!("{full}~{other}"))
        }
        _ => storage,
    }
}
