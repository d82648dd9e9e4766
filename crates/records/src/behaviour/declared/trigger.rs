//! Triggers of flows on records (`sys_hub_trigger_instance`): which flows a write starts, told with the write, so that
//! both are stored or neither.

use super::{Held, Row, Surroundings, business_rule::Actions};
use crate::{name::Name, write::row::texts};

/// A trigger of an active flow.
#[derive(Debug, Clone)]
pub struct FlowTrigger {
    /// The key of the flow.
    pub flow: Box<str>,
    /// The flow's name.
    pub name: Box<str>,
    /// Rows of this table, and of those below it.
    pub table: Name,
    /// Which writes start it.
    pub on: Actions,
    /// Which rows it concerns; all, if empty.
    pub condition: Box<str>,
}

/// Flows that a write starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fired {
    /// Their keys and names.
    pub flows: Vec<(Box<str>, Box<str>)>,
    /// Elements and texts of the row, as it will be; of one that is deleted, as it was. No secrets, no journals.
    pub row: Vec<(Box<str>, Box<str>)>,
    /// How many flows stand behind the write.
    pub depth: u8,
}

impl Fired {
    /// Tells what a row is when flows start from it; nothing is told where none does.
    pub(crate) fn of(flows: Vec<(Box<str>, Box<str>)>, row: &Row<'_>, depth: u8) -> Self {
        if flows.is_empty() {
            return Self::default();
        }
        Self {
            flows,
            row: texts(row.table(), |element| row.value(element)),
            depth,
        }
    }
}

/// Returns the flows that a write starts, each once.
pub(crate) fn fired(
    row: &Row<'_>,
    happens: impl Fn(Actions) -> bool,
    around: Surroundings<'_>,
) -> Vec<(Box<str>, Box<str>)> {
    let of_table = around.declared.of(row.table());
    let triggers = of_table.into_iter().flat_map(|it| &it.triggers);
    let mut flows: Vec<(Box<str>, Box<str>)> = Vec::new();
    for Held { rule, condition } in triggers {
        let known = flows.iter().any(|(flow, _)| *flow == rule.flow);
        if !known && happens(rule.on) && condition.holds(row, around) {
            flows.push((rule.flow.clone(), rule.name.clone()));
        }
    }
    flows
}
