//! The outbound HTTP log's rows, written behind: a crash may swallow the last ones.

use jiff::Timestamp;
use snowglobe_oauth::time::UnixMillis;

use crate::{Store, sql::Batch};

impl Store {
    /// Notes a call of another's API: elements of `sys_outbound_http_log` and their texts.
    pub fn note_outbound_call(&self, values: &[(&str, String)], now: Timestamp) {
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(element, text)| (*element, &**text))
            .collect();
        let now = UnixMillis(now.as_millisecond());
        let row = self.system_row("sys_outbound_http_log", &values, self.ids.record(now), now);
        let written = row.is_ok_and(|row| self.backend.write_behind(Batch::one(row)).is_ok());
        if !written {
            tracing::warn!("an outbound call is not logged");
        }
    }
}
