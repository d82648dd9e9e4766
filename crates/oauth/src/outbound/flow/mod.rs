//! Flows: what is done when a record changes or a time comes, step by step, as values.
//!
//! ```text
//! trigger ──▶ Data ──▶ step: templates are filled from Data ──▶ its answer, by declared mappings ──▶ Data ──▶ next step
//! ```
//! A step knows what came before it by names: `${trigger.number}`, `${order.id}`. A name without a value is a fault: a flow
//! never sends or stores a placeholder.

mod data;
mod json_path;
mod mapping;
mod schedule;
mod start;
mod step;

pub use data::{Data, Fill};
pub use json_path::{JsonPath, JsonPathFault};
pub use mapping::{Mapping, Source};
pub use schedule::Schedule;
pub use start::Start;
pub use step::{FlowStep, StepKind, pairs};

/// `sys_hub_flow`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// An inactive one is not started.
    pub active: bool,
    /// The key of the user whose rights its steps have.
    pub run_as: Box<str>,
    /// In their order.
    pub steps: Vec<FlowStep>,
}

/// Why a step cannot be carried out as it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlowFault {
    /// A template names what nobody gave.
    #[error("nothing before this step gives ${{{0}}}")]
    ValueMissing(Box<str>),
    /// A mapping is none.
    #[error("the mapping “{0}” cannot be read")]
    Mapping(Box<str>),
    /// The answer does not have what a mapping takes from it.
    #[error("the answer has nothing for “{0}”")]
    AnswerMissing(Box<str>),
    /// A line is no assignment.
    #[error("“{0}” is no name=value")]
    Line(Box<str>),
    /// There is no such kind of step here.
    #[error("steps of the type “{0}” are not run here")]
    Kind(Box<str>),
}

impl FlowFault {
    /// Returns the name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ValueMissing(_) => "flow_value_missing",
            Self::Mapping(_) => "flow_mapping_unreadable",
            Self::AnswerMissing(_) => "flow_answer_missing",
            Self::Line(_) => "flow_line_unreadable",
            Self::Kind(_) => "flow_step_unknown",
        }
    }
}
