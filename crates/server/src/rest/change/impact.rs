//! What a change puts at risk: its risk, and the services that stand on its configuration item.

use std::collections::BTreeSet;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::Value;
use snowglobe_records::{plan::Window, write::Mode};

use super::{CHANGE, change_row, item::finished, one};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{
        access::Head,
        look::{self, As},
        page::encoded,
        path::Named,
    },
};

const SERVICE: &str = "cmdb_ci_service";
const IMPACTED: &str = "task_cmdb_ci_service";
/// How far relations are followed from the item, and how many items are looked at.
const FARTHEST: usize = 10;
const MOST: usize = 500;

/// `PATCH /api/sn_chg_rest/change[/standard]/{change}/risk`: the conditions of an instance say what the risk is. This
/// one has none, so the change keeps what it has, as it does on a real instance without conditions.
pub(crate) async fn risk(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    one(app, CHANGE, &change, request).await
}

/// `POST /api/sn_chg_rest/change/{change}/refresh_impacted_services`
pub(crate) async fn refresh(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let row = change_row(&session, &change).await?;
    let item = row.value("cmdb_ci").as_text().unwrap_or_default();
    let table = session.table(IMPACTED)?;
    let of_change = [("task", &*change)];
    let fields = ["cmdb_ci_service"];
    let there = look::known(&session, IMPACTED, &of_change, &fields).await?;
    for service in services_on(&session, item).await? {
        if there
            .iter()
            .any(|row| row.text("cmdb_ci_service") == service)
        {
            continue;
        }
        let input = Input {
            pairs: &[("task", &*change), ("cmdb_ci_service", &service)],
            mode: Mode::default(),
        };
        records::insert(&session, &table, input).await?;
    }
    let told = finished(&session, &change, &Value::Null, "impacted");
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// Returns the services that stand on an item, directly or by way of others: relations lead from who depends, the
/// parent, to what is depended on.
async fn services_on(session: &Session, item: &str) -> Result<Vec<String>, RestError> {
    if item.is_empty() {
        return Ok(Vec::new());
    }
    let mut seen = BTreeSet::from([item.to_owned()]);
    let mut newest = vec![item.to_owned()];
    for _ in 0..FARTHEST {
        if newest.is_empty() || seen.len() >= MOST {
            break;
        }
        let query = format!("childIN{}", newest.join(","));
        let above = column(session, ("cmdb_rel_ci", &query), "parent").await?;
        newest = above
            .into_iter()
            .filter(|key| !key.is_empty() && seen.insert(key.clone()))
            .collect();
    }
    let all: Vec<String> = seen.into_iter().collect();
    let query = format!("sys_idIN{}", all.join(","));
    column(session, (SERVICE, &query), "sys_id").await
}

/// Returns a column of the rows that the caller finds.
async fn column(
    session: &Session,
    (table, query): (&str, &str),
    element: &str,
) -> Result<Vec<String>, RestError> {
    let table = session.table(table)?;
    let query = encoded(session, &table, query)?;
    let window = Window::DEFAULT;
    let found = look::rows(session, (&table, query), &[element], window, As::Caller).await?;
    Ok(found
        .iter()
        .map(|row| row.text(element).to_owned())
        .collect())
}
