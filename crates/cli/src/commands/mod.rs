//! The commands, one file each.

mod admin;
mod alias;
mod call;
mod clock;
mod env;
mod exec;
mod explain;
mod flow;
mod oauth;
mod operator;
mod rest;
mod serve;
mod simulate;
mod token;
mod trust;
mod up;

use std::process::ExitCode;

use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a development instance on this machine; no configuration needed.
    Up(up::Up),
    /// Start a production instance from a configuration file.
    Serve(serve::Serve),
    /// Make users, clients and keys in an instance's database.
    Admin(admin::Admin),
    /// Tell and move the time of a development instance.
    Clock(clock::Clock),
    /// Tell how a connection alias resolves, or call the API behind it.
    Alias(alias::Alias),
    /// Print the variables that a known client reads, for a development instance.
    Env(env::Env),
    /// Run a program that insists on an instance of service-now.com, against this one.
    Exec(exec::Exec),
    /// Run a REST message of an instance, or look after one.
    Rest(rest::Rest),
    /// Start a flow of an instance, or tell what became of a run.
    Flow(flow::Flow),
    /// Look after the tokens that an instance holds of other providers.
    #[command(name = "oauth")]
    OAuth(oauth::OAuth),
    /// Print an access token of another provider, by a connection alias.
    Token(token::Token),
    /// Start a provider to try outbound OAuth with.
    Simulate(simulate::Simulate),
    /// Tell why a request was refused, and how to mend it.
    Explain(explain::Explain),
}

impl Command {
    /// Runs the command to its end.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Exec(exec) => return exec.run(),
            Self::Env(env) => env.run(),
            Self::Up(up) => up.run(),
            Self::Serve(serve) => serve.run(),
            Self::Admin(admin) => admin.run(),
            Self::Clock(clock) => clock.run(),
            Self::Alias(alias) => alias.run(),
            Self::Rest(rest) => rest.run(),
            Self::Flow(flow) => flow.run(),
            Self::OAuth(oauth) => oauth.run(),
            Self::Token(token) => token.run(),
            Self::Simulate(simulate) => simulate.run(),
            Self::Explain(explain) => explain.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Runs a future on all cores.
fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(future)
}

/// Ends when a person or a supervisor asks the process to stop.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler the signal ends the process at once, which is what was asked for.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
