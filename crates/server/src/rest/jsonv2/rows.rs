//! Rows as this service writes them: all columns, references as plain keys, and whether all went well.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, json};
use snowglobe_records::{
    Table,
    acl::Permitted,
    dictionary::Kind,
    parameters::jsonv2::Asked,
    plan::{Plan, Window},
    query::{Comparison, Path, Predicate, Query},
};
use snowglobe_store::{
    records::{Displays, Page},
    sql::Row,
};

use super::{Failure, asked::most_rows};
use crate::{
    error::RestError,
    records::{self, History, Reader, Session},
    rest::params::DisplayMode,
};

/// As many keys as one statement writes about.
pub(super) const ALL: u32 = 10_000;

/// Selects one row.
pub(super) fn by_sys_id(table: &Table, sys_id: &str) -> Result<Query, RestError> {
    let column = table.column("sys_id").map(Arc::clone);
    let path = Path {
        table: 0,
        column: column.ok_or(RestError::Internal)?,
    };
    Ok(Query {
        predicate: Predicate::Compare(path, Comparison::Equal, sys_id.into()),
        ..Query::default()
    })
}

/// Returns the keys of the rows that a query selects.
pub(super) async fn keys(
    session: &Session,
    table: &Arc<Table>,
    query: Query,
    limit: u32,
) -> Result<Vec<String>, RestError> {
    let window = Window { limit, offset: 0 };
    let plan = Plan::new(&session.dictionary, table, query, Some(["sys_id"]), window);
    let plan = records::permit(session, plan)?;
    let page = session.app.store.read(&plan).await?;
    Ok(page.rows.iter().map(|row| row.text(0).to_owned()).collect())
}

/// Returns the rows that a query selects, as a JSON array.
pub(super) async fn read(
    session: &Session,
    table: &Arc<Table>,
    query: Query,
    asked: &Asked,
) -> Result<String, Failure> {
    let window = Window {
        limit: asked.count(most_rows(session)),
        offset: 0,
    };
    let shown = Shown::read(session, table, query, window, asked.display()).await?;
    Ok(Value::Array(shown.rows(session)).to_string())
}

/// Returns rows by their keys, in the order of the keys; what the caller may not read is only its key.
pub(super) async fn written(
    session: &Session,
    table: &Arc<Table>,
    keys: &[String],
    asked: &Asked,
) -> Result<Vec<Value>, RestError> {
    let column = table.column("sys_id").map(Arc::clone);
    let path = Path {
        table: 0,
        column: column.ok_or(RestError::Internal)?,
    };
    let query = Query {
        predicate: Predicate::In {
            path,
            values: keys.iter().map(|key| key.as_str().into()).collect(),
            negated: false,
        },
        ..Query::default()
    };
    let window = Window {
        limit: u32::try_from(keys.len()).unwrap_or(u32::MAX),
        offset: 0,
    };
    let shown = Shown::read(session, table, query, window, asked.display()).await?;
    let by_key = |row: Value| {
        let key = row["sys_id"]
            .as_str()
            .unwrap_or_default()
            .to_ascii_lowercase();
        (key, row)
    };
    let mut found: BTreeMap<String, Value> = shown.rows(session).into_iter().map(by_key).collect();
    let row = |key: &String| {
        let row = found.remove(&key.to_ascii_lowercase());
        row.unwrap_or_else(|| json!({"sys_id": key, "__status": "success"}))
    };
    Ok(keys.iter().map(row).collect())
}

/// A page on its way to JSON.
struct Shown {
    plan: Permitted<Plan>,
    page: Page,
    displays: Displays,
    history: History,
    mode: DisplayMode,
}

impl Shown {
    async fn read(
        session: &Session,
        table: &Arc<Table>,
        query: Query,
        window: Window,
        mode: DisplayMode,
    ) -> Result<Self, RestError> {
        let every_field = None::<std::iter::Empty<&str>>;
        let plan = Plan::new(&session.dictionary, table, query, every_field, window);
        let plan = records::permit(session, plan)?;
        let store = &session.app.store;
        let page = store.read(&plan).await?;
        let (displays, history) = match mode {
            DisplayMode::Value | DisplayMode::Named => (Displays::default(), History::default()),
            DisplayMode::Display | DisplayMode::All | DisplayMode::Typed => (
                store
                    .displays(&session.dictionary, &plan.outputs, &page.rows)
                    .await?,
                History::read(session, &plan, &page.rows).await?,
            ),
        };
        Ok(Self {
            plan,
            page,
            displays,
            history,
            mode,
        })
    }

    fn rows(&self, session: &Session) -> Vec<Value> {
        let reader = Reader {
            dictionary: &session.dictionary,
            displays: &self.displays,
            format: &session.user.format,
        };
        let rows = self.page.rows.iter();
        rows.map(|row| self.row(&reader, row)).collect()
    }

    fn row(&self, reader: &Reader<'_>, row: Row<'_>) -> Value {
        let mut object = Map::with_capacity(self.plan.outputs.len() + 1);
        object.insert("__status".to_owned(), "success".into());
        for (at, output) in self.plan.outputs.iter().enumerate() {
            let column = &output.path.column;
            let mut value = String::new();
            column.kind.write(row.get(at), &mut value);
            let display = || match column.kind {
                Kind::Journal(_) => {
                    let mut text = String::new();
                    self.history
                        .push(at, row.text(at), reader.format, &mut text);
                    text
                }
                _ => reader.text(column, row.get(at)),
            };
            match self.mode {
                DisplayMode::Value | DisplayMode::Named => {}
                DisplayMode::Display => value = display(),
                DisplayMode::All | DisplayMode::Typed => {
                    object.insert(format!("dv_{}", output.key), display().into());
                }
            }
            object.insert(output.key.to_string(), value.into());
        }
        Value::Object(object)
    }
}
