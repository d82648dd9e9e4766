//! Permitting an aggregate (`rest-and-records.md` §5): a group, a smallest or a mean value tells what a column holds,
//! so every column in it must be readable; rows that are hidden are not counted (CVE-2025-3648).

use super::{
    decide::Access,
    permit::{Denied, Permitted},
    rule::Operation,
};
use crate::{
    aggregate::{Aggregate, GroupKey},
    plan::{Plan, Window},
    query::Path,
};

impl Access<'_> {
    /// Permits an aggregate over the rows that the caller may read.
    ///
    /// # Errors
    /// [`Denied::Table`] when the caller may read none of the table's rows (E10), and [`Denied::Query`] when a
    /// condition, a group or a measure reads a column that is closed (E9).
    pub fn permit_aggregate(
        &self,
        mut aggregate: Aggregate,
    ) -> Result<Permitted<Aggregate>, Denied> {
        if !self.may_read_table(&aggregate.table) {
            return Err(Denied::Table);
        }
        let readable = |path: &Path| {
            self.may_read_path(&aggregate.table, &aggregate.joins, path)
                && self.may_query_path(
                    Operation::QueryRange,
                    &aggregate.table,
                    &aggregate.joins,
                    path,
                )
        };
        if !paths(&aggregate).all(readable) {
            return Err(Denied::Query);
        }
        let rows = self.permit_read(Plan {
            table: aggregate.table,
            joins: aggregate.joins,
            predicate: aggregate.predicate,
            order: Vec::new(),
            outputs: Vec::new(),
            window: Window::DEFAULT,
            count: false,
        })?;
        let rows = rows.into_inner();
        aggregate.table = rows.table;
        aggregate.joins = rows.joins;
        aggregate.predicate = rows.predicate;
        Ok(Permitted::new(aggregate))
    }
}

/// Every column that the answer, or what is left out of it, tells about.
fn paths(aggregate: &Aggregate) -> impl Iterator<Item = &Path> {
    let groups = aggregate.groups.iter().map(|group| &group.path);
    let sorted = aggregate.order.iter().filter_map(|order| match &order.by {
        GroupKey::Group(_) => None,
        GroupKey::Measure(measure) => Some(measure),
    });
    let measures = aggregate
        .measures
        .iter()
        .chain(aggregate.having.iter().map(|having| &having.measure))
        .chain(sorted);
    groups.chain(measures.filter_map(|measure| measure.path()))
}
