//! The outbound HTTP log's rows, written behind: a crash may swallow the last ones.

use jiff::Timestamp;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::write::{Draft, Mode, Origin, Stamp, insert};

use crate::{Store, records::insert_row, sql::Batch};

impl Store {
    /// Notes a call of another's API: elements of `sys_outbound_http_log` and their texts.
    pub fn note_outbound_call(&self, values: &[(&str, String)], now: Timestamp) {
        let dictionary = self.dictionary();
        let Some(table) = dictionary.table("sys_outbound_http_log") else {
            return;
        };
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let pairs = values.iter().map(|(element, text)| (*element, &**text));
        let draft = Draft::for_insert(&dictionary, table, pairs, mode);
        let stamp = Stamp {
            now,
            user_name: "system",
            user_sys_id: None,
        };
        let sys_id = self.ids.record(UnixMillis(now.as_millisecond()));
        let row = insert_row(&insert::prepare(draft, sys_id, &stamp));
        if self.backend.write_behind(Batch::one(row)).is_err() {
            tracing::warn!("an outbound call is not logged");
        }
    }
}
