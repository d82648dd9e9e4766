//! `snowglobe alias resolve`: where a call by an alias goes, and why.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::operator::{self, Operator};

/// Arguments of `alias`.
#[derive(Debug, Args)]
pub(crate) struct Alias {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tell which connection, credential and OAuth profile a call by an alias uses, and why
    Resolve(Resolve),
}

#[derive(Debug, Args)]
struct Resolve {
    #[command(flatten)]
    operator: Operator,
    /// The alias's ID, such as `orders_api`, or the `sys_id` of its record
    name: String,
    /// One of several active connections, by its name
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
}

impl Alias {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let What::Resolve(resolve) = self.what;
        let mut path = operator::path(&["_sg", "alias", &resolve.name]);
        if let Some(connection) = &resolve.connection {
            path = operator::with_query(&path, "connection", connection);
        }
        let told = super::block_on(async {
            let answer = resolve.operator.ask(&path, None).await?;
            answer.accepted()
        })?;
        print!("{}", describe(&told));
        anyhow::ensure!(
            told["resolved"] == true,
            "{}",
            told["why"].as_str().unwrap_or("it leads nowhere")
        );
        Ok(())
    }
}

fn describe(told: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = String::new();
    for step in told["steps"].as_array().into_iter().flatten() {
        let mark = if step["taken"] == true { "+" } else { "-" };
        // Writing to a String does not fail.
        let _ = writeln!(
            lines,
            "{mark} {:<11} {:<30} {}",
            text(&step["of"]),
            text(&step["name"]),
            text(&step["why"])
        );
    }
    let found = [
        ("connection", "connection_url"),
        ("credential", "name"),
        ("oauth_entity_profile", "grant_type"),
        ("oauth_entity", "name"),
        ("retry_policy", "name"),
    ];
    for (part, key) in found {
        if let Some(value) = told[part][key].as_str() {
            let _ = writeln!(lines, "  {:<22}{value}", format!("{part}.{key}"));
        }
    }
    lines
}
