//! Models of changes, templates of standard changes, and what a change touches
//! (`rest-and-records.md` §9.6; ServiceNow's documentation, "Change Management API").

use crate::base::spec::{
    Choice, Table,
    column::{
        DOMAIN, DOMAIN_PATH, TAGS, boolean, conditions, date_time, integer, rare_reference,
        reference, string, table_name, typed,
    },
};

const CONFLICT: &[Choice] = &[
    ("ci_already_scheduled", "CI Already Scheduled"),
    ("not_in_maintenance_window", "Not In Maintenance Window"),
    ("blackout", "Blackout"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("chg_model", "Change Model", "sys_metadata").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
        boolean("available_in_ui", "Available in UI").default("true"),
        boolean("default_change_model", "Default change model"),
        string("color", "Color", 40),
        table_name("table_name", "Table name").default("change_request"),
        string("state_field", "State field", 80).default("state"),
        typed("record_preset", "Record preset", "template_value", 4000),
        DOMAIN,
        DOMAIN_PATH,
        TAGS,
    ]),
    // A model and a type are named alike, so a change finds its model by its type.
    Table::extending(
        "std_change_producer_version",
        "Standard Change Template Version",
        "sys_metadata",
    )
    .columns(&[
        string("name", "Name", 100).indexed().display(),
        reference(
            "std_change_producer",
            "Standard Change Template",
            "std_change_record_producer",
        ),
        integer("version", "Version").default("1"),
        boolean("active", "Active").default("true"),
        integer("change_count", "Change count").default("0"),
    ]),
    Table::extending(
        "std_change_record_producer",
        "Standard Change Template",
        "sc_cat_item_producer",
    )
    .columns(&[
        typed("template", "Change Request values", "template_value", 4000),
        rare_reference(
            "current_version",
            "Current version",
            "std_change_producer_version",
        ),
        boolean("retired", "Retired"),
    ]),
    Table::root("conflict", "Conflict").columns(&[
        reference("change", "Change", "change_request"),
        string("type", "Type", 40).choices(CONFLICT),
        reference("configuration_item", "Affected CI", "cmdb_ci"),
        rare_reference("conflicting_change", "Conflicting change", "change_request"),
        rare_reference("schedule", "Schedule", "cmn_schedule"),
        date_time("last_checked", "Last checked"),
    ]),
    Table::root("task_cmdb_ci_service", "Impacted Services/CIs").columns(&[
        reference("task", "Task", "task"),
        reference("cmdb_ci_service", "Service", "cmdb_ci_service"),
        boolean("manually_added", "Manually added"),
    ]),
    Table::root("task_service_offering", "Impacted Service Offering").columns(&[
        reference("task", "Task", "task"),
        reference("service_offering", "Service offering", "service_offering"),
        boolean("manually_added", "Manually added"),
    ]),
    Table::extending("sysrule_assignment", "Assignment Rule", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        table_name("table", "Table").indexed(),
        boolean("active", "Active").default("true"),
        integer("order", "Order").default("100"),
        string("description", "Description", 4000),
        conditions("condition", "Conditions"),
        string("match_conditions", "Match", 40).default("ALL"),
        rare_reference("group", "Group", "sys_user_group"),
        rare_reference("user", "User", "sys_user"),
        typed("script", "Script", "script", 8000),
    ]),
    Table::extending("dl_definition", "Data Lookup Definition", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        table_name("source_table", "Source table"),
        table_name("matcher_table", "Matcher table"),
        boolean("active", "Active").default("true"),
        boolean("run_on_insert", "Run on insert").default("true"),
        boolean("run_on_update", "Run on update").default("true"),
        boolean("run_on_form_change", "Run on form change").default("true"),
    ]),
];
