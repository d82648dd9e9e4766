//! A new row: what the caller sent, defaults, the rules of core tables, system columns (§13.3–13.5).

use std::{
    convert::Infallible,
    sync::{Arc, LazyLock},
};

use super::{
    draft::{Draft, Ignored},
    registration::{self, Missing},
    secret::Secret,
    stamp::Stamp,
};
use crate::{
    SysId,
    behaviour::{
        self, Row,
        declared::{self, Abort, Fired, Surroundings},
    },
    dictionary::{Column, DefaultValue, NumberFormat, Table},
    value::{Value, ValueRef},
};

/// A row to be inserted; columns that are not named are empty.
#[derive(Debug, Clone)]
pub struct Insert {
    /// The row's class.
    pub table: Arc<Table>,
    /// The row's key.
    pub sys_id: SysId,
    /// Ordered by element, each column at most once.
    pub values: Vec<(Arc<Column>, Value)>,
    /// To be hashed or sealed before the row is written.
    pub secrets: Vec<(Arc<Column>, Secret)>,
    /// To become rows of `sys_journal_field`.
    pub journal: Vec<(Arc<Column>, Box<str>)>,
    /// The number the store has to draw; see [`Insert::assign_number`].
    pub needs_number: Option<Numbering>,
    /// The column for the `client_id` that the instance has to make; see [`Insert::assign_client_id`].
    pub needs_client_id: Option<Arc<Column>>,
    /// The column for the secret that the instance has to make: a client's, an API key's.
    pub needs_secret: Option<Arc<Column>>,
    /// What of the body is not written.
    pub ignored: Vec<Ignored>,
    /// The flows that it starts.
    pub fired: Fired,
}

/// A number to be drawn from the table's counter.
#[derive(Debug, Clone)]
pub struct Numbering {
    /// The columns that hold it.
    pub columns: Vec<Arc<Column>>,
    /// How it looks.
    pub format: NumberFormat,
}

/// Completes a draft; `new_sys_id` is the row's key unless the draft brings one.
#[must_use]
pub fn prepare(draft: Draft, new_sys_id: SysId, stamp: &Stamp<'_>) -> Insert {
    let Ok(insert) = complete::<Infallible>(draft, new_sys_id, stamp, |row| {
        behaviour::apply(row);
        Ok(())
    });
    insert
}

/// Completes a caller's draft: declared rules have their say, too.
pub(crate) fn decide(
    draft: Draft,
    new_sys_id: SysId,
    stamp: &Stamp<'_>,
    around: Surroundings<'_>,
) -> Result<Insert, Abort> {
    complete(draft, new_sys_id, stamp, |row| declared::apply(row, around))
}

fn complete<E>(
    draft: Draft,
    new_sys_id: SysId,
    stamp: &Stamp<'_>,
    behave: impl FnOnce(&mut Row<'_>) -> Result<(), E>,
) -> Result<Insert, E> {
    let beside = draft.beside();
    let Draft {
        table,
        values,
        lookups,
        keeps_sys_fields,
        ..
    } = draft;
    let brings_client_secret = draft
        .secrets
        .iter()
        .any(|(column, _)| column.element == "client_secret");
    let unresolved = lookups.into_iter().map(|(column, _)| (column, Value::Null));
    let sent = values.into_iter().chain(unresolved);
    let mut row = Row::new(&table, sent, stamp).with_beside(beside);
    let number = defaults(&mut row);
    behave(&mut row)?;
    let Missing {
        client_id: needs_client_id,
        secret: needs_secret,
    } = registration::missing(&row, brings_client_secret);
    let sys_id = draft.sys_id.unwrap_or(new_sys_id);
    system_columns(&mut row, sys_id, keeps_sys_fields);
    let journal = draft.journal.into_iter().chain(row.take_notes()).collect();
    let starts = row.take_starts();
    let fired = Fired::of(starts, &row, draft.flow_depth);
    let values = row.into_values();
    let needs_number = number.zip(table.number()).map(|(column, format)| {
        let effective = table.column("task_effective_number").map(Arc::clone);
        Numbering {
            columns: [column].into_iter().chain(effective).collect(),
            format: format.clone(),
        }
    });
    Ok(Insert {
        sys_id,
        values,
        secrets: draft.secrets,
        journal,
        needs_number,
        needs_client_id,
        needs_secret,
        ignored: draft.ignored,
        fired,
        table,
    })
}

impl Insert {
    /// Gives the row the next number of its table, in every column that holds it.
    pub fn assign_number(&mut self, n: i64) {
        if let Some(Numbering { columns, format }) = self.needs_number.take() {
            let number = Value::from(format.render(n));
            for column in columns {
                if let (false, Some(text)) =
                    (self.fired.flows.is_empty(), number.as_ref().as_text())
                {
                    let told = (column.element.as_str().into(), text.into());
                    self.fired.row.push(told);
                }
                self.put(column, number.clone());
            }
        }
    }

    /// Gives the row the `client_id` that it waits for.
    pub fn assign_client_id(&mut self, client_id: SysId) {
        if let Some(column) = self.needs_client_id.take() {
            self.put(column, client_id.into());
        }
    }

    pub(crate) fn put(&mut self, column: Arc<Column>, value: Value) {
        match self.place(&column.element) {
            Ok(at) => self.values[at].1 = value,
            Err(at) => self.values.insert(at, (column, value)),
        }
    }

    fn place(&self, element: &str) -> Result<usize, usize> {
        self.values
            .binary_search_by(|(column, _)| column.element.as_str().cmp(element))
    }

    /// Returns the value of a field of the new row.
    #[must_use]
    pub fn value(&self, element: &str) -> ValueRef<'_> {
        let value = self.place(element).ok().and_then(|at| self.values.get(at));
        value.map_or(ValueRef::Null, |(_, value)| value.as_ref())
    }

    /// Returns the value of a column of the new row. One that is the very column of the row is found without reading
    /// any name.
    #[must_use]
    pub fn value_of(&self, column: &Arc<Column>) -> ValueRef<'_> {
        let mut values = self.values.iter();
        match values.find(|(known, _)| Arc::ptr_eq(known, column)) {
            Some((_, value)) => value.as_ref(),
            None => self.value(&column.element),
        }
    }
}

/// Sets what the body does not name (§13.4) and returns the column that waits for a number. Numbers are drawn
/// even for an empty `number`: a caller keeps one only by sending it (§13.5).
fn defaults(row: &mut Row<'_>) -> Option<Arc<Column>> {
    row.fill(default);
    let numbered = row.table().numbered();
    let mut empty = numbered.filter(|column| row.value(&column.element) == ValueRef::Null);
    let number = empty.next_back().map(Arc::clone);
    number.filter(|_| row.table().number().is_some())
}

/// Returns a default that differs from row to row.
fn default(column: &Column, stamp: &Stamp<'_>) -> Option<Value> {
    Some(match &column.default {
        DefaultValue::None | DefaultValue::NextNumber | DefaultValue::Literal(_) => return None,
        DefaultValue::Script(_) => Value::Null,
        DefaultValue::CallerId => stamp.user(),
        DefaultValue::CallerName => stamp.user_name.into(),
        DefaultValue::Now => stamp.now(),
    })
}

/// Where a row is that nobody puts elsewhere; each of them shares the texts.
static PLACE: LazyLock<[(&str, Value); 3]> = LazyLock::new(|| {
    let global = Value::text("global");
    [
        ("sys_domain", global.clone()),
        ("sys_domain_path", Value::text("/")),
        ("sys_scope", global),
    ]
});

/// §13.3. Columns a table does not have are skipped; given ones are kept where the caller may give them.
fn system_columns(row: &mut Row<'_>, sys_id: SysId, keeps_sys_fields: bool) {
    let stamp = *row.stamp();
    let class = Value::Text(row.table().name().shared());
    row.set("sys_id", sys_id.into());
    row.set("sys_class_name", class);
    let (now, author) = (stamp.now(), Value::from(stamp.user_name));
    let written = [
        ("sys_created_on", now.clone()),
        ("sys_created_by", author.clone()),
        ("sys_updated_on", now),
        ("sys_updated_by", author),
        ("sys_mod_count", Value::Int(0)),
    ];
    for (element, value) in written {
        if !keeps_sys_fields || row.value(element) == ValueRef::Null {
            row.set(element, value);
        }
    }
    for (element, value) in &*PLACE {
        row.set_if_empty(element, || value.clone());
    }
}
