//! Permitting a read: closed columns leave it, hidden rows are conditioned away, and a query that would tell
//! about either is refused (`rest-and-records.md` §2.6, §3.6).

use super::{
    decide::Access,
    permit::{Denied, Permitted},
    rule::Operation,
};
use crate::{
    dictionary::Table,
    plan::Plan,
    query::{Comparison, Path, Predicate},
};

impl Access<'_> {
    /// Permits what is left of a plan when rows and columns the caller may not read are taken out.
    ///
    /// # Errors
    /// [`Denied::Query`] when a condition or the order reads a column the caller may not query, for then the
    /// rows that come back, or their order, would tell its value (E9).
    pub fn permit_read(&self, mut plan: Plan) -> Result<Permitted<Plan>, Denied> {
        if !self.may_query(&plan) {
            return Err(Denied::Query);
        }
        let open = self
            .rules
            .gates(Operation::Read, plan.table.name())
            .fields_are_open();
        plan.outputs.retain(|output| {
            let free = open && output.path.table == 0;
            free || self.may_read_path(&plan.table, &plan.joins, &output.path)
        });
        let rows = self.readable_rows(&plan.table, &mut plan.joins);
        plan.predicate = std::mem::take(&mut plan.predicate).and(rows);
        Ok(Permitted::new(plan))
    }

    fn may_query(&self, plan: &Plan) -> bool {
        let mut asked = Asked::default();
        asked.collect(&plan.predicate);
        asked
            .range
            .extend(plan.order.iter().map(|order| &order.path));
        let whole_table = plan.predicate == Predicate::True;
        let may = |operation, paths: &[&Path]| {
            paths
                .iter()
                .all(|path| self.may_query_path(operation, &plan.table, &plan.joins, path))
        };
        may(Operation::QueryMatch, &asked.matched)
            && may(Operation::QueryRange, &asked.range)
            && (asked.matched.is_empty()
                || self.may_query_table(Operation::QueryMatch, &plan.table))
            && (asked.range.is_empty() && !whole_table
                || self.may_query_table(Operation::QueryRange, &plan.table))
    }

    /// A query rule on a table itself closes it to queries altogether, instead of leaving an empty list
    /// (§16.7: `sys_db_object` and `sys_plugins` answer E9). A list without conditions is a range.
    fn may_query_table(&self, operation: Operation, table: &Table) -> bool {
        use super::gate::Verdict;
        self.rules
            .gates(operation, table.name())
            .rows
            .judge(self.caller)
            == Verdict::Granted
    }
}

/// The paths a query reads, by the operation that guards them (§3.6).
#[derive(Default)]
struct Asked<'p> {
    matched: Vec<&'p Path>,
    range: Vec<&'p Path>,
}

impl<'p> Asked<'p> {
    fn collect(&mut self, predicate: &'p Predicate) {
        match predicate {
            Predicate::And(list) | Predicate::Or(list) => {
                for one in list {
                    self.collect(one);
                }
            }
            Predicate::In { .. }
            | Predicate::Empty { .. }
            | Predicate::Compare(_, Comparison::Equal | Comparison::NotEqual, _) => {
                predicate.each_path(&mut |path| self.matched.push(path));
            }
            // Whatever else there is tells more about a value than equality does.
            _ => predicate.each_path(&mut |path| self.range.push(path)),
        }
    }
}
