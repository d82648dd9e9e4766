//! Approving and rejecting: whoever is asked decides. What an approval comes to for the change is for a flow, or for
//! people, to say; the records of who decided what are what this writes.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use snowglobe_records::write::Mode;

use super::{CHANGE, change_row, params};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{
        access::Head,
        input, look,
        page::{Asked, object},
        path::Named,
    },
};

const APPROVAL: &str = "sysapproval_approver";

/// `PATCH /api/sn_chg_rest/change/{change}/approvals`: `{"state":"approved"}`, or rejected with comments.
pub(crate) async fn decide(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let given = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, given))
    }
    .await;
    let (session, given) = input::opened(opened, &mut body).await?;
    let text = |name: &str| given[name].as_str().unwrap_or_default();
    let (state, comments) = (text("state"), text("comments"));
    change_row(&session, &change).await?;
    check(state, comments)?;
    let asked = asked(&session, &change).await?;
    let approvals = session.table(APPROVAL)?;
    for approval in &asked {
        let input = Input {
            pairs: &[("state", state), ("comments", comments)],
            mode: Mode::default(),
        };
        records::update(&session, &approvals, approval, input, None).await?;
    }
    let params = params(&parts.uri)?;
    let table = session.table(CHANGE)?;
    let shown = object(&session, &table, &change, Asked::of(&params, &parts.uri)).await?;
    Ok(answer(StatusCode::OK, format!("{{\"result\":[{shown}]}}")))
}

/// Documented: the state is required, and for a rejection its reason.
fn check(state: &str, comments: &str) -> Result<(), RestError> {
    let wanted = match state {
        "approved" => return Ok(()),
        "rejected" if !comments.is_empty() => return Ok(()),
        "rejected" => "comments are required to reject a change",
        _ => "state must be approved or rejected",
    };
    Err(RestError::BadParameter(wanted.to_owned()))
}

/// Returns the approvals of the change that wait for the caller; documented: 400 for who has none.
async fn asked(session: &Session, change: &str) -> Result<Vec<String>, RestError> {
    let waiting = [
        ("sysapproval", change),
        ("approver", session.context().user_sys_id),
        ("state", "requested"),
    ]
    .map(|(element, text)| (element, text.to_owned()));
    let waiting: Vec<(&str, &str)> = waiting.iter().map(|(it, text)| (*it, &**text)).collect();
    let found = look::known(session, APPROVAL, &waiting, &["sys_id"]).await?;
    if found.is_empty() {
        let told = "No approval of this change is requested from the current user";
        return Err(RestError::BadParameter(told.to_owned()));
    }
    Ok(found
        .iter()
        .map(|row| row.text("sys_id").to_owned())
        .collect())
}
