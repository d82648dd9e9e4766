//! Reading: what the rules leave of a plan, and the plan of one record.

use std::sync::Arc;

use snowglobe_records::{
    Column, Table,
    acl::Permitted,
    plan::{Plan, Window},
    query::{Comparison, Joins, Path, Predicate, Query},
};

use super::{RecordError, Session};

/// Permits what this caller may read of a plan.
pub(crate) fn permit(session: &Session, plan: Plan) -> Result<Permitted<Plan>, RecordError> {
    let context = session.context();
    Ok(session.access(&context).permit_read(plan)?)
}

/// Plans the read of one record; `fields` as in [`Plan::new`].
pub(crate) fn one<'f>(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    fields: Option<impl IntoIterator<Item = &'f str>>,
) -> Result<Permitted<Plan>, RecordError> {
    names_a_row(sys_id)?;
    let column = table.column("sys_id").ok_or(RecordError::Missing)?;
    let path = Path {
        table: 0,
        column: Arc::clone(column),
    };
    let query = Query {
        joins: Joins::default(),
        predicate: Predicate::Compare(path, Comparison::Equal, sys_id.into()),
        order: Vec::new(),
    };
    let single = Window {
        limit: 1,
        offset: 0,
    };
    let plan = Plan::new(&session.dictionary, table, query, fields, single);
    permit(session, plan)
}

/// Returns what the row that a reference names is called, as far as this caller may read it.
pub(crate) async fn name_of(
    session: &Session,
    reference: &Column,
    sys_id: &str,
) -> Result<String, RecordError> {
    let target = reference.reference.as_deref();
    let target = target.and_then(|name| session.dictionary.table(name));
    let display = target.and_then(|target| target.display());
    let (Some(target), Some(display)) = (target, display) else {
        return Ok(String::new());
    };
    let plan = match one(session, target, sys_id, Some([display.element.as_str()])) {
        Err(RecordError::Missing) => return Ok(String::new()),
        plan => plan?,
    };
    let page = session.app.store.read(&plan).await?;
    let (Some(row), Some(_)) = (page.rows.first(), plan.outputs.first()) else {
        return Ok(String::new());
    };
    let displays = session
        .app
        .store
        .displays(&session.dictionary, &plan.outputs, &page.rows)
        .await?;
    Ok(session.reader(&displays).text(display, row.get(0)))
}

/// Refuses what is the key of no row: no row has an empty key, nor one that PostgreSQL could not store.
pub(super) fn names_a_row(sys_id: &str) -> Result<(), RecordError> {
    if sys_id.is_empty() || sys_id.contains('\0') {
        return Err(RecordError::Missing);
    }
    Ok(())
}
