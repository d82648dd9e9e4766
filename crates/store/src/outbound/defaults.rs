//! What comes with a new record of outbound calls, in the same batch (`outbound-oauth.md` §2.2, §6.1).

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Dictionary,
    write::{Draft, Insert, Mode, Origin, Stamp, insert},
};

use crate::{ids::Ids, records::insert_row, sql::Batch};

/// Adds what a new record brings: a provider its default profile, without scopes; a REST message a GET function with its
/// values, which does not follow later changes.
pub(crate) fn push_consequences(
    dictionary: &Dictionary,
    new: &Insert,
    (ids, stamp): (&Ids, &Stamp<'_>),
    batch: &mut Batch,
) {
    let sys_id = new.sys_id.to_string();
    let text = |element| new.value(element).as_text().unwrap_or_default();
    let name = format!("{} default_profile", text("name"));
    let grant_type = Some(text("default_grant_type")).filter(|it| !it.is_empty());
    let (table, values) = match new.table.name().as_str() {
        "oauth_entity" if text("type") == "consumer" => (
            "oauth_entity_profile",
            vec![
                ("name", &*name),
                ("oauth_entity", &sys_id),
                ("grant_type", grant_type.unwrap_or("authorization_code")),
                ("default", "true"),
            ],
        ),
        "sys_rest_message" => (
            "sys_rest_message_fn",
            vec![
                ("rest_message", &*sys_id),
                ("function_name", "Default GET"),
                ("http_method", "get"),
                ("rest_endpoint", text("rest_endpoint")),
            ],
        ),
        _ => return,
    };
    let Some(table) = dictionary.table(table) else {
        return;
    };
    let mode = Mode {
        origin: Origin::System,
        ..Mode::default()
    };
    let draft = Draft::for_insert(dictionary, table, values, mode);
    let sys_id = ids.record(UnixMillis(stamp.now.as_millisecond()));
    batch.push(insert_row(insert::prepare(draft, sys_id, stamp)));
}
