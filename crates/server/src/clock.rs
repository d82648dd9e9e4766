//! The instance's clock: the one place that asks the machine for the time.

use jiff::Timestamp;

/// Tells the time of this instance.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock;

impl Clock {
    /// Returns the present moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub(crate) fn now(self) -> Timestamp {
        Timestamp::now()
    }
}
