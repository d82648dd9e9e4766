//! A column as one table sees it: inherited columns may have other choices and defaults in a child.

use super::kind::Kind;
use crate::{name::Name, value::Value};

/// A column of a table.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are columns of sys_dictionary"
)]
pub struct Column {
    /// The column's name (`sys_dictionary.element`).
    pub element: Name,
    /// The table that declares it; a child inherits it.
    pub declared_in: Name,
    /// The name a person reads.
    pub label: Box<str>,
    /// The type as the dictionary names it.
    pub internal_type: Box<str>,
    /// What that type means.
    pub kind: Kind,
    /// The column's name in the database, quoted by whoever writes SQL: the element for a root's column,
    /// `table.element` for a child's, because one wide table holds the whole hierarchy.
    pub storage: Box<str>,
    /// Characters; longer text is cut. 0 means no limit.
    pub max_length: u32,
    /// What an insert that does not name the column stores.
    pub default: DefaultValue,
    /// For the form only; the Table API does not enforce it (`rest-and-records.md` §2.5).
    pub mandatory: bool,
    /// The API may not write it.
    pub read_only: bool,
    /// No two rows may have the same value.
    pub unique: bool,
    /// Kept in an index of the database.
    pub indexed: bool,
    /// The table that a reference or list points to.
    pub reference: Option<Name>,
    /// How its choices bind.
    pub choice: ChoiceMode,
    /// In sequence; inactive ones still render their label.
    pub choices: Vec<Choice>,
}

/// One entry of a choice list (`sys_choice`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: Box<str>,
    /// What is shown.
    pub label: Box<str>,
    /// No longer offered.
    pub inactive: bool,
}

/// How a column uses its choices (`sys_dictionary.choice`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChoiceMode {
    /// No choices.
    #[default]
    None,
    /// 1, 3: only listed values are stored; another is dropped.
    Listed,
    /// 2: suggestions; anything is stored.
    Suggested,
}

/// What an insert stores in a column it does not name (`sys_dictionary.default_value`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DefaultValue {
    /// Nothing.
    #[default]
    None,
    /// This wire text.
    Literal(Box<str>),
    /// `javascript:gs.getUserID()`: the caller's `sys_id`.
    CallerId,
    /// `javascript:gs.getUserName()`: the caller's user name.
    CallerName,
    /// `javascript:gs.nowDateTime()`: the time of the insert.
    Now,
    /// `javascript:getNextObjNumberPadded()`: the next number of the table.
    NextNumber,
    /// Another script. It is kept as a record but not run; the column stays empty.
    Script(Box<str>),
}

impl DefaultValue {
    /// Parses `sys_dictionary.default_value`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let Some(script) = text.strip_prefix("javascript:") else {
            return if text.is_empty() {
                Self::None
            } else {
                Self::Literal(text.into())
            };
        };
        match script.trim().trim_end_matches(';') {
            "gs.getUserID()" | "gs.userID()" => Self::CallerId,
            "gs.getUserName()" => Self::CallerName,
            "gs.nowDateTime()" | "gs.nowNoTZ()" => Self::Now,
            "getNextObjNumberPadded()" | "global.getNextObjNumberPadded()" => Self::NextNumber,
            _ => Self::Script(script.into()),
        }
    }
}

impl Column {
    /// Returns the default, where it is the same for each row.
    pub(super) fn literal(&self) -> Option<Value> {
        match &self.default {
            DefaultValue::Literal(text) => Some(self.kind.parse(text).unwrap_or_default()),
            _ => None,
        }
    }

    /// Returns the label of a stored choice, if the list has it.
    #[must_use]
    pub fn choice_label(&self, value: &str) -> Option<&str> {
        self.choices
            .iter()
            .find(|choice| &*choice.value == value)
            .map(|choice| &*choice.label)
    }

    /// Tells whether the column may hold this choice value (`glide.rest.choice.allow_non_existing_value=false`).
    #[must_use]
    pub fn admits(&self, value: &str) -> bool {
        self.choice != ChoiceMode::Listed
            || self.choices.is_empty()
            || value.is_empty()
            || self.choices.iter().any(|choice| &*choice.value == value)
    }
}

/// Returns the column that a reference's value names in the table it points to: `sys_id`, but `name` for the
/// dictionary's own references (`rest-and-records.md` §4.1).
#[must_use]
pub fn reference_key(reference: &Column) -> &'static str {
    let by_name = matches!(
        (reference.declared_in.as_str(), reference.element.as_str()),
        ("sys_dictionary", "internal_type" | "reference") | ("sys_number", "category")
    );
    if by_name { "name" } else { "sys_id" }
}
