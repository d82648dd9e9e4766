//! Record numbers (`rest-and-records.md` §13.5): drawn from `sys_number_counter` in blocks, so that an insert
//! does not wait for a counter. A crash may leave a gap, which the real thing does too.

use std::collections::HashMap;

use snowglobe_records::{Dictionary, Value, dictionary::NumberFormat, name::Name};
use tokio::sync::Mutex;

use super::Find;
use crate::{
    Store,
    backend::ApplyError,
    sql::{Batch, Statement},
};

/// The numbers that this process may give away, by table.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Mutex<HashMap<Name, Block>>);

#[derive(Debug, Clone, Copy)]
struct Block {
    next: i64,
    end: i64,
}

/// Numbers of one block: a create in a hundred pays for the counter.
const BLOCK: i64 = 100;

impl Store {
    /// Returns the next number of a table.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn draw_number(
        &self,
        dictionary: &Dictionary,
        table: &Name,
        format: &NumberFormat,
    ) -> Result<i64, ApplyError> {
        let mut blocks = self.numbers.0.lock().await;
        if let Some(block) = blocks.get_mut(table).filter(|block| block.next < block.end) {
            block.next += 1;
            return Ok(block.next);
        }
        let drawn = self.draw_block(dictionary, table, format).await?;
        blocks.insert(
            table.clone(),
            Block {
                next: drawn + 1,
                end: drawn + BLOCK,
            },
        );
        Ok(drawn + 1)
    }

    /// Gives the rest of the blocks back, so that a stop in good order leaves no gap.
    pub(crate) async fn return_numbers(&self) -> Result<(), ApplyError> {
        let blocks = std::mem::take(&mut *self.numbers.0.lock().await);
        for (table, block) in blocks {
            let mut batch = Batch::default();
            // Only if nobody drew a block behind ours.
            batch.push(Statement::new(
                "UPDATE sys_number_counter SET number = $1 WHERE \"table\" = $2 AND number = $3",
                [
                    Value::Int(block.next),
                    Value::text(&table),
                    Value::Int(block.end),
                ],
            ));
            self.backend.apply(batch).await?;
        }
        Ok(())
    }

    /// Moves the counter by a block and returns where it stood.
    async fn draw_block(
        &self,
        dictionary: &Dictionary,
        table: &Name,
        format: &NumberFormat,
    ) -> Result<i64, ApplyError> {
        loop {
            let find = Find::By("table", Value::text(table));
            let rows = self
                .select(dictionary, "sys_number_counter", find, &["number"])
                .await?;
            let stood = rows.first().map(|row| row.int(0));
            let from = stood.unwrap_or(format.base);
            let moved = Statement::new(
                "UPDATE sys_number_counter SET number = $1 WHERE \"table\" = $2 AND number = $3",
                [
                    Value::Int(from + BLOCK),
                    Value::text(table),
                    Value::Int(from),
                ],
            );
            let mut batch = Batch::default();
            match stood {
                Some(_) => batch.push_guarded(moved),
                None => batch.push(Statement::new(
                    "INSERT INTO sys_number_counter (sys_id, \"table\", number) VALUES ($1, $2, $3)",
                    [
                        snowglobe_records::base::derived_id("sys_number_counter", table).into(),
                        Value::text(table),
                        Value::Int(from + BLOCK),
                    ],
                )),
            }
            match self.backend.apply(batch).await {
                Ok(_) => return Ok(from),
                // Another process drew it first.
                Err(ApplyError::Conflict | ApplyError::Duplicate { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
