//! The records that make a dictionary, as rows: what the bootstrap declares and what the store reads back.

use std::sync::Arc;

use crate::{SysId, name::Name};

/// Everything a [`super::Dictionary`] is built from.
#[derive(Debug, Clone, Default)]
pub struct Definition {
    /// `sys_db_object`.
    pub tables: Vec<TableRow>,
    /// `sys_dictionary`, without the collection rows.
    pub columns: Vec<ColumnRow>,
    /// `sys_dictionary_override`.
    pub overrides: Vec<OverrideRow>,
    /// `sys_choice`.
    pub choices: Vec<ChoiceRow>,
    /// `sys_number`.
    pub numbers: Vec<NumberRow>,
}

/// A row of `sys_db_object`.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// The record's key.
    pub sys_id: Option<SysId>,
    /// The table's name.
    pub name: Name,
    /// The name a person reads.
    pub label: Box<str>,
    /// The table it extends, by name.
    pub super_class: Option<Name>,
    /// Other tables may extend it, so its rows carry a class.
    pub is_extendable: bool,
    /// Web services may reach it.
    pub ws_access: bool,
    /// Its updates are written to `sys_audit`.
    pub audit: bool,
}

/// A row of `sys_dictionary` that declares a column.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are columns of sys_dictionary"
)]
pub struct ColumnRow {
    /// The declaring table.
    pub name: Name,
    /// The column.
    pub element: Name,
    /// The name a person reads.
    pub label: Box<str>,
    /// The type's name.
    pub internal_type: Box<str>,
    /// Characters; 0 means no limit.
    pub max_length: u32,
    /// Where a reference or list points.
    pub reference: Option<Name>,
    /// As stored; see [`super::DefaultValue::parse`].
    pub default_value: Box<str>,
    /// For forms.
    pub mandatory: bool,
    /// Not written by the API.
    pub read_only: bool,
    /// No two rows alike.
    pub unique: bool,
    /// The display column of its table.
    pub display: bool,
    /// Kept in an index.
    pub indexed: bool,
    /// 0 none, 1 and 3 listed, 2 suggested.
    pub choice: u8,
    /// An inactive column is hidden and keeps its data.
    pub active: bool,
}

/// A row of `sys_dictionary_override`: another default for an inherited column.
#[derive(Debug, Clone)]
pub struct OverrideRow {
    /// The child table.
    pub name: Name,
    /// The inherited column.
    pub element: Name,
    /// Its default there.
    pub default_value: Box<str>,
}

/// A row of `sys_choice`.
#[derive(Debug, Clone)]
pub struct ChoiceRow {
    /// The table; its children use the same list unless they have their own.
    pub name: Name,
    /// The column.
    pub element: Name,
    /// What is stored.
    pub value: Box<str>,
    /// What is shown.
    pub label: Box<str>,
    /// The place in the list.
    pub sequence: i64,
    /// No longer offered.
    pub inactive: bool,
}

/// A row of `sys_number`.
#[derive(Debug, Clone)]
pub struct NumberRow {
    /// The table that is numbered.
    pub category: Name,
    /// What stands before the digits.
    pub prefix: Arc<str>,
    /// The number before the first one.
    pub number: i64,
    /// Padded to this width.
    pub maximum_digits: u8,
}
