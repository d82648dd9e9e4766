//! The dictionary: every table and column there is, as one immutable snapshot.
//!
//! It is built from records (`sys_db_object`, `sys_dictionary`, `sys_dictionary_override`, `sys_choice`,
//! `sys_number`; see [`Definition`]) and swapped whole when one of them changes. A plan or a write holds the
//! `Arc<Table>` and `Arc<Column>`s it was made with, so that it stays consistent while a new snapshot arrives.

mod build;
mod column;
mod declared;
mod definition;
mod kind;
mod table;

use std::sync::Arc;

pub use build::{Problem, may_name_a_table};
pub use column::{Choice, ChoiceMode, Column, DefaultValue, reference_key};
pub use definition::{ChoiceRow, ColumnRow, Definition, NumberRow, OverrideRow, TableRow};
pub use kind::{InputError, Journal, Kind, Secrecy};
pub use table::{NumberFormat, Table};

use crate::name::ByName;

/// All tables by name.
#[derive(Debug, Default)]
pub struct Dictionary {
    tables: ByName<Arc<Table>>,
}

impl Dictionary {
    /// Builds the snapshot and says what in the definition could not be used; everything else can.
    #[must_use]
    pub fn build(definition: &Definition) -> (Self, Vec<Problem>) {
        build::build(definition, &|_, _| None)
    }

    /// Builds the snapshot over a database that has columns already. `stored` tells, by table and column as the
    /// database names them, whether it has one and whether that holds numbers: a column whose type changed
    /// between text and number is stored beside its former self.
    #[must_use]
    pub fn build_over(
        definition: &Definition,
        stored: impl Fn(&str, &str) -> Option<bool>,
    ) -> (Self, Vec<Problem>) {
        build::build(definition, &stored)
    }

    /// Returns the table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.get(name)
    }

    /// Returns all tables, in no particular order.
    pub fn tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.tables.values()
    }

    /// Returns the tables that own storage: those that extend nothing.
    pub fn roots(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.tables().filter(|table| table.parent().is_none())
    }
}
