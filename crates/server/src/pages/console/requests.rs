//! The request inspector, for administrators: what was asked of this node, what it refused, and why.
//!
//! In production only refusals are kept, so that is what it lists there.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};

use super::{
    frame::{Navigator, Visit},
    request,
};
use crate::{
    app::{App, Mode},
    clock::timestamp,
    events::Answered,
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

/// A request in a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: String,
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) milliseconds: String,
    /// Why it was refused.
    pub(super) reason: Option<&'static str>,
    /// The page that explains it, where there is something to explain.
    pub(super) href: Option<String>,
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
        return request::explanation(&app, &visit, &id).await;
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
    let asked = events.questions();
    let line = |answered: &Arc<Answered>| line(answered, asked.contains(&answered.id));
    requests.iter().take(most).map(line).collect()
}

/// Returns a request as a list shows it; one that `asked` for records can be explained, refused or not.
pub(super) fn line(answered: &Answered, asked: bool) -> Line {
    let explained = asked || answered.reason.is_some();
    Line {
        at: timestamp(answered.at)
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
        request: format!("{} {}", answered.method, answered.path),
        status: answered.status,
        milliseconds: format!("{:.1} ms", answered.took.as_secs_f64() * 1000.0),
        reason: answered.reason,
        href: explained.then(|| format!("{PATH}?id={}", answered.id)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::Method;
    use snowglobe_oauth::time::UnixMillis;

    use super::*;
    use crate::observe::Observer;

    #[test]
    fn refusals_and_requests_for_records_lead_to_their_explanations() {
        let answered = Answered {
            id: Observer::new(1).next_id(),
            at: UnixMillis(0),
            method: Method::GET,
            route: "/x",
            path: "/x".into(),
            status: 200,
            took: Duration::ZERO,
            reason: None,
        };
        let page = Some(format!("/sg_requests.do?id={}", answered.id));
        assert_eq!(line(&answered, false).href, None);
        assert_eq!(line(&answered, true).href, page);
        let refused = Answered {
            reason: Some("x"),
            ..answered
        };
        assert_eq!(line(&refused, false).href, page);
    }
}
