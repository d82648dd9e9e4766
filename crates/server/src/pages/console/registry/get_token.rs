//! *Get OAuth Token* on the form of an OAuth 2.0 credential (`outbound-oauth.md` §4.1).

use axum::{http::StatusCode, response::Response};
use snowglobe_oauth::outbound::{Demand, OutboundGrant};
use snowglobe_store::Requestor;

use super::act::said;
use crate::{
    broker,
    pages::{
        console::{form::Record, frame::Visit},
        fault::PageFault,
        outbound,
    },
    refusal::{self, Why},
};

/// Tells whether the record's form has the button: for whoever may change it, and for anybody where each has their own.
pub(super) fn is_offered(record: &Record) -> bool {
    let row = record.row.as_ref();
    record.table.name() == "oauth_2_0_credentials"
        && row.is_some_and(|row| {
            let personal = row.value("integration_type").as_text() == Some("personal");
            record.may_save || personal
        })
}

/// Gets a token, or leads to where a person consents.
pub(super) async fn get(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let text = |element: &str| {
        let row = record.row.as_ref();
        let text = row.and_then(|row| row.value(element).as_text());
        text.unwrap_or_default().to_owned()
    };
    let personal = text("integration_type") == "personal";
    let session = &visit.records;
    let requestor = Requestor {
        context: "oauth_2_0_credentials".into(),
        id: record.sys_id().into(),
        profile: text("oauth_entity_profile").into(),
        user: personal.then(|| session.user.account.sys_id.clone()),
    };
    let app = session.app.clone();
    let grant = {
        let outbound = app.store.outbound();
        let profile = outbound.registry().profiles.get(&requestor.profile);
        profile.and_then(snowglobe_oauth::outbound::Profile::grant)
    };
    if grant.is_some_and(OutboundGrant::needs_person) {
        return Ok(outbound::lead_on(&visit.shell(), &requestor));
    }
    match broker::token(&app, &requestor, Demand::Fresh).await {
        Ok(_) => {
            let text = "An OAuth token is available, and is renewed from now on.";
            said(visit, record, ("good", text), StatusCode::OK).await
        }
        Err(fault) => {
            refusal::say(Why::new(fault.code()).text(&fault));
            let text = format!(
                "OAuth flow failed. Verify the configurations and try again. Error detail:{fault}"
            );
            said(visit, record, ("bad", &text), StatusCode::BAD_GATEWAY).await
        }
    }
}
