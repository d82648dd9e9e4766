//! Tables, columns and indexes of the database, made from the dictionary.
//!
//! One wide table per hierarchy, named after its root. Every table has `sys_row`, a number that grows in the
//! order of making: it breaks ties of an order, and it is the number that tokens carry for clients and users.

use std::collections::{BTreeMap, BTreeSet};

use snowglobe_records::{Column, Dictionary, Table, dictionary::Kind, name::database_name};

use super::{Dialect, push_quoted};

/// What the database has: the columns of each of its tables.
#[derive(Debug, Default)]
pub struct Schema(BTreeMap<Box<str>, BTreeSet<Box<str>>>);

impl Schema {
    /// Returns the query whose rows are (table, column).
    #[must_use]
    pub fn query(dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => {
                "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
            }
            Dialect::Postgres => {
                "SELECT table_name::text, column_name::text FROM information_schema.columns \
                 WHERE table_schema = current_schema()"
            }
        }
    }

    /// Notes that a table has a column.
    pub fn insert(&mut self, table: &str, column: &str) {
        self.0
            .entry(table.into())
            .or_default()
            .insert(column.into());
    }

    /// Returns the statements that bring the database from this schema to what the dictionary asks for.
    /// Nothing is ever dropped or retyped: data outlives its column's definition.
    #[must_use]
    pub fn towards(&self, dictionary: &Dictionary, dialect: Dialect) -> Vec<String> {
        let mut statements = Vec::new();
        for root in dictionary.roots() {
            let columns = storage_columns(dictionary, root);
            let existing = self.0.get(&**root.name());
            let missing: Vec<&Column> = columns
                .into_values()
                .filter(|column| existing.is_none_or(|has| !has.contains(&column.storage)))
                .collect();
            if existing.is_none() {
                statements.push(create_table(root, &missing, dialect));
            } else {
                statements.extend(
                    missing
                        .iter()
                        .map(|column| add_column(root, column, dialect)),
                );
            }
            statements.extend(
                missing
                    .iter()
                    .filter_map(|column| create_index(root, column, dialect)),
            );
        }
        statements
    }
}

/// The columns of a root and of everything below it, by their database names.
fn storage_columns<'a>(
    dictionary: &'a Dictionary,
    root: &'a Table,
) -> BTreeMap<&'a str, &'a Column> {
    let family = root
        .descendants()
        .iter()
        .filter_map(|name| dictionary.table(name));
    let mut columns = BTreeMap::new();
    for column in family
        .flat_map(|table| table.columns())
        .chain(root.columns())
    {
        columns.insert(&*column.storage, &**column);
    }
    columns
}

fn create_table(root: &Table, columns: &[&Column], dialect: Dialect) -> String {
    let mut sql = String::from("CREATE TABLE ");
    push_quoted(root.name(), &mut sql);
    sql.push_str(" (sys_row ");
    sql.push_str(dialect.row_key());
    for column in columns {
        sql.push_str(", ");
        push_definition(column, dialect, &mut sql);
    }
    sql.push(')');
    sql
}

fn add_column(root: &Table, column: &Column, dialect: Dialect) -> String {
    let mut sql = String::from("ALTER TABLE ");
    push_quoted(root.name(), &mut sql);
    sql.push_str(" ADD COLUMN ");
    push_definition(column, dialect, &mut sql);
    sql
}

fn push_definition(column: &Column, dialect: Dialect, sql: &mut String) {
    push_quoted(&column.storage, sql);
    sql.push(' ');
    sql.push_str(dialect.column_type(column.kind.is_numeric()));
}

/// The index of a column is named `table:column`, from which a duplicate's column is told.
fn create_index(root: &Table, column: &Column, dialect: Dialect) -> Option<String> {
    if !column.indexed && !column.unique {
        return None;
    }
    let mut sql = String::from(if column.unique {
        "CREATE UNIQUE INDEX "
    } else {
        "CREATE INDEX "
    });
    push_quoted(
        &database_name(&format!("{}:{}", root.name(), column.storage)),
        &mut sql,
    );
    sql.push_str(" ON ");
    push_quoted(root.name(), &mut sql);
    sql.push_str(" (");
    let mut name = String::new();
    push_quoted(&column.storage, &mut name);
    dialect.push_comparable(&name, column.kind.is_numeric(), &mut sql);
    if !column.unique {
        // In the order that lists ask for, so that a page is read from the index alone.
        sql.push_str(dialect.nulls(false));
        if dialect == Dialect::Postgres {
            sql.push_str(", sys_row");
        }
    }
    sql.push(')');
    if column.kind == Kind::Reference && !column.unique {
        // Most references are empty, and nobody sorts by a key: empty ones would only cost each insert.
        sql.push_str(" WHERE ");
        dialect.push_comparable(&name, false, &mut sql);
        sql.push_str(" IS NOT NULL");
    }
    Some(sql)
}
