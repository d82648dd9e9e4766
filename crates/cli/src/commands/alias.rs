//! `snowglobe alias`: where a call by an alias goes, and why; and such a call.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    call::{Brought, print_answer},
    operator::{self, Operator},
};

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
    /// Call the API behind an alias, with what proves the call added, and print what came back
    Call(Call),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe alias call orders /orders/7
  snowglobe alias call orders /orders --method post --header content-type=application/json --body '{\"id\": 7}'")]
struct Call {
    #[command(flatten)]
    operator: Operator,
    /// The alias's ID, such as `orders_api`, or the `sys_id` of its record
    name: String,
    /// Under the connection's URL
    #[arg(default_value = "")]
    path: String,
    #[arg(long, default_value = "get")]
    method: String,
    #[command(flatten)]
    brought: Brought,
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
        match self.what {
            What::Resolve(resolve) => resolve.run(),
            What::Call(call) => call.run(),
        }
    }
}

impl Call {
    fn run(self) -> anyhow::Result<()> {
        let path = operator::path(&["_sg", "alias", &self.name, "request"]);
        let asked = json!({"method": self.method, "path": self.path});
        let body = self.brought.added_to(asked)?;
        let told = super::block_on(async {
            let answer = self.operator.ask(&path, Some(&body)).await?;
            answer.accepted()
        })?;
        print_answer(&told)
    }
}

impl Resolve {
    fn run(self) -> anyhow::Result<()> {
        let mut path = operator::path(&["_sg", "alias", &self.name]);
        if let Some(connection) = &self.connection {
            path = operator::with_query(&path, "connection", connection);
        }
        let told = super::block_on(async {
            let answer = self.operator.ask(&path, None).await?;
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
            let _ = writeln!(lines, "  {:<34}{value}", format!("{part}.{key}"));
        }
    }
    lines
}
