//! The instance's clock: the one place that asks the machine for the time.

use jiff::Timestamp;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_store::Store;

/// Tells the time of this instance: the machine's, moved as the store's setting says.
#[derive(Debug, Clone)]
pub(crate) struct Clock(Store);

impl Clock {
    pub(crate) fn new(store: Store) -> Self {
        Self(store)
    }

    /// Returns the present moment as the protocol counts it.
    pub(crate) fn millis(&self) -> UnixMillis {
        self.0.clock().tell(machine())
    }

    /// Returns the present moment.
    pub(crate) fn now(&self) -> Timestamp {
        timestamp(self.millis())
    }
}

/// Returns the machine's time. Everything that expires or is dated asks the [`Clock`] instead.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub(crate) fn machine() -> UnixMillis {
    UnixMillis(Timestamp::now().as_millisecond())
}

/// Returns a moment as records are dated; out of range, it is held at the end.
pub(crate) fn timestamp(moment: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(moment.0).unwrap_or(if moment.0 < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
