//! `cargo xtask bench`: what a request costs, as a share of the least it could cost.
//!
//! ```text
//! core 0   the server under load: Snowglobe, then the ceiling, then Snowglobe, ...
//! core 1   wrk
//! ```
//!
//! Rates drift with the machine; the CPU that a server spends on a request drifts less. So the
//! share is `CPU of the ceiling / CPU of Snowglobe`, both measured in one run, in turn, several rounds
//! for each row, of which the one with the middle share counts. CPU is read from `/proc/PID/stat` until the server is quiet: what it puts off
//! until after the answer counts too. A database server's CPU does not.

mod assertion;
mod audience;
mod broker;
mod client;
mod code_flow;
mod cost;
mod growth;
mod load;
mod million;
mod peer;
mod rows;
mod script;
mod servers;
mod table;
mod wire;

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use self::servers::Servers;
use self::table::Table;
use crate::pieces;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds of load for each round
    #[arg(long, default_value_t = 1)]
    seconds: u64,
    /// Rounds of each figure; the one with the middle share counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Only rows whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Also how costs grow from 1,000 to 1,000,000 tokens and rows; some ten minutes
    #[arg(long)]
    growth: bool,
    /// Also pages, memory and creates with 1,000,000 incidents in both databases; some ten minutes
    #[arg(long)]
    million: bool,
    /// Also node-oidc-provider on SQLite, from npm
    #[arg(long)]
    peer: bool,
}

/// How long and how often one thing is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) seconds: Duration,
    pub(crate) rounds: u32,
}

/// Measures and prints one table.
pub(crate) fn all(options: &Options) -> Result<()> {
    pieces::debian("wrk", &["wrk"], || crate::run::on_path("wrk"))?;
    pieces::debian("taskset", &["util-linux"], || {
        crate::run::on_path("taskset")
    })?;
    let seconds = Duration::from_secs(options.seconds);
    let rounds = options.rounds;
    let effort = Effort { seconds, rounds };
    let servers = Servers::build()?;
    let mut table = Table::start()?;
    for row in rows::ROWS
        .iter()
        .filter(|row| row.name.contains(&options.only))
    {
        for line in rows::measure(row, &servers, effort)? {
            table.add(&line)?;
        }
    }
    if options.peer {
        table.add(&peer::measure(&servers, seconds)?)?;
    }
    if "brokered call".contains(&options.only) {
        table.note(&broker::overhead(&servers)?)?;
    }
    if "readiness".contains(&options.only) {
        table.note(&rows::readiness(&servers, seconds)?)?;
    }
    if options.million {
        million::measure(&servers, seconds, &mut table)?;
    }
    if options.growth {
        growth::measure(&servers, effort, &mut table)?;
    }
    Ok(())
}
