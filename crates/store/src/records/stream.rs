//! Long lists in pieces: first keys of rows, eight bytes each, then the rows of some keys at a time. So a list neither
//! skips nor repeats a row, and costs the memory of a piece.
//!
//! A list with an order of its own is as of one moment: all of its keys are looked up at once. One without comes in the
//! order of its keys, which are looked up some thousand at a time, so that it may be as long as it likes.

use snowglobe_records::{
    Value,
    acl::Permitted,
    plan::{Plan, Window},
    query::Predicate,
};

use super::read::push_outputs;
use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement},
};

/// Keys in one answer, where they are looked up as they are needed.
const SOME: u32 = 4_000;

/// Keys of a long list.
#[derive(Debug, Default)]
pub struct Keys {
    /// In the order of the list.
    pub keys: Vec<i64>,
    /// Whether there are no others behind these.
    pub last: bool,
}

impl Store {
    /// Returns keys of the rows that a plan selects, in its order: those behind `after`, of which `taken` were returned
    /// before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn row_keys(
        &self,
        plan: &Permitted<Plan>,
        after: Option<i64>,
        taken: u32,
    ) -> Result<Keys, StoreError> {
        self.catch_up_with(&plan.table, &plan.joins, &plan.predicate)
            .await?;
        let in_pieces = plan.order.is_empty();
        let left = plan.window.limit.saturating_sub(taken);
        let window = if in_pieces {
            Window {
                limit: left.min(SOME),
                offset: after.map_or(plan.window.offset, |_| 0),
            }
        } else {
            plan.window
        };
        let statement = keys_of(
            plan,
            after.filter(|_| in_pieces),
            window,
            self.backend.dialect(),
        );
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        let keys: Vec<i64> = rows.map(|row| row.int(0)).collect();
        let full = keys.len() == window.limit as usize;
        let last = !in_pieces || !full || window.limit == left;
        Ok(Keys { keys, last })
    }

    /// Reads the rows of some of these keys; what does not match the plan any more is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rows_of(&self, plan: &Permitted<Plan>, keys: &[i64]) -> Result<Rows, StoreError> {
        let statement = of_keys(plan, keys, self.backend.dialect());
        let mut answers = self.backend.read(Cost::Scan, &[statement]).await?;
        Ok(answers.pop().unwrap_or_default())
    }
}

fn keys_of(plan: &Plan, after: Option<i64>, window: Window, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(dialect);
    builder
        .push("SELECT t0.sys_row")
        .ordered(!plan.order.is_empty())
        .push_from(&plan.table, &plan.joins)
        .push_where(&plan.table, &plan.predicate);
    if let Some(after) = after {
        let is_restricted = plan.table.parent().is_some() || plan.predicate != Predicate::True;
        builder
            .push(if is_restricted { " AND " } else { " WHERE " })
            .push("t0.sys_row > ")
            .bind(Value::Int(after));
    }
    builder.push_order(&plan.order).push_window(window);
    builder.finish()
}

fn of_keys(plan: &Plan, keys: &[i64], dialect: Dialect) -> Statement {
    let mut builder = Builder::new(dialect);
    push_outputs(&mut builder, plan);
    builder
        .push_from(&plan.table, &plan.joins)
        .push(" WHERE t0.sys_row IN (");
    for (at, key) in keys.iter().enumerate() {
        builder
            .push(if at == 0 { "" } else { ", " })
            .bind(Value::Int(*key));
    }
    builder.push(") AND ").push_predicate(&plan.predicate);
    builder.push_order(&plan.order);
    builder.finish()
}
