//! The database's own client: `sqlite3`, `psql`. It is started once and stays open, as a person's does; statements go in
//! at its standard input, and their rows come out as the text that it writes of itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Place;
use crate::{pieces, run};

/// An open client.
pub(super) struct Own {
    place: Place,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// How many times as many rows there are afterwards.
const TIMES: u32 = 10;
/// What the client is asked to write behind the rows of a statement.
const END: &str = "--end";

impl Own {
    /// Opens the database of an instance: the one in its folder, or the one at this URL.
    pub(super) fn open(folder: &Path, url: Option<&str>) -> Result<Self> {
        let (place, mut command) = match url {
            None => (Place::Sqlite, sqlite3(&folder.join("snowglobe.db"))?),
            Some(url) => (Place::Postgres, psql(url)?),
        };
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.spawn().context("the database's own client")?;
        let input = child.stdin.take().context("its standard input")?;
        let output = child.stdout.take().context("its standard output")?;
        Ok(Self {
            place,
            child,
            input,
            output: BufReader::with_capacity(1 << 16, output),
        })
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
        self.hurry()?;
        self.ask(&format!(
            "INSERT INTO task ({names}) SELECT {kept} FROM task, {copies} \
             WHERE sys_class_name = 'incident' AND n <= {most}"
        ))?;
        self.ask("ANALYZE")?;
        let incidents = self.ask("SELECT count(*) FROM task WHERE sys_class_name = 'incident'")?;
        let incidents: u32 = incidents.trim().parse().context("a number of rows")?;
        ensure!(incidents >= 1_000_000, "only {incidents} incidents");
        Ok(())
    }

    /// Lets what fills the tables have more memory than either client takes by itself, with which a million entries in
    /// the middle of each index would be a million pages read and written. Pages are not measured with that: whoever
    /// measures opens the client anew.
    fn hurry(&mut self) -> Result<()> {
        let settings = match self.place {
            Place::Sqlite => "PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF",
            Place::Postgres => "SET synchronous_commit = off",
        };
        self.ask(settings).map(drop)
    }

    /// Reads the rows of a statement for some time, and returns how long one reading takes in the mean: from the moment
    /// that the client is told until the last row is there.
    pub(super) fn time(&mut self, sql: &str, rows: u32, seconds: Duration) -> Result<Duration> {
        let read = self.ask(sql)?.lines().count();
        ensure!(
            read == rows as usize,
            "{read} rows instead of {rows}: {sql}"
        );
        let (began, mut times) = (Instant::now(), 0);
        while began.elapsed() < seconds {
            self.ask(sql)?;
            times += 1;
        }
        Ok(began.elapsed() / times)
    }

    /// Puts a statement in, and returns what comes out.
    fn ask(&mut self, sql: &str) -> Result<String> {
        let mark = match self.place {
            Place::Sqlite => ".print",
            Place::Postgres => "\\echo",
        };
        let asked = format!("{sql};\n{mark} {END}\n");
        self.input.write_all(asked.as_bytes())?;
        let mut answer = String::new();
        loop {
            let before = answer.len();
            let read = self.output.read_line(&mut answer)?;
            ensure!(read > 0, "the client has ended: {sql}");
            if answer.get(before..).map(str::trim_end) == Some(END) {
                answer.truncate(before);
                return Ok(answer);
            }
        }
    }

    fn columns(&mut self) -> Result<Vec<String>> {
        let columns = self.ask(match self.place {
            Place::Sqlite => "SELECT name FROM pragma_table_info('task')",
            Place::Postgres => {
                "SELECT column_name FROM information_schema.columns \
                 WHERE table_name = 'task' AND table_schema = 'public'"
            }
        })?;
        let columns = columns.lines().filter(|name| *name != "sys_row");
        Ok(columns.map(str::to_owned).collect())
    }

    fn new_sys_id(&self) -> &'static str {
        match self.place {
            Place::Sqlite => "lower(hex(randomblob(16)))",
            Place::Postgres => "md5(sys_id || n)",
        }
    }

    fn new_number(&self) -> &'static str {
        match self.place {
            Place::Sqlite => "'INC' || (2000000 + n * 200000 + sys_row)",
            Place::Postgres => "'INC' || (2000000 + n * 200000 + sys_row)::text",
        }
    }

    fn copies(&self) -> &'static str {
        match self.place {
            Place::Sqlite => {
                "(WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i LIMIT 100) SELECT n FROM i)"
            }
            Place::Postgres => "generate_series(1, 100) AS copies(n)",
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // It ends when its input does; SQLite's file is to be free then.
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn sqlite3(file: &Path) -> Result<Command> {
    pieces::debian("SQLite's client", &["sqlite3"], || run::on_path("sqlite3"))?;
    let mut command = Command::new("sqlite3");
    command.args(["-batch", "-bail"]).arg(file);
    Ok(command)
}

fn psql(url: &str) -> Result<Command> {
    pieces::debian("PostgreSQL's client", &["postgresql-client"], || {
        run::on_path("psql")
    })?;
    let mut command = Command::new("psql");
    let stop = "--set=ON_ERROR_STOP=1";
    command.args([
        "--no-psqlrc",
        "--quiet",
        "--no-align",
        "--tuples-only",
        stop,
    ]);
    command.arg(url);
    Ok(command)
}
