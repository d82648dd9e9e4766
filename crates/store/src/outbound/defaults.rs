//! What comes with a new record of outbound calls, in the same batch (`outbound-oauth.md` §2.2).

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Dictionary,
    write::{Draft, Insert, Mode, Origin, Stamp, insert},
};

use crate::{ids::Ids, records::insert_row, sql::Batch};

/// Adds what a new record brings.
pub(crate) fn push_consequences(
    dictionary: &Dictionary,
    insert: &Insert,
    (ids, stamp): (&Ids, &Stamp<'_>),
    batch: &mut Batch,
) {
    let is_provider =
        insert.table.name() == "oauth_entity" && insert.value("type").as_text() == Some("consumer");
    if !is_provider {
        return;
    }
    let text = |element| insert.value(element).as_text().unwrap_or_default();
    let name = format!("{} default_profile", text("name"));
    let grant_type = Some(text("default_grant_type")).filter(|it| !it.is_empty());
    let provider = insert.sys_id.to_string();
    let values = [
        ("name", &*name),
        ("oauth_entity", &provider),
        ("grant_type", grant_type.unwrap_or("authorization_code")),
        ("default", "true"),
    ];
    let Some(table) = dictionary.table("oauth_entity_profile") else {
        return;
    };
    let mode = Mode {
        origin: Origin::System,
        ..Mode::default()
    };
    let draft = Draft::for_insert(dictionary, table, values, mode);
    let sys_id = ids.record(UnixMillis(stamp.now.as_millisecond()));
    batch.push(insert_row(&insert::prepare(draft, sys_id, stamp)));
}
