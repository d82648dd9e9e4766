//! Where a test keeps its rows, and the table it keeps them in.

use std::path::PathBuf;

use snowglobe_records::{Value, ValueRef};
use snowglobe_store::{
    backend::{Backend, Cost, Location},
    sql::{Batch, Statement},
};
use snowglobe_testkit::postgres::{self, Database};
use tempfile::TempDir;

/// A database that goes when the test ends.
pub(crate) struct Place {
    pub(crate) location: Location,
    _gone_at_the_end: Guard,
}

pub(crate) enum Guard {
    Nothing,
    Directory { _directory: TempDir },
    Database { _database: Database },
}

pub(crate) fn memory() -> Place {
    Place {
        location: Location::Memory,
        _gone_at_the_end: Guard::Nothing,
    }
}

pub(crate) fn file() -> Place {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::File(directory.path().join("snowglobe.db"));
    Place {
        location,
        _gone_at_the_end: Guard::Directory {
            _directory: directory,
        },
    }
}

pub(crate) fn postgres() -> Place {
    let database = postgres::database();
    let location = Location::Postgres(database.url.clone());
    Place {
        location,
        _gone_at_the_end: Guard::Database {
            _database: database,
        },
    }
}

impl Place {
    pub(crate) async fn open(&self) -> Backend {
        Backend::open(&self.location).await.unwrap()
    }

    /// Opens it with the table `ticket`.
    pub(crate) async fn tickets(&self) -> Backend {
        let backend = self.open().await;
        backend.run_script(TICKETS).await.unwrap();
        backend
    }

    pub(crate) fn path(&self) -> PathBuf {
        match &self.location {
            Location::File(path) => path.clone(),
            other => panic!("{other:?} is not a file"),
        }
    }
}

const TICKETS: &str = r#"
    CREATE TABLE ticket (id BIGINT PRIMARY KEY, name TEXT, "used.at" BIGINT);
    CREATE UNIQUE INDEX "ticket:name" ON ticket (name);
    CREATE TABLE seat (hall TEXT, place BIGINT, PRIMARY KEY (hall, place));
"#;

pub(crate) fn insert(id: i64) -> Statement {
    named(id, &format!("ticket {id}"))
}

pub(crate) fn named(id: i64, name: &str) -> Statement {
    let params = [Value::Int(id), Value::Text(name.into())];
    Statement::new("INSERT INTO ticket (id, name) VALUES ($1, $2)", params)
}

/// Uses a ticket that nobody has used.
pub(crate) fn redeem(id: i64, at: i64) -> Statement {
    let sql = r#"UPDATE ticket SET "used.at" = $1 WHERE id = $2 AND "used.at" IS NULL"#;
    Statement::new(sql, [at.into(), id.into()])
}

pub(crate) fn delete(id: i64) -> Statement {
    Statement::new("DELETE FROM ticket WHERE id = $1", [id.into()])
}

pub(crate) fn guarded(statement: Statement) -> Batch {
    let mut batch = Batch::default();
    batch.push_guarded(statement);
    batch
}

pub(crate) fn batch(statements: impl IntoIterator<Item = Statement>) -> Batch {
    let mut batch = Batch::default();
    statements
        .into_iter()
        .for_each(|statement| batch.push(statement));
    batch
}

/// Returns the ids of the tickets that are there.
pub(crate) async fn ids(backend: &Backend) -> Vec<i64> {
    numbers(backend, "SELECT id FROM ticket ORDER BY id").await
}

pub(crate) async fn numbers(backend: &Backend, sql: &str) -> Vec<i64> {
    let rows = backend
        .read(Cost::Scan, &[Statement::new(sql, [])])
        .await
        .unwrap();
    rows[0].iter().map(|row| row.int(0)).collect()
}

/// Returns the first cell of the first row.
pub(crate) async fn cell(backend: &Backend, statement: Statement) -> Value {
    let rows = backend.read(Cost::Point, &[statement]).await.unwrap();
    rows[0]
        .first()
        .map_or(ValueRef::Null, |row| row.get(0))
        .to_owned()
}
