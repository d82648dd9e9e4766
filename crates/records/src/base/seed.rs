//! A record that an instance starts with.

use std::borrow::Cow;

use crate::SysId;

/// A row to insert as it is: no rules, no ACLs.
///
/// Elements that `values` does not name get what their column's [`crate::dictionary::DefaultValue::Literal`]
/// says; defaults that depend on a caller or a counter do not apply. System columns that are not named are
/// filled as for an insert by `system`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The table, which is also the row's class.
    pub table: &'static str,
    /// The row's key.
    pub sys_id: SysId,
    /// Elements and their wire text.
    pub values: Vec<(&'static str, Cow<'static, str>)>,
}

impl Seed {
    /// Starts a row with nothing in it.
    #[must_use]
    pub fn new(table: &'static str, sys_id: SysId) -> Self {
        Self {
            table,
            sys_id,
            values: Vec::new(),
        }
    }

    /// Adds a value; empty text is no value and is left out.
    #[must_use]
    pub fn with(mut self, element: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.values.push((element, value));
        }
        self
    }

    /// Adds `true`, if it is; for columns that are false by default.
    #[must_use]
    pub fn with_flag(self, element: &'static str, is: bool) -> Self {
        if is { self.with(element, "true") } else { self }
    }

    /// Adds a reference to another row.
    #[must_use]
    pub fn with_reference(self, element: &'static str, to: SysId) -> Self {
        self.with(element, to.to_string())
    }

    /// Returns the wire text of an element; `""` when the seed does not name it.
    #[must_use]
    pub fn value(&self, element: &str) -> &str {
        self.values
            .iter()
            .find(|(name, _)| *name == element)
            .map_or("", |(_, value)| value)
    }
}
