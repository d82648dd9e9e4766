//! The request inspector, for administrators: what was asked of this node, what it refused, and why.
//!
//! In production only refusals are kept, so that is what it lists there.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use snowglobe_oauth::reason;

use super::frame::{Navigator, Visit};
use crate::{
    app::{App, Mode},
    clock::timestamp,
    events::{Answered, Refused},
    identity::session::to_login,
    pages::{Forms, Shell, fault::PageFault, page},
    rest::params::pairs,
};

/// Where this page is.
pub(super) const PATH: &str = "/sg_requests.do";
/// How many requests a page lists.
const LISTED: usize = 100;

#[derive(Template)]
#[template(path = "console/requests.html")]
struct RequestsPage {
    shell: Shell,
    nav: Navigator,
    only_refused: bool,
    /// Whether requests that were not refused are kept at all.
    keeps_all: bool,
    requests: Vec<Line>,
}

#[derive(Template)]
#[template(path = "console/refusal.html")]
struct RefusalPage {
    shell: Shell,
    nav: Navigator,
    title: String,
    what: &'static str,
    facts: Vec<(&'static str, String)>,
    mend: Vec<(&'static str, &'static str)>,
}

/// A request in a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: String,
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) milliseconds: String,
    /// Why it was refused, and the page that explains it.
    pub(super) reason: Option<(&'static str, String)>,
}

/// `GET /sg_requests.do`, and `?id=…` for the explanation of one.
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, PageFault> {
    let query = uri.query().unwrap_or_default();
    let Some(visit) = Visit::open(&app, &headers).await? else {
        return Ok(to_login(
            uri.path_and_query().map_or(PATH, |it| it.as_str()),
        ));
    };
    if !visit.is_admin() {
        return Err(PageFault::Forbidden);
    }
    let value = |wanted: &str| pairs(query).find(|(name, _)| name == wanted);
    if let Some((_, id)) = value("id") {
        let refused = app.observer.events().refusal(&id);
        let template = explanation(&visit, &refused.ok_or(PageFault::NotFound)?);
        return Ok(page(StatusCode::OK, &template, Forms::StayHere));
    }
    let keeps_all = app.mode == Mode::Development;
    let only_refused = !keeps_all || value("refused").is_some();
    let template = RequestsPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        only_refused,
        keeps_all,
        requests: newest(&app, only_refused, LISTED),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// Returns the last requests, or the last that were refused, the newest first.
pub(super) fn newest(app: &App, only_refused: bool, most: usize) -> Vec<Line> {
    let events = app.observer.events();
    let requests = if only_refused {
        events.refusals(most)
    } else {
        events.requests()
    };
    requests.iter().take(most).map(line).collect()
}

fn line(answered: &Answered) -> Line {
    let id = answered.id.as_str();
    Line {
        at: timestamp(answered.at)
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
        request: format!("{} {}", answered.method, answered.path),
        status: answered.status,
        milliseconds: format!("{:.1} ms", answered.took.as_secs_f64() * 1000.0),
        reason: answered
            .reason
            .map(|code| (code, format!("{PATH}?id={id}"))),
    }
}

fn explanation(visit: &Visit, refused: &Refused) -> RefusalPage {
    let Refused {
        request,
        refusal,
        client,
        user,
    } = refused;
    let reason = reason::find(refusal.code);
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    let facts = [
        ("Answered", Some(line(request).at)),
        ("Transaction", Some(request.id.to_string())),
        ("Status", Some(request.status.to_string())),
        ("Reason", Some(refusal.code.to_owned())),
        ("Rule", reason.map(|reason| reason.rule.to_owned())),
        ("Expected", text(&refusal.expected)),
        ("Received", text(&refusal.received)),
        ("Client", text(client)),
        ("User", text(user)),
        (
            "To mend by",
            reason.map(|reason| reason.who.text().to_owned()),
        ),
    ];
    let known = |(label, value): (_, Option<String>)| value.map(|value| (label, value));
    let mend = |reason: &'static reason::Reason| {
        [("Here", reason.here), ("On a real instance", reason.there)]
    };
    RefusalPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        title: line(request).request,
        what: reason.map_or("", |reason| reason.what),
        facts: facts.into_iter().filter_map(known).collect(),
        mend: reason.map(mend).into_iter().flatten().collect(),
    }
}
