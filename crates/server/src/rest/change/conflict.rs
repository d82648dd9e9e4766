//! Changes that are planned for the same item at the same time.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;
use snowglobe_records::{
    plan::Window,
    write::{Mode, RowCells},
};

use super::{CHANGE, change_row, params};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{
        access::Head,
        look::{self, As},
        page::{Asked, encoded, plan, present},
        path::Named,
    },
};

const CONFLICT: &str = "conflict";

/// `GET /api/sn_chg_rest/change/{change}/conflict`
pub(crate) async fn read(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let row = change_row(&session, &change).await?;
    let table = session.table(CONFLICT)?;
    let params = params(request.uri())?;
    let query = encoded(&session, &table, &format!("change={change}"))?;
    let plan = plan(&session, &table, query, &params, Window::DEFAULT)?;
    let page = session.app.store.read(&plan).await?;
    let shown = present(&session, &plan, &page, Asked::of(&params, request.uri())).await?;
    let text = |element| row.value(element).as_text().unwrap_or_default();
    let (status, last_run) = (text("conflict_status"), text("conflict_last_run"));
    let told = json!({
        "status": status,
        "last_run": last_run,
        "record_count": page.rows.len().to_string(),
        // The check is over when it is answered: 2 is a job that has run.
        "job_status": if last_run.is_empty() { "" } else { "2" },
    });
    let mut told = told.to_string();
    told.pop();
    let body = format!(
        "{{\"result\":{told},\"conflicts\":[{}]}}}}",
        shown.rows(&page)
    );
    Ok(answer(StatusCode::OK, body))
}

/// `POST /api/sn_chg_rest/change/{change}/conflict`: looks for them.
pub(crate) async fn check(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let row = change_row(&session, &change).await?;
    let table = session.table(CONFLICT)?;
    for known in look::known(&session, CONFLICT, &[("change", &change)], &["sys_id"]).await? {
        records::delete(&session, &table, known.text("sys_id")).await?;
    }
    let now = session
        .stamp()
        .now
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string();
    let others = others(&session, &change, &row).await?;
    let item = row.value("cmdb_ci").as_text().unwrap_or_default();
    for other in &others {
        let pairs = [
            ("change", &*change),
            ("conflicting_change", other),
            ("configuration_item", item),
            ("type", "ci_already_scheduled"),
            ("last_checked", &now),
        ];
        write(&session, CONFLICT, None, &pairs).await?;
    }
    let status = if others.is_empty() {
        "No Conflict"
    } else {
        "Conflict"
    };
    let pairs = [("conflict_status", status), ("conflict_last_run", &now)];
    write(&session, CHANGE, Some(&change), &pairs).await?;
    let told = json!({"result": change});
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// `DELETE /api/sn_chg_rest/change/{change}/conflict`: a check is over when it is answered, so none is left to end.
pub(crate) async fn cancel(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    change_row(&session, &change).await?;
    Ok(answer(StatusCode::OK, String::new()))
}

/// Active changes of the same item whose time overlaps.
async fn others(session: &Session, change: &str, row: &RowCells) -> Result<Vec<String>, RestError> {
    let text = |element| row.value(element).as_text().filter(|text| !text.is_empty());
    let (Some(item), Some(start), Some(end)) =
        (text("cmdb_ci"), text("start_date"), text("end_date"))
    else {
        return Ok(Vec::new());
    };
    let table = session.table(CHANGE)?;
    let query =
        format!("active=true^cmdb_ci={item}^start_date<{end}^end_date>{start}^sys_id!={change}");
    let query = encoded(session, &table, &query)?;
    let found = look::rows(
        session,
        (&table, query),
        &["sys_id"],
        Window::DEFAULT,
        As::Caller,
    );
    Ok(found
        .await?
        .iter()
        .map(|row| row.text("sys_id").to_owned())
        .collect())
}

async fn write(
    session: &Session,
    table: &str,
    sys_id: Option<&str>,
    pairs: &[(&str, &str)],
) -> Result<(), RestError> {
    let table = session.table(table)?;
    let input = Input {
        pairs,
        mode: Mode::default(),
    };
    match sys_id {
        Some(sys_id) => records::update(session, &table, sys_id, input, None).await?,
        None => drop(records::insert(session, &table, input).await?),
    }
    Ok(())
}
