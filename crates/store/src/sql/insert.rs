//! The insert of one row, taken apart: each database makes of it, in its own way, an insert of many rows.

use std::fmt::Write as _;

use snowglobe_records::Value;

/// `INSERT INTO … VALUES ($1, …, $n)`, which may end in `ON CONFLICT (…) DO NOTHING`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RowInsert<'s> {
    /// All before `VALUES`.
    pub(crate) head: &'s str,
    /// How many values a row has.
    pub(crate) width: usize,
    /// What follows `ON CONFLICT`: a row yields to one that is there.
    pub(crate) yields: Option<&'s str>,
}

/// Some columns of an insert, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Columns(u64);

impl Columns {
    /// Returns the columns in which all rows have the same value.
    pub(crate) fn shared<'v>(mut rows: impl Iterator<Item = &'v [Value]> + Clone) -> Self {
        let mut shared = Self::default();
        let Some(first) = rows.next() else {
            return shared;
        };
        for (column, value) in first.iter().enumerate() {
            if rows.clone().all(|row| row.get(column) == Some(value)) {
                shared.insert(column);
            }
        }
        shared
    }

    /// Returns the values that a row has for itself, where these columns are shared.
    pub(crate) fn own<T>(self, values: &[T]) -> impl Iterator<Item = &T> {
        let columns = values.iter().enumerate();
        columns.filter_map(move |(at, value)| (!self.contains(at)).then_some(value))
    }

    /// Adds one; of very wide inserts, only the first columns can be in the set.
    pub(crate) fn insert(&mut self, column: usize) {
        if column < 64 {
            self.0 |= 1 << column;
        }
    }

    pub(crate) fn contains(self, column: usize) -> bool {
        column < 64 && self.0 & 1 << column != 0
    }

    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Tells whether all of these are in the other set.
    pub(crate) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

impl<'s> RowInsert<'s> {
    /// Takes a statement apart; `None` for everything that is not such an insert.
    pub(crate) fn parse(sql: &'s str) -> Option<Self> {
        let (head, values) = sql.trim_end().rsplit_once("VALUES")?;
        let (values, yields) = match values.split_once(" ON CONFLICT ") {
            Some((values, rule)) if rule.starts_with('(') && rule.ends_with(") DO NOTHING") => {
                (values, Some(rule))
            }
            Some(_) => return None,
            None => (values, None),
        };
        let values = values.trim_start().strip_prefix('(')?.strip_suffix(')')?;
        let mut width = 0;
        for value in values.split(',') {
            width += 1;
            let number = value.trim().strip_prefix('$')?.parse();
            if number != Ok(width) {
                return None;
            }
        }
        let insert = head.trim_start().starts_with("INSERT INTO ");
        insert.then_some(Self {
            head,
            width,
            yields,
        })
    }

    /// Returns the insert of so many rows. Parameters stand for the values of the first row, and then for those of
    /// each other row whose columns are not in `shared`: these have one value for all rows.
    pub(crate) fn of_rows(&self, rows: usize, shared: Columns) -> String {
        let mut sql = String::from(self.head);
        let mut joint = "VALUES ";
        let mut last = self.width;
        for row in 0..rows {
            for column in 0..self.width {
                sql.push_str(if column == 0 { joint } else { ", " });
                sql.push_str(if column == 0 { "(" } else { "" });
                let own = row > 0 && !shared.contains(column);
                last += usize::from(own);
                let _ = write!(sql, "${}", if own { last } else { column + 1 });
            }
            sql.push(')');
            joint = ", ";
        }
        self.push_rule(&mut sql);
        sql
    }

    /// Appends what a row yields to, if it does.
    pub(crate) fn push_rule(&self, sql: &mut String) {
        if let Some(rule) = self.yields {
            sql.extend([" ON CONFLICT ", rule]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_one_row_becomes_one_of_many() {
        let sql = "INSERT INTO token (id, \"hash\") VALUES ($1, $2)";
        assert_eq!(
            RowInsert::parse(sql)
                .unwrap()
                .of_rows(2, Columns::default()),
            "INSERT INTO token (id, \"hash\") VALUES ($1, $2), ($3, $4)"
        );
        let mut shared = Columns::default();
        shared.insert(1);
        assert_eq!(
            RowInsert::parse(sql).unwrap().of_rows(3, shared),
            "INSERT INTO token (id, \"hash\") VALUES ($1, $2), ($3, $2), ($4, $2)"
        );
        let sql = "INSERT INTO token (id) VALUES ($1) ON CONFLICT (id) DO NOTHING";
        assert_eq!(
            RowInsert::parse(sql)
                .unwrap()
                .of_rows(3, Columns::default()),
            "INSERT INTO token (id) VALUES ($1), ($2), ($3) ON CONFLICT (id) DO NOTHING"
        );
    }

    #[test]
    fn anything_else_is_left_alone() {
        for sql in [
            "INSERT INTO t (a, b) VALUES ($2, $1)",
            "INSERT INTO t (a, b) VALUES ($1, $1)",
            "INSERT INTO t (a, b) VALUES ($1, $2 + 1)",
            "INSERT INTO t (a, b, c) VALUES ($1, $2, 3)",
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = 1",
            "INSERT INTO t (a, b) VALUES ($1, $2), ($1, $2)",
            "INSERT INTO t VALUES ()",
            "UPDATE t SET a = $1 WHERE b = $2",
            "",
        ] {
            assert_eq!(RowInsert::parse(sql), None, "{sql}");
        }
    }
}
