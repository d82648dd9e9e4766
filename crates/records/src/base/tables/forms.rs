//! How lists and forms are laid out for views, and reports. The console has layouts of its own: these are for clients
//! that keep theirs here.

use crate::base::spec::{
    Table,
    column::{boolean, conditions, integer, rare_reference, string, table_name},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_ui_view", "View").columns(&[
        string("name", "Name", 80),
        string("title", "Title", 80).display(),
    ]),
    Table::root("sys_ui_list", "List").columns(&[
        table_name("name", "Table").display(),
        rare_reference("view", "View", "sys_ui_view"),
        string("parent", "Parent", 80),
        rare_reference("sys_user", "User", "sys_user"),
    ]),
    Table::root("sys_ui_list_element", "List Element").columns(&[
        rare_reference("list_id", "List", "sys_ui_list"),
        string("element", "Element", 80).display(),
        integer("position", "Position"),
    ]),
    Table::root("sys_report", "Report").columns(&[
        string("title", "Title", 255).display(),
        table_name("table", "Table"),
        string("type", "Type", 40).default("list"),
        string("field", "Field", 80),
        conditions("filter", "Filter"),
        string("aggregate", "Aggregation", 40).default("COUNT"),
        rare_reference("user", "User", "sys_user"),
        boolean("is_published", "Published"),
    ]),
];
