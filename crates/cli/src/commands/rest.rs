//! `snowglobe rest`: runs a REST message of an instance, and tells what has become of one.

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
    /// Tell what has become of a run that was not waited for
    Status(Status),
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
    /// How long the API may take
    #[arg(long, value_name = "MILLISECONDS")]
    timeout: Option<u32>,
    /// Do not wait: print the key of the execution's record
    #[arg(long = "async")]
    asynchronous: bool,
}

#[derive(Debug, Args)]
struct Status {
    #[command(flatten)]
    operator: Operator,
    /// The key that `rest run --async` printed
    sys_id: String,
}

impl Rest {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Run(run) => run.run(),
            What::Status(status) => status.run(),
        }
    }
}

impl Run {
    fn run(self) -> anyhow::Result<()> {
        let path = operator::path(&["_sg", "rest_message", &self.message, &self.function]);
        let body = json!({
            "variables": pairs(&self.variables)?,
            "variables_raw": pairs(&self.raw)?,
            "headers": pairs(&self.headers)?,
            "query": pairs(&self.query)?,
            "body": self.body,
            "timeout_ms": self.timeout,
            "async": self.asynchronous,
        });
        let told = super::block_on(async {
            let answer = self.operator.ask(&path, Some(&body)).await?;
            answer.accepted()
        })?;
        if self.asynchronous {
            println!("{}", text(&told, "sys_id"));
            return Ok(());
        }
        print_answer(&told)
    }
}

/// Prints what an API answered; fails where no answer came.
pub(super) fn print_answer(told: &Value) -> anyhow::Result<()> {
    say(told);
    anyhow::ensure!(
        told["have_error"] != true,
        "{}: {}",
        text(told, "error_code"),
        text(told, "error_message")
    );
    println!("{}", text(told, "body"));
    Ok(())
}

impl Status {
    fn run(self) -> anyhow::Result<()> {
        let path = operator::path(&["_sg", "rest_execution", &self.sys_id]);
        let told = super::block_on(async {
            let answer = self.operator.ask(&path, None).await?;
            answer.accepted()
        })?;
        let state = text(&told, "state");
        eprintln!("{state} after {} attempt(s)", told["attempts"]);
        if let Some(at) = told["next_attempt"].as_str() {
            eprintln!("the next one at {at} UTC");
        }
        if told["status_code"] != 0 {
            say(&told);
        }
        if let Some(reason) = told["reason"].as_str() {
            eprintln!("{reason}: {}", text(&told, "detail"));
        }
        anyhow::ensure!(state != "failed", "the call has failed");
        println!("{}", text(&told, "body"));
        Ok(())
    }
}

fn say(told: &Value) {
    eprintln!(
        "{} {} {}",
        told["status_code"],
        text(told, "method"),
        text(told, "endpoint")
    );
}

/// Returns a text of an answer; nothing where there is none.
pub(super) fn text<'a>(told: &'a Value, key: &str) -> &'a str {
    told[key].as_str().unwrap_or_default()
}

/// Reads `NAME=VALUE`s.
pub(super) fn pairs(given: &[String]) -> anyhow::Result<Map<String, Value>> {
    let pair = |text: &String| -> anyhow::Result<(String, Value)> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("'{text}' is no NAME=VALUE"))?;
        Ok((name.to_owned(), Value::from(value)))
    };
    given.iter().map(pair).collect()
}
