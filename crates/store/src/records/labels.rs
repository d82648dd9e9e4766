//! What columns are called, as `sys_documentation` lists it. A column has its label in the dictionary; the records are
//! made when somebody first reads the table, because most instances never do and their start should not pay for them.

use std::{
    collections::HashSet,
    future,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use snowglobe_records::{Dictionary, Table, Value, base, write::Update};

use super::{
    Find,
    application_file::{About, push_matching, update_of},
};
use crate::{
    Store,
    backend::{ApplyError, StoreError},
    sql::{Batch, Dialect, Row, Statement, push_quoted, push_table},
};

const LABELS: &str = "sys_documentation";
/// The fact that every column of a dictionary has its label; its value tells the dictionary from others.
const FACT: &str = "labels";

impl Store {
    /// Makes the labels that are not there yet.
    pub(super) async fn label_columns(&self) -> Result<(), StoreError> {
        let dictionary = self.dictionary();
        let current = fingerprint(&dictionary);
        if self.fact(FACT).await?.as_deref() == Some(&*current) {
            return Ok(());
        }
        let known = self.labelled(&dictionary).await?;
        let missing: Vec<_> = base::labels(&dictionary)
            .filter(|seed| {
                let about = (seed.value("name").into(), seed.value("element").into());
                !known.contains(&about)
            })
            .collect();
        let planted = self
            .plant(&dictionary, missing, self.opened_at, future::ready(Ok(())))
            .await;
        let noted = match planted {
            Ok(()) => self.note(FACT, &current).await,
            failed => failed,
        };
        noted.map_err(|error| match error {
            ApplyError::Store(error) => error,
            error => StoreError::Driver(error.to_string()),
        })
    }

    async fn labelled(
        &self,
        dictionary: &Dictionary,
    ) -> Result<HashSet<(Box<str>, Box<str>)>, StoreError> {
        let fields = ["name", "element"];
        let rows = self.select(dictionary, LABELS, Find::All, &fields).await?;
        let about = |row: Row<'_>| (row.text(0).into(), row.text(1).into());
        Ok(rows.iter().map(about).collect())
    }

    /// The dictionary's label and the record in `sys_documentation` are one thing: who changes either changes both.
    pub(super) fn push_label_both_ways(
        &self,
        dictionary: &Dictionary,
        update: &Update,
        about: &About,
        batch: &mut Batch,
    ) {
        let changed = |element: &str| {
            let mut changes = update.changes.iter();
            let found = changes.find(|(column, _)| column.element == *element);
            found.map(|(_, value)| value)
        };
        let of_column = !about.element.is_empty();
        let (own, there) = match (update.table.name().as_str(), of_column) {
            ("sys_dictionary", true) => ("column_label", (LABELS, "label")),
            ("sys_db_object", _) => ("label", (LABELS, "label")),
            (LABELS, true) => ("label", ("sys_dictionary", "column_label")),
            (LABELS, false) => ("label", ("sys_db_object", "label")),
            _ => return,
        };
        if let Some(label) = changed(own) {
            self.push_label(dictionary, there, about, label, batch);
        }
    }

    fn push_label(
        &self,
        dictionary: &Dictionary,
        (table, element): (&str, &str),
        about: &About,
        label: &Value,
        batch: &mut Batch,
    ) {
        let table = dictionary.table(table);
        let Some((table, column)) = table.and_then(|it| Some((it, it.column(element)?))) else {
            return;
        };
        let mut sql = update_of(table);
        sql.push_str(" SET ");
        push_quoted(&column.storage, &mut sql);
        sql.push_str(" = $1");
        let mut params = vec![label.clone()];
        let texts = [("name", &*about.name), ("element", &*about.element)];
        let dialect = self.backend.dialect();
        push_matching(table, &texts, dialect, &mut sql, &mut params);
        batch.push(Statement::new(sql, params));
    }
}

pub(super) fn push_end_of_labels(
    dictionary: &Dictionary,
    about: &About,
    dialect: Dialect,
    batch: &mut Batch,
) {
    let Some(table) = dictionary.table(LABELS) else {
        return;
    };
    let mut sql = String::from("DELETE FROM ");
    push_table(table.root(), &mut sql);
    let mut params = Vec::new();
    let texts = [("name", &*about.name), ("element", &*about.element)];
    push_matching(table, &texts, dialect, &mut sql, &mut params);
    batch.push(Statement::new(sql, params));
}

/// Tells dictionaries with other tables or columns apart.
fn fingerprint(dictionary: &Dictionary) -> String {
    let of_table = |table: &Arc<Table>| {
        let columns = table.columns().iter().map(|column| &column.element);
        columns.fold(0_u64, |sum, element| {
            let mut hasher = DefaultHasher::new();
            (table.name(), element).hash(&mut hasher);
            sum.wrapping_add(hasher.finish())
        })
    };
    let sum = dictionary.tables().map(of_table);
    format!("{:x}", sum.fold(0, u64::wrapping_add))
}
