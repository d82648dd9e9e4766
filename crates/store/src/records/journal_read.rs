//! The entries behind the journal columns of a page (`rest-and-records.md` §13.6).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_records::{
    Dictionary, Table, Value,
    query::{Joins, Order, Path, Predicate},
};

use super::read::MOST_KEYS;
use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement},
};

/// What somebody wrote into a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The column it was written to.
    pub element: Box<str>,
    /// What was written.
    pub text: Box<str>,
    /// When, as it is stored.
    pub created_on: Box<str>,
    /// The full name of who wrote it, or the user name where no user has it any more.
    pub author: Box<str>,
}

/// Journal entries by lower-case key of the record they belong to; newest first.
#[derive(Debug, Default)]
pub struct Journals(HashMap<Box<str>, Vec<Entry>>);

impl Journals {
    /// Returns the entries of a record.
    #[must_use]
    pub fn of(&self, sys_id: &str) -> &[Entry] {
        let entries = self
            .0
            .get(sys_id)
            .or_else(|| self.0.get(&*sys_id.to_ascii_lowercase()));
        entries.map_or(&[], Vec::as_slice)
    }
}

impl Store {
    /// Reads the entries that these columns of these records have: one statement a page, and one for the names
    /// of those who wrote.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn journals(
        &self,
        dictionary: &Dictionary,
        records: &HashSet<&str>,
        elements: &HashSet<&str>,
    ) -> Result<Journals, StoreError> {
        let Some(table) = dictionary.table("sys_journal_field") else {
            return Ok(Journals::default());
        };
        let keys: Vec<&str> = records.iter().copied().collect();
        let statements: Vec<Statement> = keys
            .chunks(MOST_KEYS)
            .filter_map(|keys| entries(table, keys, elements, self.backend.dialect()))
            .collect();
        if statements.is_empty() {
            return Ok(Journals::default());
        }
        let pages = self.backend.read(Cost::Scan, &statements).await?;
        let names = self.full_names(dictionary, &pages).await?;
        let mut journals = Journals::default();
        for row in pages.iter().flat_map(Rows::iter) {
            let user_name = row.text(4);
            let name = names.get(&*user_name.to_ascii_lowercase());
            let entry = Entry {
                element: row.text(1).into(),
                text: row.text(2).into(),
                created_on: row.text(3).into(),
                author: name.map_or(user_name, |name| name).into(),
            };
            let key = row.text(0).to_ascii_lowercase().into();
            journals.0.entry(key).or_default().push(entry);
        }
        Ok(journals)
    }

    /// The full names of everybody who wrote, by lower-case user name.
    async fn full_names(
        &self,
        dictionary: &Dictionary,
        pages: &[Rows],
    ) -> Result<HashMap<Box<str>, Box<str>>, StoreError> {
        let written = pages.iter().flat_map(Rows::iter).map(|row| row.text(4));
        let user_names: Vec<&str> = written.collect::<HashSet<_>>().into_iter().collect();
        let dialect = self.backend.dialect();
        let users = dictionary.table("sys_user");
        let statements: Vec<Statement> = user_names
            .chunks(MOST_KEYS)
            .filter_map(|keys| names(users?, keys, dialect))
            .collect();
        if statements.is_empty() {
            return Ok(HashMap::new());
        }
        let answers = self.backend.read(Cost::Scan, &statements).await?;
        let named = answers.iter().flat_map(Rows::iter);
        Ok(named
            .filter(|row| !row.text(1).is_empty())
            .map(|row| (row.text(0).to_ascii_lowercase().into(), row.text(1).into()))
            .collect())
    }
}

fn entries(
    table: &Arc<Table>,
    records: &[&str],
    elements: &HashSet<&str>,
    dialect: Dialect,
) -> Option<Statement> {
    let elements = elements.iter().copied();
    let found = one_of(table, "element_id", records.iter().copied())?
        .and(one_of(table, "element", elements)?);
    let columns = [
        "element_id",
        "element",
        "value",
        "sys_created_on",
        "sys_created_by",
    ];
    let newest = Order {
        path: path(table, "sys_created_on")?,
        descending: true,
    };
    let mut builder = select(table, &columns, &found, dialect)?;
    builder.push_order(&[newest]);
    Some(builder.finish())
}

fn names(users: &Arc<Table>, user_names: &[&str], dialect: Dialect) -> Option<Statement> {
    let found = one_of(users, "user_name", user_names.iter().copied())?;
    Some(select(users, &["user_name", "name"], &found, dialect)?.finish())
}

fn select(
    table: &Arc<Table>,
    columns: &[&str],
    found: &Predicate,
    dialect: Dialect,
) -> Option<Builder> {
    let mut builder = Builder::new(dialect);
    for (at, column) in columns.iter().enumerate() {
        builder
            .push(if at == 0 { "SELECT " } else { ", " })
            .push_column(&path(table, column)?);
    }
    builder
        .push_from(table, &Joins::default())
        .push_where(table, found);
    Some(builder)
}

fn one_of<'v>(
    table: &Arc<Table>,
    element: &str,
    values: impl Iterator<Item = &'v str>,
) -> Option<Predicate> {
    Some(Predicate::In {
        path: path(table, element)?,
        values: values.map(Value::text).collect(),
        negated: false,
    })
}

fn path(table: &Arc<Table>, element: &str) -> Option<Path> {
    Some(Path {
        table: 0,
        column: Arc::clone(table.column(element)?),
    })
}
