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
    query::{Comparison, Joins, Path, Predicate},
};

impl Access<'_> {
    /// Permits what is left of a plan when rows and columns the caller may not read are taken out.
    ///
    /// # Errors
    /// [`Denied::Query`] when a condition or the order reads a column the caller may not query, for then the
    /// rows that come back, or their order, would tell its value (E9).
    pub fn permit_read(&self, mut plan: Plan) -> Result<Permitted<Plan>, Denied> {
        let whole = plan.predicate == Predicate::True;
        let order: Vec<Path> = plan.order.iter().map(|order| order.path.clone()).collect();
        let within = Within {
            table: &plan.table,
            joins: &plan.joins,
        };
        self.narrow(&mut plan.predicate, within);
        if !self.may_query(&plan.predicate, &order, whole, within) {
            return Err(Denied::Query);
        }
        self.close_related(&mut plan.predicate)?;
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

    /// Leaves out of searches what the caller may not ask.
    fn narrow(&self, predicate: &mut Predicate, within: Within<'_>) {
        match predicate {
            Predicate::And(list) | Predicate::Or(list) => {
                for one in list {
                    self.narrow(one, within);
                }
            }
            Predicate::Search(places) => {
                places.retain(|place| self.may_query(place, &[], false, within));
            }
            _ => {}
        }
    }

    fn may_query(
        &self,
        predicate: &Predicate,
        order: &[Path],
        whole_table: bool,
        within: Within<'_>,
    ) -> bool {
        let mut asked = Asked::default();
        asked.collect(predicate);
        asked.range.extend(order);
        let Within { table, joins } = within;
        let may = |operation, paths: &[&Path]| {
            paths
                .iter()
                .all(|path| self.may_query_path(operation, table, joins, path))
        };
        may(Operation::QueryMatch, &asked.matched)
            && may(Operation::QueryRange, &asked.range)
            && (asked.matched.is_empty() || self.may_query_table(Operation::QueryMatch, table))
            && (asked.range.is_empty() && !whole_table
                || self.may_query_table(Operation::QueryRange, table))
            && (!asked.ranges_over_values() || self.may_range_over_some_rows(table))
    }

    /// §16.3: who reads a table's rows by their conditions (`read` leaves some of them) may ask about ranges and sort only if
    /// the table's rules for `conditional_table_query_range` let them, where there are any.
    fn may_range_over_some_rows(&self, table: &Table) -> bool {
        self.reads_every_row(table)
            || self.may_query_table(Operation::ConditionalTableQueryRange, table)
    }

    /// Asks of other rows only those that the caller may read, by columns that the caller may query: what is counted
    /// tells about them.
    fn close_related(&self, predicate: &mut Predicate) -> Result<(), Denied> {
        match predicate {
            Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
                list.iter_mut().try_for_each(|one| self.close_related(one))
            }
            // The content of a column goes with the column, which was asked for.
            Predicate::Related(related) if related.content_of.is_none() => {
                let within = Within {
                    table: &related.table,
                    joins: &related.joins,
                };
                self.narrow(&mut related.predicate, within);
                let key = self.may_query_path(
                    Operation::QueryMatch,
                    within.table,
                    within.joins,
                    &related.key,
                );
                if !key || !self.may_query(&related.predicate, &[], false, within) {
                    return Err(Denied::Query);
                }
                self.close_related(&mut related.predicate)?;
                let rows = self.readable_rows(&related.table, &mut related.joins);
                related.predicate = std::mem::take(&mut related.predicate).and(rows);
                Ok(())
            }
            Predicate::Below(below) => {
                let open = self.may_read_field(&below.table, &below.parent.element)
                    && self.reads_every_row(&below.table);
                if open { Ok(()) } else { Err(Denied::Query) }
            }
            _ => Ok(()),
        }
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

/// Where the paths of a condition start, and what they reach.
#[derive(Clone, Copy)]
struct Within<'p> {
    table: &'p Table,
    joins: &'p Joins,
}

/// The paths a query reads, by the operation that guards them (§3.6).
#[derive(Default)]
struct Asked<'p> {
    matched: Vec<&'p Path>,
    range: Vec<&'p Path>,
}

impl<'p> Asked<'p> {
    /// An order by `sys_id` tells nothing of what a row holds, and clients page by it.
    fn ranges_over_values(&self) -> bool {
        self.range
            .iter()
            .any(|path| path.column.element != "sys_id")
    }

    fn collect(&mut self, predicate: &'p Predicate) {
        match predicate {
            Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
                for one in list {
                    self.collect(one);
                }
            }
            Predicate::In { .. }
            | Predicate::Empty { .. }
            | Predicate::Columns(_, Comparison::Equal | Comparison::NotEqual, _)
            | Predicate::Compare(_, Comparison::Equal | Comparison::NotEqual, _)
            | Predicate::Below(_) => {
                predicate.each_path(&mut |path| self.matched.push(path));
            }
            Predicate::Related(related) => {
                self.matched.push(&related.of);
                self.range.extend(&related.content_of);
            }
            // Whatever else there is tells more about a value than equality does.
            _ => predicate.each_path(&mut |path| self.range.push(path)),
        }
    }
}
