//! Record numbers (`rest-and-records.md` §13.5): drawn from `sys_number_counter` in blocks, so that an insert
//! does not wait for a counter. A crash may leave a gap, which the real thing does too, but none that is larger than
//! what was given away since the start: each block is as large as those before it together.

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
    size: i64,
}

/// Numbers of the first block.
const FIRST: i64 = 32;
/// The most numbers of a block: of several processes, none runs further ahead than that.
const LARGEST: i64 = 1024;

impl Store {
    /// Returns the next number of a format. Tables that inherit it are counted together.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub(super) async fn draw_number(
        &self,
        dictionary: &Dictionary,
        format: &NumberFormat,
    ) -> Result<i64, ApplyError> {
        // Held while a block is drawn, or two would draw one each.
        let mut blocks = self.numbers.0.lock().await;
        let size = match blocks.get_mut(&format.category) {
            Some(block) if block.next < block.end => {
                block.next += 1;
                return Ok(block.next);
            }
            Some(used_up) => (used_up.size * 2).min(LARGEST),
            None => FIRST,
        };
        let drawn = self.draw_block(dictionary, format, size).await?;
        let block = Block {
            next: drawn + 1,
            end: drawn + size,
            size,
        };
        blocks.insert(format.category.clone(), block);
        Ok(block.next)
    }

    /// Gives the rest of the blocks back, so that a stop in good order leaves no gap.
    pub(crate) async fn return_numbers(&self) -> Result<(), ApplyError> {
        let blocks = std::mem::take(&mut *self.numbers.0.lock().await);
        for (table, block) in blocks {
            // Only if nobody drew a block behind ours.
            let moved = self.moved_counter(&table, block.end, block.next);
            self.backend.apply(Batch::one(moved)).await?;
        }
        Ok(())
    }

    /// Moves a counter that stands at `from`.
    fn moved_counter(&self, table: &Name, from: i64, to: i64) -> Statement {
        let dialect = self.backend.dialect();
        let mut sql = String::from("UPDATE sys_number_counter SET number = $1 WHERE ");
        dialect.push_comparable("\"table\"", false, &mut sql);
        sql.push_str(" = $2 AND number = $3");
        Statement::new(sql, [Value::Int(to), Value::text(table), Value::Int(from)])
    }

    /// Moves the counter by a block and returns where it stood.
    async fn draw_block(
        &self,
        dictionary: &Dictionary,
        format: &NumberFormat,
        size: i64,
    ) -> Result<i64, ApplyError> {
        let table = &format.category;
        loop {
            let find = Find::By("table", Value::text(table));
            let rows = self
                .select(dictionary, "sys_number_counter", find, &["number"])
                .await?;
            let stood = rows.first().map(|row| row.int(0));
            let from = stood.unwrap_or(format.base);
            let moved = self.moved_counter(table, from, from + size);
            let mut batch = Batch::default();
            match stood {
                Some(_) => batch.push_guarded(moved),
                None => batch.push(Statement::new(
                    "INSERT INTO sys_number_counter (sys_id, \"table\", number) VALUES ($1, $2, $3)",
                    [
                        snowglobe_records::base::derived_id("sys_number_counter", table).into(),
                        Value::text(table),
                        Value::Int(from + size),
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
