//! The database's own client library, beside the instance.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// A connection.
pub(super) enum Own {
    Sqlite(Connection),
    Postgres(Runtime, Client),
}

/// How many times as many rows there are afterwards.
const TIMES: u32 = 10;

impl Own {
    /// Opens the database of an instance: the one in its folder, or the one at this URL.
    pub(super) fn open(folder: &Path, url: Option<&str>) -> Result<Self> {
        let Some(url) = url else {
            let connection = Connection::open(folder.join("snowglobe.db"))?;
            return Ok(Self::Sqlite(connection));
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            anyhow::Ok(client)
        })?;
        Ok(Self::Postgres(runtime, client))
    }

    /// Copies every incident nine times, each with an id and a number of its own.
    pub(super) fn multiply(&mut self) -> Result<()> {
        let columns = self.columns()?;
        let kept = columns.iter().map(|column| match column.as_str() {
            "sys_id" => self.new_sys_id().to_owned(),
            "number" | "task_effective_number" => self.new_number().to_owned(),
            other => format!("\"{other}\""),
        });
        let kept: Vec<String> = kept.collect();
        let names: Vec<String> = columns.iter().map(|it| format!("\"{it}\"")).collect();
        let (names, kept) = (names.join(", "), kept.join(", "));
        let (copies, most) = (self.copies(), TIMES - 1);
        self.run(&format!(
            "INSERT INTO task ({names}) SELECT {kept} FROM task, {copies} \
             WHERE sys_class_name = 'incident' AND n <= {most}"
        ))?;
        self.run("ANALYZE")
    }

    /// Reads the rows of a statement for some time, and returns how long one reading takes in the mean.
    pub(super) fn time(&mut self, sql: &str, seconds: Duration) -> Result<Duration> {
        self.read(sql)?;
        let (began, mut times) = (Instant::now(), 0);
        while began.elapsed() < seconds {
            self.read(sql)?;
            times += 1;
        }
        Ok(began.elapsed() / times)
    }

    fn columns(&self) -> Result<Vec<String>> {
        let columns: Vec<String> = match self {
            Self::Sqlite(connection) => connection
                .prepare("SELECT name FROM pragma_table_info('task')")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?,
            Self::Postgres(runtime, client) => {
                let sql = "SELECT column_name::text FROM information_schema.columns \
                           WHERE table_name = 'task' AND table_schema = 'public'";
                let rows = runtime.block_on(client.query(sql, &[]))?;
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        let columns = columns.into_iter().filter(|name| name != "sys_row");
        Ok(columns.collect())
    }

    fn new_sys_id(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "lower(hex(randomblob(16)))",
            Self::Postgres(..) => "md5(sys_id || n)",
        }
    }

    fn new_number(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "'INC' || (2000000 + n * 200000 + sys_row)",
            Self::Postgres(..) => "'INC' || (2000000 + n * 200000 + sys_row)::text",
        }
    }

    fn copies(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => {
                "(WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i LIMIT 100) SELECT n FROM i)"
            }
            Self::Postgres(..) => "generate_series(1, 100) AS copies(n)",
        }
    }

    fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql).context("SQLite"),
            Self::Postgres(runtime, client) => runtime
                .block_on(client.batch_execute(sql))
                .context("PostgreSQL"),
        }
    }

    fn read(&mut self, sql: &str) -> Result<usize> {
        match self {
            Self::Sqlite(connection) => read_sqlite(connection, sql),
            Self::Postgres(runtime, client) => {
                let rows = runtime.block_on(async {
                    let statement = client.prepare(sql).await?;
                    client.query(&statement, &[]).await
                })?;
                Ok(rows.len())
            }
        }
    }
}

/// Every cell is looked at, as a program would.
fn read_sqlite(connection: &Connection, sql: &str) -> Result<usize> {
    let mut statement = connection.prepare_cached(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        for at in 0..width {
            bytes += match row.get_ref(at)? {
                ValueRef::Text(text) => std::hint::black_box(text.to_vec()).len(),
                _ => 8,
            };
        }
    }
    Ok(bytes)
}
