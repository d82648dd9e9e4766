//! A fresh PostgreSQL database for each test.
//!
//! ```text
//! SNOWGLOBE_TEST_POSTGRES set  ->  that server        (cargo xtask test starts one for the run)
//! unset                        ->  a cluster of this process, started once, gone with it
//! ```

mod cluster;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::SimpleQueryMessage;

pub use cluster::{Cluster, SERVER_PACKAGE, binaries};

/// The variable that names the server to make databases on, as `postgres://…`.
pub const SERVER_VARIABLE: &str = "SNOWGLOBE_TEST_POSTGRES";

/// How long the making of a database may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A database that nothing else uses; dropped with this value.
#[derive(Debug)]
pub struct Database {
    /// Where it is, as `postgres://user@host:port/name`.
    pub url: String,
    name: String,
}

/// Makes an empty database.
///
/// # Panics
/// When no PostgreSQL server is there and none can be started; the text names what to install.
pub fn database() -> Database {
    made_from("template0")
}

fn made_from(template: &str) -> Database {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("snowglobe_{}_{number}", std::process::id());
    // A name is left over when an earlier process with this id was killed.
    on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    let making = format!("CREATE DATABASE {name} TEMPLATE {template}");
    let deadline = Instant::now() + PATIENCE;
    // Sessions end a moment after their clients have gone, and nobody may be in a template.
    while let Err(error) = on_own_thread(|| execute(server(), &making)) {
        assert!(Instant::now() < deadline, "`{making}`: {error:#}");
        std::thread::sleep(Duration::from_millis(5));
    }
    Database {
        url: database_url(server(), &name),
        name,
    }
}

impl Database {
    /// Makes another database with all that is in this one, which nobody uses now.
    ///
    /// # Panics
    /// When the server does not make it.
    #[must_use]
    pub fn copy(&self) -> Self {
        made_from(&self.name)
    }

    /// Returns every row of every table as text, behind the name of its table.
    ///
    /// # Panics
    /// When the server does not tell them.
    #[must_use]
    pub fn dump(&self) -> String {
        let dumped = on_own_thread(|| every_row(&self.url));
        dumped.unwrap_or_else(|error| panic!("PostgreSQL at {}: {error:#}", self.url))
    }

    /// Runs statements on it.
    ///
    /// # Panics
    /// When the server does not take them.
    pub fn run(&self, script: &str) {
        run_on(&self.url, script);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            on_server(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ));
        }
    }
}

fn server() -> &'static str {
    static SERVER: OnceLock<(String, Option<Cluster>)> = OnceLock::new();
    let (url, _cluster) = SERVER.get_or_init(|| {
        if let Some(url) = from_environment() {
            return (url, None);
        }
        let cluster = Cluster::start(&[("fsync", "off")])
            .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error:#}"));
        (cluster.url(), Some(cluster))
    });
    url
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no configuration file"
)]
fn from_environment() -> Option<String> {
    std::env::var(SERVER_VARIABLE)
        .ok()
        .filter(|url| !url.is_empty())
}

fn on_server(statement: &str) {
    run_on(server(), statement);
}

fn run_on(url: &str, statement: &str) {
    if let Err(error) = on_own_thread(|| execute(url, statement)) {
        panic!("PostgreSQL at {url} refused `{statement}`: {error:#}");
    }
}

/// Asynchronous tests call this too, and a runtime cannot be entered from within another.
fn on_own_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let joined = std::thread::scope(|scope| scope.spawn(work).join());
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn execute(url: &str, statement: &str) -> anyhow::Result<()> {
    first_column(url, statement).map(|_| ())
}

fn every_row(url: &str) -> anyhow::Result<String> {
    let tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";
    let rows = first_column(url, tables)?.into_iter().map(|table| {
        let rows = first_column(url, &format!("SELECT t::text FROM \"{table}\" t"))?;
        Ok(format!("{table}\n{}\n", rows.join("\n")))
    });
    rows.collect()
}

/// Runs statements, and returns the first column of the rows that they give.
fn first_column(url: &str, statements: &str) -> anyhow::Result<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        let connection = tokio::spawn(connection);
        let told = client.simple_query(statements).await?;
        drop(client);
        connection.await??;
        let cell = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        Ok(told.iter().filter_map(cell).collect())
    })
}

/// The server's URL with another database in its path.
fn database_url(server: &str, name: &str) -> String {
    let (location, parameters) = match server.split_once('?') {
        Some((location, parameters)) => (location, format!("?{parameters}")),
        None => (server, String::new()),
    };
    let authority = location.find("://").map_or(0, |at| at + 3);
    let host_end = location[authority..]
        .find('/')
        .map_or(location.len(), |at| authority + at);
    format!("{}/{name}{parameters}", &location[..host_end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_keeps_everything_but_the_path() {
        assert_eq!(
            database_url("postgres://u@h:1/postgres", "a"),
            "postgres://u@h:1/a"
        );
        assert_eq!(database_url("postgres://u@h:1", "a"), "postgres://u@h:1/a");
        assert_eq!(
            database_url("postgres://h/x?sslmode=a/b", "a"),
            "postgres://h/a?sslmode=a/b"
        );
    }

    #[test]
    fn a_copy_has_what_its_original_had_and_goes_its_own_way() {
        let original = database();
        original.run("CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)");
        let copy = original.copy();
        copy.run("INSERT INTO t VALUES (2)");
        original.run("INSERT INTO t VALUES (2)");
        assert!(execute(&copy.url, "INSERT INTO t VALUES (1)").is_err());
    }

    #[test]
    fn a_database_is_there_until_it_is_dropped() {
        let database = database();
        let url = database.url.clone();
        execute(&url, "CREATE TABLE t (a int)").expect("a new database takes statements");
        drop(database);
        assert!(execute(&url, "SELECT 1").is_err());
    }
}
