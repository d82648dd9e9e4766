//! Data policies: which fields must be filled, and which left alone (`rest-and-records.md` §1.7, E8).

use super::{Abort, Row, Surroundings, condition};
use crate::name::Name;

/// An active data policy that holds for web services.
#[derive(Debug, Clone)]
pub struct DataPolicy {
    /// The table it belongs to (`model_table`).
    pub table: Name,
    /// It holds for the tables below, too.
    pub inherit: bool,
    /// Which rows it concerns (`conditions`); all, if empty.
    pub condition: Box<str>,
    /// What it says of fields.
    pub fields: Vec<FieldPolicy>,
}

/// What a data policy says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPolicy {
    /// The field.
    pub element: Box<str>,
    /// It must hold something.
    pub mandatory: bool,
    /// Nobody may change it.
    pub read_only: bool,
}

impl DataPolicy {
    /// Refuses a row that the policy concerns and that does not obey it.
    pub(super) fn check(&self, row: &Row<'_>, around: Surroundings<'_>) -> Result<(), Abort> {
        if !condition::holds(&self.condition, row, around) {
            return Ok(());
        }
        let missing = self.labels(row, |field| {
            field.mandatory && row.stays_empty(&field.element)
        });
        if !missing.is_empty() {
            return Err(Abort::Mandatory(missing));
        }
        let touched = self.labels(row, |field| field.read_only && row.moves(&field.element));
        if touched.is_empty() {
            Ok(())
        } else {
            Err(Abort::ReadOnly(touched))
        }
    }

    /// Returns the labels of the fields that the table has and that `wrong` picks.
    fn labels(&self, row: &Row<'_>, wrong: impl Fn(&FieldPolicy) -> bool) -> Vec<String> {
        let wrong = self.fields.iter().filter(|field| wrong(field));
        let column = wrong.filter_map(|field| row.table().column(&field.element));
        column.map(|column| column.label.to_string()).collect()
    }
}
