//! What the application navigator shows, as records (`rest-and-records.md` §11.1, §17). The console's own navigator is
//! not made of them.

use crate::base::spec::{
    Table,
    column::{boolean, integer, reference, string, table_name, typed},
};

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sys_app_category", "Menu Category", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        integer("default_order", "Default order"),
        string("style", "Style", 255),
    ]),
    Table::extending("sys_app_application", "Application Menu", "sys_metadata").columns(&[
        string("title", "Title", 80).display(),
        string("name", "Name", 80),
        string("description", "Description", 1000),
        string("hint", "Hint", 255),
        string("device_type", "Device type", 40).default("browser"),
        integer("order", "Order"),
        typed("roles", "Roles", "user_roles", 255),
        reference("category", "Category", "sys_app_category"),
        boolean("active", "Active").default("true"),
    ]),
    Table::extending("sys_app_module", "Module", "sys_metadata").columns(&[
        string("title", "Title", 80).display(),
        reference("application", "Application menu", "sys_app_application"),
        string("hint", "Hint", 255),
        integer("order", "Order"),
        typed("roles", "Roles", "user_roles", 255),
        boolean("active", "Active").default("true"),
        boolean("override_menu_roles", "Override application menu roles"),
        string("link_type", "Link type", 40).default("LIST"),
        string("query", "Arguments", 4000),
        string("window_name", "Window name", 100),
        table_name("name", "Table"),
        string("filter", "Filter", 4000),
        string("view_name", "View name", 80),
    ]),
];
