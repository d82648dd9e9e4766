//! A record as its form sees it: what is stored, and what of it this person may see and change.

use std::sync::Arc;

use snowglobe_records::{
    Column, Table, ValueRef,
    acl::Access,
    dictionary::{DefaultValue, Journal, Kind, reference_key},
    query::{Clause, parse, split},
    write::RowCells,
};
use snowglobe_store::records::Displays;

use super::value;
use crate::{
    pages::console::list::record_href,
    records::{self, History, Reader, RecordError, Session, Written},
};

/// A record, or one that is to be.
#[derive(Debug)]
pub(in crate::pages::console) struct Record {
    /// The class of the row.
    pub(in crate::pages::console) table: Arc<Table>,
    /// As it is stored; none of a new record.
    pub(in crate::pages::console) row: Option<RowCells>,
    /// The columns that this person may read.
    pub(super) fields: Vec<Field>,
    pub(in crate::pages::console) may_save: bool,
    pub(in crate::pages::console) may_delete: bool,
    /// The journal, newest first.
    pub(super) activity: Vec<Written>,
}

/// A field that this person may read.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) column: Arc<Column>,
    /// As a person reads it.
    pub(super) shown: String,
    /// What it leads to.
    pub(super) href: Option<String>,
    /// As a person edits it; of a reference, its key.
    pub(super) typed: String,
    /// It holds something, be it a secret.
    pub(super) filled: bool,
    pub(super) writable: bool,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// [`RecordError::Missing`] when there is none that this person may read.
    pub(in crate::pages::console) async fn load(
        session: &Session,
        table: &Arc<Table>,
        sys_id: &str,
    ) -> Result<Self, RecordError> {
        let context = session.context();
        let access = session.access(&context);
        let row = records::row(session, &access, table, sys_id).await?;
        let class = Arc::clone(row.table());
        let plan = records::one(session, &class, sys_id, None::<[&str; 0]>)?;
        let store = &session.app.store;
        let page = store.read(&plan).await?;
        let cells = page.rows.first().ok_or(RecordError::Missing)?;
        let displays = store
            .displays(&session.dictionary, &plan.outputs, &page.rows)
            .await?;
        let history = History::read(session, &plan, &page.rows).await?;
        let reader = session.reader(&displays);
        let may_save = access.may_write_row(&row);
        let fields = plan.outputs.iter().enumerate().map(|(at, output)| {
            let column = Arc::clone(&output.path.column);
            let writable =
                may_save && is_edited(&column) && access.may_write_field(&row, &column.element);
            let stored = row.value(&column.element);
            Field::of(column, cells.get(at), &reader).with(writable, stored != ValueRef::Null)
        });
        Ok(Self {
            fields: fields.collect(),
            may_save,
            may_delete: access.may_delete_row(&row),
            activity: history.written(&plan, sys_id, &session.user.format),
            table: class,
            row: Some(row),
        })
    }

    /// Begins a new record. `query` may fill fields, as in `oauth_entity=…^name=…`.
    pub(in crate::pages::console) async fn begin(
        session: &Session,
        table: &Arc<Table>,
        query: &str,
    ) -> Result<Self, RecordError> {
        let context = session.context();
        let access = session.access(&context);
        let mut fields = blank(session, &access, table);
        for (element, value) in presets(query) {
            let field = fields
                .iter_mut()
                .find(|field| field.column.element == *element && field.writable);
            if let Some(field) = field {
                value.clone_into(&mut field.typed);
                if is_chosen(&field.column) {
                    field.shown = records::name_of(session, &field.column, value).await?;
                }
            }
        }
        Ok(Self {
            fields,
            may_save: access.may_create_in(table),
            may_delete: false,
            activity: Vec::new(),
            table: Arc::clone(table),
            row: None,
        })
    }

    /// Returns the record's key; `-1` of a new one.
    pub(in crate::pages::console) fn sys_id(&self) -> String {
        self.row
            .as_ref()
            .map_or_else(|| "-1".to_owned(), |row| row.sys_id().to_string())
    }

    /// Returns what the record is called.
    pub(in crate::pages::console) fn name(&self) -> &str {
        let display = self.table.display().map(|column| &column.element);
        let field = self
            .fields
            .iter()
            .find(|field| Some(&field.column.element) == display);
        field.map_or("", |field| field.shown.trim())
    }

    /// Returns its `type`, which tells some forms of one table apart.
    pub(super) fn kind(&self) -> &str {
        self.field("type").map_or("", |field| &field.typed)
    }

    /// Returns what the record is called in headings.
    pub(in crate::pages::console) fn title(&self) -> String {
        let label = self.table.label();
        match (self.row.is_some(), self.name()) {
            (false, _) => format!("New {label}"),
            (true, "") => label.to_owned(),
            (true, name) => format!("{label}: {name}"),
        }
    }

    /// Tells whether this person may write a field.
    pub(in crate::pages::console) fn may_write(&self, element: &str) -> bool {
        self.field(element).is_some_and(|field| field.writable)
    }

    /// Returns a field that this person may read.
    pub(super) fn field(&self, element: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.column.element == *element)
    }
}

impl Field {
    fn of(column: Arc<Column>, value: ValueRef<'_>, reader: &Reader<'_>) -> Self {
        let value = match column.kind {
            Kind::Journal(_) => ValueRef::Null,
            _ => value,
        };
        let shown = reader.text(&column, value);
        let target = column.reference.as_deref().filter(|_| is_chosen(&column));
        let href = match (target, value) {
            (Some(target), ValueRef::Text(key)) if !shown.is_empty() => {
                Some(record_href(target, key))
            }
            _ => None,
        };
        Self {
            typed: value::typed(&column, value, &reader.format.time_zone),
            shown,
            href,
            filled: false,
            writable: false,
            column,
        }
    }

    fn with(self, writable: bool, filled: bool) -> Self {
        Self {
            filled,
            writable,
            ..self
        }
    }
}

/// Tells whether a column is a reference that is chosen from a list: it holds the key of a row.
pub(super) fn is_chosen(column: &Column) -> bool {
    column.kind == Kind::Reference && reference_key(column) == "sys_id"
}

/// The fields of a record that is not yet there, with the values it would start with.
fn blank(session: &Session, access: &Access<'_>, table: &Arc<Table>) -> Vec<Field> {
    let none = Displays::default();
    let reader = session.reader(&none);
    let field = |column: &Arc<Column>| {
        let start = match &column.default {
            DefaultValue::Literal(text) => column.kind.parse(text).unwrap_or_default(),
            _ => snowglobe_records::Value::Null,
        };
        let writable = is_edited(column) && access.may_fill_field(table, &column.element);
        Field::of(Arc::clone(column), start.as_ref(), &reader).with(writable, false)
    };
    table
        .columns()
        .iter()
        .filter(|column| access.may_read_field(table, &column.element))
        .map(field)
        .collect()
}

/// What the Table API would write at all (`rest-and-records.md` §13.3).
fn is_edited(column: &Column) -> bool {
    let kept_by_instance = column.element.starts_with("sys_")
        && matches!(
            column.element.as_str(),
            "sys_id"
                | "sys_class_name"
                | "sys_created_on"
                | "sys_created_by"
                | "sys_updated_on"
                | "sys_updated_by"
                | "sys_mod_count"
        );
    !column.read_only && !kept_by_instance && column.kind != Kind::Journal(Journal::View)
}

/// The fields that an encoded query of equalities fills.
fn presets(query: &str) -> impl Iterator<Item = (&str, &str)> {
    parse(query).into_iter().filter_map(|clause| {
        let Clause::And(term) = clause else {
            return None;
        };
        let condition = split(term);
        let is_equality = condition
            .operator
            .is_some_and(|operator| operator.spellings.first() == Some(&"="));
        is_equality.then_some((condition.field, condition.value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equalities_fill_fields() {
        let filled: Vec<_> = presets("name=a=b^stateIN1,2^ORactive=true^ORDERBYx^user=1").collect();
        assert_eq!(filled, [("name", "a=b"), ("user", "1")]);
    }
}
