//! One access control rule, as its `sys_security_acl` record says it (`rest-and-records.md` §16.2).

use std::{fmt, sync::Arc};

use crate::name::{InvalidName, Name};

/// A rule of type `record`.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it protects.
    pub object: Object,
    /// Against what.
    pub operation: Operation,
    /// Whether passing it allows or failing it denies.
    pub decision: Decision,
    /// The caller needs one of these, or none if there are none.
    pub roles: Vec<Arc<str>>,
    /// The row must match this encoded query.
    pub condition: Option<Box<str>>,
    /// The rule concerns only rows that match this encoded query.
    pub applies_to: Option<Box<str>>,
    /// It asks a script, which is not run: the rule is refused, that is, nobody passes it.
    pub scripted: bool,
    /// `admin` need not pass it.
    pub admin_overrides: bool,
    /// An inactive rule is as if it were not there.
    pub active: bool,
}

/// What a rule protects: the rows of a table, or a field of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Object {
    /// The table.
    pub table: Scope,
    /// The field; `None` for the table itself.
    pub field: Option<Scope>,
}

/// One name, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// `*`
    Any,
    /// This one.
    Named(Name),
}

/// What a caller wants to do (§16.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Insert a row.
    Create,
    /// Read a row or a field.
    Read,
    /// Update a row or write a field.
    Write,
    /// Delete a row.
    Delete,
    /// Filter by equality on a field.
    QueryMatch,
    /// Filter otherwise, or sort, on a field.
    QueryRange,
    /// Filter otherwise than by equality, or sort, in a table of which the caller reads some rows by their conditions.
    ConditionalTableQueryRange,
    /// Something REST does not ask; such rules are kept as records and decide nothing here.
    Other,
}

/// What a rule's outcome means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Passing it is enough, with others of its kind.
    AllowIf,
    /// Failing it denies, whatever else passes.
    DenyUnless,
}

/// A rule that cannot be obeyed as its record says it, so nobody passes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nobody passes the {operation:?} rule on '{object}': {fault}")]
pub struct Problem {
    /// What the rule protects.
    pub object: Object,
    /// Against what.
    pub operation: Operation,
    /// Why it cannot be obeyed.
    pub fault: Fault,
}

/// Why a rule cannot be obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It asks a script; scripts are not run.
    #[error("it asks a script")]
    Script,
    /// It asks for nothing at all, which by §16.2 denies.
    #[error("it has neither a role nor a condition")]
    Empty,
    /// Its condition or *Applies To* has a part that means nothing on the table.
    #[error("its condition cannot be resolved")]
    Condition,
}

impl Object {
    /// Parses `sys_security_acl.name`: `incident`, `incident.number`, `incident.*`, `*.number`, `*.*` or `*`.
    ///
    /// # Errors
    /// [`InvalidName`] when a part is neither a name nor `*`.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let (table, field) = match text.split_once('.') {
            Some((table, field)) => (table, Some(field)),
            None => (text, None),
        };
        Ok(Self {
            table: Scope::parse(table)?,
            field: field.map(Scope::parse).transpose()?,
        })
    }
}

impl Scope {
    fn parse(text: &str) -> Result<Self, InvalidName> {
        if text == "*" {
            Ok(Self::Any)
        } else {
            Name::parse(text).map(Self::Named)
        }
    }
}

impl Operation {
    /// Parses `sys_security_acl.operation`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "create" => Self::Create,
            "read" => Self::Read,
            "write" => Self::Write,
            "delete" => Self::Delete,
            "query_match" => Self::QueryMatch,
            "query_range" => Self::QueryRange,
            "conditional_table_query_range" => Self::ConditionalTableQueryRange,
            _ => Self::Other,
        }
    }
}

impl Decision {
    /// Parses `sys_security_acl.decision_type`; what it does not know is the older, only kind.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.eq_ignore_ascii_case("deny") || text.eq_ignore_ascii_case("deny_unless") {
            Self::DenyUnless
        } else {
            Self::AllowIf
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            None => write!(f, "{}", self.table),
            Some(field) => write!(f, "{}.{field}", self.table),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_read_back_as_they_are_written() {
        for text in [
            "incident",
            "incident.number",
            "incident.*",
            "*.number",
            "*.*",
            "*",
        ] {
            assert_eq!(Object::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "Incident", "incident.", "a.b.c"] {
            assert!(Object::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn operations_the_rest_surface_does_not_ask_are_other() {
        assert_eq!(Operation::parse("query_range"), Operation::QueryRange);
        assert_eq!(Operation::parse("report_view"), Operation::Other);
    }
}
