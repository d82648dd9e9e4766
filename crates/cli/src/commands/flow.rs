//! `snowglobe flow`: starts a flow of an instance by hand, and tells what became of a run.

use std::{thread, time::Duration};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    call::{pairs, text},
    operator::{self, Operator},
};

/// Arguments of `flow`.
#[derive(Debug, Args)]
pub(crate) struct Flow {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Start a flow now and print the key of its run
    Run(Run),
    /// Tell how far a run has come
    Status(Status),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe flow run \"Tell the warehouse\"
  snowglobe flow run \"Tell the warehouse\" --record incident/9d385017c611228701d22104cc95c371 --wait")]
struct Run {
    #[command(flatten)]
    operator: Operator,
    /// The flow's name, or the `sys_id` of its record
    flow: String,
    /// The record that it starts from
    #[arg(long, value_name = "TABLE/SYS_ID")]
    record: Option<String>,
    /// What its steps know as `${trigger.NAME}`, in place of the record's field
    #[arg(long = "value", value_name = "NAME=VALUE")]
    values: Vec<String>,
    /// Wait until the run is over, and tell what came of it
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Args)]
struct Status {
    #[command(flatten)]
    operator: Operator,
    /// The key that `flow run` printed
    sys_id: String,
}

impl Flow {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Run(run) => run.run(),
            What::Status(status) => {
                let run = progress(&status.operator, &status.sys_id)?;
                over(&run)
            }
        }
    }
}

impl Run {
    fn run(self) -> anyhow::Result<()> {
        let record = self.record.as_deref().unwrap_or_default();
        let (table, sys_id) = match record.split_once('/') {
            Some(pair) => pair,
            None if record.is_empty() => ("", ""),
            None => anyhow::bail!("'{record}' is no TABLE/SYS_ID"),
        };
        let body = json!({"table": table, "sys_id": sys_id, "values": pairs(&self.values)?});
        let path = operator::path(&["_sg", "flow", &self.flow]);
        let told = super::block_on(async {
            let answer = self.operator.ask(&path, Some(&body)).await?;
            answer.accepted()
        })?;
        let key = text(&told["result"], "sys_id");
        println!("{key}");
        if !self.wait {
            return Ok(());
        }
        loop {
            let run = progress(&self.operator, key)?;
            if matches!(text(&run, "state"), "COMPLETE" | "ERROR" | "CANCELLED") {
                return over(&run);
            }
            thread::sleep(Duration::from_millis(200));
        }
    }
}

fn progress(operator: &Operator, sys_id: &str) -> anyhow::Result<Value> {
    let path = operator::path(&["_sg", "flow_run", sys_id]);
    let told = super::block_on(async { operator.ask(&path, None).await?.accepted() })?;
    Ok(told["result"].clone())
}

/// Tells how far it has come; fails when it has failed.
fn over(run: &Value) -> anyhow::Result<()> {
    for step in run["steps"].as_array().into_iter().flatten() {
        let (name, state) = (text(step, "name"), text(step, "state"));
        let why = [text(step, "reason"), text(step, "detail")].join(" ");
        eprintln!("  {state:<8} {name} {why}");
    }
    let state = text(run, "state");
    eprintln!("{state}");
    if let Some(at) = run["next_attempt"].as_str() {
        eprintln!("it goes on at {at} UTC");
    }
    anyhow::ensure!(
        state != "ERROR",
        "{}: {}",
        text(run, "reason"),
        text(run, "error_message")
    );
    Ok(())
}
