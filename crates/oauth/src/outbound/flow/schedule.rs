//! When a flow that waits for a time begins.

use crate::time::UnixMillis;

/// A trigger that is a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The key of the trigger.
    pub sys_id: Box<str>,
    /// The key of the flow.
    pub flow: Box<str>,
    /// The flow's name.
    pub name: Box<str>,
    /// The first time; without one it is a period after the schedule was made.
    pub start: Option<UnixMillis>,
    /// Milliseconds between two times; `None`: there is only one.
    pub period: Option<i64>,
}

impl Schedule {
    /// Returns the first time that is not before now, if there is one. What was missed is not made up for.
    #[must_use]
    pub fn first(&self, now: UnixMillis) -> Option<UnixMillis> {
        match (self.start, self.period) {
            (Some(start), _) if start >= now => Some(start),
            (Some(start), Some(period)) => Some(step(start, period, now.0 - 1)),
            (None, Some(period)) => Some(UnixMillis(now.0.saturating_add(period))),
            (_, None) => None,
        }
    }

    /// Returns the time behind one that was due, if there is one: the next in the same steps that lies ahead. However many
    /// were slept through, the flow runs once for them.
    #[must_use]
    pub fn next(&self, due: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
        self.period
            .map(|period| step(due, period, now.0.max(due.0)))
    }

    /// Returns what tells a schedule from what it was before somebody changed it.
    #[must_use]
    pub fn spec(&self) -> String {
        format!(
            "{} {}",
            self.start.map_or(0, |it| it.0),
            self.period.unwrap_or(0)
        )
    }
}

/// The first time after `after`, in steps of a period from `from`.
fn step(from: UnixMillis, period: i64, after: i64) -> UnixMillis {
    let period = period.max(1);
    let steps = after
        .saturating_sub(from.0)
        .div_euclid(period)
        .saturating_add(1);
    UnixMillis(from.0.saturating_add(steps.saturating_mul(period)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(start: Option<i64>, period: Option<i64>) -> Schedule {
        Schedule {
            sys_id: "s".into(),
            flow: "f".into(),
            name: "n".into(),
            start: start.map(UnixMillis),
            period,
        }
    }

    #[test]
    fn the_first_time_is_never_in_the_past() {
        for (start, period, now, first) in [
            (Some(100), Some(10), 50, Some(100)),
            (Some(100), Some(10), 100, Some(100)),
            (Some(100), Some(10), 101, Some(110)),
            (Some(100), Some(10), 110, Some(110)),
            (None, Some(10), 50, Some(60)),
            (Some(100), None, 50, Some(100)),
            (Some(100), None, 101, None),
            (None, None, 50, None),
        ] {
            let found = schedule(start, period).first(UnixMillis(now));
            assert_eq!(found, first.map(UnixMillis), "{start:?} {period:?} {now}");
        }
    }

    #[test]
    fn what_was_slept_through_is_done_once() {
        let every_ten = schedule(Some(100), Some(10));
        let next = |due, now| every_ten.next(UnixMillis(due), UnixMillis(now));
        assert_eq!(next(100, 100), Some(UnixMillis(110)));
        assert_eq!(next(100, 109), Some(UnixMillis(110)));
        assert_eq!(next(100, 110), Some(UnixMillis(120)));
        assert_eq!(next(100, 1234), Some(UnixMillis(1240)));
        let once = schedule(Some(100), None);
        assert_eq!(once.next(UnixMillis(100), UnixMillis(100)), None);
    }
}
