//! `GET /{table}_list.do`.

use std::sync::Arc;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_records::{
    Column, Table,
    acl::{Denied, Permitted},
    plan::Plan,
    query::{self, Clause, Family},
};
use snowglobe_store::records::Page;

use super::{
    Asked, Built, Header, Line,
    filter::{self, BadCondition, Crumb, OFFERED},
    view,
};
use crate::{
    identity::session::see_other,
    pages::{
        Forms, Shell,
        console::{
            credentials,
            frame::{Navigator, Visit},
            layout,
        },
        fault::PageFault,
        page,
    },
    records::{self, RecordError, Session},
};

#[derive(Template)]
#[template(path = "console/list.html")]
struct ListPage<'a> {
    shell: Shell,
    nav: Navigator,
    table: &'a str,
    title: &'a str,
    all_href: String,
    crumbs: Vec<(String, String)>,
    asked: &'a Asked,
    /// The URL of this list without the search, if there is one.
    unsearched: Option<String>,
    notice: Option<String>,
    fields: Vec<(&'a str, &'a str)>,
    built: &'a Built,
    new_href: Option<String>,
    headers: Vec<Header>,
    lines: Vec<Line>,
    pages: Pages,
}

/// Where in the whole list a page is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pages {
    from: u64,
    to: u64,
    total: u64,
    first: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    last: Option<String>,
}

/// `GET /{table}_list.do`
pub(in crate::pages::console) async fn get(
    visit: &Visit,
    table: &str,
    query: &str,
) -> Result<Response, PageFault> {
    let session = &visit.records;
    let table = readable(session, table)?;
    let asked = Asked::parse(query);
    let built = asked
        .built
        .as_ref()
        .map(|built| narrow(session, &table, &asked, built));
    let notice = match built {
        Some(Ok(query)) => return Ok(see_other(&asked.with_query(query).href(table.name()))),
        Some(Err(bad)) => Some(bad.to_string()),
        None => None,
    };
    show(visit, &table, &asked, notice).await
}

/// Returns a table that this person may read some row of; any other is not there.
fn readable(session: &Session, name: &str) -> Result<Arc<Table>, PageFault> {
    let table = session.dictionary.table(name).ok_or(PageFault::NotFound)?;
    let context = session.context();
    if session.access(&context).may_read_table(table) {
        Ok(Arc::clone(table))
    } else {
        Err(PageFault::NotFound)
    }
}

/// Returns the query with the condition that was built.
fn narrow(
    session: &Session,
    table: &Table,
    asked: &Asked,
    Built {
        field,
        operator,
        value,
    }: &Built,
) -> Result<String, BadCondition> {
    let condition = (field.as_str(), operator.as_str(), value.as_str());
    let zone = &session.user.format.time_zone;
    let term = filter::built(table, &session.dictionary, condition, zone)?;
    Ok(filter::narrowed(&asked.query, &[Clause::And(&term)]))
}

async fn show(
    visit: &Visit,
    table: &Arc<Table>,
    asked: &Asked,
    notice: Option<String>,
) -> Result<Response, PageFault> {
    let session = &visit.records;
    let columns = readable_columns(session, table, asked);
    let (found, notice) = match read(session, table, asked, &columns).await {
        Ok(found) => (Some(found), notice),
        Err(RecordError::Denied(Denied::Query)) => (None, Some(UNREADABLE.to_owned())),
        Err(error) => return Err(error.into()),
    };
    let (lines, total) = match &found {
        Some((plan, page)) => (lines(session, table, plan, page).await?, page.total),
        None => (Vec::new(), None),
    };
    let mut headers = view::headers(table.name(), asked, columns.iter());
    let mut lines = lines;
    if *table.name() == *credentials::TABLE {
        credentials::add_standing(session, &mut headers, &mut lines).await?;
    }
    let context = session.context();
    let access = session.access(&context);
    let crumbs = filter::crumbs(&asked.query, &session.dictionary, table);
    let may_create = access.may_create_in(table) && *table.name() != *credentials::TABLE;
    let no_condition = Built::default();
    let template = ListPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        table: table.name(),
        title: table.label(),
        all_href: asked.with_query("").without_search().href(table.name()),
        crumbs: crumbs
            .into_iter()
            .map(|Crumb { text, query }| (text, asked.with_query(query).href(table.name())))
            .collect(),
        asked,
        unsearched: (!asked.search.is_empty()).then(|| asked.without_search().href(table.name())),
        notice,
        fields: fields(session, table),
        built: asked.built.as_ref().unwrap_or(&no_condition),
        new_href: may_create.then(|| format!("/{}.do?sys_id=-1", table.name())),
        pages: pages(table.name(), asked, lines.len(), total),
        headers,
        lines,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// The columns that are shown: those that this person may read.
fn readable_columns(session: &Session, table: &Arc<Table>, asked: &Asked) -> Vec<Arc<Column>> {
    let context = session.context();
    let access = session.access(&context);
    let mut columns = layout::list_columns(table, asked.fields.as_deref());
    columns.retain(|column| access.may_read_field(table, &column.element));
    columns
}

/// Reads a page of the list.
async fn read(
    session: &Session,
    table: &Arc<Table>,
    asked: &Asked,
    columns: &[Arc<Column>],
) -> Result<(Permitted<Plan>, Page), RecordError> {
    let terms = filter::search(columns.iter(), &asked.search);
    let mut clauses = Vec::with_capacity(terms.len());
    for term in &terms {
        let first = clauses.is_empty();
        clauses.push(if first {
            Clause::And(term)
        } else {
            Clause::Or(term)
        });
    }
    let text = filter::narrowed(&asked.query, &clauses);
    let context = session.context();
    let resolved = query::resolve(&query::parse(&text), &session.dictionary, table, &context);
    let elements = columns.iter().map(|column| column.element.as_str());
    let elements: Vec<&str> = elements.chain(["sys_id"]).collect();
    let mut plan = Plan::new(
        &session.dictionary,
        table,
        resolved.query,
        Some(elements),
        asked.window(),
    );
    plan.count = true;
    let plan = records::permit(session, plan)?;
    let found = session.app.store.read(&plan).await?;
    Ok((plan, found))
}

async fn lines(
    session: &Session,
    table: &Table,
    plan: &Permitted<Plan>,
    found: &Page,
) -> Result<Vec<Line>, PageFault> {
    let store = &session.app.store;
    let displays = store
        .displays(&session.dictionary, &plan.outputs, &found.rows)
        .await?;
    let reader = session.reader(&displays);
    Ok(view::lines(
        table.name(),
        &plan.outputs,
        &found.rows,
        &reader,
    ))
}

/// The fields that the condition builder offers.
fn fields<'t>(session: &Session, table: &'t Arc<Table>) -> Vec<(&'t str, &'t str)> {
    let context = session.context();
    let access = session.access(&context);
    let mut fields: Vec<_> = table
        .columns()
        .iter()
        .filter(|column| Family::of(column).is_some())
        .filter(|column| access.may_read_field(table, &column.element))
        .map(|column| (column.element.as_str(), &*column.label))
        .collect();
    fields.sort_by_key(|(_, label)| label.to_lowercase());
    fields
}

fn pages(table: &str, asked: &Asked, shown: usize, total: Option<u64>) -> Pages {
    let window = asked.window();
    let (limit, first) = (u64::from(window.limit), window.offset);
    let total = total.unwrap_or(0);
    let shown = u64::try_from(shown).unwrap_or(0);
    let last = total.saturating_sub(1) / limit.max(1) * limit;
    let at = |first: u64| Some(asked.at_row(first).href(table));
    let more = first.saturating_add(shown) < total && shown > 0;
    Pages {
        from: if shown == 0 { 0 } else { first + 1 },
        to: first.saturating_add(shown),
        total,
        first: at(0).filter(|_| first > 0),
        previous: at(first.saturating_sub(limit)).filter(|_| first > 0),
        next: at(first.saturating_add(limit)).filter(|_| more),
        last: at(last).filter(|_| more),
    }
}

const UNREADABLE: &str =
    "This list cannot be shown: it filters or sorts by a field that you may not read.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_to_their_neighbours_and_no_further() {
        let pages = |first: u64, shown, total| {
            let asked = Asked::parse(&format!("sysparm_first_row={first}&sysparm_limit=20"));
            pages("t", &asked, shown, Some(total))
        };
        let at = |row: u64| Some(format!("/t_list.do?sysparm_first_row={row}"));
        let middle = pages(21, 20, 45);
        assert_eq!((middle.from, middle.to, middle.total), (21, 40, 45));
        assert_eq!(
            (middle.previous, middle.first),
            (Some("/t_list.do".into()), Some("/t_list.do".into()))
        );
        assert_eq!((middle.next, middle.last), (at(41), at(41)));
        let only = pages(1, 3, 3);
        assert_eq!(
            (only.first, only.previous, only.next, only.last),
            (None, None, None, None)
        );
        assert_eq!(pages(1, 0, 0).from, 0);
        let end = pages(41, 5, 45);
        assert_eq!((end.next, end.previous), (None, at(21)));
        assert_eq!(pages(901, 0, 45).next, None);
    }
}
