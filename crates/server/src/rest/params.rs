//! The `sysparm_*` parameters of a REST call (`rest-and-records.md` §2.2).

use snowglobe_records::Table;
pub(crate) use snowglobe_records::parameters::{
    AggregateWords, BadParam, DisplayMode, Params, pairs,
};

use crate::pages::console::list_columns;

/// Chooses the fields of a view, where a view is asked for and no fields are (§2.2). Tables have one view here: that of
/// the console's lists, and the key, without which a client has nothing to go on with.
pub(super) fn choose_view(params: &mut Params<'_>, table: &Table) {
    if params.view.is_none() || params.fields.is_some() {
        return;
    }
    let columns = list_columns(table, None);
    let mut names: Vec<&str> = columns
        .iter()
        .map(|column| column.element.as_str())
        .collect();
    if !names.contains(&"sys_id") {
        names.push("sys_id");
    }
    params.fields = Some(names.join(",").into());
}
