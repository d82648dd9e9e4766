//! Rows of a table as the caller may read them, each cell both as it is stored and as it is shown.

use std::collections::HashMap;

use snowglobe_records::{
    plan::{Plan, Window},
    query::{self, Query},
};

use crate::{
    error::RestError,
    records::{self, Session},
};

/// The most rows that one call looks at.
const MOST: Window = Window {
    limit: 1000,
    offset: 0,
};

/// One row: by element, what is stored and what is shown.
#[derive(Debug, Default)]
pub(super) struct Row(HashMap<String, [String; 2]>);

impl Row {
    /// Returns what is stored; nothing where the caller may not read it.
    pub(super) fn value(&self, element: &str) -> &str {
        self.0.get(element).map_or("", |[value, _]| value)
    }

    /// Returns what is shown.
    pub(super) fn shown(&self, element: &str) -> &str {
        self.0.get(element).map_or("", |[_, shown]| shown)
    }

    /// Whether a true/false column is true.
    pub(super) fn is(&self, element: &str) -> bool {
        self.value(element) == "true"
    }

    /// Returns a number, 0 where there is none.
    pub(super) fn number(&self, element: &str) -> f64 {
        self.value(element).parse().unwrap_or_default()
    }
}

/// What is looked for: elements that equal a value, all of them.
pub(super) type Where<'a> = &'a [(&'a str, &'a str)];

/// Reads the rows that equal all of these values.
pub(super) async fn rows(
    session: &Session,
    table: &str,
    equal: Where<'_>,
    elements: &[&str],
) -> Result<Vec<Row>, RestError> {
    let table = session.table(table)?;
    let pairs = equal.iter().copied();
    let context = session.context();
    let query = query::filter(pairs, &session.dictionary, &table, &context);
    read(session, &table, query, elements).await
}

/// Reads the rows that an encoded query of our own selects.
pub(super) async fn selected(
    session: &Session,
    table: &str,
    encoded: &str,
    elements: &[&str],
) -> Result<Vec<Row>, RestError> {
    let table = session.table(table)?;
    let context = session.context();
    let query = query::resolve(
        &query::parse(encoded),
        &session.dictionary,
        &table,
        &context,
    )
    .query;
    read(session, &table, query, elements).await
}

/// Reads one row by its key; one that the caller may not read is not there.
pub(super) async fn row(
    session: &Session,
    table: &str,
    sys_id: &str,
    elements: &[&str],
) -> Result<Row, RestError> {
    let table = session.table(table)?;
    let plan = records::one(session, &table, sys_id, Some(elements.iter().copied()))?;
    let mut found = shown(session, &plan).await?;
    found.pop().ok_or(RestError::NoRecord)
}

async fn read(
    session: &Session,
    table: &std::sync::Arc<snowglobe_records::Table>,
    query: Query,
    elements: &[&str],
) -> Result<Vec<Row>, RestError> {
    let elements = Some(elements.iter().copied());
    let plan = Plan::new(&session.dictionary, table, query, elements, MOST);
    shown(session, &records::permit(session, plan)?).await
}

async fn shown(
    session: &Session,
    plan: &snowglobe_records::acl::Permitted<Plan>,
) -> Result<Vec<Row>, RestError> {
    let store = &session.app.store;
    let page = store.read(plan).await?;
    let displays = store
        .displays(&session.dictionary, &plan.outputs, &page.rows)
        .await?;
    let reader = session.reader(&displays);
    let cells = |row: snowglobe_store::sql::Row<'_>| {
        let cell = |(at, output): (usize, &snowglobe_records::plan::Output)| {
            let column = &output.path.column;
            let mut value = String::new();
            column.kind.write(row.get(at), &mut value);
            (
                output.key.to_string(),
                [value, reader.text(column, row.get(at))],
            )
        };
        Row(plan.outputs.iter().enumerate().map(cell).collect())
    };
    Ok(page.rows.iter().map(cells).collect())
}
