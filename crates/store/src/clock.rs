//! How far an instance's time is from the machine's: kept as a fact, heard by every node on the database.
//!
//! Only development instances move their clock. Without [`Options::movable_clock`](crate::Options) the fact is
//! not looked at, so a database that was developed on tells the true time in production.

use std::sync::atomic::{AtomicI64, Ordering};

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::Value;
use tokio::sync::Notify;

use crate::{
    Store, Topic,
    backend::{ApplyError, Backend, StoreError},
    commit::Commit,
    open::read_fact,
    sql::{Batch, Statement},
};

/// What an instance's clock does with the machine's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockSetting {
    /// It runs this many milliseconds ahead; behind, when negative.
    Ahead(i64),
    /// It stands still at this moment.
    Frozen(UnixMillis),
}

impl ClockSetting {
    /// The machine's time as it is.
    pub const TRUE: Self = Self::Ahead(0);

    /// Returns the instance's time when the machine's is this.
    #[must_use]
    pub fn tell(self, machine: UnixMillis) -> UnixMillis {
        match self {
            Self::Ahead(ahead) => UnixMillis(machine.0.saturating_add(ahead)),
            Self::Frozen(at) => at,
        }
    }

    fn render(self) -> String {
        match self {
            Self::Ahead(ahead) => format!("ahead {ahead}"),
            Self::Frozen(at) => format!("frozen {}", at.0),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (kind, millis) = text.split_once(' ')?;
        let millis = millis.parse().ok()?;
        match kind {
            "ahead" => Some(Self::Ahead(millis)),
            "frozen" => Some(Self::Frozen(UnixMillis(millis))),
            _ => None,
        }
    }

    /// In one number, so that a reader never sees half a change: the lowest bit says which of the two it is.
    fn pack(self) -> i64 {
        match self {
            Self::Ahead(ahead) => ahead << 1,
            Self::Frozen(at) => at.0 << 1 | 1,
        }
    }

    fn unpack(bits: i64) -> Self {
        let millis = bits >> 1;
        if bits & 1 == 0 {
            Self::Ahead(millis)
        } else {
            Self::Frozen(UnixMillis(millis))
        }
    }
}

/// The setting in force, read by every request without a lock.
#[derive(Debug)]
pub(crate) struct Shift {
    bits: AtomicI64,
    movable: bool,
    moved: Notify,
}

impl Shift {
    /// Takes up the setting that the database keeps.
    pub(crate) async fn open(backend: &Backend, movable: bool) -> Result<Self, StoreError> {
        let shift = Self {
            bits: AtomicI64::new(ClockSetting::TRUE.pack()),
            movable,
            moved: Notify::new(),
        };
        shift.follow(backend).await?;
        Ok(shift)
    }

    pub(crate) fn setting(&self) -> ClockSetting {
        ClockSetting::unpack(self.bits.load(Ordering::Relaxed))
    }

    /// Reads the setting again.
    pub(crate) async fn follow(&self, backend: &Backend) -> Result<(), StoreError> {
        if !self.movable {
            return Ok(());
        }
        let kept = read_fact(backend, FACT).await?;
        let setting = kept.as_deref().and_then(ClockSetting::parse);
        let setting = setting.unwrap_or(ClockSetting::TRUE);
        let before = self.bits.swap(setting.pack(), Ordering::Relaxed);
        if before != setting.pack() {
            self.moved.notify_one();
        }
        Ok(())
    }
}

/// The fact's key.
const FACT: &str = "clock";

impl Store {
    /// Returns what the clock does with the machine's time.
    #[must_use]
    pub fn clock(&self) -> ClockSetting {
        self.shift.setting()
    }

    /// Moves the clock of every node, if it is still set as it was seen.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another move was faster; otherwise as the database fails.
    pub async fn move_clock(&self, seen: ClockSetting, to: ClockSetting) -> Result<(), ApplyError> {
        let statement = Statement::new(
            "INSERT INTO sg_meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE sg_meta.value = $3",
            [
                Value::text(FACT),
                Value::text(&to.render()),
                Value::text(&seen.render()),
            ],
        );
        let mut batch = Batch::default();
        batch.push_guarded(statement);
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Clock);
        self.commit(commit).await
    }

    /// Waits until the clock was moved, here or by another node.
    pub async fn clock_moved(&self) {
        self.shift.moved.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_kept_and_shared_whole() {
        for setting in [
            ClockSetting::TRUE,
            ClockSetting::Ahead(1_860_000),
            ClockSetting::Ahead(-1),
            ClockSetting::Frozen(UnixMillis(1_800_000_000_001)),
            ClockSetting::Frozen(UnixMillis(-7)),
        ] {
            assert_eq!(ClockSetting::parse(&setting.render()), Some(setting));
            assert_eq!(ClockSetting::unpack(setting.pack()), setting);
        }
        for text in ["", "ahead", "ahead x", "frozen", "sideways 1"] {
            assert_eq!(ClockSetting::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_frozen_clock_does_not_follow_the_machine() {
        let frozen = ClockSetting::Frozen(UnixMillis(5));
        assert_eq!(frozen.tell(UnixMillis(1)), UnixMillis(5));
        assert_eq!(ClockSetting::Ahead(3).tell(UnixMillis(1)), UnixMillis(4));
    }
}
