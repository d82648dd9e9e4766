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

use std::{collections::HashMap, sync::Arc};

pub use abort::Abort;
pub use business_rule::{Actions, BusinessRule};
pub use data_policy::{DataPolicy, FieldPolicy};
pub use trigger::{Fired, FlowTrigger};

use super::Row;
use crate::{
    acl::Caller,
    dictionary::{Dictionary, Table},
    name::Name,
    query::Context,
};

/// From this order on, business rules run after the rules of core tables and the data policies.
const LATE: i64 = 1000;

/// The declared rules of every table that has some; rebuilt with the dictionary and swapped whole.
#[derive(Debug, Default)]
pub struct Declared {
    tables: HashMap<Name, OfTable>,
}

#[derive(Debug, Default)]
struct OfTable {
    /// Ordered.
    rules: Vec<Arc<BusinessRule>>,
    policies: Vec<Arc<DataPolicy>>,
    triggers: Vec<Arc<FlowTrigger>>,
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
                let of_table = declared.tables.entry(table).or_default();
                of_table.rules.push(Arc::clone(&rule));
            }
        }
        for policy in policies.into_iter().map(Arc::new) {
            for table in below(dictionary, &policy.table, policy.inherit) {
                let of_table = declared.tables.entry(table).or_default();
                of_table.policies.push(Arc::clone(&policy));
            }
        }
        declared
    }

    /// Adds the triggers of active flows, which hold for the tables below their own, too.
    #[must_use]
    pub fn with_triggers(mut self, triggers: Vec<FlowTrigger>, dictionary: &Dictionary) -> Self {
        for trigger in triggers.into_iter().map(Arc::new) {
            for table in below(dictionary, &trigger.table, true) {
                let of_table = self.tables.entry(table).or_default();
                of_table.triggers.push(Arc::clone(&trigger));
            }
        }
        self
    }

    fn of(&self, table: &Table) -> Option<&OfTable> {
        self.tables.get(table.name().as_str())
    }
}

fn below(dictionary: &Dictionary, table: &str, inherit: bool) -> Vec<Name> {
    let Some(table) = dictionary.table(table) else {
        return Vec::new();
    };
    let children = table.descendants().iter().filter(|_| inherit);
    std::iter::once(table.name())
        .chain(children)
        .cloned()
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
    let (early, late): (Vec<_>, Vec<_>) = declared.rules.iter().partition(|rule| rule.order < LATE);
    for rule in early {
        rule.apply(row, around)?;
    }
    super::apply(row);
    for policy in &declared.policies {
        policy.check(row, around)?;
    }
    for rule in late {
        rule.apply(row, around)?;
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
        .try_for_each(|rule| rule.check_delete(row, around))
}
