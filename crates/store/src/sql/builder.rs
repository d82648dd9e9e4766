//! Builds the text and parameters of one statement over the tables of a plan.

use std::fmt::{self, Write as _};

use snowglobe_records::{
    Table, Value,
    plan::Window,
    query::{Comparison, Joins, Match, Order, Path, Predicate},
};

use super::{Dialect, Statement, json, push_quoted, push_table, row_key};

/// A statement in the making. Table 0 of a plan is `t0`, its joins are `t1`, `t2` …; those of a query within it are
/// called after the query.
#[derive(Debug)]
pub struct Builder {
    pub(super) dialect: Dialect,
    pub(super) text: String,
    params: Vec<Value>,
    ordered: bool,
    /// What the names of tables begin with.
    pub(super) scope: Scope,
}

/// The query that the text at hand belongs to: 0 is the statement, others are within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scope {
    pub(super) at: u32,
    /// How many there are.
    pub(super) most: u32,
}

/// The name of a table in the query at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alias(Scope, usize);

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.at {
            0 => write!(f, "t{}", self.1),
            query => write!(f, "q{query}_t{}", self.1),
        }
    }
}

impl Builder {
    /// Starts an empty statement.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            text: String::with_capacity(512),
            params: Vec::new(),
            ordered: false,
            scope: Scope::default(),
        }
    }

    /// Says that a page in some order is asked for: the index of the order is to be walked, not the class's.
    pub fn ordered(&mut self, ordered: bool) -> &mut Self {
        self.ordered = ordered;
        self
    }

    /// Ends the statement.
    #[must_use]
    pub fn finish(self) -> Statement {
        Statement::new(self.text, self.params)
    }

    /// Appends SQL as it is.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.text.push_str(sql);
        self
    }

    /// Appends a name in quotes.
    pub fn push_name(&mut self, name: &str) -> &mut Self {
        push_quoted(name, &mut self.text);
        self
    }

    /// Appends a parameter and keeps its value.
    pub fn bind(&mut self, value: Value) -> &mut Self {
        self.params.push(value);
        let _ = write!(self.text, "${}", self.params.len());
        self
    }

    /// Appends a column as it is stored.
    pub fn push_column(&mut self, path: &Path) -> &mut Self {
        let _ = write!(self.text, "{}.", self.alias(path.table));
        self.push_name(&path.column.storage)
    }

    pub(super) fn alias(&self, table: usize) -> Alias {
        Alias(self.scope, table)
    }

    /// Appends a column as it is compared.
    pub fn push_comparable(&mut self, path: &Path) -> &mut Self {
        let mut column = format!("{}.", self.alias(path.table));
        push_quoted(&path.column.storage, &mut column);
        self.dialect
            .push_comparable(&column, path.column.kind.is_numeric(), &mut self.text);
        self
    }

    pub(super) fn bind_comparable(&mut self, value: &Value) -> &mut Self {
        let value = match value {
            Value::Text(text) => Value::Text(self.dialect.comparable(text.clone())),
            Value::Null | Value::Int(_) => value.clone(),
        };
        self.bind(value)
    }

    /// Appends `FROM` with the table and its joins.
    pub fn push_from(&mut self, table: &Table, joins: &Joins) -> &mut Self {
        let first = self.alias(0);
        self.push(" FROM ").push_table(table);
        let _ = write!(self.text, " {first}");
        for (at, join) in joins.as_slice().iter().enumerate() {
            let alias = self.alias(at + 1);
            self.push(" LEFT JOIN ").push_table(&join.table);
            let mut target = format!("{alias}.");
            push_quoted(key_storage(&join.from, &join.table), &mut target);
            let _ = write!(self.text, " {alias} ON ");
            self.dialect.push_comparable(&target, false, &mut self.text);
            self.push(" = ").push_comparable(&join.from);
            if join.table.parent().is_some() {
                // A reference to a child leads to rows of the child, not to others of its hierarchy.
                self.push(" AND ").push_class(alias, &join.table);
            }
        }
        self
    }

    /// Appends the database's table that holds a table's rows.
    pub(super) fn push_table(&mut self, table: &Table) -> &mut Self {
        push_table(table.root(), &mut self.text);
        self
    }

    /// Appends `WHERE` with the class of the table's rows and the predicate.
    pub fn push_where(&mut self, table: &Table, predicate: &Predicate) -> &mut Self {
        let restricted = table.parent().is_some();
        if restricted {
            let hint = if self.ordered {
                self.dialect.no_index()
            } else {
                ""
            };
            let first = self.alias(0);
            self.push(" WHERE ").push(hint).push_class(first, table);
        }
        if *predicate != Predicate::True {
            self.push(if restricted { " AND " } else { " WHERE " })
                .push_predicate(predicate);
        }
        self
    }

    /// A hierarchy shares one database table, so a child's rows are told by their class.
    pub(super) fn push_class(&mut self, alias: Alias, table: &Table) -> &mut Self {
        let column = format!("{alias}.\"sys_class_name\"");
        self.dialect.push_comparable(&column, false, &mut self.text);
        if table.descendants().is_empty() {
            return self.push(" = ").bind(Value::text(table.name()));
        }
        self.push(" IN (").bind(Value::text(table.name()));
        for class in table.descendants() {
            self.push(", ").bind(Value::text(class));
        }
        self.push(")")
    }

    /// Appends `ORDER BY`; the row key comes last, so that pages neither skip nor repeat a row.
    pub fn push_order(&mut self, order: &[Order]) -> &mut Self {
        self.push(" ORDER BY ");
        // Where the row key has the order of the last column, it stands for it: nothing is left to be sorted.
        let sorted = match order {
            [before @ .., last]
                if last.path.table == 0 && row_key::orders_like(&last.path.column) =>
            {
                before
            }
            _ => order,
        };
        for key in sorted {
            self.push_comparable(&key.path);
            self.push(if key.descending { " DESC" } else { "" });
            self.push(self.dialect.nulls(key.descending)).push(", ");
        }
        let descending = order.last().is_some_and(|key| key.descending);
        self.push(if descending {
            "t0.sys_row DESC"
        } else {
            "t0.sys_row"
        })
    }

    /// Appends `LIMIT` and `OFFSET`.
    pub fn push_window(&mut self, window: Window) -> &mut Self {
        self.push(" LIMIT ").bind(Value::Int(window.limit.into()));
        if window.offset > 0 {
            let offset = i64::try_from(window.offset).unwrap_or(i64::MAX);
            self.push(" OFFSET ").bind(Value::Int(offset));
        }
        self
    }

    /// Appends a condition; it means what [`Predicate::matches`] says.
    pub fn push_predicate(&mut self, predicate: &Predicate) -> &mut Self {
        match predicate {
            // Nothing is being written while rows are read.
            Predicate::True | Predicate::Changed(..) => self.push("TRUE"),
            Predicate::False => self.push("FALSE"),
            Predicate::And(all) => self.push_list(all, " AND ", "TRUE"),
            // What nothing compares with is neither true nor false; the other side of it is true.
            Predicate::Not(one) => self.push("(").push_predicate(one).push(") IS NOT TRUE"),
            Predicate::Or(any) | Predicate::Search(any) => self.push_list(any, " OR ", "FALSE"),
            Predicate::Compare(path, comparison, value) => {
                self.push_compare(path, *comparison, value)
            }
            Predicate::Like {
                path,
                at,
                text,
                negated,
            } => self.push_like(path, *at, text, *negated),
            Predicate::In {
                path,
                values,
                negated,
            } => self.push_in(path, values, *negated),
            Predicate::Empty { path, negated } => {
                self.push_column(path)
                    .push(if *negated { " IS NOT NULL" } else { " IS NULL" })
            }
            Predicate::Columns(left, comparison, right) => {
                self.push_columns(left, *comparison, right)
            }
            Predicate::Measured {
                path,
                measure,
                zone,
                comparison,
                number,
            } => self.push_compared(*comparison, *number, |this| {
                this.push_measure(path, *measure, zone);
            }),
            Predicate::Apart {
                left,
                right,
                measure,
                zone,
                comparison,
                number,
            } => self.push_compared(*comparison, *number, |this| {
                this.push_measure(left, *measure, zone).push(" - ");
                this.push_measure(right, *measure, zone);
            }),
            Predicate::Related(related) => self.push_related(related),
            Predicate::Below(below) => self.push_below(below),
        }
    }

    /// In halves, not one after the other: SQLite refuses an expression that is a thousand levels deep.
    fn push_list(&mut self, list: &[Predicate], joint: &str, empty: &str) -> &mut Self {
        match list {
            [] => self.push(empty),
            [one] => self.push_predicate(one),
            _ => {
                let (left, right) = list.split_at(list.len() / 2);
                self.push("(").push_list(left, joint, empty);
                self.push(joint).push_list(right, joint, empty);
                self.push(")")
            }
        }
    }

    fn push_compare(&mut self, path: &Path, comparison: Comparison, value: &Value) -> &mut Self {
        let fits = matches!(value, Value::Int(_)) == path.column.kind.is_numeric();
        if !fits {
            // A number never equals text: the same answer as `matches`, without asking for a cast.
            let differs = comparison == Comparison::NotEqual;
            return self.push(if differs { "TRUE" } else { "FALSE" });
        }
        if comparison == Comparison::Equal
            && let Some(key) = key(path, value)
        {
            return self.push_row_key(path).push(" = ").bind(key);
        }
        self.push_or_null(path, comparison == Comparison::NotEqual, |this| {
            this.push_comparable(path)
                .push(operator(comparison))
                .bind_comparable(value);
        })
    }

    fn push_like(&mut self, path: &Path, at: Match, text: &str, negated: bool) -> &mut Self {
        if path.column.kind.is_numeric() {
            return self.push(if negated { "TRUE" } else { "FALSE" });
        }
        let pattern = like_pattern(at, text);
        if self.dialect == Dialect::Sqlite && pattern.len() > LONGEST_PATTERN {
            return self.push_long_like(path, at, text, negated);
        }
        let pattern = Value::Text(pattern.into());
        let operator = if negated { " NOT LIKE " } else { " LIKE " };
        self.push_or_null(path, negated, |this| {
            this.push_comparable(path)
                .push(operator)
                .bind_comparable(&pattern);
            this.push(" ESCAPE '\\'");
        })
    }

    /// What `LIKE` says, for text that SQLite takes for no pattern.
    fn push_long_like(&mut self, path: &Path, at: Match, text: &str, negated: bool) -> &mut Self {
        let text = Value::Text(text.to_ascii_lowercase().into());
        self.push_or_null(path, negated, |this| {
            this.push(if negated { "NOT " } else { "" });
            match at {
                Match::Contains => {
                    this.push("instr(lower(").push_column(path).push("), ");
                    this.bind(text).push(") > 0");
                }
                Match::StartsWith | Match::EndsWith => {
                    let number = this.params.len() + 1;
                    let place = if at == Match::StartsWith { "1, " } else { "-" };
                    this.push("substr(lower(").push_column(path).push("), ");
                    let _ = write!(this.text, "{place}length(${number})) = ");
                    this.bind(text);
                }
            }
        })
    }

    fn push_in(&mut self, path: &Path, values: &[Value], negated: bool) -> &mut Self {
        let keys: Option<Vec<Value>> = values.iter().map(|value| key(path, value)).collect();
        if let Some(keys) = keys.filter(|keys| !negated && !keys.is_empty()) {
            return self.push_keys(path, &keys);
        }
        let numeric = path.column.kind.is_numeric();
        let mut fitting = values
            .iter()
            .filter(|value| matches!(value, Value::Int(_)) == numeric)
            .peekable();
        if fitting.peek().is_none() {
            return self.push(if negated { "TRUE" } else { "FALSE" });
        }
        let operator = if negated { " NOT IN (" } else { " IN (" };
        self.push_or_null(path, negated, |this| {
            this.push_comparable(path).push(operator);
            if values.len() > LONGEST_LIST {
                this.push_elements(&json::array(fitting), numeric).push(")");
                return;
            }
            for (at, value) in fitting.enumerate() {
                this.push(if at == 0 { "" } else { ", " })
                    .bind_comparable(value);
            }
            this.push(")");
        })
    }

    /// Appends a condition on the keys of rows.
    fn push_keys(&mut self, path: &Path, keys: &[Value]) -> &mut Self {
        self.push_row_key(path).push(" IN (");
        if keys.len() > LONGEST_LIST {
            return self
                .push_elements(&json::array(keys.iter()), true)
                .push(")");
        }
        for (at, key) in keys.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " }).bind(key.clone());
        }
        self.push(")")
    }

    fn push_row_key(&mut self, path: &Path) -> &mut Self {
        let _ = write!(self.text, "{}.sys_row", self.alias(path.table));
        self
    }

    /// Appends a query of the elements of a JSON array.
    fn push_elements(&mut self, json: &str, numeric: bool) -> &mut Self {
        let json = Value::Text(self.dialect.comparable(json));
        match self.dialect {
            Dialect::Sqlite => self
                .push("SELECT value FROM json_each(")
                .bind(json)
                .push(")"),
            Dialect::Postgres => {
                let kind = if numeric { "::bigint" } else { "" };
                self.push("SELECT element").push(kind);
                self.push(" FROM jsonb_array_elements_text(CAST(")
                    .bind(json)
                    .push("::text AS jsonb)) AS element")
            }
        }
    }

    /// Appends a condition that takes rows without a value too when it is a negation.
    fn push_or_null(
        &mut self,
        path: &Path,
        or_null: bool,
        push: impl FnOnce(&mut Self),
    ) -> &mut Self {
        if or_null {
            self.push("(");
        }
        push(self);
        if or_null {
            self.push(" OR ").push_column(path).push(" IS NULL)");
        }
        self
    }
}

/// Returns a comparison between its spaces.
pub(crate) fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::NotEqual => " <> ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
    }
}

/// Returns the row key that a value of a path names, where the path's column spells it.
fn key(path: &Path, value: &Value) -> Option<Value> {
    let text = value.as_ref().as_text();
    let text = text.filter(|_| row_key::is_spelt_by(&path.column));
    text.and_then(row_key::of).map(Value::Int)
}

/// The column that a reference's value names: `sys_id`, but `name` for the dictionary's own references
/// (`rest-and-records.md` §4.1).
pub(super) fn key_storage<'t>(reference: &Path, target: &'t Table) -> &'t str {
    let key = snowglobe_records::dictionary::reference_key(&reference.column);
    // The column of a child is stored under the child's name (`sys_db_object.name`).
    target.column(key).map_or(key, |column| &*column.storage)
}

/// Bytes; SQLite takes no longer pattern.
const LONGEST_PATTERN: usize = 50_000;

/// Values that are bound one by one. Longer lists are rare, and each length would be a statement of its own.
const LONGEST_LIST: usize = 100;

fn like_pattern(at: Match, text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if at != Match::StartsWith {
        pattern.push('%');
    }
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if at != Match::EndsWith {
        pattern.push('%');
    }
    pattern
}
