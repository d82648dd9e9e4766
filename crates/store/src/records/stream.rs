//! Long lists in pieces: first the keys of all rows, eight bytes each, then the rows of some keys at a time. So a list
//! is as of one moment, neither skips nor repeats a row, and costs the memory of a piece.

use snowglobe_records::{Value, acl::Permitted, plan::Plan};

use super::read::push_outputs;
use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement},
};

impl Store {
    /// Returns the keys of the rows that a plan selects, in its order.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn row_keys(&self, plan: &Permitted<Plan>) -> Result<Vec<i64>, StoreError> {
        let mut builder = Builder::new(self.backend.dialect());
        builder
            .push("SELECT t0.sys_row")
            .ordered(!plan.order.is_empty())
            .push_from(&plan.table, &plan.joins)
            .push_where(&plan.table, &plan.predicate)
            .push_order(&plan.order)
            .push_window(plan.window);
        let rows = self.backend.read(Cost::Scan, &[builder.finish()]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        Ok(rows.map(|row| row.int(0)).collect())
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
