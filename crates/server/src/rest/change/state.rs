//! Where a change can go from where it is.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::pack;

use super::change_row;
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::Session,
    rest::{access::Head, path::Named},
};

/// `GET /api/sn_chg_rest/change/{change}/nextstates`
pub(crate) async fn next(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let row = change_row(&session, &change).await?;
    let column = row.table().column("state").ok_or(RestError::Internal)?;
    let mut now = String::new();
    column.kind.write(row.value("state"), &mut now);
    let label = |state: &str| column.choice_label(state).unwrap_or(state).to_owned();
    let onward: Vec<String> = now
        .parse()
        .ok()
        .map(pack::change_goes_to)
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    // The state that it is in comes last, as in the documentation's sample.
    let available: Vec<&str> = onward.iter().chain([&now]).map(String::as_str).collect();
    let labels: Map<String, Value> = available
        .iter()
        .map(|state| ((*state).to_owned(), label(state).into()))
        .collect();
    let transitions = onward.iter().map(|to| {
        json!([{
            "sys_id": pack::change_transition(&now, to).to_string(),
            "display_value": format!("{} to {}", label(&now), label(to)),
            "from_state": now,
            "to_state": to,
            "transition_available": true,
            "automatic_transition": false,
            "conditions": [],
        }])
    });
    let transitions: Vec<Value> = transitions.collect();
    let told = json!({"result": {
        "available_states": available,
        "state_transitions": transitions,
        "state_label": labels,
    }});
    Ok(answer(StatusCode::OK, told.to_string()))
}
