//! Rows that an instance starts with, in bulk.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{Column, Dictionary, Table, Value, base::Seed, dictionary::DefaultValue};

use crate::{
    Store,
    backend::{ApplyError, StoreError},
    oauth::date_time,
    sql::{Batch, Statement, push_quoted, push_table},
};

/// Rows of one commit.
const BATCH: usize = 5000;

impl Store {
    /// Inserts rows as they are; those whose key is there already are left alone.
    pub(crate) async fn plant(
        &self,
        dictionary: &Dictionary,
        seeds: impl IntoIterator<Item = Seed>,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut beds: HashMap<&'static str, Bed> = HashMap::new();
        let mut batch = Batch::default();
        for seed in seeds {
            if !beds.contains_key(seed.table) {
                beds.insert(seed.table, Bed::new(dictionary, seed.table, now)?);
            }
            if let Some(bed) = beds.get(seed.table) {
                batch.push(bed.insert(&seed)?);
            }
            if batch.statements.len() >= BATCH {
                self.backend.apply(std::mem::take(&mut batch)).await?;
            }
        }
        self.backend.apply(batch).await?;
        Ok(())
    }
}

/// How rows of one table are inserted: one statement for all of them, every column in it.
struct Bed {
    sql: Arc<str>,
    columns: Vec<Arc<Column>>,
    defaults: Vec<Value>,
}

impl Bed {
    fn new(dictionary: &Dictionary, table: &str, now: UnixMillis) -> Result<Self, StoreError> {
        let table = dictionary
            .table(table)
            .ok_or_else(|| StoreError::Driver(format!("a seed names the unknown table {table}")))?;
        let columns = table.columns().to_vec();
        let defaults = columns
            .iter()
            .map(|column| default(table, column, now))
            .collect();
        Ok(Self {
            sql: insert(table, &columns).into(),
            columns,
            defaults,
        })
    }

    fn insert(&self, seed: &Seed) -> Result<Statement, StoreError> {
        let mut params = self.defaults.clone();
        for (element, text) in &seed.values {
            let at = self
                .columns
                .binary_search_by(|column| column.element.as_str().cmp(element));
            let found = at
                .ok()
                .and_then(|at| Some((self.columns.get(at)?, params.get_mut(at)?)));
            let unusable = || StoreError::Corrupt {
                table: seed.table.into(),
                row: seed.sys_id.as_str().into(),
                column: (*element).into(),
            };
            let (column, param) = found.ok_or_else(unusable)?;
            *param = column.kind.parse(text).map_err(|_| unusable())?;
        }
        if let Ok(at) = self
            .columns
            .binary_search_by(|column| column.element.as_str().cmp("sys_id"))
            && let Some(param) = params.get_mut(at)
        {
            *param = seed.sys_id.into();
        }
        Ok(Statement::new(Arc::clone(&self.sql), params))
    }
}

fn default(table: &Table, column: &Column, now: UnixMillis) -> Value {
    match column.element.as_str() {
        "sys_class_name" => Value::text(table.name()),
        "sys_created_on" | "sys_updated_on" => date_time(now),
        "sys_created_by" | "sys_updated_by" => Value::text("system"),
        "sys_mod_count" => Value::Int(0),
        _ => match &column.default {
            DefaultValue::Literal(text) => column.kind.parse(text).unwrap_or_default(),
            _ => Value::Null,
        },
    }
}

fn insert(table: &Table, columns: &[Arc<Column>]) -> String {
    let mut sql = String::from("INSERT INTO ");
    push_table(table.root(), &mut sql);
    let mut joint = " (";
    for column in columns {
        sql.push_str(joint);
        push_quoted(&column.storage, &mut sql);
        joint = ", ";
    }
    joint = ") VALUES (";
    for at in 1..=columns.len() {
        let _ = write!(sql, "{joint}${at}");
        joint = ", ";
    }
    sql.push_str(") ON CONFLICT DO NOTHING");
    sql
}
