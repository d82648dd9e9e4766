//! Log lines go to stderr: stdout belongs to programs.

use snowglobe_server::config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging as configured; `default` says how much when nothing is configured.
pub(crate) fn start(log: &Log, default: &str) -> anyhow::Result<()> {
    let level = log.level.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(level)
        .map_err(|error| anyhow::anyhow!("log.level '{level}' cannot be used: {error}"))?;
    // A line that cannot be written, on a full disk say, is lost: a request is not.
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    match log.format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
