//! *Get OAuth Token* on the forms of OAuth 2.0 credentials and REST messages (`outbound-oauth.md` §4.1, §6.6).

use axum::{http::StatusCode, response::Response};
use snowglobe_oauth::outbound::{Demand, OutboundGrant, Outlook};
use snowglobe_store::Requestor;

use super::act::said;
use crate::{
    broker::{self, Entry},
    clock::timestamp,
    pages::{
        console::{
            form::{Message, Record},
            frame::Visit,
        },
        fault::PageFault,
        outbound,
    },
    refusal::{self, Why},
};

/// Tells whether the record's form has the button: for whoever may change it, and for anybody where each has their own.
pub(super) fn is_offered(record: &Record) -> bool {
    let Some(row) = &record.row else {
        return false;
    };
    let says = |element: &str, text: &str| row.value(element).as_text() == Some(text);
    match record.table.name().as_str() {
        "oauth_2_0_credentials" => record.may_save || says("integration_type", "personal"),
        "sys_rest_message" => record.may_save && says("authentication_type", "oauth2"),
        _ => false,
    }
}

/// Whose token a form is about.
fn requestor(record: &Record, user: &str) -> Requestor {
    let text = |element: &str| {
        let row = record.row.as_ref();
        row.and_then(|row| row.value(element).as_text())
            .unwrap_or_default()
    };
    let of_message = record.table.name() == "sys_rest_message";
    let (context, profile) = if of_message {
        ("sys_rest_message", "oauth2_profile")
    } else {
        ("oauth_2_0_credentials", "oauth_entity_profile")
    };
    Requestor {
        context: context.into(),
        id: record.sys_id().into(),
        profile: text(profile).into(),
        user: (text("integration_type") == "personal").then(|| user.into()),
    }
}

/// Tells how the token that a form is about stands (`outbound-oauth.md` §4.1), in a real instance's words.
pub(in crate::pages::console) async fn notice(visit: &Visit, record: &Record) -> Option<Message> {
    if !is_offered(record) {
        return None;
    }
    let account = &visit.records.user.account;
    let requestor = requestor(record, &account.sys_id);
    let entry = broker::overview_of(&visit.records.app, &requestor, None)
        .await
        .ok()?;
    let (kind, text) = match &entry.outlook {
        Outlook::New { needs_person: true } => (
            "warn",
            "OAuth Access or Refresh tokens are not available. Verify the OAuth configuration and click the 'Get OAuth \
             Token' link to request a new token."
                .to_owned(),
        ),
        Outlook::New { .. } => return None,
        Outlook::Healthy { .. } | Outlook::Expiring { .. } => ("good", available(&entry)?),
        Outlook::Retrying(_) | Outlook::NeedsConsent(_) | Outlook::Broken(_) => (
            "bad",
            format!(
                "OAuth flow failed. Verify the configurations and try again. Error detail:{}",
                entry.why()
            ),
        ),
    };
    Some(Message { kind, text })
}

fn available(entry: &Entry) -> Option<String> {
    let (which, ends) = match (entry.refresh_ends(), entry.access_ends()) {
        (Some(ends), _) => ("Refresh", ends),
        (None, ends) => ("Access", ends?),
    };
    let ends = timestamp(ends).strftime("%Y-%m-%d %H:%M:%S");
    Some(format!(
        "OAuth {which} token is available and will expire at {ends} UTC."
    ))
}

/// Gets a token, or leads to where a person consents.
pub(super) async fn get(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let session = &visit.records;
    let requestor = requestor(&record, &session.user.account.sys_id);
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
