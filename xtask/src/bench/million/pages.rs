//! Pages by an indexed field, beside the same SQL in the database's own client.
//!
//! Both sides are timed on the wall, from the request to the last byte of the rows as text: the client's in the plainest
//! form that it writes, ours as JSON over HTTP, with the caller's token checked and the access rules obeyed.

use std::time::Duration;

use anyhow::Result;
use snowglobe_testkit::Instance;

use super::super::client;
use super::super::load::measure as load;
use super::super::table::Table;
use super::{Own, Place, missed};

/// A filter and an order.
struct Question {
    query: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The store's own statements, with their parameters put in.
const QUESTIONS: [Question; 2] = [
    Question {
        query: "active=true^ORDERBYDESCnumber",
        sqlite: "+sys_class_name = 'incident' AND active = 1 ORDER BY number DESC, sys_row DESC",
        postgres: "lower(sys_class_name) = 'incident' AND active = 1 \
                   ORDER BY lower(number) DESC NULLS LAST, sys_row DESC",
    },
    Question {
        query: "opened_at>2026-01-01 00:00:00^ORDERBYopened_at",
        sqlite: "+sys_class_name = 'incident' AND opened_at > '2026-01-01 00:00:00' \
                 ORDER BY opened_at, sys_row",
        postgres: "lower(sys_class_name) = 'incident' AND lower(opened_at) > '2026-01-01 00:00:00' \
                   ORDER BY lower(opened_at) NULLS FIRST, sys_row",
    },
];
const SIZES: [u32; 2] = [20, 1000];
const COLUMNS: &str = "number, short_description, state, priority, sys_id";
/// A page may take this many times as long as its statement.
const MOST: f64 = 2.0;

/// Measures each question's statement with each size of page.
pub(super) fn alone(own: &mut Own, place: Place, seconds: Duration) -> Result<Vec<Duration>> {
    let each = QUESTIONS
        .iter()
        .flat_map(|question| SIZES.map(|rows| (question, rows)));
    each.map(|(question, rows)| {
        let condition = match place {
            Place::Sqlite => question.sqlite,
            Place::Postgres => question.postgres,
        };
        eprintln!(
            "xtask: {rows} rows of {} in {}'s own client",
            question.query,
            place.name()
        );
        let sql = format!("SELECT {COLUMNS} FROM task WHERE {condition} LIMIT {rows}");
        own.time(&sql, rows, seconds)
    })
    .collect()
}

/// Measures each question with each size of page, beside what its statement takes alone.
pub(super) fn measure(
    instance: &Instance,
    alone: &[Duration],
    place: Place,
    seconds: Duration,
    table: &mut Table,
) -> Result<()> {
    let each = QUESTIONS
        .iter()
        .flat_map(|question| SIZES.map(|rows| (question, rows)));
    for ((question, rows), alone) in each.zip(alone) {
        let alone = alone.as_secs_f64() * 1e6;
        let target = client::page(instance, question.query, rows)?;
        let page = 1e6 / load(instance, &target, 1, seconds)?.requests_per_second;
        let times = page / alone;
        table.note(&format!(
            "page of {rows} of 1,000,000, {}, {}: {page:.0} µs, its SQL alone {alone:.0} µs: \
             {times:.2} times (wanted ≤ {MOST}{})",
            question.query,
            place.name(),
            missed(times <= MOST)
        ))?;
    }
    Ok(())
}
