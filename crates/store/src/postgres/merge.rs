//! Many inserts of one row each as one insert of many rows.
//!
//! The server takes ten microseconds and more to run a statement, and a tenth of that to add a row. So inserts
//! of the same text, such as those of tokens, become
//! `INSERT INTO token (…) SELECT * FROM unnest($1::bigint[], $2::text[], …)`.

use std::{fmt::Write as _, slice, sync::Arc};

use snowglobe_records::{Value, ValueRef};
use tokio_postgres::{Error, types::Type};

use super::{
    cells::{Call, Param, is_int, is_text},
    group::Ready,
    link::Link,
};
use crate::{backend::Applied, sql::RowInsert};

/// What is sent for one batch, or for several that are one insert of a row each.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// The batch at this place.
    Batch(usize, &'a Ready<'a>),
    /// The rows of the batches at these places.
    Rows(Vec<usize>, Call<'a>),
}

/// Inserts of the same text that may be sent together.
struct Run<'a> {
    many: Arc<str>,
    members: Vec<(usize, &'a Ready<'a>)>,
}

impl<'a> Step<'a> {
    pub(super) fn calls(&self) -> &[Call<'a>] {
        match self {
            Self::Batch(_, ready) => &ready.calls,
            Self::Rows(_, call) => slice::from_ref(call),
        }
    }

    /// Says how many rows each batch has touched, if all of them hold.
    fn applied(&self, touched: Vec<u64>) -> Option<(&[usize], Applied)> {
        match self {
            Self::Batch(at, ready) => {
                let mut both = ready.batch.statements.iter().zip(&touched);
                let held = both.all(|(guarded, &n)| guarded.expect.holds(n));
                held.then(|| (slice::from_ref(at), Applied { touched }))
            }
            Self::Rows(members, _) => {
                let held = touched == [members.len() as u64];
                held.then(|| (members.as_slice(), Applied { touched: vec![1] }))
            }
        }
    }
}

/// Arranges batches to be sent. A row may be inserted earlier than it was asked for, together with others of its
/// kind, but never before a batch that does anything else: that might have touched it.
pub(super) async fn steps<'a>(
    link: &Link,
    ready: &[&'a Ready<'a>],
) -> Result<Vec<Step<'a>>, Error> {
    let mut steps = Vec::with_capacity(ready.len());
    let mut runs: Vec<Run<'a>> = Vec::new();
    for (at, &ready) in ready.iter().enumerate() {
        let Some(many) = insert(ready) else {
            for run in runs.drain(..) {
                steps.push(run.step(link).await?);
            }
            steps.push(Step::Batch(at, ready));
            continue;
        };
        match runs.iter_mut().find(|run| run.many == *many) {
            Some(run) => run.members.push((at, ready)),
            None => runs.push(Run {
                many: Arc::clone(many),
                members: vec![(at, ready)],
            }),
        }
    }
    for run in runs {
        steps.push(run.step(link).await?);
    }
    Ok(steps)
}

/// Says what each of so many batches has touched; `None` when one of them does not hold.
pub(super) fn applied(
    steps: &[Step<'_>],
    answers: Vec<Result<u64, Error>>,
    batches: usize,
) -> Option<Vec<Applied>> {
    let mut touched = answers.into_iter();
    let mut applied = vec![Applied::default(); batches];
    for step in steps {
        let mine: Result<Vec<u64>, Error> = touched.by_ref().take(step.calls().len()).collect();
        let (places, each) = step.applied(mine.ok()?)?;
        for &at in places {
            applied.get_mut(at)?.clone_from(&each);
        }
    }
    // What is left are announcements.
    touched
        .all(|announced| announced.is_ok())
        .then_some(applied)
}

impl<'a> Run<'a> {
    async fn step(self, link: &Link) -> Result<Step<'a>, Error> {
        if let [(at, ready)] = self.members.as_slice() {
            return Ok(Step::Batch(*at, ready));
        }
        let many = link.prepare(&self.many).await?.one;
        let rows = self
            .members
            .iter()
            .flat_map(|(_, ready)| &ready.batch.statements);
        let rows: Vec<&[Value]> = rows.map(|guarded| &*guarded.statement.params).collect();
        let columns = columns(many.params(), &rows);
        let places = self.members.iter().map(|&(at, _)| at).collect();
        Ok(Step::Rows(places, Call::with(many, columns)))
    }
}

/// Returns the text that inserts many rows like the only one of this batch.
fn insert<'a>(ready: &'a Ready<'_>) -> Option<&'a Arc<str>> {
    match (ready.batch.statements.as_slice(), ready.calls.as_slice()) {
        ([guarded], [call]) if guarded.expect.holds(1) => call.many.as_ref(),
        _ => None,
    }
}

/// Returns the text that inserts many rows in place of one, if there can be one. A row that yields makes the count
/// of the whole too small, and then each is tried by itself.
pub(super) fn many_rows(sql: &str, types: &[Type]) -> Option<String> {
    let insert = RowInsert::parse(sql)?;
    let known = types.iter().all(|kind| is_int(kind) || is_text(kind));
    if !known || insert.width != types.len() {
        return None;
    }
    let mut text = format!("{}SELECT * FROM unnest(", insert.head);
    for (at, kind) in types.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let array = if is_text(kind) { "text" } else { "bigint" };
        let _ = write!(text, "{comma}${}::{array}[]", at + 1);
    }
    text.push(')');
    insert.push_rule(&mut text);
    Some(text)
}

/// Turns rows into one array for each column. Every row must fit.
fn columns<'a>(types: &[Type], rows: &[&'a [Value]]) -> Vec<Param<'a>> {
    let cells = |at: usize| rows.iter().map(move |row| row.get(at).map(Value::as_ref));
    let column = |(at, kind): (usize, &Type)| {
        if *kind == Type::TEXT_ARRAY {
            Param::Texts(
                cells(at)
                    .map(|cell| cell.and_then(ValueRef::as_text))
                    .collect(),
            )
        } else {
            Param::Ints(
                cells(at)
                    .map(|cell| cell.and_then(ValueRef::as_int))
                    .collect(),
            )
        }
    };
    types.iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_insert_becomes_one_of_many_rows() {
        let sql = "INSERT INTO token (id, \"hash\") VALUES ($1, $2)";
        assert_eq!(
            many_rows(sql, &[Type::INT8, Type::TEXT]).unwrap(),
            "INSERT INTO token (id, \"hash\") SELECT * FROM unnest($1::bigint[], $2::text[])"
        );
    }

    #[test]
    fn an_insert_that_yields_goes_on_yielding() {
        let sql = "INSERT INTO token (id) VALUES ($1) ON CONFLICT (id) DO NOTHING";
        assert_eq!(
            many_rows(sql, &[Type::INT8]).unwrap(),
            "INSERT INTO token (id) SELECT * FROM unnest($1::bigint[]) ON CONFLICT (id) DO NOTHING"
        );
    }

    #[test]
    fn an_insert_of_what_is_no_array_here_is_left_alone() {
        let sql = "INSERT INTO t (a, b) VALUES ($1, $2)";
        assert_eq!(many_rows(sql, &[Type::INT8, Type::BOOL]), None);
        assert_eq!(many_rows(sql, &[Type::INT8]), None);
    }
}
