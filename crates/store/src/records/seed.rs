//! Rows that an instance starts with, in bulk.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, btree_map::Entry},
    sync::Arc,
};

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Column, Dictionary, Table, Value, base::Seed, dictionary::DefaultValue, name::Name,
};
use tokio::join;

use crate::{
    Store,
    backend::{ApplyError, StoreError},
    oauth::date_time,
    sql::{Batch, Dialect, Statement, push_quoted, push_table},
};

/// Rows of one commit.
const BATCH: usize = 2000;
/// Rows of one statement: each statement opens every index of its table.
const ROWS: usize = 16;

impl Store {
    /// Inserts rows as they are; those whose key is there already are left alone.
    ///
    /// The rows of a commit are made while the database is busy with what is `before` them, or with the last commit.
    pub(crate) async fn plant(
        &self,
        dictionary: &Dictionary,
        seeds: impl IntoIterator<Item = Seed>,
        now: UnixMillis,
        before: impl Future<Output = Result<(), ApplyError>>,
    ) -> Result<(), ApplyError> {
        let mut seeds = seeds.into_iter();
        let mut garden = Garden {
            dialect: self.backend.dialect(),
            dictionary,
            now,
            beds: BTreeMap::new(),
        };
        let (mut done, mut next) = join!(before, async { garden.harvest(&mut seeds) });
        loop {
            done?;
            let Some(batch) = next? else { return Ok(()) };
            let apply = async { self.backend.apply(batch).await.map(drop) };
            (done, next) = join!(apply, async { garden.harvest(&mut seeds) });
        }
    }
}

/// Where rows become statements.
struct Garden<'d> {
    dialect: Dialect,
    dictionary: &'d Dictionary,
    now: UnixMillis,
    /// In one order everywhere: processes that start together would wait for each other's rows in a circle.
    beds: BTreeMap<&'static str, Bed>,
}

impl Garden<'_> {
    /// Makes the next commit, if there are more rows.
    fn harvest(
        &mut self,
        seeds: &mut impl Iterator<Item = Seed>,
    ) -> Result<Option<Batch>, StoreError> {
        let mut batch = Batch::default();
        for seed in seeds.take(BATCH) {
            let bed = match self.beds.entry(seed.table) {
                Entry::Occupied(bed) => bed.into_mut(),
                Entry::Vacant(place) => place.insert(Bed::new(
                    self.dialect,
                    self.dictionary,
                    seed.table,
                    self.now,
                )?),
            };
            if let Some(statement) = bed.sow(&seed)? {
                batch.push(statement);
            }
        }
        for bed in self.beds.values_mut() {
            bed.empty_into(&mut batch);
        }
        Ok((!batch.statements.is_empty()).then_some(batch))
    }
}

/// How rows of one table are inserted. Most columns of a wide table are empty in most rows: rows that fill the same
/// columns share a statement, which names only these.
struct Bed {
    dialect: Dialect,
    root: Name,
    columns: Vec<Arc<Column>>,
    defaults: Vec<Value>,
    /// The values of rows that wait for more, by the places of the columns that they fill.
    waiting: BTreeMap<Vec<usize>, Vec<Value>>,
    /// The inserts of [`ROWS`] rows.
    full: HashMap<Vec<usize>, Arc<str>>,
}

impl Bed {
    fn new(
        dialect: Dialect,
        dictionary: &Dictionary,
        table: &str,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        let table = dictionary
            .table(table)
            .ok_or_else(|| StoreError::Driver(format!("a seed names the unknown table {table}")))?;
        let columns = table.columns().to_vec();
        let defaults = columns
            .iter()
            .map(|column| default(table, column, now))
            .collect();
        Ok(Self {
            dialect,
            root: table.root().clone(),
            columns,
            defaults,
            waiting: BTreeMap::new(),
            full: HashMap::new(),
        })
    }

    /// Takes a row; returns the statement for it and those before it when they are enough.
    fn sow(&mut self, seed: &Seed) -> Result<Option<Statement>, StoreError> {
        let cells = self.cells(seed)?.into_iter().enumerate();
        let (filled, values): (Vec<usize>, Vec<Value>) =
            cells.filter(|(_, value)| *value != Value::Null).unzip();
        let waiting = self.waiting.entry(filled.clone()).or_default();
        waiting.extend(values);
        if waiting.len() < filled.len() * ROWS {
            return Ok(None);
        }
        let params = std::mem::take(waiting);
        let sql = match self.full.get(&filled) {
            Some(sql) => Arc::clone(sql),
            None => self.insert(&filled, ROWS).into(),
        };
        self.full.insert(filled, Arc::clone(&sql));
        Ok(Some(Statement::new(sql, params)))
    }

    /// Returns what goes into each column.
    fn cells(&self, seed: &Seed) -> Result<Vec<Value>, StoreError> {
        let mut cells = self.defaults.clone();
        let sys_id = [("sys_id", Cow::Borrowed(seed.sys_id.as_str()))];
        for (element, text) in seed.values.iter().chain(&sys_id) {
            let unusable = || StoreError::Corrupt {
                table: seed.table.into(),
                row: seed.sys_id.as_str().into(),
                column: (*element).into(),
            };
            let by_element = |column: &Arc<Column>| column.element.as_str().cmp(element);
            let at = self.columns.binary_search_by(by_element);
            let found = at
                .ok()
                .and_then(|at| Some((self.columns.get(at)?, cells.get_mut(at)?)));
            let (column, cell) = found.ok_or_else(unusable)?;
            *cell = column.kind.parse(text).map_err(|_| unusable())?;
        }
        Ok(cells)
    }

    /// Gives out the rows that wait.
    fn empty_into(&mut self, batch: &mut Batch) {
        for (filled, params) in std::mem::take(&mut self.waiting) {
            if !params.is_empty() {
                let rows = params.len() / filled.len();
                batch.push(Statement::new(self.insert(&filled, rows), params));
            }
        }
    }

    /// Returns the insert of so many rows that fill these columns.
    fn insert(&self, filled: &[usize], rows: usize) -> String {
        let mut sql = String::from("INSERT INTO ");
        push_table(&self.root, &mut sql);
        let mut joint = " (";
        for column in filled.iter().filter_map(|at| self.columns.get(*at)) {
            sql.push_str(joint);
            push_quoted(&column.storage, &mut sql);
            joint = ", ";
        }
        joint = ") VALUES (";
        for at in 0..rows * filled.len() {
            if at > 0 && at % filled.len() == 0 {
                joint = "), (";
            }
            sql.push_str(joint);
            self.dialect.push_next_parameter(at + 1, &mut sql);
            joint = ", ";
        }
        sql.push_str(") ON CONFLICT DO NOTHING");
        sql
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
