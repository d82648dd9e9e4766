//! `cargo xtask test`: the README's test command, and what CI runs.

use anyhow::Result;
use clap::Args;
use snowglobe_testkit::postgres::{Cluster, SERVER_VARIABLE};

use crate::run::{cargo, step};
use crate::{check, pieces};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests, without formatting, lints, layers and documentation
    #[arg(long)]
    no_check: bool,
    /// Given to `cargo test` in place of `--workspace`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// The pieces, the checks, one throw-away PostgreSQL cluster, every test.
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
    step("tests", &mut tests)
}
