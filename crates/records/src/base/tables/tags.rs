//! Tags, and the options of dynamic filters (`rest-and-records.md` §3.2).

use crate::base::spec::{
    Table,
    column::{boolean, integer, reference, string, table_name, typed},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("label", "Tag").columns(&[
        string("name", "Name", 100).mandatory().display(),
        reference("owner", "Owner", "sys_user").default("javascript:gs.getUserID()"),
        string("viewable_by", "Viewable by", 40).default("me"),
        boolean("active", "Active").default("true"),
    ]),
    // One row for each record that has a tag.
    Table::root("label_entry", "Label Entry").columns(&[
        reference("label", "Label", "label").mandatory(),
        table_name("table", "Table"),
        typed("table_key", "Table key", "document_id", 32).indexed(),
        string("title", "Title", 255),
    ]),
    Table::extending(
        "sys_filter_option_dynamic",
        "Dynamic Filter Option",
        "sys_metadata",
    )
    .columns(&[
        string("label", "Label", 100).mandatory().display(),
        table_name("table", "Field type table"),
        string("referenced_table", "Reference table", 80),
        string("filter_script", "Script", 4000),
        integer("order", "Order"),
        boolean("active", "Active").default("true"),
        boolean("available_for_filter", "Available for filter").default("true"),
    ]),
];
