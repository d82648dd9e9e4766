//! Writing: each row on its own, and each says how it went.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use snowglobe_records::{Table, parameters::jsonv2::Asked, write::Mode};

use super::{Failure, rows};
use crate::{
    error::RestError,
    records::{self, Generated, Input, Inserted, Session},
    rest::{input, page::encoded},
};

/// Inserts the records of the body.
pub(super) async fn insert(
    session: &Session,
    table: &Arc<Table>,
    asked: &Asked,
) -> Result<String, Failure> {
    let mut answers = Vec::with_capacity(asked.records.len());
    for record in &asked.records {
        let fields = fields(record);
        let pairs: Vec<_> = input::pairs(&fields, table).collect();
        let made = records::insert(session, table, by_display(session, &pairs)).await;
        answers.push(match made {
            Ok(made) => Ok(Written::from(made)),
            Err(error) => Err(failed("Insert into", table, error.into())?),
        });
    }
    told(session, table, answers, asked).await
}

/// Changes every row that the query selects as the body says.
pub(super) async fn update(
    session: &Session,
    table: &Arc<Table>,
    asked: &Asked,
) -> Result<String, Failure> {
    let query = asked
        .needed("sysparm_query", "update")
        .map_err(Failure::missing)?;
    let query = encoded(session, table, query)?;
    let nothing = Map::new();
    let fields = fields(asked.records.first().unwrap_or(&nothing));
    let pairs: Vec<_> = input::pairs(&fields, table).collect();
    let mut answers = Vec::new();
    for key in rows::keys(session, table, query, rows::ALL).await? {
        let input = by_display(session, &pairs);
        let changed = records::update(session, table, &key, input, None).await;
        answers.push(match changed {
            Ok(()) => Ok(Written::of(key)),
            Err(error) => Err(failed("Update to", table, error.into())?),
        });
    }
    told(session, table, answers, asked).await
}

/// Deletes rows by their keys.
pub(super) async fn delete(
    session: &Session,
    table: &Arc<Table>,
    keys: &[String],
) -> Result<String, Failure> {
    let mut answers = Vec::with_capacity(keys.len());
    for key in keys {
        answers.push(match records::delete(session, table, key).await {
            Ok(()) => json!({"sys_id": key, "__status": "success"}),
            Err(error) => failed("Delete from", table, error.into())?,
        });
    }
    Ok(Value::Array(answers).to_string())
}

/// Shows what was written, and what was not in its place.
async fn told(
    session: &Session,
    table: &Arc<Table>,
    answers: Vec<Result<Written, Value>>,
    asked: &Asked,
) -> Result<String, Failure> {
    let keys: Vec<String> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok().map(|it| it.sys_id.clone()))
        .collect();
    let mut shown = rows::written(session, table, &keys, asked)
        .await?
        .into_iter();
    let all = answers.into_iter().filter_map(|answer| match answer {
        Ok(written) => shown.next().map(|row| written.tell(table, row)),
        Err(failed) => Some(failed),
    });
    Ok(Value::Array(all.collect()).to_string())
}

/// A row that was written, with the secret that was made for it: it is in this answer and in no other.
struct Written {
    sys_id: String,
    secret: Option<Generated>,
}

impl Written {
    fn of(sys_id: String) -> Self {
        Self {
            sys_id,
            secret: None,
        }
    }

    fn tell(self, table: &Table, mut row: Value) -> Value {
        let element = match table.root().as_str() {
            "oauth_entity" => "client_secret",
            "api_key" => "token",
            _ => return row,
        };
        if let (Some(secret), Some(told)) = (self.secret, row.get_mut(element)) {
            *told = secret.expose().into();
        }
        row
    }
}

impl From<Inserted> for Written {
    fn from(made: Inserted) -> Self {
        Self {
            sys_id: made.sys_id,
            secret: made.secret,
        }
    }
}

/// References and choices may be named by what they show (§11.1).
fn by_display<'a>(session: &'a Session, pairs: &'a [(&'a str, &'a str)]) -> Input<'a> {
    Input {
        pairs,
        mode: Mode {
            input_display_value: Some(&session.user.format),
            secrets: true,
            ..Mode::default()
        },
    }
}

fn fields(record: &Map<String, Value>) -> input::Fields {
    let field = |(name, value): (&String, &Value)| (name.clone(), input::wire_text(value.clone()));
    record.iter().map(field).collect()
}

/// A row that was refused; what concerns more than the row fails the call.
fn failed(what: &str, table: &Table, error: RestError) -> Result<Value, RestError> {
    let reason = match &error {
        RestError::Internal | RestError::Unavailable | RestError::Overloaded => return Err(error),
        refused => refused.detail().unwrap_or_default(),
    };
    Ok(json!({
        "__status": "failure",
        "__error": {"message": format!("Invalid {what}: {}", table.name()), "reason": reason},
    }))
}
