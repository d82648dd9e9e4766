//! Flows over REST: started by hand, and what became of a run. The paths are ours: a real instance has only scripts for
//! this (`FlowAPI`).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_oauth::outbound::flow::Flow;
use snowglobe_store::FlowRun;

use super::{access::Head, input, path::Named, rest_message::read};
use crate::{
    app::App,
    error::{OutboundRefusal, RestError, json as answer},
    flow::{StartFault, start},
    records::{self, RecordError, Session},
};

/// `POST /api/sn_broker/flow/{flow}/run`, for whoever may change the flow; it runs with the rights of its own user.
pub(crate) async fn run(
    State(app): State<App>,
    Named(flow): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let session = Session::open(app, Head::from(&parts)).await?;
    let flows = session.app.store.flows();
    let flow = match flows.named(&flow) {
        Ok(flow) => permitted(&session, flow).await?,
        // One that is not there looks like one that is another's.
        Err(_) if !session.user.caller.is_admin() => return Err(RestError::NoRecord),
        Err(unknown) => return Err(refused(unknown.into())),
    };
    let bytes = input::collect(&mut body, MOST).await?;
    let told = started(&session, flow, &bytes).await?;
    let told = json!({"result": told});
    Ok(answer(StatusCode::ACCEPTED, told.to_string()))
}

/// `GET /api/sn_broker/flow_run/{sys_id}`: how far a run has come, for whoever may read runs.
pub(crate) async fn progress(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table("sys_flow_context")?;
    let context = session.context();
    records::row(&session, &session.access(&context), &table, &sys_id).await?;
    let run = session.app.store.flow_run(&sys_id).await?;
    let told = told(&sys_id, &run.ok_or(RestError::NoRecord)?);
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
}

/// Starts a flow with what a body brings.
pub(crate) async fn started(
    session: &Session,
    flow: &Flow,
    body: &[u8],
) -> Result<Value, RestError> {
    let run = start(session, flow, read(body)?).await.map_err(refused)?;
    Ok(json!({"sys_id": run.as_str(), "state": "QUEUED"}))
}

/// Tells how far a run has come.
pub(crate) fn told(sys_id: &str, run: &FlowRun) -> Value {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let steps = run.steps.iter().map(|step| {
        json!({
            "name": &*step.name,
            "state": &*step.state,
            "attempts": step.attempts,
            "status_code": (step.status > 0).then_some(step.status),
            "reason": text(&step.reason),
            "detail": text(&step.detail),
        })
    });
    json!({
        "sys_id": sys_id,
        "name": &*run.name,
        "state": &*run.state,
        "next_attempt": text(&run.next_attempt),
        "reason": text(&run.reason),
        "error_message": text(&run.error_message),
        "steps": steps.collect::<Vec<_>>(),
    })
}

async fn permitted<'f>(session: &Session, flow: &'f Flow) -> Result<&'f Flow, RestError> {
    let table = session.table("sys_hub_flow")?;
    let context = session.context();
    let access = session.access(&context);
    let row = records::row(session, &access, &table, &flow.sys_id).await?;
    if access.may_write_row(&row) {
        Ok(flow)
    } else {
        Err(RestError::Refused("Update"))
    }
}

/// Returns why a flow does not start.
pub(crate) fn refused(fault: StartFault) -> RestError {
    match fault {
        StartFault::Record(fault @ RecordError::Missing) => fault.into(),
        fault => RestError::Outbound(OutboundRefusal::new(fault.code(), fault.to_string())),
    }
}

const MOST: usize = 1024 * 1024;
