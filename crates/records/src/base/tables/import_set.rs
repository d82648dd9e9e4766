//! Import sets: staging rows, and the maps that carry them on (`rest-and-records.md` §7).

use crate::base::spec::{
    Choice, Table,
    column::{NEXT_NUMBER, boolean, integer, reference, script, string, table_name},
};

const SET_STATE: &[Choice] = &[
    ("loading", "Loading"),
    ("loaded", "Loaded"),
    ("processed", "Processed"),
    ("cancelled", "Cancelled"),
];
const ROW_STATE: &[Choice] = &[
    ("pending", "Pending"),
    ("inserted", "Inserted"),
    ("updated", "Updated"),
    ("ignored", "Ignored"),
    ("error", "Error"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_import_set", "Import Set")
        .numbered("ISET", 10_000)
        .columns(&[
            string("number", "Set", 40)
                .default(NEXT_NUMBER)
                .indexed()
                .display(),
            table_name("table_name", "Table"),
            string("state", "State", 40)
                .default("loading")
                .choices(SET_STATE),
            string("short_description", "Short description", 255),
        ]),
    Table::root("sys_import_set_row", "Import Set Row")
        .extendable()
        .columns(&[
            reference("sys_import_set", "Set", "sys_import_set"),
            string("sys_import_state", "State", 40)
                .default("pending")
                .choices(ROW_STATE),
            string("sys_import_state_comment", "Comment", 4000),
            integer("sys_import_row", "Row"),
            table_name("sys_target_table", "Target table"),
            string("sys_target_sys_id", "Target record", 32),
            reference("sys_transform_map", "Transform map", "sys_transform_map"),
            string("sys_row_error", "Error", 1000),
        ]),
    Table::extending("imp_user", "User Import", "sys_import_set_row").columns(&[
        string("user_id", "User ID", 40),
        string("first_name", "First name", 100),
        string("last_name", "Last name", 100),
        string("email", "Email", 100),
        string("title", "Title", 100),
        string("phone", "Phone", 40),
        string("department", "Department", 100),
        string("location", "Location", 100),
    ]),
    Table::extending(
        "imp_notification",
        "Notification Import",
        "sys_import_set_row",
    )
    .columns(&[
        string("uuid", "UUID", 40),
        string("message", "Message", 4000),
    ]),
    Table::root("sys_transform_map", "Table Transform Map")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            table_name("source_table", "Source table").indexed(),
            table_name("target_table", "Target table"),
            boolean("active", "Active").default("true"),
            integer("order", "Order").default("100"),
            boolean("run_business_rules", "Run business rules").default("true"),
            boolean("copy_empty_fields", "Copy empty fields"),
            string("enforce_mandatory_fields", "Enforce mandatory fields", 40).default("no"),
            boolean("run_script", "Run script"),
            script("script", "Script"),
        ]),
    Table::root("sys_transform_entry", "Field Map")
        .audited()
        .columns(&[
            reference("map", "Map", "sys_transform_map").mandatory(),
            table_name("source_table", "Source table"),
            string("source_field", "Source field", 80),
            table_name("target_table", "Target table"),
            string("target_field", "Target field", 80),
            boolean("coalesce", "Coalesce"),
            string("choice_action", "Choice action", 40).default("ignore"),
            string("reference_value_field", "Referenced value field name", 80),
            boolean("use_source_script", "Use source script"),
            script("source_script", "Source script"),
        ]),
];
