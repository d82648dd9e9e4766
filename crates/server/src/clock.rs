//! The instance's clock: the one place that asks the machine for the time.

use jiff::Timestamp;

/// Tells the time of this instance.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock;

impl Clock {
    /// Returns the present moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    #[expect(
        clippy::unused_self,
        reason = "an instance's clock is a thing of its own, and will move"
    )]
    pub(crate) fn now(self) -> Timestamp {
        Timestamp::now()
    }
}
