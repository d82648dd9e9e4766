//! The `snowglobe` binary: arguments, the terminal, exit codes. Everything else is in `snowglobe-server`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to its terminal"
)]

mod commands;
mod logging;
mod no_core;

use std::process::ExitCode;

use clap::Parser;

/// The allocator: token requests are many and small.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A ServiceNow-compatible instance with real auth, in one binary.
///
/// Independent, not affiliated with ServiceNow.
#[derive(Debug, Parser)]
#[command(name = "snowglobe", version, before_help = EXAMPLES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,
}

const EXAMPLES: &str = "\
Examples:
  snowglobe up                                   Start a development instance with demo data on port 8080
  snowglobe up --ephemeral --port 0 --ready-json Start one for a test run that keeps nothing
  snowglobe serve --config snowglobe.toml        Start a production instance
  snowglobe admin --config snowglobe.toml create-user jo --role admin
                                                 Make the first administrator
  snowglobe clock advance 31m                    Move a development instance's time: its tokens expire
  snowglobe env --for pysnc                      Print the variables that a client reads
  snowglobe exec --as dev12345 -- COMMAND        Run a client that insists on dev12345.service-now.com
  snowglobe explain 3f0c8a51d2e7                 Tell why the request with this X-Transaction-ID was refused";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("snowglobe: {error:#}");
            ExitCode::FAILURE
        }
    }
}
