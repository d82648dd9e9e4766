//! `snowglobe explain`: why a request was refused, and how to mend it.

use std::fmt::Write as _;

use clap::Args;
use serde_json::Value;

use super::operator::Operator;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
The id is the X-Transaction-ID header of the refused answer. The instance keeps its last 10,000 refusals in memory.
All reasons are listed in docs/reasons.md.")]
pub(crate) struct Explain {
    #[command(flatten)]
    operator: Operator,
    /// The request's id, such as 3f0c8a51d2e7
    id: String,
}

impl Explain {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "'{}' is no request id; it is the X-Transaction-ID of the answer",
            self.id
        );
        super::block_on(async {
            let path = format!("/_sg/explain/{}", self.id);
            let told = self.operator.ask(&path, None).await?.accepted()?;
            print!("{}", describe(&told));
            Ok(())
        })
    }
}

fn describe(told: &Value) -> String {
    let text = |key: &str| told[key].as_str().unwrap_or_default();
    let mut lines = format!(
        "{} {} answered {} at {}\n",
        text("method"),
        text("route"),
        told["status"],
        text("time")
    );
    for (label, key) in [
        ("reason", "reason"),
        ("", "what"),
        ("rule", "rule"),
        ("expected", "expected"),
        ("received", "received"),
        ("client", "client"),
        ("user", "user"),
        ("to mend by", "who"),
        ("here", "here"),
        ("on a real instance", "there"),
    ] {
        if let Some(value) = told[key].as_str() {
            // Writing to a String does not fail.
            let _ = writeln!(lines, "  {label:<20}{value}");
        }
    }
    lines
}
