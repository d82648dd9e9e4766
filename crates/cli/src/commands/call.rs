//! What `rest run` and `alias call` share: what is brought to the call of an API, and how its answer is printed.

use clap::Args;
use serde_json::{Map, Value};

/// What is brought to a call.
#[derive(Debug, Args)]
pub(super) struct Brought {
    /// A header
    #[arg(long = "header", value_name = "NAME=VALUE")]
    headers: Vec<String>,
    /// A query parameter
    #[arg(long = "query", value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// The body, in place of what is configured
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// How long the API may take
    #[arg(long, value_name = "MILLISECONDS")]
    timeout: Option<u32>,
}

impl Brought {
    /// Adds it to what an instance is asked for.
    pub(super) fn added_to(&self, mut asked: Value) -> anyhow::Result<Value> {
        asked["headers"] = pairs(&self.headers)?.into();
        asked["query"] = pairs(&self.query)?.into();
        asked["body"] = self.body.clone().into();
        asked["timeout_ms"] = self.timeout.into();
        Ok(asked)
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

/// Tells which call was made, and the status of its answer.
pub(super) fn say(told: &Value) {
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
