//! Flows: their definitions as a snapshot, runs that start in the batch of the write that caused them, and what a run has
//! come to, each step on disk before the next.
//!
//! ```text
//! write + sys_flow_context + sg_work      one batch: no run is lost, none is there twice
//! step begins ── step ends ── … ── run ends      each guarded by the attempt that the work was taken up with
//! ```

mod load;
mod progress;
mod schedule;
mod start;

use std::collections::HashMap;

use snowglobe_oauth::outbound::flow::{Flow, Schedule};

pub use progress::{FlowRun, FlowRunStep, RunEnd, RunStep, StepNote};

/// Nothing says which flow is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlowUnknown {
    /// There is none.
    #[error("no flow has this name or key")]
    Missing,
    /// There are several.
    #[error("several flows have this name: use the key of one")]
    Ambiguous,
}

/// The flows of one moment.
#[derive(Debug, Default)]
pub struct Flows {
    by_id: HashMap<Box<str>, Flow>,
    schedules: Vec<Schedule>,
}

impl Flows {
    /// Returns a flow by its key.
    #[must_use]
    pub fn flow(&self, sys_id: &str) -> Option<&Flow> {
        self.by_id.get(sys_id)
    }

    /// Finds a flow by its key, or by its name.
    ///
    /// # Errors
    /// [`FlowUnknown`] where there is none, or the name is that of several.
    pub fn named(&self, name: &str) -> Result<&Flow, FlowUnknown> {
        if let Some(flow) = self.by_id.get(name) {
            return Ok(flow);
        }
        let mut named = self.by_id.values().filter(|it| *it.name == *name);
        match (named.next(), named.next()) {
            (Some(flow), None) => Ok(flow),
            (None, _) => Err(FlowUnknown::Missing),
            (Some(_), Some(_)) => Err(FlowUnknown::Ambiguous),
        }
    }

    /// Returns the triggers of active flows that are times.
    #[must_use]
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }
}
