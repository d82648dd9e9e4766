//! One row, whole: what a write decides on.

use std::sync::Arc;

use snowglobe_records::{Column, Dictionary, SysId, Table, Value, write::RowCells};

use super::Find;
use crate::{Store, backend::StoreError};

impl Store {
    /// Reads the row of `table`, or of a class below it, that has this key; `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn row(
        &self,
        dictionary: &Dictionary,
        table: &Arc<Table>,
        sys_id: &str,
    ) -> Result<Option<RowCells>, StoreError> {
        let Some(class) = self.class_of(dictionary, table, sys_id).await? else {
            return Ok(None);
        };
        let columns = class.columns();
        let fields: Vec<&str> = columns
            .iter()
            .map(|column| column.element.as_str())
            .collect();
        let find = Find::By("sys_id", Value::text(sys_id));
        let rows = self.select(dictionary, class.name(), find, &fields).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let cell = |(at, column): (usize, &Arc<_>)| (Arc::clone(column), row.get(at).to_owned());
        let cells = columns.iter().enumerate().map(cell).collect();
        Ok(RowCells::new(class, cells))
    }

    /// Returns the row that a reference names by its display value, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_by_display(
        &self,
        dictionary: &Dictionary,
        reference: &Column,
        text: &str,
    ) -> Result<Option<SysId>, StoreError> {
        let target = reference
            .reference
            .as_deref()
            .and_then(|name| dictionary.table(name));
        let display = target.and_then(|target| Some((target, target.display()?)));
        let Some((target, display)) = display else {
            return Ok(None);
        };
        // A key names its row as well.
        for element in [display.element.as_str(), "sys_id"] {
            let find = Find::By(element, Value::text(text));
            let rows = self
                .select(dictionary, target.name(), find, &["sys_id"])
                .await?;
            if let Some(row) = rows.first() {
                return Ok(SysId::parse(row.text(0)).ok());
            }
        }
        Ok(None)
    }

    /// Returns the class of a row, asking only where a table has classes below it.
    async fn class_of(
        &self,
        dictionary: &Dictionary,
        table: &Arc<Table>,
        sys_id: &str,
    ) -> Result<Option<Arc<Table>>, StoreError> {
        if table.descendants().is_empty() {
            return Ok(Some(Arc::clone(table)));
        }
        let find = Find::By("sys_id", Value::text(sys_id));
        let rows = self
            .select(dictionary, table.name(), find, &["sys_class_name"])
            .await?;
        let class = rows.first().map(|row| row.text(0));
        Ok(class
            .and_then(|class| dictionary.table(class))
            .map(Arc::clone))
    }
}
