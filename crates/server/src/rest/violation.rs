//! Refusals by a rate limit, as records (`rest-and-records.md` §12.1): `sys_rate_limit_violation`.

use std::sync::Arc;

use snowglobe_oauth::{api_access::RateRule, time::UnixMillis};
use snowglobe_records::{
    acl::{Permitted, Reason},
    write::{Draft, Mode, Origin, Stamp, insert},
};
use snowglobe_store::User;

use crate::app::App;

const TABLE: &str = "sys_rate_limit_violation";

/// Notes that a caller is refused. The refusal stands whether or not the note can be kept.
pub(super) async fn note(app: &App, rule: &RateRule, (method, path): (&str, &str), user: &User) {
    let dictionary = app.store.dictionary();
    let Some(table) = dictionary.table(TABLE).map(Arc::clone) else {
        return;
    };
    let limit = rule.per_hour.to_string();
    let fields = [
        ("rate_limit_rule", &*rule.sys_id),
        ("user", &user.account.sys_id),
        ("uri", path),
        ("http_method", method),
        ("rate_limit", &limit),
    ];
    let mode = Mode {
        origin: Origin::System,
        ..Mode::default()
    };
    let draft = Draft::for_insert(&dictionary, &table, fields, mode);
    let stamp = Stamp {
        now: app.clock.now(),
        user_name: "system",
        user_sys_id: None,
    };
    let new_id = app
        .store
        .ids()
        .record(UnixMillis(stamp.now.as_millisecond()));
    let row = insert::prepare(draft, new_id, &stamp);
    let row = Permitted::as_system(row, Reason::Consequence);
    if let Err(error) = app.store.insert(row, &stamp).await {
        tracing::warn!(error = %error, "a rate limit's refusal is not noted");
    }
}
