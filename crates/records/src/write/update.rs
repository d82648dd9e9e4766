//! A changed row: only the columns that really differ (§13.3), and what is left of the old values for the audit.

use std::{convert::Infallible, sync::Arc};

use super::{
    CustomerUpdate,
    draft::{Draft, Ignored},
    row::RowCells,
    secret::Secret,
    stamp::Stamp,
};
use crate::{
    SysId,
    behaviour::{
        self, Row,
        declared::{self, Abort, Fired, Surroundings},
    },
    dictionary::{Column, Kind, Table},
    name::Name,
    value::Value,
};

/// A row to be updated, if it is still as it was read.
#[derive(Debug, Clone)]
pub struct Update {
    /// The row's class.
    pub table: Arc<Table>,
    /// The row.
    pub sys_id: SysId,
    /// The state of the row the changes were made for.
    pub expected_mod_count: i64,
    /// New values, system columns included.
    pub changes: Vec<(Arc<Column>, Value)>,
    /// To be hashed or sealed before the row is written.
    pub secrets: Vec<(Arc<Column>, Secret)>,
    /// To become rows of `sys_journal_field`.
    pub journal: Vec<(Arc<Column>, Box<str>)>,
    /// To become rows of `sys_audit`, if the table is audited.
    pub audit: Vec<AuditEntry>,
    /// What of the body is not written.
    pub ignored: Vec<Ignored>,
    /// The flows that it starts.
    pub fired: Fired,
    /// What an application file leaves in its update set.
    pub customer_update: Option<Box<CustomerUpdate>>,
}

/// A change as `sys_audit` keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The field.
    pub element: Name,
    /// What it held.
    pub old: Value,
    /// What it holds now.
    pub new: Value,
}

/// Completes a draft for a row; `None` if nothing would change, and then `sys_mod_count` does not move (§13.3).
#[must_use]
pub fn prepare(current: &RowCells, draft: Draft, stamp: &Stamp<'_>) -> Option<Update> {
    let Ok(update) = complete::<Infallible>(current, draft, stamp, |row| {
        behaviour::apply(row);
        Ok(())
    });
    update
}

/// Completes a caller's draft for a row: declared rules have their say, too.
pub(crate) fn decide(
    current: &RowCells,
    draft: Draft,
    stamp: &Stamp<'_>,
    around: Surroundings<'_>,
) -> Result<Option<Update>, Abort> {
    complete(current, draft, stamp, |row| declared::apply(row, around))
}

fn complete<E>(
    current: &RowCells,
    draft: Draft,
    stamp: &Stamp<'_>,
    behave: impl FnOnce(&mut Row<'_>) -> Result<(), E>,
) -> Result<Option<Update>, E> {
    let beside = draft.beside();
    let unresolved = draft
        .lookups
        .into_iter()
        .map(|(column, _)| (column, Value::Null));
    let values: Vec<_> = draft.values.into_iter().chain(unresolved).collect();
    let differs =
        |(column, value): &(Arc<Column>, Value)| current.value(&column.element) != value.as_ref();
    // Rules look at changes: where there is none, they have nothing to say.
    if beside.is_empty() && !values.iter().any(differs) {
        return Ok(None);
    }
    let mut row = Row::changing(current, values, stamp).with_beside(beside);
    behave(&mut row)?;
    let journal: Vec<_> = draft.journal.into_iter().chain(row.take_notes()).collect();
    let starts = row.take_starts();
    let fired = Fired::of(starts, &row, draft.flow_depth);
    let mut changes: Vec<_> = row.into_values().into_iter().filter(differs).collect();
    if changes.is_empty() && draft.secrets.is_empty() && journal.is_empty() {
        return Ok(None);
    }
    let audit = audit(current, &changes);
    if !draft.keeps_sys_fields {
        changes.extend(system_columns(current, stamp));
    }
    Ok(Some(Update {
        table: Arc::clone(current.table()),
        sys_id: current.sys_id(),
        expected_mod_count: current.mod_count(),
        customer_update: CustomerUpdate::of_update(current, &changes).map(Box::new),
        changes,
        secrets: draft.secrets,
        journal,
        audit,
        ignored: draft.ignored,
        fired,
    }))
}

fn system_columns(current: &RowCells, stamp: &Stamp<'_>) -> Vec<(Arc<Column>, Value)> {
    let values = [
        ("sys_updated_on", stamp.now()),
        ("sys_updated_by", stamp.user_name.into()),
        (
            "sys_mod_count",
            Value::Int(current.mod_count().saturating_add(1)),
        ),
    ];
    let of_table = |(element, value)| Some((Arc::clone(current.table().column(element)?), value));
    values.into_iter().filter_map(of_table).collect()
}

fn audit(current: &RowCells, changes: &[(Arc<Column>, Value)]) -> Vec<AuditEntry> {
    if !current.table().is_audited() {
        return Vec::new();
    }
    let entry = |(column, new): &(Arc<Column>, Value)| AuditEntry {
        element: column.element.clone(),
        old: current.value(&column.element).to_owned(),
        new: new.clone(),
    };
    let is_told = |(column, _): &&(Arc<Column>, Value)| {
        !column.element.starts_with("sys_") && !matches!(column.kind, Kind::Secret(_))
    };
    changes.iter().filter(is_told).map(entry).collect()
}
