//! Identification and Reconciliation (`rest-and-records.md` §9.2): items and relations in one payload; each item is
//! found or made, and says how. What is wrong with an item is told in its place.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::{Table, write::Mode};

use super::{
    class_of,
    identification::{self, Identification, Identified},
    invalid, relations,
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{access::Head, input, look, params::pairs},
};

/// `POST /api/now/identifyreconcile`, `…/enhanced`
pub(crate) async fn reconcile(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    run(app, request, true).await
}

/// `POST /api/now/identifyreconcile/query`, `…/queryEnhanced`: what would be done.
pub(crate) async fn ask(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    run(app, request, false).await
}

async fn run(app: App, request: Request, commits: bool) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        look::needs(&session, &["itil", "asset"])?;
        let value = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, value))
    }
    .await;
    let (session, payload) = input::opened(opened, &mut body).await?;
    let Some(items) = payload.get("items").and_then(Value::as_array) else {
        return Err(invalid("the payload has no items"));
    };
    let query = parts.uri.query().unwrap_or_default();
    let source = pairs(query).find(|(name, _)| name == "sysparm_data_source");
    let source = source.map(|(_, source)| source.into_owned());
    let mut told = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let outcome = one(&session, item, source.as_deref(), commits).await?;
        told.push(outcome.told(at));
    }
    let related = relate(&session, &payload, &told, commits).await?;
    let result = json!({
        "items": told,
        "relations": related,
        "additionalCommittedItems": [],
        "additionalCommittedRelations": [],
    });
    Ok(answer(
        StatusCode::OK,
        json!({"result": result}).to_string(),
    ))
}

/// What is, or would be, done with an item.
struct Outcome {
    class: String,
    operation: &'static str,
    sys_id: String,
    found: Option<Identification>,
    error: Option<(&'static str, String)>,
}

impl Outcome {
    fn failed(class: &str, code: &'static str, why: String) -> Self {
        Self {
            class: class.to_owned(),
            operation: "NO_CHANGE",
            sys_id: "Unknown".to_owned(),
            found: None,
            error: Some((code, why)),
        }
    }

    fn told(self, at: usize) -> Value {
        let mut told = Map::new();
        told.insert("className".to_owned(), self.class.into());
        told.insert("operation".to_owned(), self.operation.into());
        told.insert("sysId".to_owned(), self.sys_id.into());
        if let Some(found) = self.found {
            told.insert("identifierEntrySysId".to_owned(), found.entry.into());
            told.insert("identificationAttempts".to_owned(), found.attempts.into());
        }
        if let Some((code, message)) = self.error {
            let errors = json!([{"error": code, "message": message}]);
            told.insert("errors".to_owned(), errors);
            told.insert("errorCount".to_owned(), 1.into());
        }
        told.insert("inputIndices".to_owned(), json!([at]));
        Value::Object(told)
    }
}

async fn one(
    session: &Session,
    item: &Value,
    source: Option<&str>,
    commits: bool,
) -> Result<Outcome, RestError> {
    let class = item
        .get("className")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Ok(table) = class_of(session, class) else {
        let why = format!("There is no class {class} of the CMDB");
        return Ok(Outcome::failed(class, "INVALID_INPUT_DATA", why));
    };
    let Some(values) = item.get("values").and_then(Value::as_object) else {
        let why = "The item has no values".to_owned();
        return Ok(Outcome::failed(class, "INVALID_INPUT_DATA", why));
    };
    let mut fields: input::Fields = values
        .iter()
        .map(|(name, value)| (name.clone(), input::wire_text(value.clone())))
        .collect();
    if let Some(source) = source.filter(|_| !values.contains_key("discovery_source")) {
        fields.push(("discovery_source".to_owned(), Some(source.to_owned())));
    }
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    let found = identification::identify(session, &table, &pairs).await?;
    decided(session, &table, &pairs, found, commits).await
}

/// Does what identification asks for; a refusal belongs to the item.
async fn decided(
    session: &Session,
    table: &Arc<Table>,
    pairs: &[(&str, &str)],
    found: Identification,
    commits: bool,
) -> Result<Outcome, RestError> {
    let class = table.name().as_str();
    let input = Input {
        pairs,
        mode: Mode::default(),
    };
    let written = match &found.matched {
        Identified::Several => {
            let why = "Several items match the payload".to_owned();
            return Ok(Outcome::failed(class, "MULTI_MATCH", why));
        }
        Identified::None if !commits => Ok(("INSERT", "Unknown".to_owned())),
        Identified::One(sys_id) if !commits => Ok(("UPDATE", sys_id.clone())),
        Identified::None => {
            let made = records::insert(session, table, input).await;
            made.map(|made| ("INSERT", made.sys_id))
        }
        Identified::One(sys_id) => {
            let before = count(session, table, sys_id).await?;
            let updated = records::update(session, table, sys_id, input, None).await;
            let changed = count(session, table, sys_id).await? != before;
            let operation = if changed { "UPDATE" } else { "NO_CHANGE" };
            updated.map(|()| (operation, sys_id.clone()))
        }
    };
    match written {
        Ok((operation, sys_id)) => Ok(Outcome {
            class: class.to_owned(),
            operation,
            sys_id,
            found: Some(found),
            error: None,
        }),
        Err(error) => match RestError::from(error) {
            error @ (RestError::Internal | RestError::Unavailable) => Err(error),
            refused => {
                let why = refused.detail().unwrap_or_default();
                Ok(Outcome::failed(class, "INSERT_NOT_ALLOWED_FOR_SOURCE", why))
            }
        },
    }
}

/// How often an item was changed.
async fn count(session: &Session, table: &Table, sys_id: &str) -> Result<String, RestError> {
    let of = [("sys_id", sys_id)];
    let found = look::known(session, table.name(), &of, &["sys_mod_count"]).await?;
    Ok(found
        .first()
        .map_or("", |row| row.text("sys_mod_count"))
        .to_owned())
}

/// Makes the relations between the items, which are named by their place.
async fn relate(
    session: &Session,
    payload: &Value,
    items: &[Value],
    commits: bool,
) -> Result<Vec<Value>, RestError> {
    let wanted = payload.get("relations").and_then(Value::as_array);
    let mut told = Vec::new();
    for relation in wanted.into_iter().flatten() {
        let end = |name: &str| {
            let at = relation.get(name).and_then(place)?;
            let sys_id = items.get(at)?.get("sysId")?.as_str()?;
            (sys_id != "Unknown").then_some(sys_id)
        };
        let kind = relation
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let (operation, sys_id) = match (end("parent"), end("child")) {
            (Some(parent), Some(child)) if commits => {
                // The items are written by now: an error of a relation is the relation's own (§9.2).
                let Ok(key) = relations::kind(session, kind).await else {
                    let message = format!("There is no relation type {kind}");
                    told.push(json!({
                        "className": "cmdb_rel_ci",
                        "operation": "NO_CHANGE",
                        "sysId": "Unknown",
                        "errors": [{"error": "INVALID_INPUT_DATA", "message": message}],
                        "errorCount": 1,
                    }));
                    continue;
                };
                let (sys_id, new) = relations::relate(session, parent, child, &key).await?;
                (if new { "INSERT" } else { "NO_CHANGE" }, sys_id)
            }
            _ if commits => ("NO_CHANGE", "Unknown".to_owned()),
            _ => ("INSERT", "Unknown".to_owned()),
        };
        told.push(json!({"className": "cmdb_rel_ci", "operation": operation, "sysId": sys_id}));
    }
    Ok(told)
}

/// A place in the list of items: a number, or its digits.
fn place(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}
