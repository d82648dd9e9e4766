//! Rows that become one row: the batches that [`Batch::folds`](crate::sql::Batch::folds) marks.

use rusqlite::Connection;
use snowglobe_records::{Value, ValueRef};

use super::{
    cells,
    merge::{Inserted, only, same},
};
use crate::queue::Write;

/// How many rows become one: with some fifty bytes of each, a few pages.
const MOST: usize = 256;

/// Inserts the rows of the first writes of a group as one, if they are such; otherwise nothing was done.
pub(super) fn insert(connection: &Connection, group: &[Write]) -> Inserted {
    let Some(together) = alike(group) else {
        return Inserted::None;
    };
    let Some(first) = together.first().and_then(only) else {
        return Inserted::None;
    };
    let row = folded(together);
    match cells::execute_all(connection, &first.statement.sql, &row) {
        Ok(1) => Inserted::All(together.len()),
        Ok(_) | Err(_) => Inserted::Some,
    }
}

/// Returns the first writes of a group that become one row: at least two.
fn alike(group: &[Write]) -> Option<&[Write]> {
    let sql = &only(group.first()?)?.statement.sql;
    let is_alike = |write: &&Write| {
        write.batch.folds && only(write).is_some_and(|one| same(&one.statement.sql, sql))
    };
    let run = group.iter().take(MOST).take_while(is_alike).count();
    group.get(..run).filter(|run| run.len() > 1)
}

fn folded(together: &[Write]) -> Vec<Value> {
    let rows = || {
        let guarded = together.iter().filter_map(only);
        guarded.map(|one| &*one.statement.params)
    };
    let width = rows().next().map_or(0, <[Value]>::len);
    let column = |at: usize| {
        let cells = || rows().filter_map(move |row| row.get(at).map(Value::as_ref));
        let greatest = cells().filter_map(ValueRef::as_int).max();
        greatest.map_or_else(
            || {
                Value::Text(
                    cells()
                        .filter_map(ValueRef::as_text)
                        .collect::<String>()
                        .into(),
                )
            },
            Value::Int,
        )
    };
    (0..width).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Batch, Statement};

    fn write(sql: &str, number: i64, text: &str, folds: bool) -> Write {
        let row = [Value::Int(number), Value::text(text)];
        let batch = Batch {
            folds,
            ..Batch::one(Statement::new(sql, row))
        };
        Write { batch, reply: None }
    }

    #[test]
    fn rows_become_one_of_the_greatest_numbers_and_all_texts() {
        let group = [(3, "a"), (9, "b"), (4, "c")];
        let group = group.map(|(number, text)| write("x", number, text, true));
        assert_eq!(alike(&group).map(<[_]>::len), Some(3));
        assert_eq!(folded(&group), [Value::Int(9), Value::text("abc")]);
    }

    #[test]
    fn what_is_not_marked_or_of_another_text_ends_the_row() {
        let row = |sql, folds| write(sql, 1, "a", folds);
        let three = [row("x", true), row("x", true), row("y", true)];
        assert_eq!(alike(&three).map(<[_]>::len), Some(2));
        let three = [row("x", true), row("x", true), row("x", false)];
        assert_eq!(alike(&three).map(<[_]>::len), Some(2));
        assert!(alike(&[row("x", true)]).is_none());
        assert!(alike(&[row("x", false), row("x", false)]).is_none());
    }
}
