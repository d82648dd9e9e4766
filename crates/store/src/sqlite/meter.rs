//! What a read may spend where it is asked for: some hundred microseconds of work, so that it keeps no other request
//! waiting for long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

/// Steps of SQLite's machine between two looks at the meter. A row of a walk takes some ten of them.
const LOOK_AFTER: i32 = 500;
/// How many looks are allowed.
const LOOKS: u32 = 12;
/// Nobody counts.
const UNLIMITED: u32 = u32::MAX;
/// Rows that have to come from a slow disk take longer than their steps say.
const LONGEST: Duration = Duration::from_millis(2);

/// Interrupts a read of its connection that spends more than it may.
#[derive(Debug)]
pub(super) struct Meter(Arc<AtomicU32>);

/// A read that has an allowance; the next one has none unless it starts one.
pub(super) struct Allowance<'m>(&'m Meter);

impl Meter {
    pub(super) fn of(connection: &mut Connection) -> rusqlite::Result<Self> {
        let left = Arc::new(AtomicU32::new(UNLIMITED));
        let seen = Arc::clone(&left);
        let mut since = Instant::now();
        let look = move || {
            let left = seen.load(Ordering::Relaxed);
            if left == UNLIMITED {
                return false;
            }
            if left == LOOKS {
                since = Instant::now();
            }
            seen.store(left.saturating_sub(1), Ordering::Relaxed);
            left == 0 || since.elapsed() > LONGEST
        };
        connection.progress_handler(LOOK_AFTER, Some(look))?;
        Ok(Self(left))
    }

    /// Starts an allowance.
    pub(super) fn start(&self) -> Allowance<'_> {
        self.0.store(LOOKS, Ordering::Relaxed);
        Allowance(self)
    }
}

impl Drop for Allowance<'_> {
    fn drop(&mut self) {
        self.0.0.store(UNLIMITED, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALK: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                        SELECT count(*) FROM n";

    fn walk(connection: &Connection, rows: i64) -> rusqlite::Result<i64> {
        connection.query_row(WALK, [rows], |row| row.get(0))
    }

    #[test]
    fn a_short_read_ends_and_a_long_one_is_interrupted_unless_it_has_all_time() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let meter = Meter::of(&mut connection).expect("a meter");
        for _ in 0..100 {
            let _allowance = meter.start();
            assert_eq!(walk(&connection, 20), Ok(20));
        }
        {
            let _allowance = meter.start();
            assert!(walk(&connection, 100_000).is_err());
        }
        assert_eq!(walk(&connection, 100_000), Ok(100_000));
    }
}
