//! Data policies: which fields must be filled, and which left alone (`rest-and-records.md` §1.7, E8).

use super::{
    Abort, Row, Surroundings,
    condition::{self, Condition},
};
use crate::{name::Name, value::ValueRef};

/// An active data policy that holds for web services.
#[derive(Debug, Clone)]
pub struct DataPolicy {
    /// The table it belongs to (`model_table`).
    pub table: Name,
    /// It holds for the tables below, too.
    pub inherit: bool,
    /// Which rows it concerns (`conditions`); all, if empty.
    pub condition: Box<str>,
    /// Where the condition does not hold, the opposite of what it says of fields holds.
    pub reverse_if_false: bool,
    /// What it says of fields.
    pub fields: Vec<FieldPolicy>,
}

/// What a data policy says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPolicy {
    /// The field.
    pub element: Box<str>,
    /// Whether it must hold something; `None` leaves that alone.
    pub mandatory: Option<bool>,
    /// Whether nobody may change it.
    pub read_only: Option<bool>,
}

impl DataPolicy {
    /// Refuses a row that does not obey the policy.
    pub(super) fn check(
        &self,
        condition: &Condition,
        row: &Row<'_>,
        around: Surroundings<'_>,
    ) -> Result<(), Abort> {
        // What is asked for where the condition holds; the opposite where it does not, if the policy is reversed then.
        let asks_for = condition.holds(row, around);
        let is_reversed = || self.reverse_if_false && condition.is_understood(row, around);
        if !(asks_for || is_reversed()) {
            return Ok(());
        }
        let missing = self.labels(row, |field| {
            field.mandatory == Some(asks_for) && row.stays_empty(&field.element)
        });
        if !missing.is_empty() {
            return Err(Abort::Mandatory(missing));
        }
        let touched = self.labels(row, |field| {
            field.read_only == Some(asks_for) && row.moves(&field.element)
        });
        if touched.is_empty() {
            Ok(())
        } else {
            Err(Abort::ReadOnly(touched))
        }
    }

    /// Checks that a row of `sys_data_policy2` has a condition that can be held against a row, if it is active.
    ///
    /// # Errors
    /// [`Abort::Unsupported`] names the field.
    pub(super) fn check_saved(row: &Row<'_>, around: Surroundings<'_>) -> Result<(), Abort> {
        let text = |element| row.value(element).as_text().unwrap_or_default();
        if !row.is_a("sys_data_policy2") || row.value("active") == ValueRef::Int(0) {
            return Ok(());
        }
        let Some(table) = around.dictionary.table(text("model_table")) else {
            return Ok(());
        };
        if condition::is_understood(text("conditions"), table, around) {
            return Ok(());
        }
        Err(Abort::Unsupported {
            table: "sys_data_policy2",
            element: "conditions",
            why: "the condition must be an encoded query over fields of the table itself",
        })
    }

    /// Returns the labels of the fields that the table has and that `wrong` picks.
    fn labels(&self, row: &Row<'_>, wrong: impl Fn(&FieldPolicy) -> bool) -> Vec<String> {
        let wrong = self.fields.iter().filter(|field| wrong(field));
        let column = wrong.filter_map(|field| row.table().column(&field.element));
        column.map(|column| column.label.to_string()).collect()
    }
}
