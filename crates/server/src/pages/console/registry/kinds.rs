//! "What kind of OAuth application?": the page before the form of a new one (`inbound-oauth.md` §3).
//!
//! Only kinds that do something here are offered.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_records::Table;

use crate::{
    pages::{
        Forms, Shell,
        console::frame::{Navigator, Visit},
        fault::PageFault,
        page,
    },
    rest::params::pairs,
};

/// A kind of application.
struct Kind {
    table: &'static str,
    name: &'static str,
    text: &'static str,
    href: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        table: "oauth_entity",
        name: "Create an OAuth API endpoint for external clients",
        text: "An application that people sign in to, or that calls the API by itself: authorization code, client \
               credentials, password, device, refresh.",
        href: "/oauth_entity.do?sys_id=-1&sysparm_kind=client",
    },
    Kind {
        table: "oauth_jwt",
        name: "Create an OAuth JWT API endpoint for external clients",
        text: "A system that already has signed assertions about its users and exchanges them for tokens (JWT bearer, \
               RFC 7523).",
        href: "/oauth_jwt.do?sys_id=-1",
    },
    Kind {
        table: "oauth_oidc_entity",
        name: "Configure an OIDC provider to verify ID tokens",
        text: "An identity provider whose ID tokens the API accepts as they are.",
        href: "/oauth_oidc_entity.do?sys_id=-1",
    },
    Kind {
        table: "oauth_entity",
        name: "Connect to a third party OAuth Provider",
        text: "A provider whose API this instance calls: it gets tokens there, keeps them and renews them.",
        href: "/oauth_entity.do?sys_id=-1&sysparm_kind=consumer&sysparm_query=type%3Dconsumer",
    },
];

#[derive(Template)]
#[template(path = "console/kinds.html")]
struct KindsPage {
    shell: Shell,
    nav: Navigator,
    kinds: Vec<&'static Kind>,
}

/// Tells whether the form of a new record comes after this page.
pub(in crate::pages::console) fn asks_what_kind(table: &Table, query: &str) -> bool {
    let chosen = |name: &str| matches!(name, "sysparm_kind" | "sysparm_query");
    *table.name() == "oauth_entity" && !pairs(query).any(|(name, _)| chosen(&name))
}

/// Shows the kinds that this person may create.
pub(in crate::pages::console) fn interceptor(visit: &Visit) -> Result<Response, PageFault> {
    let session = &visit.records;
    let context = session.context();
    let access = session.access(&context);
    let may_create = |kind: &&Kind| {
        let table = session.dictionary.table(kind.table);
        table.is_some_and(|table| access.may_create_in(table))
    };
    let kinds: Vec<&Kind> = KINDS.iter().filter(may_create).collect();
    if kinds.is_empty() {
        return Err(PageFault::NotFound);
    }
    let template = KindsPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        kinds,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}
