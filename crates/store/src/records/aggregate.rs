//! Aggregates: one statement for all groups (`rest-and-records.md` §5).

use snowglobe_records::{
    acl::Permitted,
    aggregate::{Aggregate, Function, GroupKey, GroupOrder, Having, Measure},
    dictionary::Kind,
    plan::Window,
    query::Path,
};

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement, operator},
};

impl Store {
    /// Calculates an aggregate: one row for each group, the group's values first and then the measures. At most
    /// as many groups as a page of records has rows by default.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn aggregate(&self, aggregate: &Permitted<Aggregate>) -> Result<Rows, StoreError> {
        self.catch_up_with(&aggregate.table, &aggregate.joins, &aggregate.predicate)
            .await?;
        let statement = select(aggregate, self.backend.dialect());
        let mut answers = self.backend.read(Cost::Scan, &[statement]).await?;
        Ok(answers.pop().unwrap_or_default())
    }
}

fn select(aggregate: &Aggregate, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(dialect);
    builder.push("SELECT ");
    for (at, group) in aggregate.groups.iter().enumerate() {
        // Values that differ in case only are one group; any of them stands for it.
        builder.push(if at == 0 { "min(" } else { ", min(" });
        builder.push_column(&group.path).push(")");
    }
    for (at, measure) in aggregate.measures.iter().enumerate() {
        builder.push(if at == 0 && aggregate.groups.is_empty() {
            ""
        } else {
            ", "
        });
        push_measure(&mut builder, measure);
    }
    builder
        .push_from(&aggregate.table, &aggregate.joins)
        .push_where(&aggregate.table, &aggregate.predicate);
    push_list(
        &mut builder,
        " GROUP BY ",
        ", ",
        &aggregate.groups,
        |builder, group| {
            builder.push_comparable(&group.path);
        },
    );
    push_list(
        &mut builder,
        " HAVING ",
        " AND ",
        &aggregate.having,
        push_having,
    );
    push_order(&mut builder, aggregate, dialect);
    builder.push(&format!(" LIMIT {}", Window::DEFAULT.limit));
    builder.finish()
}

fn push_measure(builder: &mut Builder, measure: &Measure) {
    let (function, column) = match measure {
        Measure::Count => {
            builder.push("count(*)");
            return;
        }
        Measure::CountOf(column) => {
            builder.push("count(").push_column(&column.path).push(")");
            return;
        }
        Measure::Of(function, column) => (function, &column.path),
    };
    let (head, tail) = match function {
        Function::Min => ("min(", ")"),
        Function::Max => ("max(", ")"),
        Function::Sum => ("CAST(sum(", ") AS BIGINT)"),
        Function::Avg => ("CAST(round(avg(", shown_decimals(column)),
    };
    builder.push(head).push_column(column).push(tail);
}

/// A mean is given in units of the last decimal that is shown, as columns with decimals are kept.
fn shown_decimals(column: &Path) -> &'static str {
    match column.column.kind {
        Kind::Scaled(2) => ") * 100) AS BIGINT)",
        Kind::Scaled(4) => ")) AS BIGINT)",
        Kind::Scaled(7) => ") / 1000) AS BIGINT)",
        _ => ") * 10000) AS BIGINT)",
    }
}

fn push_having(builder: &mut Builder, having: &Having) {
    push_measure(builder, &having.measure);
    builder
        .push(operator(having.comparison))
        .bind(having.value.clone());
}

/// By what was asked for, then by the groups' own values, so that the order is always the same.
fn push_order(builder: &mut Builder, aggregate: &Aggregate, dialect: Dialect) {
    let rest = (0..aggregate.groups.len()).map(|at| GroupOrder {
        by: GroupKey::Group(at),
        descending: false,
    });
    let keys: Vec<_> = aggregate.order.iter().cloned().chain(rest).collect();
    push_list(builder, " ORDER BY ", ", ", &keys, |builder, key| {
        match &key.by {
            GroupKey::Group(at) => {
                if let Some(group) = aggregate.groups.get(*at) {
                    builder.push_comparable(&group.path);
                }
            }
            GroupKey::Measure(measure) => push_measure(builder, measure),
        }
        builder.push(if key.descending { " DESC" } else { "" });
        builder.push(dialect.nulls(key.descending));
    });
}

fn push_list<T>(
    builder: &mut Builder,
    head: &str,
    joint: &str,
    list: &[T],
    push: impl Fn(&mut Builder, &T),
) {
    for (at, one) in list.iter().enumerate() {
        builder.push(if at == 0 { head } else { joint });
        push(builder, one);
    }
}
