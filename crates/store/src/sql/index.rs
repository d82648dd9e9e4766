//! The indexes that columns ask for.

use snowglobe_records::{
    Column, Table,
    dictionary::{DefaultValue, Kind},
    name::database_name,
};

use super::{Dialect, push_quoted, push_table, row_key};

/// The index of a column.
pub(super) struct Index {
    pub(super) name: Box<str>,
    order: Order,
}

/// What an index is of.
enum Order {
    /// Of the values, each once.
    Unique,
    /// Of digests of the values, each once: the values may be longer than an entry.
    UniqueDigest,
    /// Of the values, in the order of lists.
    Plain,
    /// Of the values, each once among this instance's own clients: another provider may call this instance what a
    /// client here is called, and be this instance itself.
    UniqueClientId,
}

impl Index {
    /// Returns the index that a column asks for and can have.
    pub(super) fn of(root: &Table, column: &Column, dialect: Dialect) -> Option<Self> {
        if row_key::is_spelt_by(column) {
            return None;
        }
        let fits = dialect == Dialect::Sqlite || fits_an_entry(column);
        let order = match (column.unique, fits) {
            (true, _) if root.name() == "oauth_entity" && column.element == "client_id" => {
                Order::UniqueClientId
            }
            (true, true) => Order::Unique,
            (true, false) => Order::UniqueDigest,
            (false, true) if column.indexed => Order::Plain,
            (false, _) => return None,
        };
        let end = if column.unique { ":unique" } else { "" };
        let name = format!("{}:{}{end}", root.name(), column.storage);
        Some(Self {
            name: database_name(&name),
            order,
        })
    }
}

/// PostgreSQL's entries hold 2,704 bytes, and a character may take four of them.
fn fits_an_entry(column: &Column) -> bool {
    const CHARACTERS: std::ops::RangeInclusive<u32> = 1..=600;
    match column.kind {
        Kind::Text => CHARACTERS.contains(&column.max_length),
        Kind::List => false,
        _ => true,
    }
}

/// Makes an index.
pub(super) fn create_index(
    root: &Table,
    column: &Column,
    index: &Index,
    dialect: Dialect,
) -> String {
    let mut sql = String::from(match index.order {
        Order::Plain => "CREATE INDEX IF NOT EXISTS ",
        Order::Unique | Order::UniqueDigest | Order::UniqueClientId => {
            "CREATE UNIQUE INDEX IF NOT EXISTS "
        }
    });
    push_quoted(&index.name, &mut sql);
    sql.push_str(" ON ");
    push_table(root.name(), &mut sql);
    sql.push_str(" (");
    let (mut name, mut compared) = (String::new(), String::new());
    push_quoted(&column.storage, &mut name);
    dialect.push_comparable(&name, column.kind.is_numeric(), &mut compared);
    match index.order {
        Order::Unique | Order::UniqueClientId => sql.push_str(&compared),
        Order::UniqueDigest => sql.extend(["md5(", &compared, ")"]),
        Order::Plain => {
            sql.push_str(&compared);
            // In the order that lists ask for, so that a page is read from the index alone.
            sql.push_str(dialect.nulls(false));
            if dialect == Dialect::Postgres {
                sql.push_str(", sys_row");
            }
        }
    }
    sql.push(')');
    if matches!(index.order, Order::UniqueClientId) {
        sql.push_str(" WHERE COALESCE(type, '') <> 'consumer'");
    }
    if !matches!(index.order, Order::UniqueClientId) && is_sparse(root, column) {
        sql.extend([" WHERE ", &compared, " IS NOT NULL"]);
    }
    sql
}

/// Columns that no default fills are empty in most rows of a wide table, and a child's columns in every row of
/// another class. Their index leaves the empty cells out, or each insert would pay for all of them; whoever sorts by
/// such a column does without it, and empty cells are never the same value twice.
fn is_sparse(root: &Table, column: &Column) -> bool {
    let of_a_child = column.declared_in != *root.name();
    let unfilled = column.default == DefaultValue::None && !column.element.starts_with("sys_");
    of_a_child || unfilled
}
