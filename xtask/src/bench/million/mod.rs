//! A million incidents, in both databases: what a page costs beside the same SQL in the database's own client (`sqlite3`,
//! `psql`: ADR 17), how much memory reading all of them takes, and how many creates a second are on disk before their
//! answers.
//!
//! Times are of the wall: PostgreSQL's CPU is not the instance's, but a caller waits for it all the same.

mod memory;
mod own;
mod pages;

use std::time::Duration;

use anyhow::Result;
use snowglobe_testkit::Instance;

use self::own::Own;
use super::load::measure as load;
use super::servers::{Mode, Running, Servers};
use super::table::Table;
use super::{client, cost};

/// Where the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Sqlite,
    Postgres,
}

const PLACES: [Place; 2] = [Place::Sqlite, Place::Postgres];

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Creates a second that are wanted.
    fn creates(self) -> f64 {
        match self {
            Self::Sqlite => 5_000.0,
            Self::Postgres => 2_000.0,
        }
    }
}

/// Measures all of it.
pub(super) fn measure(servers: &Servers, seconds: Duration, table: &mut Table) -> Result<()> {
    for place in PLACES {
        creates(servers, place, seconds, table)?;
        let mut alone = Vec::new();
        let running = filled(servers, place, |own| {
            alone = pages::alone(own, place, seconds)?;
            Ok(())
        })?;
        pages::measure(&running.instance, &alone, place, seconds, table)?;
        memory::measure(&running.instance, place, table)?;
    }
    Ok(())
}

/// Creates by 32 connections, each on disk before its answer. Neither side is kept to one core.
fn creates(servers: &Servers, place: Place, seconds: Duration, table: &mut Table) -> Result<()> {
    let running = servers.unpinned(match place {
        Place::Sqlite => Mode::FreshSelfProving,
        Place::Postgres => Mode::FreshPostgres,
    })?;
    eprintln!("xtask: creates in {}", place.name());
    let target = client::create(&running.instance, 32)?;
    let seconds = seconds.max(Duration::from_secs(3));
    let cost = load(&running.instance, &target, 32, seconds)?;
    let (rate, wanted) = (cost.requests_per_second, place.creates());
    table.note(&format!(
        "durable creates, 32 connections, {}: {rate:.0}/s, {:.0} µs of CPU each (wanted {wanted:.0}/s{})",
        place.name(),
        cost.cpu_us,
        missed(rate >= wanted)
    ))?;
    Ok(())
}

/// An instance whose 100,000 incidents were made ten times as many while it was down, and what else is to be done then:
/// it has SQLite's file for itself while it runs.
fn filled(
    servers: &Servers,
    place: Place,
    then: impl FnOnce(&mut Own) -> Result<()>,
) -> Result<Running> {
    let running = servers.snowglobe(match place {
        Place::Sqlite => Mode::Load,
        Place::Postgres => Mode::LoadPostgres,
    })?;
    running.meanwhile(|folder, database| {
        eprintln!("xtask: a million rows in {}", place.name());
        Own::open(folder, database)?.multiply()?;
        then(&mut Own::open(folder, database)?)
    })
}

/// The highest that the resident memory of an instance was while `work` went on; MB.
fn most_resident(instance: &Instance, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    cost::forget_most_resident(instance.pid())?;
    work()?;
    cost::most_resident_mb(instance.pid())
}

fn missed(well: bool) -> &'static str {
    if well { "" } else { ": MISSED" }
}
