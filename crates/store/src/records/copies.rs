//! Dictionary records of a child that say again what it inherits: they are for readers who look up `name=incident`
//! alone, and follow the records that they repeat (`rest-and-records.md` §11.2).

use std::{fmt::Write as _, sync::Arc};

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Column, Dictionary, Table, Value, base,
    write::{Insert, Stamp, Update},
};

use super::{
    application_file::{About, push_matching, update_of},
    labels::push_end_of_labels,
    write::insert_row,
};
use crate::{
    Store,
    sql::{Batch, Statement, push_quoted, push_table},
};

/// What a copy has of its own.
const OWN: [&str; 3] = ["name", "element", "attributes"];

impl Store {
    /// A new column of a parent is listed among the columns of the children that list what they inherit.
    pub(super) fn push_copies(
        &self,
        dictionary: &Dictionary,
        new: &Insert,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        let text = |element| new.value(element).as_text().unwrap_or_default();
        let parent = text("name");
        if text("element").is_empty() || !text("attributes").is_empty() {
            return;
        }
        let inherits = |child: &&str| {
            let child = dictionary.table(child);
            child.is_some_and(|child| child.ancestors().iter().any(|name| *name == *parent))
        };
        let inherited = base::inherited_from(parent);
        for child in base::restating().filter(inherits) {
            let sys_id = self.ids.record(UnixMillis(stamp.now.as_millisecond()));
            let mut copy = Insert {
                sys_id,
                ..new.clone()
            };
            set(&mut copy, "sys_id", sys_id.into());
            set(&mut copy, "name", child.into());
            set(&mut copy, "attributes", inherited.as_str().into());
            batch.push(insert_row(copy));
        }
    }

    pub(super) fn push_changes_of_copies(&self, update: &Update, about: &About, batch: &mut Batch) {
        let copied = |(column, _): &&(Arc<Column>, Value)| {
            let element = column.element.as_str();
            !element.starts_with("sys_") && !OWN.contains(&element)
        };
        let mut sql = update_of(&update.table);
        let mut params = Vec::new();
        let mut joint = " SET ";
        for (column, value) in update.changes.iter().filter(copied) {
            params.push(value.clone());
            sql.push_str(joint);
            push_quoted(&column.storage, &mut sql);
            let _ = write!(sql, " = ${}", params.len()); // writing to a String cannot fail
            joint = ", ";
        }
        if params.is_empty() {
            return;
        }
        self.push_of_copies(&update.table, about, (sql, params), batch);
    }

    /// Without the column there is nothing to repeat, nor to call by a name.
    pub(super) fn push_end_of_copies(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        about: &About,
        batch: &mut Batch,
    ) {
        let mut sql = String::from("DELETE FROM ");
        push_table(table.root(), &mut sql);
        self.push_of_copies(table, about, (sql, Vec::new()), batch);
        push_end_of_labels(dictionary, about, self.backend.dialect(), batch);
    }

    /// Adds a statement about the copies of a column.
    fn push_of_copies(
        &self,
        table: &Table,
        about: &About,
        (mut sql, mut params): (String, Vec<Value>),
        batch: &mut Batch,
    ) {
        let inherited = base::inherited_from(&about.name);
        let texts = [("element", &*about.element), ("attributes", &inherited)];
        let dialect = self.backend.dialect();
        push_matching(table, &texts, dialect, &mut sql, &mut params);
        batch.push(Statement::new(sql, params));
    }
}

/// Sets a value in its place: they are in the order of their elements.
fn set(copy: &mut Insert, element: &str, value: Value) {
    let Some(column) = copy.table.column(element).map(Arc::clone) else {
        return;
    };
    copy.values.retain(|(column, _)| column.element != *element);
    let at = copy
        .values
        .partition_point(|(column, _)| column.element.as_str() < element);
    copy.values.insert(at, (column, value));
}
