//! What follows a write of an application file, in the same batch: its place in an update set, and where the file is a
//! record of the dictionary, the copies and labels that repeat it. Other rows are asked for their root, and no more.

use std::fmt::Write as _;

use snowglobe_records::{
    Dictionary, SysId, Table, Value,
    write::{CustomerUpdate, Delete, Insert, Stamp, Update},
};

use super::Find;
use crate::{
    Store,
    backend::StoreError,
    sql::{Batch, Dialect, Row, push_quoted, push_table},
};

/// The table and element that a record of the dictionary, or a label, is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) name: Box<str>,
    /// Empty for the table itself.
    pub(super) element: Box<str>,
}

impl Store {
    pub(super) async fn follow_insert(
        &self,
        dictionary: &Dictionary,
        new: &Insert,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let Some(file) = CustomerUpdate::of_insert(new) else {
            return Ok(());
        };
        self.push_customer_update(dictionary, &file, stamp, batch)
            .await?;
        if *new.table.name() == *"sys_dictionary" {
            self.push_copies(dictionary, new, stamp, batch);
        }
        Ok(())
    }

    pub(super) async fn follow_update(
        &self,
        dictionary: &Dictionary,
        update: &Update,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let Some(file) = &update.customer_update else {
            return Ok(());
        };
        self.push_customer_update(dictionary, file, stamp, batch)
            .await?;
        let about = self.about(dictionary, &update.table, update.sys_id).await?;
        if let Some(about) = about {
            if update.table.name() == "sys_dictionary" {
                self.push_changes_of_copies(update, &about, batch);
            }
            self.push_label_both_ways(dictionary, update, &about, batch);
        }
        Ok(())
    }

    pub(super) async fn follow_delete(
        &self,
        dictionary: &Dictionary,
        delete: &Delete,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let Some(file) = &delete.customer_update else {
            return Ok(());
        };
        self.push_customer_update(dictionary, file, stamp, batch)
            .await?;
        if delete.table.name() == "sys_dictionary" {
            let about = self.about(dictionary, &delete.table, delete.sys_id).await?;
            if let Some(about) = about.filter(|about| !about.element.is_empty()) {
                self.push_end_of_copies(dictionary, &delete.table, &about, batch);
            }
        }
        Ok(())
    }

    /// Returns what a record of the dictionary or an English label is about; nothing, where it is neither.
    async fn about(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        sys_id: SysId,
    ) -> Result<Option<About>, StoreError> {
        let fields: &[&str] = match table.name().as_str() {
            "sys_dictionary" => &["name", "element"],
            "sys_documentation" => &["name", "element", "language"],
            "sys_db_object" => &["name"],
            _ => return Ok(None),
        };
        let find = Find::By("sys_id", sys_id.into());
        let rows = self.select(dictionary, table.name(), find, fields).await?;
        let english = |row: &Row<'_>| fields.len() < 3 || matches!(row.text(2), "" | "en");
        Ok(rows.first().filter(english).map(|row| About {
            name: row.text(0).into(),
            element: if fields.len() > 1 { row.text(1) } else { "" }.into(),
        }))
    }
}

/// Appends the condition that a row is of this class and holds these texts; empty text is none.
pub(super) fn push_matching(
    table: &Table,
    texts: &[(&str, &str)],
    dialect: Dialect,
    sql: &mut String,
    params: &mut Vec<Value>,
) {
    let class = [("sys_class_name", table.name().as_str())];
    let mut joint = " WHERE ";
    for (element, text) in class.iter().chain(texts) {
        let Some(column) = table.column(element) else {
            continue;
        };
        sql.push_str(joint);
        joint = " AND ";
        let mut quoted = String::new();
        push_quoted(&column.storage, &mut quoted);
        if text.is_empty() {
            sql.push_str(&quoted);
            sql.push_str(" IS NULL");
            continue;
        }
        dialect.push_comparable(&quoted, false, sql);
        params.push(Value::Text(dialect.comparable(*text)));
        let _ = write!(sql, " = ${}", params.len()); // writing to a String cannot fail
    }
}

/// Begins an update of rows of a class.
pub(super) fn update_of(table: &Table) -> String {
    let mut sql = String::from("UPDATE ");
    push_table(table.root(), &mut sql);
    sql
}
