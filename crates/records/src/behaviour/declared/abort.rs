//! Why a declared rule refuses a write.

use crate::name::Name;

/// Why a declared rule refuses a write; displayed as the `detail` of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Abort {
    /// A business rule aborted it (E7).
    #[error(
        "Operation against file '{table}' was aborted by Business Rule '{rule}^{sys_id}'. \
         Business Rule Stack:{rule}"
    )]
    BusinessRule {
        /// The class of the row.
        table: Name,
        /// The rule's name.
        rule: Box<str>,
        /// The rule's key.
        sys_id: Box<str>,
        /// The rule's own message, which the API keeps to itself.
        message: Box<str>,
    },
    /// A data policy wants these fields filled (E8): their labels.
    #[error("Data Policy Exception: The following fields are mandatory: {}", .0.join(", "))]
    Mandatory(Vec<String>),
    /// A data policy wants these fields left alone: their labels.
    #[error("Data Policy Exception: The following fields are read only: {}", .0.join(", "))]
    ReadOnly(Vec<String>),
    /// A rule that is to be saved asks for what is not done here.
    #[error(
        "Operation against file '{table}' was aborted by Business Rule 'Declarative rules only'. \
         {element}: {why}"
    )]
    Unsupported {
        /// The table of the rule.
        table: &'static str,
        /// The field that asks for it.
        element: &'static str,
        /// What is not done, and what is.
        why: &'static str,
    },
}

impl Abort {
    /// Returns the reason's name in logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BusinessRule { .. } => "business_rule_aborted",
            Self::Mandatory(_) => "data_policy_mandatory",
            Self::ReadOnly(_) => "data_policy_read_only",
            Self::Unsupported { .. } => "business_rule_not_declarative",
        }
    }
}
