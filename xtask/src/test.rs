//! `cargo xtask test`: the README's test command, and what CI runs.

use std::{env, thread::available_parallelism};

use anyhow::Result;
use clap::Args;
use snowglobe_testkit::postgres::{Cluster, SERVER_VARIABLE};

use crate::run::{cargo, step};
use crate::{check, fuzz, pieces, pieces::Pieces};

/// What sets how many tests run at a time.
const THREADS_VARIABLE: &str = "RUST_TEST_THREADS";

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests, without formatting, lints, layers and documentation
    #[arg(long)]
    no_check: bool,
    /// Seconds of fuzzing for each parser, beside the tests; 0 for none
    #[arg(long, default_value_t = 60)]
    fuzz: u64,
    /// Given to `cargo test` in place of `--workspace`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// The pieces, the checks, one throw-away PostgreSQL cluster, every test; and beside the tests, which wait for disks and
/// browsers half of their time, a while of fuzzing.
pub(crate) fn all(options: &Options) -> Result<()> {
    let pieces = pieces::all()?;
    if !options.no_check {
        check::all()?;
    }
    let whole = options.arguments.is_empty();
    let fuzzing = match options.fuzz {
        seconds @ 1.. if whole => Some(fuzz::Beside::start(seconds)?),
        _ => None,
    };
    let tests = tests(&pieces, &options.arguments);
    match fuzzing {
        Some(fuzzing) if tests.is_ok() => fuzzing.finish()?,
        Some(fuzzing) => fuzzing.give_up(),
        None => {}
    }
    tests
}

fn tests(pieces: &Pieces, arguments: &[String]) -> Result<()> {
    // Not synced to disk: what these tests kill is the instance, never the database server.
    let cluster = Cluster::start(&[("fsync", "off")])?;
    let mut tests = cargo(&["test", "--locked"]);
    if arguments.is_empty() {
        tests.arg("--workspace");
    }
    tests
        .args(arguments)
        .env(SERVER_VARIABLE, cluster.url())
        .env("SNOWGLOBE_TEST_PYTHON", &pieces.python)
        .env("SNOWGLOBE_TEST_NODE", &pieces.node);
    if env::var_os(THREADS_VARIABLE).is_none() {
        tests.env(THREADS_VARIABLE, at_a_time().to_string());
    }
    step("tests", &mut tests)
}

/// Two tests for each processor: they wait for disks, clocks and browsers half of their time.
fn at_a_time() -> usize {
    2 * available_parallelism().map_or(1, usize::from)
}
