//! `snowglobe rest run`: runs a REST message of an instance.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::operator::{self, Operator};

/// Arguments of `rest`.
#[derive(Debug, Args)]
pub(crate) struct Rest {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Run a function of a REST message and print what came back
    Run(Run),
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    operator: Operator,
    /// The REST message's name
    message: String,
    /// The function's name
    function: String,
    /// A variable, escaped for its place
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// A variable that is put in as it is
    #[arg(long = "raw", value_name = "NAME=VALUE")]
    raw: Vec<String>,
    /// A header
    #[arg(long = "header", value_name = "NAME=VALUE")]
    headers: Vec<String>,
    /// A query parameter
    #[arg(long = "query", value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// The body, in place of the function's
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
}

impl Rest {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let What::Run(run) = self.what;
        let path = operator::path(&["_sg", "rest_message", &run.message, &run.function]);
        let body = json!({
            "variables": pairs(&run.variables)?,
            "variables_raw": pairs(&run.raw)?,
            "headers": pairs(&run.headers)?,
            "query": pairs(&run.query)?,
            "body": run.body,
        });
        let told = super::block_on(async {
            let answer = run.operator.ask(&path, Some(&body)).await?;
            answer.accepted()
        })?;
        let text = |key: &str| told[key].as_str().unwrap_or_default();
        eprintln!(
            "{} {} {}",
            told["status_code"],
            text("method"),
            text("endpoint")
        );
        if told["have_error"] == true {
            anyhow::bail!("{}: {}", text("error_code"), text("error_message"));
        }
        println!("{}", text("body"));
        Ok(())
    }
}

fn pairs(given: &[String]) -> anyhow::Result<Map<String, Value>> {
    let pair = |text: &String| -> anyhow::Result<(String, Value)> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("'{text}' is no NAME=VALUE"))?;
        Ok((name.to_owned(), Value::from(value)))
    };
    given.iter().map(pair).collect()
}
