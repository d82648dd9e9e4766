//! From parameters to a page of records, and from the page to JSON.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderValue, Uri, header},
    response::Response,
};
use snowglobe_records::{
    Table,
    acl::Permitted,
    plan::{Plan, Window},
    query::{self, Query},
};
use snowglobe_store::records::{Displays, Page};

use super::{
    body::Presenter,
    links,
    params::{DisplayMode, Params},
};
use crate::{
    error::RestError,
    records::{self, Generated, History, Making, Reader, Session},
};

/// Which rows the parameters select; name=value filters count when there is no `sysparm_query` (§2.2).
pub(super) fn select(
    session: &Session,
    table: &Arc<Table>,
    params: &Params<'_>,
) -> Result<Query, RestError> {
    let Some(text) = params.query.as_deref() else {
        let context = session.context();
        let filters = params.filters.iter();
        let pairs = filters.map(|(name, value)| (&**name, &**value));
        return Ok(query::filter(pairs, &session.dictionary, table, &context));
    };
    encoded(session, table, text)
}

/// Reads an encoded query. What it says that means nothing is dropped, or refused where
/// `snowglobe.query.strict` is on.
pub(super) fn encoded(
    session: &Session,
    table: &Arc<Table>,
    text: &str,
) -> Result<Query, RestError> {
    let context = session.context();
    let resolved = query::resolve(&query::parse(text), &session.dictionary, table, &context);
    // Not the clause itself: its value is whatever the caller typed. One line, however many there are.
    if let Some(first) = resolved.dropped.first() {
        if session.app.store.properties().flag(STRICT, false) {
            return Err(RestError::InvalidQuery(first.to_string()));
        }
        tracing::info!(
            table = %table.name(),
            dropped = resolved.dropped.len(),
            reason = %first.reason,
            "a query has clauses that are dropped"
        );
    }
    Ok(resolved.query)
}

/// The property that refuses a query of which a part means nothing, instead of answering a wider one.
const STRICT: &str = "snowglobe.query.strict";

/// Plans a page of what the query selects, as far as the caller may read it.
pub(super) fn plan(
    session: &Session,
    table: &Arc<Table>,
    query: Query,
    params: &Params<'_>,
    window: Window,
) -> Result<Permitted<Plan>, RestError> {
    let mut plan = Plan::new(
        &session.dictionary,
        table,
        query,
        params.field_names(),
        window,
    );
    plan.count = !params.no_count;
    Ok(records::permit(session, plan)?)
}

/// How an answer is to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) params: &'a Params<'a>,
    pub(super) uri: &'a Uri,
    /// A secret that was made for this caller a moment ago, and is in this answer only.
    pub(super) told_once: Option<&'a Generated>,
}

impl<'a> Asked<'a> {
    /// Returns what a request asks for.
    pub(super) fn of(params: &'a Params<'a>, uri: &'a Uri) -> Self {
        Self {
            params,
            uri,
            told_once: None,
        }
    }
}

/// Returns the body that shows one record.
pub(super) async fn record(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    asked: Asked<'_>,
) -> Result<String, RestError> {
    let plan = records::one(session, table, sys_id, asked.params.field_names())?;
    let page = session.app.store.read(&plan).await?;
    let shown = present(session, &plan, &page, asked).await?;
    shown.result(&page).ok_or(RestError::NoRecord)
}

/// Returns the body that will show a record once it is made; `None` where only a read of it can tell.
pub(super) fn made(
    session: &Session,
    table: &Arc<Table>,
    making: &Making,
    asked: Asked<'_>,
) -> Option<String> {
    let Asked { params, uri, .. } = asked;
    if params.display != DisplayMode::Value || making.has_secret() {
        return None;
    }
    let row = making.row();
    let plan = records::one(session, table, row.sys_id.as_str(), params.field_names()).ok()?;
    let page = Page::of_inserted(&plan, row)?;
    let shown = Shown {
        session,
        plan: &plan,
        displays: Displays::default(),
        history: History::default(),
        mode: params.display,
        exclude_reference_link: params.exclude_reference_link,
        links: session.links(uri),
        told_once: None,
    };
    Some(shown.result(&page).unwrap_or_else(nothing))
}

/// The body where a caller may not see what they wrote.
pub(super) fn nothing() -> String {
    "{\"result\":{}}".to_owned()
}

/// Returns the object of one record.
pub(super) async fn object(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    asked: Asked<'_>,
) -> Result<String, RestError> {
    let plan = records::one(session, table, sys_id, asked.params.field_names())?;
    let page = session.app.store.read(&plan).await?;
    let shown = present(session, &plan, &page, asked).await?;
    shown.record(&page).ok_or(RestError::NoRecord)
}

/// What a page is shown with.
pub(super) async fn present<'p>(
    session: &'p Session,
    plan: &'p Permitted<Plan>,
    page: &Page,
    asked: Asked<'p>,
) -> Result<Shown<'p>, RestError> {
    let Asked { params, uri, .. } = asked;
    let (displays, history) = match params.display {
        DisplayMode::Value => (Displays::default(), History::default()),
        DisplayMode::Display | DisplayMode::All | DisplayMode::Named | DisplayMode::Typed => {
            let store = &session.app.store;
            let displays = store.displays(&session.dictionary, &plan.outputs, &page.rows);
            (
                displays.await?,
                History::read(session, plan, &page.rows).await?,
            )
        }
    };
    Ok(Shown {
        session,
        plan,
        displays,
        history,
        mode: params.display,
        exclude_reference_link: params.exclude_reference_link,
        links: session.links(uri),
        told_once: asked.told_once,
    })
}

/// A page on its way to JSON.
pub(super) struct Shown<'p> {
    session: &'p Session,
    plan: &'p Plan,
    displays: Displays,
    history: History,
    mode: DisplayMode,
    exclude_reference_link: bool,
    links: links::LinkBase<'p>,
    /// A secret that was made for this caller a moment ago, and is in this answer only.
    told_once: Option<&'p Generated>,
}

impl Shown<'_> {
    fn presenter(&self) -> Presenter<'_> {
        Presenter {
            reader: Reader {
                dictionary: &self.session.dictionary,
                displays: &self.displays,
                format: &self.session.user.format,
            },
            outputs: &self.plan.outputs,
            mode: self.mode,
            exclude_reference_link: self.exclude_reference_link,
            links: self.links,
            history: &self.history,
            told_once: self.told_once.map(Generated::expose),
        }
    }

    pub(super) fn list(&self, page: &Page) -> String {
        self.presenter().list(&page.rows)
    }

    /// Returns the rows alone, as part of a list.
    pub(super) fn rows(&self, page: &Page) -> String {
        let mut out = String::new();
        self.presenter().push_rows(&page.rows, &mut out);
        out
    }

    fn record(&self, page: &Page) -> Option<String> {
        page.rows.first().map(|row| self.presenter().record(row))
    }

    /// Returns the body of an answer with the page's one record.
    fn result(&self, page: &Page) -> Option<String> {
        page.rows.first().map(|row| self.presenter().result(row))
    }
}

/// Adds `X-Total-Count` and `Link` (§2.4).
pub(super) fn count_and_page(
    response: &mut Response<Body>,
    session: &Session,
    uri: &Uri,
    params: &Params<'_>,
    total: Option<u64>,
) {
    let Some(total) = total else { return };
    let headers = response.headers_mut();
    headers.insert("x-total-count", HeaderValue::from(total));
    if params.suppress_pagination_header {
        return;
    }
    let url = format!("{}{}", session.app.issuer, uri.path());
    let link = links::pagination(
        &url,
        uri.query().unwrap_or_default(),
        params.window(),
        total,
    );
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        headers.insert(header::LINK, link);
    }
}
