//! What a change touches: configuration items that it affects, services that it has an impact on.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_records::write::Mode;

use super::{change_row, page};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{access::Head, input, look, params::pairs, path::Named},
};

/// How items hang on a change.
struct Association {
    name: &'static str,
    table: &'static str,
    /// The column that names the item.
    item: &'static str,
}

const ASSOCIATIONS: [Association; 3] = [
    Association {
        name: "affected",
        table: "task_ci",
        item: "ci_item",
    },
    Association {
        name: "impacted",
        table: "task_cmdb_ci_service",
        item: "cmdb_ci_service",
    },
    Association {
        name: "offering",
        table: "task_service_offering",
        item: "service_offering",
    },
];

fn association(name: &str) -> Result<&'static Association, RestError> {
    let known = ASSOCIATIONS.iter().find(|it| it.name == name);
    known.ok_or_else(|| {
        let wanted = "association_type must be affected, impacted or offering";
        RestError::BadParameter(wanted.to_owned())
    })
}

/// `GET /api/sn_chg_rest/change/{change}/ci?association_type=…`
pub(crate) async fn list(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let asked = pairs(request.uri().query().unwrap_or_default());
    let named = asked.filter(|(name, _)| name == "association_type").last();
    let of = association(named.as_ref().map_or("", |(_, value)| value))?;
    change_row(&session, &change).await?;
    let of_change = Some(format!("task={change}"));
    page(&session, of.table, request.uri(), of_change).await
}

/// `POST /api/sn_chg_rest/change/{change}/ci`: `{"cmdb_ci_sys_ids":"…,…","association_type":"affected"}`.
///
/// The real thing leaves the work to a worker that is asked for later. Here it is done when it is answered; who asks
/// for the worker all the same is told so.
pub(crate) async fn add(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        change_row(&session, &change).await?;
        let given = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, given))
    }
    .await;
    let (session, given) = input::opened(opened, &mut body).await?;
    let of = association(given["association_type"].as_str().unwrap_or_default())?;
    let keys = keys(&given["cmdb_ci_sys_ids"]);
    if keys.is_empty() {
        let wanted = "cmdb_ci_sys_ids is required".to_owned();
        return Err(RestError::BadParameter(wanted));
    }
    let table = session.table(of.table)?;
    let there = look::known(&session, of.table, &[("task", &change)], &[of.item]).await?;
    for key in keys
        .iter()
        .filter(|key| !there.iter().any(|row| row.text(of.item) == **key))
    {
        let input = Input {
            pairs: &[("task", &*change), (of.item, key)],
            mode: Mode::default(),
        };
        records::insert(&session, &table, input).await?;
    }
    let asked = json!({"cmdb_ci_sys_ids": keys, "association_type": of.name, "task": change});
    let told = finished(&session, &change, &asked, of.name);
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// `GET /api/sn_chg_rest/change/worker/{worker}`: a worker goes by the name of its change.
pub(crate) async fn worker(
    State(app): State<App>,
    Named(worker): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    change_row(&session, &worker).await?;
    let told = finished(&session, &worker, &json!({"task": worker}), "affected");
    Ok(answer(StatusCode::OK, told.to_string()))
}

pub(super) fn finished(session: &Session, change: &str, asked: &Value, kind: &str) -> Value {
    json!({"result": {
        "worker": {
            "sysId": change,
            "link": format!("{}/api/sn_chg_rest/change/worker/{change}", session.app.issuer),
        },
        "request": if asked.is_null() { String::new() } else { asked.to_string() },
        "state": {"value": 3, "display_value": "Complete"},
        "type": kind,
        "messages": {"errorMessages": [], "warningMessages": [], "infoMessages": []},
    }})
}

/// Keys come as a list, or as one text with commas.
fn keys(given: &Value) -> Vec<String> {
    let texts: Vec<&str> = match given {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        Value::String(text) => text.split(',').collect(),
        _ => Vec::new(),
    };
    let keys = texts
        .into_iter()
        .map(str::trim)
        .filter(|key| !key.is_empty());
    keys.map(ToOwned::to_owned).collect()
}
