//! A request body, typed by the dictionary (`rest-and-records.md` §2.5).
//!
//! Nothing here fails: a key or value that cannot be used is left out and reported, and the rest is written.

use std::sync::Arc;

use super::{
    input::{storable, value},
    secret::Secret,
};
use crate::{
    SysId,
    dictionary::{Column, Dictionary, Journal, Kind, Table},
    display::Format,
    name::Name,
    value::{Value, ValueRef},
};

/// How a body is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mode<'a> {
    /// `sysparm_input_display_value=true`, with the caller's format: references and choices are named by what is
    /// shown, and dates are written as the caller reads them.
    pub input_display_value: Option<&'a Format>,
    /// `sysparm_suppress_auto_sys_field=true`: the times, authors and count of updates in the body are kept.
    pub suppress_auto_sys_field: bool,
    /// Passwords and other secrets may be written (§2.5 gives that to `sysparm_input_display_value=true` alone).
    pub secrets: bool,
    /// `glide.rest.choice.allow_non_existing_value`: values outside a choice list are stored, too.
    pub any_choice: bool,
    /// Where the body comes from.
    pub origin: Origin,
    /// How many flows stand behind the write.
    pub flow_depth: u8,
}

/// Where a body comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// A caller: read-only columns and values outside a choice list are not written.
    #[default]
    Caller,
    /// The instance itself: they are.
    System,
}

/// New values for a row, not yet permitted.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(super) table: Arc<Table>,
    pub(super) sys_id: Option<SysId>,
    pub(super) values: Vec<(Arc<Column>, Value)>,
    pub(super) lookups: Vec<(Arc<Column>, Box<str>)>,
    pub(super) secrets: Vec<(Arc<Column>, Secret)>,
    pub(super) journal: Vec<(Arc<Column>, Box<str>)>,
    pub(super) flow_depth: u8,
    pub(super) keeps_sys_fields: bool,
    pub(super) ignored: Vec<Ignored>,
}

/// A key of the body that is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The key.
    pub element: Box<str>,
    /// The reason.
    pub why: Why,
}

/// Why a key of the body is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The table has no such column.
    #[error("no such field")]
    UnknownField,
    /// The API does not write this column.
    #[error("the field is read-only")]
    ReadOnly,
    /// The text is no value of the column's type.
    #[error("not a value of the field's type")]
    NotAValue,
    /// The value is not in the column's choice list.
    #[error("not a choice of the field")]
    NotAChoice,
    /// The named class is not the table or one that extends it.
    #[error("not a class of the table")]
    NotAClass,
    /// Secrets are not taken in this mode.
    #[error("secrets are not written in this mode")]
    SecretNotTaken,
    /// The rules do not let the caller write it.
    #[error("the caller may not write the field")]
    NotPermitted,
}

/// What the instance writes itself (§13.3); the first two identify the row and never change.
const SYSTEM: [&str; 7] = [
    "sys_id",
    "sys_class_name",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "sys_mod_count",
];

impl Draft {
    /// Reads the body of an insert into `table`. `sys_class_name` may choose a class below it, and `sys_id` the
    /// row's key (§2.5).
    #[must_use]
    pub fn for_insert<'b>(
        dictionary: &Dictionary,
        table: &Arc<Table>,
        body: impl IntoIterator<Item = (&'b str, &'b str)>,
        mode: Mode<'_>,
    ) -> Self {
        let body: Vec<_> = body.into_iter().collect();
        let mut draft = Self::new(table, mode);
        for (element, text) in &body {
            match *element {
                "sys_id" => draft.choose_sys_id(text, mode),
                "sys_class_name" => draft.choose_class(text, dictionary),
                _ => {}
            }
        }
        let row_keys = |element: &str| matches!(element, "sys_id" | "sys_class_name");
        for (element, text) in body.into_iter().filter(|(element, _)| !row_keys(element)) {
            draft.read(element, text, mode);
        }
        draft
    }

    /// Reads the body of an update through `table`, which may be a parent of the row's class: then only the
    /// parent's columns can be set (§2.1).
    #[must_use]
    pub fn for_update<'b>(
        table: &Arc<Table>,
        body: impl IntoIterator<Item = (&'b str, &'b str)>,
        mode: Mode<'_>,
    ) -> Self {
        let mut draft = Self::new(table, mode);
        let keeps_type = mode.origin == Origin::Caller && *table.name() == *"sys_dictionary";
        for (element, text) in body {
            if keeps_type && element == "internal_type" {
                draft.ignore(element, Why::ReadOnly); // §2.5
            } else {
                draft.read(element, text, mode);
            }
        }
        draft
    }

    /// Returns the table that is written: for an insert, the class of the new row.
    #[must_use]
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// Returns the references that are named by display value and must be found in the store. What is not
    /// answered by [`Self::resolve`] ends empty (§2.5).
    #[must_use]
    pub fn lookups(&self) -> &[(Arc<Column>, Box<str>)] {
        &self.lookups
    }

    /// Answers the lookup of a reference: the row it names, or none.
    pub fn resolve(&mut self, element: &str, row: Option<SysId>) {
        if let Some(at) = self
            .lookups
            .iter()
            .position(|(column, _)| column.element == *element)
        {
            let (column, _) = self.lookups.swap_remove(at);
            self.put(column, row.into());
        }
    }

    /// Returns what is left out so far.
    #[must_use]
    pub fn ignored(&self) -> &[Ignored] {
        &self.ignored
    }

    /// Returns a new value; a field that is not written is empty.
    pub(crate) fn value(&self, element: &str) -> ValueRef<'_> {
        let of_element = |(column, _): &&(Arc<Column>, Value)| column.element == *element;
        self.values
            .iter()
            .find(of_element)
            .map_or(ValueRef::Null, |(_, value)| value.as_ref())
    }

    /// Returns the columns that get what is no value of the row: journal entries, secrets.
    pub(super) fn beside(&self) -> Vec<Name> {
        let journal = self.journal.iter().map(|(column, _)| column);
        let secrets = self.secrets.iter().map(|(column, _)| column);
        journal
            .chain(secrets)
            .map(|column| column.element.clone())
            .collect()
    }

    /// Leaves out the fields that may not be written.
    pub(crate) fn retain(&mut self, may_write: impl Fn(&str) -> bool) {
        let ignored = &mut self.ignored;
        let mut keep = |column: &Column| {
            let keep = may_write(&column.element);
            if !keep {
                ignored.push(Ignored::new(&column.element, Why::NotPermitted));
            }
            keep
        };
        self.values.retain(|(column, _)| keep(column));
        self.lookups.retain(|(column, _)| keep(column));
        self.secrets.retain(|(column, _)| keep(column));
        self.journal.retain(|(column, _)| keep(column));
    }

    fn new(table: &Arc<Table>, mode: Mode<'_>) -> Self {
        Self {
            table: Arc::clone(table),
            sys_id: None,
            values: Vec::new(),
            lookups: Vec::new(),
            secrets: Vec::new(),
            journal: Vec::new(),
            flow_depth: mode.flow_depth,
            keeps_sys_fields: mode.suppress_auto_sys_field,
            ignored: Vec::new(),
        }
    }

    /// A caller's own key has the full 32 characters, case preserved; short ones are the instance's.
    fn choose_sys_id(&mut self, text: &str, mode: Mode<'_>) {
        match SysId::parse(text) {
            Ok(id) if text.len() == 32 || mode.origin == Origin::System => self.sys_id = Some(id),
            _ if text.is_empty() => {}
            _ => self.ignore("sys_id", Why::NotAValue),
        }
    }

    fn choose_class(&mut self, text: &str, dictionary: &Dictionary) {
        match dictionary.table(text) {
            Some(class) if self.table.includes(text) => self.table = Arc::clone(class),
            _ => self.ignore("sys_class_name", Why::NotAClass),
        }
    }

    fn read(&mut self, element: &str, text: &str, mode: Mode<'_>) {
        let read = match self.table.column(element).map(Arc::clone) {
            None => Err(Why::UnknownField),
            Some(column) if !writable(&column, mode) => Err(Why::ReadOnly),
            Some(column) => self.take(column, text, mode),
        };
        if let Err(why) = read {
            self.ignore(element, why);
        }
    }

    fn take(&mut self, column: Arc<Column>, text: &str, mode: Mode<'_>) -> Result<(), Why> {
        let text = &*storable(text);
        match column.kind {
            Kind::Journal(Journal::View) => return Err(Why::ReadOnly),
            Kind::Journal(Journal::Input) if text.is_empty() => {} // §13.6: appends nothing
            Kind::Journal(Journal::Input) => set(&mut self.journal, column, text.into()),
            Kind::Secret(_) if !mode.secrets => return Err(Why::SecretNotTaken),
            Kind::Secret(_) if !text.is_empty() => {
                set(&mut self.secrets, column, Secret::new(text));
            }
            Kind::Reference if mode.input_display_value.is_some() && !text.is_empty() => {
                self.values
                    .retain(|(other, _)| other.element != column.element);
                set(&mut self.lookups, column, text.into());
            }
            _ => {
                let value = value(&column, text, mode)?;
                self.put(column, value);
            }
        }
        Ok(())
    }

    fn put(&mut self, column: Arc<Column>, value: Value) {
        set(&mut self.values, column, value);
    }

    fn ignore(&mut self, element: &str, why: Why) {
        self.ignored.push(Ignored::new(element, why));
    }
}

impl Ignored {
    fn new(element: &str, why: Why) -> Self {
        Self {
            element: element.into(),
            why,
        }
    }
}

fn writable(column: &Column, mode: Mode<'_>) -> bool {
    let element = column.element.as_str();
    match SYSTEM.iter().position(|system| *system == element) {
        Some(at) => at >= 2 && mode.suppress_auto_sys_field,
        None => !column.read_only || mode.origin == Origin::System,
    }
}

/// The last of a repeated key counts.
fn set<T>(list: &mut Vec<(Arc<Column>, T)>, column: Arc<Column>, value: T) {
    match list
        .iter_mut()
        .find(|(other, _)| other.element == column.element)
    {
        Some((_, old)) => *old = value,
        None => list.push((column, value)),
    }
}
