//! `sys_alias.id` is `<scope>.<name>`; in the global scope, which is the only one here, the name alone
//! (`outbound-oauth.md` §4.3).

use super::Row;

pub(super) fn compute(row: &mut Row<'_>) {
    if row.is_new() || row.moves("name") {
        let name = row.value("name").as_text().map(str::to_owned);
        row.set("id", name.map_or(crate::Value::Null, crate::Value::from));
    }
}
