//! How often each table was written: whoever counted rows and finds the number unchanged need not count again.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use crate::{queue::Write, sql::written_table};

/// The number of groups that wrote to a table, by its name.
#[derive(Debug, Default)]
pub(super) struct Writes(RwLock<Counters>);

#[derive(Debug, Default)]
struct Counters {
    tables: HashMap<Box<str>, u64>,
    /// Of what may have written to any table.
    everything: u64,
}

impl Writes {
    /// Notes a group that is on disk. Its callers must not have heard of that: whoever did finds that it counts.
    pub(super) fn note(&self, group: &[Write]) {
        let statements = group.iter().flat_map(|write| &write.batch.statements);
        let mut before = None;
        for guarded in statements {
            let sql = &*guarded.statement.sql;
            // Texts that follow each other are often one and the same.
            if before.replace(sql.as_ptr()) != Some(sql.as_ptr()) {
                self.count_up(written_table(sql));
            }
        }
    }

    /// Notes what may have written to any table.
    pub(super) fn note_everything(&self) {
        self.count_up(None);
    }

    /// Returns a number that is another one after each write to one of these tables.
    pub(super) fn to(&self, tables: &[&str]) -> u64 {
        let counters = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let each = tables
            .iter()
            .filter_map(|table| counters.tables.get(*table));
        counters.everything + each.sum::<u64>()
    }

    fn count_up(&self, table: Option<&str>) {
        let mut counters = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(table) = table else {
            counters.everything += 1;
            return;
        };
        match counters.tables.get_mut(table) {
            Some(counter) => *counter += 1,
            None => drop(counters.tables.insert(table.into(), 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Batch, Statement};

    #[test]
    fn a_write_to_one_table_outdates_what_rests_on_it() {
        let writes = Writes::default();
        let write = |sql: &str| Write {
            batch: Batch::one(Statement::new(sql, [])),
            reply: None,
        };
        let (task, both) = (writes.to(&["task"]), writes.to(&["task", "core_company"]));
        writes.note(&[write("INSERT INTO core_company (a) VALUES (1)")]);
        assert_eq!(writes.to(&["task"]), task);
        assert_ne!(writes.to(&["task", "core_company"]), both);
        writes.note(&[write("UPDATE \"task\" SET a = 1")]);
        assert_ne!(writes.to(&["task"]), task);
        let task = writes.to(&["task"]);
        writes.note(&[write("REPLACE INTO other VALUES (1)")]);
        assert_ne!(writes.to(&["task"]), task);
    }
}
