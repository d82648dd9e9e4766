//! `snowglobe rest`: runs a REST message of an instance, tells what has become of one, and makes a call that none describes.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    call::{Brought, pairs, print_answer, say, text},
    operator::{self, Operator},
};

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
    /// Call a URL, proven by a profile, and print what came back
    Call(Call),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  snowglobe rest call https://api.example/orders/7 --profile 'Orders default_profile'")]
struct Call {
    #[command(flatten)]
    operator: Operator,
    /// The URL
    endpoint: String,
    #[arg(long, default_value = "get")]
    method: String,
    /// The OAuth profile whose token proves the call, by its name or `sys_id`
    #[arg(long, value_name = "NAME", conflicts_with = "basic")]
    profile: Option<String>,
    /// The Basic profile that proves it
    #[arg(long, value_name = "NAME")]
    basic: Option<String>,
    #[command(flatten)]
    brought: Brought,
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
    #[command(flatten)]
    brought: Brought,
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
            What::Call(call) => call.run(),
        }
    }
}

impl Run {
    fn run(self) -> anyhow::Result<()> {
        let path = operator::path(&["_sg", "rest_message", &self.message, &self.function]);
        let body = self.brought.added_to(json!({
            "variables": pairs(&self.variables)?,
            "variables_raw": pairs(&self.raw)?,
            "async": self.asynchronous,
        }))?;
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

impl Call {
    fn run(self) -> anyhow::Result<()> {
        let body = self.brought.added_to(json!({
            "endpoint": self.endpoint,
            "method": self.method,
            "oauth_profile": self.profile.unwrap_or_default(),
            "basic_profile": self.basic.unwrap_or_default(),
        }))?;
        let told = super::block_on(async {
            let answer = self.operator.ask("/_sg/request", Some(&body)).await?;
            answer.accepted()
        })?;
        print_answer(&told)
    }
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
