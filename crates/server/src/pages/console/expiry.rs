//! The expiry board: each outbound credential, how it stands, and what somebody has to do before a nightly run finds out.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use snowglobe_oauth::{outbound::Outlook, time::UnixMillis};

use super::frame::{Navigator, Visit};
use crate::{
    app::App,
    broker::{self, Entry, Sight},
    clock::timestamp,
    identity::session::to_login,
    pages::{
        Forms, Shell,
        fault::PageFault,
        outbound::initiator_href,
        page,
        prose::{Span, spans},
    },
};

/// Where this page is.
const PATH: &str = "/sg_credentials.do";

#[derive(Template)]
#[template(path = "console/credentials.html")]
struct BoardPage {
    shell: Shell,
    nav: Navigator,
    counts: Vec<(usize, &'static str, &'static str)>,
    lines: Vec<Line>,
}

/// A credential in the list.
struct Line {
    name: Box<str>,
    href: String,
    user: Box<str>,
    provider: Box<str>,
    /// The word for its state, and the look of it.
    state: (&'static str, &'static str),
    why: Vec<Span>,
    access_ends: String,
    consent_ends: String,
    action: Vec<Span>,
    /// Where the action is done.
    act: Option<(&'static str, String)>,
}

/// `GET /sg_credentials.do`
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, PageFault> {
    let Some(visit) = Visit::open(&app, &headers).await? else {
        let here = uri.path_and_query().map_or(PATH, |it| it.as_str());
        return Ok(to_login(here));
    };
    let sight = Sight::of(&visit.records).ok_or(PageFault::Forbidden)?;
    let me = &visit.records.user.account.sys_id;
    let entries = broker::overview(&app, app.now()).await;
    let entries = entries.map_err(|fault| PageFault::Unavailable(fault.to_string()))?;
    let entries: Vec<&Entry> = entries.iter().filter(|it| sight.shows(it, me)).collect();
    let template = BoardPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        counts: counts(&entries),
        lines: entries.iter().map(|entry| line(entry, me)).collect(),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

fn counts(entries: &[&Entry]) -> Vec<(usize, &'static str, &'static str)> {
    STATES
        .iter()
        .map(|(name, word, look)| {
            let count = entries
                .iter()
                .filter(|it| it.outlook.name() == *name)
                .count();
            (count, *word, *look)
        })
        .filter(|(count, ..)| *count > 0)
        .collect()
}

fn line(entry: &Entry, me: &str) -> Line {
    let requestor = &entry.requestor;
    let name = entry.outlook.name();
    let state = STATES.iter().find(|(it, ..)| *it == name);
    let moment = |at: Option<UnixMillis>| at.map_or_else(String::new, shown);
    Line {
        name: entry.name.clone(),
        href: format!("/{}.do?sys_id={}", requestor.context, requestor.id),
        user: match (&entry.user, entry.personal) {
            (Some(user), _) => user.clone(),
            (None, true) => "each user".into(),
            (None, false) => "shared".into(),
        },
        provider: entry.provider.clone(),
        state: state.map_or(("", ""), |(_, word, look)| (*word, *look)),
        why: spans(&entry.why()),
        access_ends: moment(entry.access_ends()),
        consent_ends: moment(entry.consent_ends()),
        action: spans(&entry.action(shown)),
        act: act(entry, me),
    }
}

fn act(entry: &Entry, me: &str) -> Option<(&'static str, String)> {
    let requestor = &entry.requestor;
    let is_mine = match &requestor.user {
        Some(user) => **user == *me,
        None => !entry.personal,
    };
    if entry.wants_consent() && is_mine {
        return Some(("Get OAuth Token", initiator_href(requestor)));
    }
    match (&entry.outlook, &entry.profile) {
        (Outlook::Broken(_), Some(profile)) => {
            let href = format!("/oauth_entity.do?sys_id={}", profile.provider);
            Some(("Open the provider", href))
        }
        _ => None,
    }
}

fn shown(at: UnixMillis) -> String {
    timestamp(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An outlook's name, the word for it, and the look of the word.
const STATES: [(&str, &str, &str); 6] = [
    ("broken", "Broken", "bad"),
    ("needs_consent", "Needs consent", "bad"),
    ("expiring", "Expiring", "warn"),
    ("retrying", "Retrying", "warn"),
    ("new", "No token yet", ""),
    ("healthy", "Healthy", "good"),
];
