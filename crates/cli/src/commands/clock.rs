//! `snowglobe clock`: tells and moves a development instance's time.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::operator::Operator;

/// Arguments of `clock`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe clock advance 31m                    An access token of the default lifespan is dead
  snowglobe clock set 2027-01-01T00:00:00Z
  snowglobe clock advance 99d                    A refresh token lives one more day
  snowglobe clock reset")]
pub(crate) struct Clock {
    #[command(flatten)]
    operator: Operator,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Tell the instance's time (the default)
    Show,
    /// Move on by a span such as 31m, 99d or '1d 12h'; with a minus, back
    Advance {
        /// The span
        #[arg(allow_hyphen_values = true)]
        span: String,
    },
    /// Stop at this moment
    Freeze,
    /// Run on from where it stands
    Thaw,
    /// Move to a time, UTC where it names no zone
    Set {
        /// The time, such as 2027-01-01T00:00:00Z
        time: String,
    },
    /// Go back to the machine's time
    Reset,
}

impl Clock {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let wanted = match self.action {
            None | Some(Action::Show) => None,
            Some(Action::Advance { span }) => Some(json!({"advance": span})),
            Some(Action::Freeze) => Some(json!({"freeze": true})),
            Some(Action::Thaw) => Some(json!({"freeze": false})),
            Some(Action::Set { time }) => Some(json!({"set": time})),
            Some(Action::Reset) => Some(json!({"reset": true})),
        };
        super::block_on(async {
            let answer = self.operator.ask("/_sg/clock", wanted.as_ref()).await?;
            if answer.status == 404 {
                bail!(
                    "this instance serves in production, where the clock does not move: everything that \
                     expires could be brought back. Use a development instance (snowglobe up)"
                );
            }
            let told = answer.accepted()?;
            if let Some(warning) = told["warning"].as_str() {
                eprintln!("{warning}");
            }
            println!("{}", describe(&told));
            Ok(())
        })
    }
}

fn describe(told: &Value) -> String {
    let text = |key: &str| told[key].as_str().unwrap_or_default();
    let how = if told["frozen"] == true {
        format!("frozen; the machine's time is {}", text("machine"))
    } else {
        match told["offset_ms"].as_i64().unwrap_or_default() {
            0 => "the machine's time".to_owned(),
            _ => format!("running; the machine's time is {}", text("machine")),
        }
    };
    format!("{} ({how})", text("now"))
}
