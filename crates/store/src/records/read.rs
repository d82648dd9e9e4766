//! Reading records: a permitted plan becomes one statement, or two when the rows are to be counted.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_records::{
    Column, Dictionary, Table, Value, ValueRef,
    acl::Permitted,
    dictionary::{Kind, reference_key},
    name::Name,
    plan::{Output, Plan},
    query::{Comparison, Joins, Path, Predicate},
    write::Insert,
};

use super::counts::each_table;
use crate::{
    Store, Topic,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement},
};

/// Keys in one statement: SQLite binds 32,766 values, PostgreSQL 65,535.
pub(super) const MOST_KEYS: usize = 10_000;

/// The rows of one page; cell `n` of a row is output `n` of the plan. The cell of a journal column is the key of
/// the row whose journal it is.
#[derive(Debug)]
pub struct Page {
    /// The rows.
    pub rows: Rows,
    /// All rows that match, if they were counted.
    pub total: Option<u64>,
}

impl Page {
    /// Returns the page that a read would give of a row once it is inserted; `None` where the read is about other rows
    /// too, or the database may hold the row otherwise than it is given.
    #[must_use]
    pub fn of_inserted(plan: &Permitted<Plan>, row: &Insert) -> Option<Self> {
        if !plan.joins.as_slice().is_empty() || Topic::of_table(&row.table).next().is_some() {
            return None;
        }
        let cell = |path: &Path| row.value_of(&path.column);
        let mut rows = Rows::for_one(plan.outputs.len().max(1));
        if plan.predicate.matches(&cell) {
            for Output { path, .. } in &plan.outputs {
                rows.push(match path.column.kind {
                    Kind::Journal(_) => row.value("sys_id"),
                    _ => cell(path),
                });
            }
            if plan.outputs.is_empty() {
                rows.push(ValueRef::Null);
            }
        }
        let total = None;
        Some(Self { rows, total })
    }
}

/// The display values of the records that a page refers to, by table and lower-case key.
#[derive(Debug, Default)]
pub struct Displays(HashMap<Name, HashMap<Box<str>, Box<str>>>);

impl Displays {
    /// Returns the display value of a record of `table`.
    #[must_use]
    pub fn of(&self, table: &str, key: &str) -> Option<&str> {
        let of_table = self.0.get(table)?;
        let found = of_table
            .get(key)
            .or_else(|| of_table.get(&*key.to_ascii_lowercase()));
        found.map(|text| &**text)
    }
}

impl Store {
    /// Reads a page.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn read(&self, plan: &Permitted<Plan>) -> Result<Page, StoreError> {
        self.run(plan).await
    }

    pub(crate) async fn run(&self, plan: &Plan) -> Result<Page, StoreError> {
        self.catch_up_with(&plan.table, &plan.joins, &plan.predicate)
            .await?;
        let dialect = self.backend.dialect();
        let mut statements = vec![select(plan, dialect)];
        let counted = plan.count.then(|| self.counted(plan, count(plan, dialect)));
        if let Some(Err(wanted)) = &counted {
            statements.push(wanted.statement.clone());
        }
        let mut answers = self.backend.read(cost(plan), &statements).await?;
        let total = counted.map(|counted| {
            counted.unwrap_or_else(|wanted| {
                let row = answers.pop();
                let row = row.as_ref().and_then(Rows::first);
                let total = row.map_or(0, |row| row.int(0).unsigned_abs());
                self.keep_count(wanted, total);
                total
            })
        });
        let rows = answers.pop().unwrap_or_default();
        let total = total.map(|total| as_seen(total, plan, &rows));
        Ok(Page { rows, total })
    }

    /// Waits for what this node wrote behind to a table that is read now, such as the log of calls to others, and has
    /// the rows of tokens made: whoever got a token finds its record. Labels of columns are not written before they are
    /// read.
    pub(super) async fn catch_up_with(
        &self,
        table: &Arc<Table>,
        joins: &Joins,
        predicate: &Predicate,
    ) -> Result<(), StoreError> {
        let (mut tokens, mut calls) = (false, false);
        each_table((table, joins, predicate), &mut |table| {
            tokens |= table.name() == "oauth_credential";
            calls |= table.name() == "sys_outbound_http_log";
        });
        // Boxed: few need it, and its state would make the future of every read larger.
        if tokens {
            Box::pin(self.enter_tokens()).await?;
        } else if calls {
            Box::pin(self.backend.flush()).await?;
        }
        if *table.name() == *"sys_documentation" {
            Box::pin(self.label_columns()).await?;
        }
        Ok(())
    }

    /// Looks up the display values of all records that the reference columns of a page point to: one
    /// statement a table, whatever the number of rows. Cell `n` of a row is output `n`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn displays(
        &self,
        dictionary: &Dictionary,
        outputs: &[Output],
        rows: &Rows,
    ) -> Result<Displays, StoreError> {
        let (targets, statements): (Vec<_>, Vec<_>) = references(dictionary, outputs, rows)
            .iter()
            .flat_map(|wanted| display_queries(wanted, self.backend.dialect()))
            .unzip();
        let mut displays = Displays::default();
        if statements.is_empty() {
            return Ok(displays);
        }
        if targets
            .iter()
            .any(|table| table.name() == "oauth_credential")
        {
            Box::pin(self.enter_tokens()).await?;
        }
        let answers = self.backend.read(Cost::Scan, &statements).await?;
        for (target, rows) in targets.iter().zip(&answers) {
            let kind = target.display().map_or(Kind::Text, |column| column.kind);
            let of_table = displays.0.entry(target.name().clone()).or_default();
            for row in rows.iter() {
                let mut text = String::new();
                kind.write(row.get(1), &mut text);
                of_table.insert(row.text(0).to_ascii_lowercase().into(), text.into());
            }
        }
        Ok(displays)
    }
}

/// Rows may have come or gone since they were counted; the number never contradicts the page that it comes with.
fn as_seen(total: u64, plan: &Plan, rows: &Rows) -> u64 {
    let shown = rows.len() as u64;
    let seen = plan.window.offset + shown;
    let ends_here = shown < u64::from(plan.window.limit);
    match (shown, ends_here) {
        (0, true) => total.min(plan.window.offset),
        (0, false) => total,
        (_, true) => seen,
        (_, false) => total.max(seen),
    }
}

/// A row or a few by a unique key cost microseconds; everything else may be long.
fn cost(plan: &Plan) -> Cost {
    let by_key = |condition: &Predicate| {
        matches!(condition, Predicate::Compare(path, Comparison::Equal, _)
            if path.table == 0 && path.column.unique)
    };
    let point = match &plan.predicate {
        Predicate::And(all) => all.iter().any(by_key),
        one => by_key(one),
    };
    if point { Cost::Point } else { Cost::Scan }
}

fn select(plan: &Plan, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(dialect);
    push_outputs(&mut builder, plan);
    builder
        .ordered(!plan.order.is_empty())
        .push_from(&plan.table, &plan.joins)
        .push_where(&plan.table, &plan.predicate)
        .push_order(&plan.order)
        .push_window(plan.window);
    builder.finish()
}

/// Appends the columns of the answer.
pub(super) fn push_outputs(builder: &mut Builder, plan: &Plan) {
    builder.push("SELECT ");
    for (at, Output { path, .. }) in plan.outputs.iter().enumerate() {
        builder.push(if at == 0 { "" } else { ", " });
        match path.column.kind {
            // The column holds nothing itself: its cell says whose entries are meant (`Store::journals`).
            Kind::Journal(_) => builder.push(&format!("t{}.sys_id", path.table)),
            _ => builder.push_column(path),
        };
    }
    if plan.outputs.is_empty() {
        builder.push("NULL");
    }
}

fn count(plan: &Plan, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(dialect);
    builder
        .push("SELECT count(*)")
        .push_from(&plan.table, &plan.joins)
        .push_where(&plan.table, &plan.predicate);
    builder.finish()
}

/// A table that a page points to, and the keys of its rows there.
struct Wanted<'a> {
    reference: Arc<Column>,
    target: Arc<Table>,
    keys: HashSet<&'a str>,
}

fn references<'a>(dictionary: &Dictionary, outputs: &[Output], rows: &'a Rows) -> Vec<Wanted<'a>> {
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for (at, Output { path, .. }) in outputs.iter().enumerate() {
        let column = &path.column;
        if !matches!(column.kind, Kind::Reference | Kind::List) {
            continue;
        }
        let target = column
            .reference
            .as_deref()
            .and_then(|name| dictionary.table(name));
        let Some(target) = target else { continue };
        let cells = rows.iter().filter_map(|row| row.get(at).as_text());
        let keys = cells
            .flat_map(|cell| cell.split(','))
            .map(str::trim)
            .filter(|key| !key.is_empty());
        match wanted
            .iter_mut()
            .find(|known| Arc::ptr_eq(&known.target, target))
        {
            Some(known) => known.keys.extend(keys),
            None => wanted.push(Wanted {
                reference: Arc::clone(column),
                target: Arc::clone(target),
                keys: keys.collect(),
            }),
        }
    }
    wanted.retain(|wanted| !wanted.keys.is_empty());
    wanted
}

/// One statement, or more where there are more keys than a database binds.
fn display_queries(wanted: &Wanted<'_>, dialect: Dialect) -> Vec<(Arc<Table>, Statement)> {
    let keys: Vec<&str> = wanted.keys.iter().copied().collect();
    keys.chunks(MOST_KEYS)
        .filter_map(|keys| {
            let statement = display_query(wanted, keys, dialect)?;
            Some((Arc::clone(&wanted.target), statement))
        })
        .collect()
}

fn display_query(wanted: &Wanted<'_>, keys: &[&str], dialect: Dialect) -> Option<Statement> {
    let Wanted {
        reference, target, ..
    } = wanted;
    let key = Path {
        table: 0,
        column: Arc::clone(target.column(reference_key(reference))?),
    };
    let display = Path {
        table: 0,
        column: Arc::clone(target.display()?),
    };
    let values = keys.iter().copied().map(Value::text).collect();
    let found = Predicate::In {
        path: key.clone(),
        values,
        negated: false,
    };
    let mut builder = Builder::new(dialect);
    builder
        .push("SELECT ")
        .push_column(&key)
        .push(", ")
        .push_column(&display);
    builder
        .push_from(target, &Joins::default())
        .push_where(target, &found);
    Some(builder.finish())
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};
    use snowglobe_records::{
        base,
        plan::Window,
        query::{Context, parse, resolve},
    };

    use super::*;

    #[test]
    fn a_dot_walked_filter_is_one_statement() {
        let dictionary = Dictionary::build(&base::definition()).0;
        let table = dictionary.table("incident").expect("a built-in table");
        let context = Context {
            user_sys_id: "",
            user_name: "",
            user_display_name: "",
            groups: &[],
            first_day_of_week: 2,
            now: Timestamp::UNIX_EPOCH,
            time_zone: TimeZone::UTC,
            invalid_returns_no_rows: false,
        };
        let text = "caller_id.manager.department.name=Finance^ORDERBYassigned_to.name";
        let query = resolve(&parse(text), &dictionary, table, &context).query;
        let fields = [
            "number",
            "caller_id.location.city",
            "caller_id.manager.email",
        ];
        let plan = Plan::new(&dictionary, table, query, Some(fields), Window::DEFAULT);
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let sql = select(&plan, dialect).sql;
            assert_eq!(sql.matches("SELECT").count(), 1, "{sql}");
            // A caller, their manager, its department, their place, and who is assigned: each once.
            assert_eq!(sql.matches(" JOIN ").count(), 5, "{sql}");
        }
    }
}
