//! A built-in table as a constant, and how it becomes part of a [`Definition`].

use super::column::{Choice, Column};
use crate::{
    base::id::derived_id,
    dictionary::{ChoiceRow, ColumnRow, Definition, NumberRow, OverrideRow, TableRow},
    name::Name,
};

/// A built-in table: what it declares and what it changes of what it inherits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) super_class: Option<&'static str>,
    pub(crate) is_extendable: bool,
    pub(crate) audit: bool,
    /// Whether its dictionary rows name what it inherits as well.
    pub(crate) restates: bool,
    pub(crate) number: Option<Numbering>,
    pub(crate) columns: &'static [Column],
    /// Other defaults for inherited columns: element and default.
    pub(crate) defaults: &'static [(&'static str, &'static str)],
    pub(crate) choices: &'static [ChoiceList],
}

/// How rows are numbered: the first one is `base + 1`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbering {
    pub(crate) prefix: &'static str,
    pub(crate) base: i64,
}

/// Choices of a column that the table inherits, or that depend on the value of another column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChoiceList {
    pub(crate) element: &'static str,
    pub(crate) dependent_value: &'static str,
    pub(crate) choices: &'static [Choice],
}

/// The digits of a number (`rest-and-records.md` §13.5).
pub(crate) const MAXIMUM_DIGITS: u8 = 7;

impl Table {
    /// A table that owns its storage.
    pub(crate) const fn root(name: &'static str, label: &'static str) -> Self {
        assert_name(name);
        Self {
            name,
            label,
            super_class: None,
            is_extendable: false,
            audit: false,
            restates: false,
            number: None,
            columns: &[],
            defaults: &[],
            choices: &[],
        }
    }

    /// A table that inherits another's columns.
    pub(crate) const fn extending(
        name: &'static str,
        label: &'static str,
        parent: &'static str,
    ) -> Self {
        assert_name(parent);
        let mut table = Self::root(name, label);
        table.super_class = Some(parent);
        table
    }

    pub(crate) const fn extendable(mut self) -> Self {
        self.is_extendable = true;
        self
    }

    pub(crate) const fn audited(mut self) -> Self {
        self.audit = true;
        self
    }

    /// Lists inherited columns among the table's own dictionary rows, for readers that do not walk `super_class`.
    pub(crate) const fn restating(mut self) -> Self {
        self.restates = true;
        self
    }

    pub(crate) const fn numbered(mut self, prefix: &'static str, base: i64) -> Self {
        self.number = Some(Numbering { prefix, base });
        self
    }

    pub(crate) const fn columns(mut self, columns: &'static [Column]) -> Self {
        self.columns = columns;
        self
    }

    pub(crate) const fn defaults(
        mut self,
        defaults: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.defaults = defaults;
        self
    }

    pub(crate) const fn choices(mut self, choices: &'static [ChoiceList]) -> Self {
        self.choices = choices;
        self
    }

    /// Returns every list of choices: those its own columns carry, then the others.
    pub(crate) fn choice_lists(&self) -> impl Iterator<Item = ChoiceList> {
        let own = self
            .columns
            .iter()
            .map(|column| choices(column.element, column.choices));
        own.chain(self.choices.iter().copied())
    }

    /// Returns the sequence number, element, dependent value and choice of every choice, in order.
    pub(crate) fn sequenced_choices(&self) -> Vec<(i64, ChoiceList, Choice)> {
        let mut all: Vec<(i64, ChoiceList, Choice)> = Vec::new();
        for list in self.choice_lists() {
            let before = all
                .iter()
                .filter(|(_, other, _)| other.element == list.element)
                .count();
            let numbered = (i64::try_from(before).unwrap_or_default()..).zip(list.choices);
            all.extend(numbered.map(|(sequence, choice)| (sequence, list, *choice)));
        }
        all
    }

    /// Adds the table to a definition.
    pub(crate) fn define(&self, into: &mut Definition) {
        let name = constant_name(self.name);
        into.tables.push(TableRow {
            sys_id: Some(derived_id("sys_db_object", self.name)),
            name: name.clone(),
            label: self.label.into(),
            super_class: self.super_class.map(constant_name),
            is_extendable: self.is_extendable,
            ws_access: true,
            audit: self.audit,
        });
        into.columns
            .extend(self.columns.iter().map(|column| column_row(&name, column)));
        into.overrides.extend(
            self.defaults
                .iter()
                .map(|(element, default_value)| OverrideRow {
                    name: name.clone(),
                    element: constant_name(element),
                    default_value: (*default_value).into(),
                }),
        );
        into.choices
            .extend(self.sequenced_choices().into_iter().map(
                |(sequence, list, (value, label))| ChoiceRow {
                    name: name.clone(),
                    element: constant_name(list.element),
                    value: value.into(),
                    label: label.into(),
                    sequence,
                    inactive: false,
                },
            ));
        into.numbers.extend(self.number.map(|number| NumberRow {
            category: name.clone(),
            prefix: number.prefix.into(),
            number: number.base,
            maximum_digits: MAXIMUM_DIGITS,
        }));
    }
}

/// Choices for an inherited column.
pub(crate) const fn choices(element: &'static str, choices: &'static [Choice]) -> ChoiceList {
    dependent_choices(element, "", choices)
}

/// Choices that are offered when the column this one depends on has a certain value.
pub(crate) const fn dependent_choices(
    element: &'static str,
    dependent_value: &'static str,
    choices: &'static [Choice],
) -> ChoiceList {
    assert_name(element);
    ChoiceList {
        element,
        dependent_value,
        choices,
    }
}

fn column_row(table: &Name, column: &Column) -> ColumnRow {
    ColumnRow {
        name: table.clone(),
        element: constant_name(column.element),
        label: column.label.into(),
        internal_type: column.internal_type.into(),
        max_length: column.max_length,
        reference: column.reference.map(constant_name),
        default_value: column.default_value.into(),
        mandatory: column.mandatory,
        read_only: column.read_only,
        unique: column.unique,
        display: column.display,
        indexed: column.indexed,
        choice: column.choice,
        active: true,
    }
}

#[expect(
    clippy::expect_used,
    reason = "`assert_name` has looked at it when it was compiled"
)]
fn constant_name(text: &'static str) -> Name {
    Name::parse(text).expect("a constant name")
}

/// Refuses, at compile time, a constant that [`Name::parse`] would refuse.
pub(super) const fn assert_name(text: &str) {
    let bytes = text.as_bytes();
    assert!(
        !bytes.is_empty() && bytes.len() <= 80,
        "a name has 1 to 80 characters"
    );
    assert!(
        !bytes[0].is_ascii_digit(),
        "a name does not start with a digit"
    );
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        assert!(
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_',
            "a name has lower-case letters, digits and '_'"
        );
        at += 1;
    }
}
