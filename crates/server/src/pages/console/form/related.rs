//! The lists below a form: rows of other tables that name the record.

use std::sync::Arc;

use snowglobe_records::{
    Table,
    plan::{Plan, Window},
    query::{Comparison, Order, Path, Predicate, Query},
};

use super::record::Record;
use crate::{
    pages::{
        console::{
            credentials,
            frame::Visit,
            layout,
            list::{self, Asked, Header, Line},
        },
        fault::PageFault,
    },
    records::{self, RecordError, Session},
};

/// Rows that are shown; a link leads to all.
const ROWS: u32 = 10;
/// Columns that are shown.
const COLUMNS: usize = 6;

/// A list below a form.
pub(super) struct List {
    pub(super) title: String,
    pub(super) headers: Vec<Header>,
    pub(super) lines: Vec<Line>,
    pub(super) total: u64,
    pub(super) all: String,
    /// The form of a new row that names the record.
    pub(super) new: Option<String>,
}

/// Returns the lists that this person may read.
pub(super) async fn lists(visit: &Visit, record: &Record) -> Result<Vec<List>, PageFault> {
    if record.row.is_none() {
        return Ok(Vec::new());
    }
    let session = &visit.records;
    let sys_id = record.sys_id();
    let mut lists = Vec::new();
    for below in layout::related((&record.table, record.kind()), session.dictionary.tables()) {
        let Some(table) = session.dictionary.table(&below.table) else {
            continue;
        };
        match list(session, table, (&below.column, &sys_id), below.title).await {
            Ok(list) => lists.extend(list),
            // Who may not read the column that relates them may not know what is related.
            Err(RecordError::Denied(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(lists)
}

async fn list(
    session: &Session,
    table: &Arc<Table>,
    (column, sys_id): (&str, &str),
    title: String,
) -> Result<Option<List>, RecordError> {
    let context = session.context();
    let access = session.access(&context);
    if !access.may_read_table(table) {
        return Ok(None);
    }
    let mut columns = layout::list_columns(table, None);
    columns
        .retain(|shown| *shown.element != *column && access.may_read_field(table, &shown.element));
    columns.truncate(COLUMNS);
    let elements = columns.iter().map(|column| column.element.as_str());
    let elements: Vec<&str> = elements.chain(["sys_id"]).collect();
    let Some(query) = naming(table, column, sys_id) else {
        return Ok(None);
    };
    let window = Window {
        limit: ROWS,
        offset: 0,
    };
    let mut plan = Plan::new(&session.dictionary, table, query, Some(elements), window);
    plan.count = true;
    let plan = records::permit(session, plan)?;
    let store = &session.app.store;
    let found = store.read(&plan).await?;
    let displays = store
        .displays(&session.dictionary, &plan.outputs, &found.rows)
        .await?;
    let query = format!("{column}={sys_id}");
    let asked = Asked::default().with_query(&*query);
    let mut headers = list::headers(table.name(), &asked, columns.iter());
    let mut lines = list::lines(
        table.name(),
        &plan.outputs,
        &found.rows,
        &session.reader(&displays),
    );
    if *table.name() == *credentials::TABLE {
        credentials::add_standing(session, &mut headers, &mut lines).await?;
    }
    let may_create = access.may_create_in(table) && access.may_fill_field(table, column);
    let is_made_by_hand = !matches!(table.name().as_str(), credentials::TABLE | "sys_audit");
    Ok(Some(List {
        title,
        headers,
        lines,
        total: found.total.unwrap_or(0),
        all: asked.href(table.name()),
        new: (may_create && is_made_by_hand).then(|| new_href(table.name(), &query)),
    }))
}

/// The rows whose column names the record, newest first.
fn naming(table: &Arc<Table>, column: &str, sys_id: &str) -> Option<Query> {
    let path = |element: &str| {
        let column = Arc::clone(table.column(element)?);
        Some(Path { table: 0, column })
    };
    let newest = path("sys_created_on").map(|path| Order {
        path,
        descending: true,
    });
    Some(Query {
        predicate: Predicate::Compare(path(column)?, Comparison::Equal, sys_id.into()),
        order: newest.into_iter().collect(),
        ..Query::default()
    })
}

fn new_href(table: &str, query: &str) -> String {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("/{table}.do?sys_id=-1&sysparm_query={query}")
}
