//! Where an instance takes data and configuration from: data sources, their runs, and update sets of other instances.

use crate::base::spec::{
    Table,
    column::{boolean, date_time, integer, rare_reference, script, string, table_name},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_data_source", "Data Source").columns(&[
        string("name", "Name", 100).display(),
        string("type", "Type", 40).default("File"),
        string("format", "Format", 40),
        string("file_retrieval_method", "File retrieval method", 40),
        string("import_set_table_label", "Import set table label", 80),
        table_name("import_set_table_name", "Import set table name"),
        boolean("active", "Active").default("true"),
        date_time("last_run_time", "Last run"),
    ]),
    Table::root("sys_import_set_run", "Transform History").columns(&[
        rare_reference("set", "Import set", "sys_import_set"),
        rare_reference("sys_transform_map", "Transform map", "sys_transform_map"),
        string("state", "State", 40).display(),
        integer("total", "Total"),
        integer("inserts", "Inserts"),
        integer("updates", "Updates"),
        integer("ignored", "Ignored"),
        integer("skipped", "Skipped"),
        integer("errors", "Errors"),
        date_time("completed", "Completed"),
    ]),
    Table::root("sys_transform_script", "Transform Script").columns(&[
        rare_reference("map", "Map", "sys_transform_map"),
        string("when", "When", 40).default("onBefore").display(),
        script("script", "Script"),
        integer("order", "Order").default("100"),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("sys_remote_update_set", "Retrieved Update Set").columns(&[
        string("name", "Name", 80).display(),
        string("description", "Description", 4000),
        string("state", "State", 40).default("loaded"),
        string("remote_sys_id", "Remote sys ID", 32),
        rare_reference("update_set", "Update set", "sys_update_set"),
        rare_reference("application", "Application", "sys_scope"),
        date_time("commit_date", "Committed"),
    ]),
];
