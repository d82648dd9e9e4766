//! What is asked of a database: a statement, and batches of statements that hold together or not at all.

use std::sync::Arc;

use snowglobe_records::Value;

/// SQL text with its parameters.
///
/// The text is the same for both databases. Parameters are written `$1`, `$2` … and must first appear in
/// ascending order: PostgreSQL numbers them by name, SQLite by first appearance. Whole numbers are `BIGINT`
/// and text is `TEXT` everywhere, so a [`Value`] binds without a cast.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text; statements of the same text share one prepared statement.
    pub sql: Arc<str>,
    /// In the order of their numbers.
    pub params: Vec<Value>,
}

/// How many rows a statement must touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// So many; anything else is a conflict and undoes the batch.
    Exactly(u64),
    /// Any number.
    Any,
}

/// A statement of a batch with its guard. Single use is a guard, not a check: the row that must not have
/// changed since it was read is named in the `WHERE`, and exactly one row is expected.
#[derive(Debug, Clone)]
pub struct Guarded {
    /// The statement.
    pub statement: Statement,
    /// Its guard.
    pub expect: Expect,
}

/// Statements that are applied together, in order, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// What is done. A single `INSERT … VALUES ($1, …, $n)` merges with others of its text on PostgreSQL.
    pub statements: Vec<Guarded>,
    /// What the other processes on the database hear of it, once it is done.
    pub topics: Vec<&'static str>,
    /// Its one statement inserts a row, and may as well insert one row for it and others of its text that come
    /// together: of numbers the greatest, of texts all, one after the other.
    pub folds: bool,
}

impl Statement {
    /// Makes a statement.
    pub fn new(sql: impl Into<Arc<str>>, params: impl Into<Vec<Value>>) -> Self {
        Self {
            sql: sql.into(),
            params: params.into(),
        }
    }
}

/// Returns the table that a statement writes to, if its first words say so.
pub(crate) fn written_table(sql: &str) -> Option<&str> {
    let after = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let rest = after.iter().find_map(|words| sql.strip_prefix(words))?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([' ', '(']).next(),
    }
}

impl Expect {
    /// Tells whether a statement that touched so many rows may stand.
    #[must_use]
    pub fn holds(self, touched: u64) -> bool {
        match self {
            Self::Exactly(n) => touched == n,
            Self::Any => true,
        }
    }
}

impl Batch {
    /// Makes a batch of one unguarded statement.
    #[must_use]
    pub fn one(statement: Statement) -> Self {
        let expect = Expect::Any;
        Self {
            statements: vec![Guarded { statement, expect }],
            ..Self::default()
        }
    }

    /// Makes a batch of one insert whose row may become a part of a row.
    #[must_use]
    pub(crate) fn folding(insert: Statement) -> Self {
        Self {
            folds: true,
            ..Self::one(insert)
        }
    }

    /// Adds a statement whose effect is not checked.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(Guarded {
            statement,
            expect: Expect::Any,
        });
    }

    /// Adds a statement that must touch exactly one row.
    pub fn push_guarded(&mut self, statement: Statement) {
        self.statements.push(Guarded {
            statement,
            expect: Expect::Exactly(1),
        });
    }

    /// Adds the statements of another batch.
    pub(crate) fn append(&mut self, other: Self) {
        self.statements.extend(other.statements);
        for topic in other.topics {
            self.announce(topic);
        }
    }

    /// Tells the other processes on the database of the change, once it is done. They may hear it twice or, if
    /// they are cut off, hear only that anything may have changed.
    pub fn announce(&mut self, topic: &'static str) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_is_written_to_is_known() {
        for (sql, table) in [
            ("INSERT INTO \"task\" (\"a\") VALUES ($1)", Some("task")),
            ("INSERT INTO sg_meta(key) VALUES ($1)", Some("sg_meta")),
            ("UPDATE sg_session SET seen = $1", Some("sg_session")),
            (
                "DELETE FROM oauth_credential WHERE sys_row = $1",
                Some("oauth_credential"),
            ),
            ("WITH old AS (SELECT 1) DELETE FROM task", None),
            ("ANALYZE", None),
        ] {
            assert_eq!(written_table(sql), table, "{sql}");
        }
    }
}
