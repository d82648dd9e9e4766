//! The developer's door, the same for people and for CI.
//!
//! ```text
//! cargo xtask check     formatting, lints, layers, documentation
//! cargo xtask test      everything above, and every test on both databases
//! cargo xtask fuzz      libFuzzer over every parser that takes foreign bytes
//! cargo xtask coverage-matrix   which test holds which row of the specification
//! cargo xtask gen       writes what is made from the source, such as docs/reasons.md
//! cargo xtask conform   our conformance suite against any issuer
//! cargo xtask bench     what a request costs, as a share of the least it could cost
//! ```
//!
//! Nothing needs to be installed first: what is missing is fetched by apt, npm or pip where that is
//! possible, and named where it is not.

mod bench;
mod check;
mod conform;
mod coverage;
mod fuzz;
mod generate;
mod layers;
mod pieces;
mod run;
#[cfg(test)]
mod security;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, tests and measures Snowglobe")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Formatting, lints, layers and documentation, all without a warning
    Check,
    /// The checks, then every test of the workspace on both databases
    Test(test::Options),
    /// Installs what the tests need, and nothing else
    Setup,
    /// Measures what requests cost, against a bare handler that does the least possible
    Bench(bench::Options),
    /// Looks for bytes that break a parser
    Fuzz(fuzz::Options),
    /// Writes what is made from the source
    Gen,
    /// Looks whether an issuer does what OAuth and OpenID Connect ask
    Conform(Box<conform::Options>),
    /// Which test holds which row of the specification; fails where there is none
    CoverageMatrix,
    /// Fails on a dependency that the architecture forbids
    Layers,
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Check => check::all(),
        Task::Test(options) => test::all(&options),
        Task::Setup => pieces::all().map(|_pieces| ()),
        Task::Bench(options) => bench::all(&options),
        Task::Fuzz(options) => fuzz::all(&options),
        Task::Gen => generate::write(),
        Task::Conform(options) => conform::all(&options),
        Task::CoverageMatrix => coverage::print(),
        Task::Layers => layers::check(),
    }
}
