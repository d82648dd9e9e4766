//! Tables, columns and indexes of the database, made from the dictionary.
//!
//! One wide table per hierarchy, named after its root. Every table has `sys_row`, a number that grows in the
//! order of making: it breaks ties of an order, and it is the number that tokens carry for clients and users.

use std::collections::BTreeMap;

use snowglobe_records::{Column, Dictionary, Table, name::database_name};

use super::{
    Dialect, Schema,
    index::{Index, create_index},
    push_quoted, push_table,
};

/// What the database lacks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lack {
    /// Makes tables, columns and the indexes of new columns.
    pub statements: Vec<String>,
    /// Make indexes of columns that were there before: whether one can be unique is for its rows to say.
    pub indexes: Vec<String>,
}

/// Tables whose row keys tokens carry: a deleted row's number must never mean another one.
const NUMBERED_ONCE: [&str; 2] = ["sys_user", "oauth_entity"];

impl Schema {
    /// Returns what brings the database from this schema to what the dictionary asks for. Nothing is ever
    /// dropped or retyped: data outlives its column's definition.
    #[must_use]
    pub fn towards(&self, dictionary: &Dictionary, dialect: Dialect) -> Lack {
        let mut lack = Lack::default();
        for root in dictionary.roots() {
            let table = database_name(root.name());
            let mut columns: Vec<&Column> =
                storage_columns(dictionary, root).into_values().collect();
            columns.sort_by_key(|column| place(root, column));
            let (known, missing): (Vec<&Column>, Vec<&Column>) = columns
                .into_iter()
                .partition(|column| self.numeric(&table, &column.storage).is_some());
            if known.is_empty() && !self.has_table(&table) {
                lack.statements.push(create_table(root, &missing, dialect));
            } else {
                let added = missing
                    .iter()
                    .map(|column| add_column(root, column, dialect));
                lack.statements.extend(added);
            }
            let index = |column: &&Column| {
                let index = Index::of(root, column, dialect)?;
                (!self.has_index(&index.name)).then(|| create_index(root, column, &index, dialect))
            };
            lack.statements.extend(missing.iter().filter_map(index));
            lack.indexes.extend(known.iter().filter_map(index));
        }
        lack
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

/// Where a column stands in its table. SQLite finds a column by walking past those before it, and keeps nothing of the
/// empty ones behind the last that a row fills (`.cargo/config.toml`): so the ones that most reads look at stand first,
/// then those of the children with the most rows, and last those that only the rows of one other child have.
fn place(root: &Table, column: &Column) -> usize {
    const FIRST: [&str; 5] = ["sys_class_name", "active", "sys_id", "number", "state"];
    const CHILDREN: [&str; 7] = [
        "sys_dictionary",
        "sys_security_acl_role",
        "sys_choice",
        "sys_security_acl",
        "sys_db_object",
        "sys_documentation",
        "incident",
    ];
    let among = |names: &[&str], name: &str| {
        let found = names.iter().position(|first| *first == name);
        found.unwrap_or(names.len())
    };
    if column.declared_in == *root.name() {
        among(&FIRST, column.element.as_str())
    } else {
        FIRST.len() + 1 + among(&CHILDREN, column.declared_in.as_str())
    }
}

fn create_table(root: &Table, columns: &[&Column], dialect: Dialect) -> String {
    let mut sql = String::from("CREATE TABLE IF NOT EXISTS ");
    push_table(root.name(), &mut sql);
    sql.push_str(" (sys_row ");
    sql.push_str(dialect.row_key(NUMBERED_ONCE.contains(&root.name().as_str())));
    for column in columns {
        sql.push_str(", ");
        push_definition(column, dialect, &mut sql);
    }
    sql.push(')');
    sql
}

fn add_column(root: &Table, column: &Column, dialect: Dialect) -> String {
    let mut sql = String::from("ALTER TABLE ");
    push_table(root.name(), &mut sql);
    sql.push_str(match dialect {
        Dialect::Sqlite => " ADD COLUMN ",
        // Another process may have been faster.
        Dialect::Postgres => " ADD COLUMN IF NOT EXISTS ",
    });
    push_definition(column, dialect, &mut sql);
    sql
}

fn push_definition(column: &Column, dialect: Dialect, sql: &mut String) {
    push_quoted(&column.storage, sql);
    sql.push(' ');
    sql.push_str(dialect.column_type(column.kind.is_numeric()));
}

#[cfg(test)]
mod tests {
    use snowglobe_records::base;

    use super::*;

    #[test]
    fn children_with_many_rows_stand_before_the_others() {
        let (dictionary, _) = Dictionary::build(&base::definition());
        let made = Schema::default().towards(&dictionary, Dialect::Sqlite);
        let start = "CREATE TABLE IF NOT EXISTS sys_metadata (sys_row ";
        let is_it = |sql: &&String| sql.replace('"', "").starts_with(start);
        let table = made.statements.iter().find(is_it).expect("sys_metadata");
        let at = |column: &str| table.find(&format!("\"{column}\"")).expect(column);
        let order = [
            "sys_class_name",
            "sys_created_on",
            "sys_dictionary.element",
            "sys_choice.value",
            "sys_db_object.name",
            "catalog_script_client.cat_item",
        ];
        assert!(order.map(at).is_sorted(), "{table}");
    }
}
