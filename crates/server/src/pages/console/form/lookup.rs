//! Choosing a referenced record: by its name, or on a page of its own that carries the form along.

use std::sync::Arc;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_records::{
    Column, SysId, Table,
    plan::{Plan, Window},
    query::{self, Clause, Comparison, Path, Predicate, Query},
};

use super::{Submission, record::Record};
use crate::{
    pages::{
        Forms, Shell,
        console::{
            frame::{Navigator, Visit},
            layout,
            list::{self, Line, filter},
        },
        fault::PageFault,
        page,
    },
    records::{self, RecordError, Session},
};

/// The row that a text names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    None,
    One(String),
    Several,
}

/// Candidates on a page; a search finds the others.
const CANDIDATES: u32 = 25;

/// Finds the row that a text names by its display value, or by its key, among those that this person may read.
pub(super) async fn find(
    session: &Session,
    reference: &Column,
    text: &str,
) -> Result<Found, RecordError> {
    let Some(target) = target(session, reference) else {
        return Ok(Found::None);
    };
    let display = target.display().map(|column| column.element.to_string());
    let is_key = SysId::parse(text).is_ok();
    let by_key = is_key.then(|| "sys_id".to_owned());
    for element in display.into_iter().chain(by_key) {
        let Some(query) = equal(&target, &element, text) else {
            continue;
        };
        let window = Window {
            limit: 2,
            offset: 0,
        };
        let plan = Plan::new(
            &session.dictionary,
            &target,
            query,
            Some(["sys_id"]),
            window,
        );
        let found = session
            .app
            .store
            .read(&records::permit(session, plan)?)
            .await?;
        match (found.rows.len(), found.rows.first()) {
            (0, _) | (_, None) => {}
            (1, Some(row)) => return Ok(Found::One(row.text(0).to_owned())),
            _ => return Ok(Found::Several),
        }
    }
    Ok(Found::None)
}

/// The rows whose column has this value; the text is a value, whatever it contains.
fn equal(table: &Table, element: &str, text: &str) -> Option<Query> {
    let column = Arc::clone(table.column(element)?);
    let value = column.kind.parse(text).ok()?;
    let path = Path { table: 0, column };
    Some(Query {
        predicate: Predicate::Compare(path, Comparison::Equal, value),
        ..Query::default()
    })
}

#[derive(Template)]
#[template(path = "console/lookup.html")]
struct LookupPage<'a> {
    shell: Shell,
    nav: Navigator,
    ck: String,
    table: &'a str,
    sys_id: String,
    mod_count: &'a str,
    record: String,
    element: &'a str,
    label: &'a str,
    target: &'a str,
    search: &'a str,
    carried: Vec<(String, String)>,
    headers: Vec<String>,
    lines: Vec<Line>,
    more: bool,
}

/// Shows the records that a reference may name.
pub(super) async fn show(
    visit: &Visit,
    record: &Record,
    submission: &Submission,
    element: &str,
) -> Result<Response, PageFault> {
    let session = &visit.records;
    let field = record.field(element).filter(|field| field.writable);
    let field = field.ok_or(PageFault::NotFound)?;
    let target = target(session, &field.column).ok_or(PageFault::NotFound)?;
    let search = submission.parameter("sysparm_lookup_search").trim();
    let candidates = candidates(session, &target, search).await?;
    let template = LookupPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        ck: visit.ck(),
        table: record.table.name(),
        sys_id: record.sys_id(),
        mod_count: submission.parameter("sysparm_mod_count"),
        record: record.title(),
        element,
        label: &field.column.label,
        target: target.label(),
        search,
        carried: submission.carried(record.table.name()),
        headers: candidates.headers,
        lines: candidates.lines,
        more: candidates.more,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

struct Candidates {
    headers: Vec<String>,
    lines: Vec<Line>,
    more: bool,
}

async fn candidates(
    session: &Session,
    target: &Arc<Table>,
    search: &str,
) -> Result<Candidates, RecordError> {
    let columns = layout::list_columns(target, None);
    let fields = columns.iter().take(4).map(|column| column.element.as_str());
    let fields: Vec<&str> = fields.chain(["sys_id"]).collect();
    let terms = filter::search(columns.iter(), search);
    let mut clauses: Vec<Clause<'_>> = terms.iter().map(|term| Clause::Or(term)).collect();
    let order = target.display().map(|column| Clause::OrderBy {
        field: &column.element,
        descending: false,
    });
    clauses.extend(order);
    let context = session.context();
    let query = query::resolve(&clauses, &session.dictionary, target, &context).query;
    let window = Window {
        limit: CANDIDATES,
        offset: 0,
    };
    let mut plan = Plan::new(&session.dictionary, target, query, Some(fields), window);
    plan.count = true;
    let plan = records::permit(session, plan)?;
    let store = &session.app.store;
    let found = store.read(&plan).await?;
    let displays = store
        .displays(&session.dictionary, &plan.outputs, &found.rows)
        .await?;
    let shown = plan
        .outputs
        .iter()
        .filter(|output| &*output.key != "sys_id");
    Ok(Candidates {
        headers: shown
            .map(|output| output.path.column.label.to_string())
            .collect(),
        lines: list::lines(
            target.name(),
            &plan.outputs,
            &found.rows,
            &session.reader(&displays),
        ),
        more: found.total > Some(CANDIDATES.into()),
    })
}

fn target(session: &Session, reference: &Column) -> Option<Arc<Table>> {
    let target = session.dictionary.table(reference.reference.as_deref()?)?;
    Some(Arc::clone(target))
}
