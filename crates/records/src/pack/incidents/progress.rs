//! How far an incident has come: what its age and its urgency suggest.

use crate::pack::{
    chance::Chance,
    moment::{DAY, HOUR, MINUTE, Moment},
};

/// The state of an incident and when it got there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Progress {
    New,
    Underway,
    OnHold { reason: &'static str },
    Resolved { at: Moment },
    Closed { resolved: Moment, at: Moment },
    Canceled { at: Moment },
}

/// Resolved incidents are closed after so long (`glide.ui.autoclose.time`).
const AUTOCLOSE: i64 = 7 * DAY;

impl Progress {
    pub(super) fn decide(opened: Moment, now: Moment, priority: i64, chance: &mut Chance) -> Self {
        let age = now.since(opened);
        let resolved = opened.later(chance.between(20 * MINUTE, priority.max(1) * 16 * HOUR));
        let finished = match age {
            age if age > 14 * DAY => 97,
            age if age > 3 * DAY => 75,
            _ => 25,
        };
        if chance.percent(finished) && now.since(resolved) > 0 {
            return Self::finished(resolved, now, chance);
        }
        match chance.below(10) {
            0..6 if age < 4 * DAY => Self::New,
            8.. => Self::OnHold {
                reason: ["1", "3", "4", "5"][chance.below(4) % 4],
            },
            _ => Self::Underway,
        }
    }

    fn finished(resolved: Moment, now: Moment, chance: &mut Chance) -> Self {
        let closed = resolved.later(AUTOCLOSE);
        if chance.percent(3) {
            Self::Canceled { at: resolved }
        } else if now.since(closed) > 0 {
            Self::Closed {
                resolved,
                at: closed,
            }
        } else {
            Self::Resolved { at: resolved }
        }
    }

    /// Returns the value of `state` (`rest-and-records.md` §14.2).
    pub(super) fn state(self) -> &'static str {
        match self {
            Self::New => "1",
            Self::Underway => "2",
            Self::OnHold { .. } => "3",
            Self::Resolved { .. } => "6",
            Self::Closed { .. } => "7",
            Self::Canceled { .. } => "8",
        }
    }

    /// Returns when the record was last touched, if that is part of the story.
    pub(super) fn last_change(self) -> Option<Moment> {
        match self {
            Self::New | Self::Underway | Self::OnHold { .. } => None,
            Self::Resolved { at } | Self::Closed { at, .. } | Self::Canceled { at } => Some(at),
        }
    }

    /// Returns when it was resolved.
    pub(super) fn resolved(self) -> Option<Moment> {
        match self {
            Self::Resolved { at } | Self::Closed { resolved: at, .. } => Some(at),
            _ => None,
        }
    }
}
