//! Rules that people declare as records: business rules (`sys_script`) and data policies (`sys_data_policy2`), in the
//! order of the write pipeline (`rest-and-records.md` §13.8).
//!
//! ```text
//! before rules, order < 1000 ──> rules of core tables ──> data policies ──> before rules, order ≥ 1000 ──> row
//! ```
//! Nothing is run: a business rule has a condition, values to set, and may abort. One that asks for more, such as a
//! script, cannot be saved while it is active ([`BusinessRule::check`]), so that nobody waits for what never happens.

mod abort;
mod business_rule;
mod condition;
mod data_policy;
mod template;
mod trigger;

use std::sync::Arc;

pub use abort::Abort;
pub use business_rule::{Actions, BusinessRule};
pub use data_policy::{DataPolicy, FieldPolicy};
pub use trigger::{Fired, FlowTrigger};

use self::condition::Condition;
use super::Row;
use crate::{
    acl::Caller,
    dictionary::{Dictionary, Table},
    name::ByName,
    query::Context,
};

/// From this order on, business rules run after the rules of core tables and the data policies.
const LATE: i64 = 1000;

/// The declared rules of every table that has some; rebuilt with the dictionary and swapped whole.
#[derive(Debug, Default)]
pub struct Declared {
    tables: ByName<OfTable>,
}

#[derive(Debug, Default)]
struct OfTable {
    /// Ordered.
    rules: Vec<Held<BusinessRule>>,
    policies: Vec<Held<DataPolicy>>,
    triggers: Vec<Held<FlowTrigger>>,
}

/// A rule, and its condition as it reads on the rows of one table.
#[derive(Debug)]
struct Held<R> {
    rule: Arc<R>,
    condition: Condition,
}

/// What rules look at besides the row.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) context: &'a Context<'a>,
    pub(crate) caller: &'a Caller,
}

impl Declared {
    /// Arranges active rules for the tables of a dictionary. A business rule holds for the tables below its own,
    /// too; a data policy if it says so.
    #[must_use]
    pub fn build(
        mut rules: Vec<BusinessRule>,
        policies: Vec<DataPolicy>,
        dictionary: &Dictionary,
    ) -> Self {
        rules.sort_by_key(|rule| rule.order);
        let mut declared = Self::default();
        for rule in rules.into_iter().map(Arc::new) {
            for table in below(dictionary, &rule.table, true) {
                let held = Held::on(&table, &rule, &rule.condition, dictionary);
                declared.of_table(&table).rules.push(held);
            }
        }
        for policy in policies.into_iter().map(Arc::new) {
            for table in below(dictionary, &policy.table, policy.inherit) {
                let held = Held::on(&table, &policy, &policy.condition, dictionary);
                declared.of_table(&table).policies.push(held);
            }
        }
        declared
    }

    /// Adds the triggers of active flows, which hold for the tables below their own, too.
    #[must_use]
    pub fn with_triggers(mut self, triggers: Vec<FlowTrigger>, dictionary: &Dictionary) -> Self {
        for trigger in triggers.into_iter().map(Arc::new) {
            for table in below(dictionary, &trigger.table, true) {
                let held = Held::on(&table, &trigger, &trigger.condition, dictionary);
                self.of_table(&table).triggers.push(held);
            }
        }
        self
    }

    fn of(&self, table: &Table) -> Option<&OfTable> {
        self.tables.get(table.name().as_str())
    }

    fn of_table(&mut self, table: &Table) -> &mut OfTable {
        self.tables.entry(table.name().clone()).or_default()
    }
}

impl<R> Held<R> {
    fn on(table: &Arc<Table>, rule: &Arc<R>, condition: &str, dictionary: &Dictionary) -> Self {
        Self {
            rule: Arc::clone(rule),
            condition: Condition::of(condition, table, dictionary),
        }
    }
}

fn below(dictionary: &Dictionary, table: &str, inherit: bool) -> Vec<Arc<Table>> {
    let Some(table) = dictionary.table(table) else {
        return Vec::new();
    };
    let children = table.descendants().iter().filter(|_| inherit);
    std::iter::once(table.name())
        .chain(children)
        .filter_map(|name| dictionary.table(name))
        .map(Arc::clone)
        .collect()
}

/// Applies all rules to a row that is made or changed.
///
/// # Errors
/// [`Abort`] when one of them refuses it.
pub(crate) fn apply(row: &mut Row<'_>, around: Surroundings<'_>) -> Result<(), Abort> {
    let table = Arc::clone(row.table());
    BusinessRule::check(row, around)?;
    DataPolicy::check_saved(row, around)?;
    let Some(declared) = around.declared.of(&table) else {
        super::apply(row);
        return Ok(());
    };
    let rules = declared.rules.iter();
    let (early, late): (Vec<_>, Vec<_>) = rules.partition(|held| held.rule.order < LATE);
    for Held { rule, condition } in early {
        rule.apply(condition, row, around)?;
    }
    super::apply(row);
    for Held { rule, condition } in &declared.policies {
        rule.check(condition, row, around)?;
    }
    for Held { rule, condition } in late {
        rule.apply(condition, row, around)?;
    }
    let is_new = row.is_new();
    let happens = |on: Actions| if is_new { on.insert } else { on.update };
    let flows = trigger::fired(row, happens, around);
    row.start(flows);
    Ok(())
}

/// Returns the flows that the deletion of a row starts.
pub(crate) fn fired_by_deletion(row: &Row<'_>, around: Surroundings<'_>) -> Fired {
    let flows = trigger::fired(row, |on| on.delete, around);
    Fired::of(flows, row, 0)
}

/// Asks the rules of a row's table whether it may be deleted.
///
/// # Errors
/// [`Abort`] when one of them refuses.
pub(crate) fn check_delete(row: &Row<'_>, around: Surroundings<'_>) -> Result<(), Abort> {
    let rules = around
        .declared
        .of(row.table())
        .map(|of_table| &of_table.rules);
    rules
        .into_iter()
        .flatten()
        .try_for_each(|Held { rule, condition }| rule.check_delete(condition, row, around))
}
