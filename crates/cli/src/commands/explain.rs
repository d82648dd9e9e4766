//! `snowglobe explain`: why a request was refused, and how to mend it; and of a request for records, what was made of
//! its query and what each access rule said.

use std::fmt::Write as _;

use clap::Args;
use serde_json::Value;

use super::operator::Operator;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
The id is the X-Transaction-ID header of the answer. The instance keeps its last 10,000 refusals in memory, and its last
1,000 requests for records, which are looked at again as of now.
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
        text("path"),
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
    if told["records"].is_object() {
        push_records(&told["records"], &mut lines);
    }
    lines
}

/// What a request for records asked, as it was understood, and what the rules said to it, as of now.
fn push_records(records: &Value, lines: &mut String) {
    let mut say = |label: &str, value: &Value| {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.clone(),
            Value::Array(list) if list.is_empty() => return,
            Value::Array(list) => joined(list),
            other => other.to_string(),
        };
        let _ = writeln!(lines, "  {label:<20}{text}");
    };
    say("asks to", &records["operation"]);
    say("table", &records["table"]);
    say("record", &records["record"]);
    say("roles", &records["roles"]);
    let query = &records["query"];
    say("query", &query["text"]);
    say("understood as", &query["understood"]);
    say("ordered by", &query["order"]);
    for dropped in query["dropped"].as_array().into_iter().flatten() {
        let text = |key: &str| dropped[key].as_str().unwrap_or_default();
        let what = format!("{} ({})", text("clause"), text("why"));
        say("dropped", &what.into());
    }
    say("unknown fields", &records["fields"]["unknown"]);
    say("withheld fields", &records["fields"]["withheld"]);
    let rows = &records["rows"];
    say("closed to queries", &rows["closed_to_queries"]);
    say("readable", &rows["readable"]);
    say("rows before rules", &rows["before_rules"]);
    say("rows after rules", &rows["after_rules"]);
    for gate in records["rules"].as_array().into_iter().flatten() {
        push_gate(gate, lines);
    }
}

/// A gate, and its rules below it.
fn push_gate(gate: &Value, lines: &mut String) {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let _ = writeln!(
        lines,
        "  {} {}: {}",
        text(gate, "operation"),
        text(gate, "object"),
        text(gate, "outcome")
    );
    for rule in gate["rules"].as_array().into_iter().flatten() {
        let roles = rule["roles"].as_array().map(|list| joined(list));
        let asked = [
            ("for rows with", Some(text(rule, "applies_to"))),
            ("roles", roles),
            ("where", Some(text(rule, "condition"))),
        ];
        let asked = asked.into_iter().filter_map(|(word, what)| {
            let what = what.filter(|what| !what.is_empty())?;
            Some(format!(" {word} {what}"))
        });
        let asked: String = asked.collect();
        let _ = writeln!(
            lines,
            "    {} {}{asked}: {}",
            text(rule, "kind"),
            text(rule, "object"),
            text(rule, "outcome")
        );
    }
}

fn joined(list: &[Value]) -> String {
    let texts = list.iter().map(|it| it.as_str().unwrap_or_default());
    texts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::describe;

    #[test]
    fn a_request_for_records_is_told_with_its_rules() {
        let told = json!({
            "method": "GET", "route": "/api/now/table/{table}", "path": "/api/now/table/incident", "status": 200, "time": "now",
            "records": {
                "table": "incident", "operation": "read", "record": null, "roles": ["itil"],
                "query": {
                    "text": "active=true^nope=1", "understood": "active = 1", "order": [],
                    "dropped": [{"clause": "nope=1", "why": "unknown field"}],
                },
                "fields": {"unknown": [], "withheld": ["work_notes"]},
                "rows": {"before_rules": 7, "readable": "every row", "after_rules": 7},
                "rules": [{
                    "object": "incident", "operation": "read", "outcome": "granted",
                    "rules": [{
                        "object": "task", "kind": "Allow If", "roles": ["itil", "admin"],
                        "condition": "active=true", "applies_to": null, "outcome": "passed",
                    }],
                }],
            },
        });
        assert_eq!(
            describe(&told),
            "GET /api/now/table/incident answered 200 at now\n  \
             asks to             read\n  \
             table               incident\n  \
             roles               itil\n  \
             query               active=true^nope=1\n  \
             understood as       active = 1\n  \
             dropped             nope=1 (unknown field)\n  \
             withheld fields     work_notes\n  \
             readable            every row\n  \
             rows before rules   7\n  \
             rows after rules    7\n  \
             read incident: granted\n    \
             Allow If task roles itil, admin where active=true: passed\n"
        );
    }
}
