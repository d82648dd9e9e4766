//! `cargo xtask test`: the README's test command, and what CI runs.

use anyhow::Result;
use clap::Args;
use snowglobe_testkit::postgres::{Cluster, SERVER_VARIABLE};

use crate::run::{cargo, step};
use crate::{check, fuzz, pieces};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests, without formatting, lints, layers and documentation
    #[arg(long)]
    no_check: bool,
    /// Seconds of fuzzing for each parser, after the tests; 0 for none
    #[arg(long, default_value_t = 60)]
    fuzz: u64,
    /// Given to `cargo test` in place of `--workspace`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// The pieces, the checks, one throw-away PostgreSQL cluster, every test, a while of fuzzing.
pub(crate) fn all(options: &Options) -> Result<()> {
    let pieces = pieces::all()?;
    if !options.no_check {
        check::all()?;
    }
    // Not synced to disk: what these tests kill is the instance, never the database server.
    let cluster = Cluster::start(&[("fsync", "off")])?;
    let mut tests = cargo(&["test", "--locked"]);
    if options.arguments.is_empty() {
        tests.arg("--workspace");
    }
    tests
        .args(&options.arguments)
        .env(SERVER_VARIABLE, cluster.url())
        .env("SNOWGLOBE_TEST_PYTHON", &pieces.python)
        .env("SNOWGLOBE_TEST_NODE", &pieces.node);
    step("tests", &mut tests)?;
    if options.fuzz > 0 && options.arguments.is_empty() {
        fuzz::all(&fuzz::Options::each(options.fuzz))?;
    }
    Ok(())
}
