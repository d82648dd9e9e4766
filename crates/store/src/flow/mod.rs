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

pub use progress::{RunEnd, RunStep, StepNote};

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

    /// Returns the triggers of active flows that are times.
    #[must_use]
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }
}
