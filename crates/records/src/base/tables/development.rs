//! What developers write and move between instances: scripts, policies and actions of forms, and update sets
//! (`rest-and-records.md` §16.6, §17). Clients read, write and search them as records. No script is run here.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        boolean, conditions, date_time, integer, rare_reference, reference, script, string,
        table_name, typed,
    },
};

const ACCESS: &[Choice] = &[
    ("public", "All application scopes"),
    ("package_private", "This application scope only"),
];
const UI_TYPE: &[Choice] = &[
    ("0", "Desktop"),
    ("1", "Mobile / Service Portal"),
    ("10", "All"),
];
const CLIENT_SCRIPT_TYPE: &[Choice] = &[
    ("onChange", "onChange"),
    ("onLoad", "onLoad"),
    ("onSubmit", "onSubmit"),
    ("onCellEdit", "onCellEdit"),
];
const LEAVE_ALONE: &[Choice] = &[
    ("ignore", "Leave alone"),
    ("true", "True"),
    ("false", "False"),
];
const UPDATE_SET_STATE: &[Choice] = &[
    ("in progress", "In progress"),
    ("complete", "Complete"),
    ("ignore", "Ignore"),
];
const UPDATE_ACTION: &[Choice] = &[
    ("INSERT_OR_UPDATE", "Insert or update"),
    ("DELETE", "Delete"),
];
const SCHEDULE: &[Choice] = &[
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("monthly", "Monthly"),
    ("periodically", "Periodically"),
    ("once", "Once"),
    ("on_demand", "On Demand"),
];

const UI_ACTION: &[Column] = &[
    string("name", "Name", 100).mandatory().display(),
    string("action_name", "Action name", 40),
    table_name("table", "Table").default("global").indexed(),
    conditions("condition", "Condition"),
    source("script", "Script"),
    string("onclick", "Onclick", 255),
    string("hint", "Hint", 255),
    string("comments", "Comments", 4000),
    boolean("active", "Active").default("true"),
    boolean("client", "Client"),
    boolean("form_button", "Form button"),
    boolean("form_context_menu", "Form context menu"),
    boolean("form_link", "Form link"),
    boolean("list_button", "List bottom button"),
    boolean("list_choice", "List choice"),
    boolean("list_context_menu", "List context menu"),
    boolean("list_link", "List link"),
    boolean("show_insert", "Show insert").default("true"),
    boolean("show_update", "Show update").default("true"),
    integer("order", "Order").default("100"),
    boolean("form_button_v2", "Workspace form button"),
    boolean("form_menu_button_v2", "Workspace form menu"),
    boolean("list_action", "List action"),
    boolean("list_banner_button", "List banner button"),
    boolean("show_query", "Show query"),
    boolean("show_multiple_update", "Show multiple update"),
];
const UI_POLICY: &[Column] = &[
    string("short_description", "Short description", 100).display(),
    string("description", "Description", 4000),
    table_name("table", "Table").indexed(),
    conditions("conditions", "Conditions"),
    boolean("active", "Active").default("true"),
    boolean("global", "Global").default("true"),
    boolean("on_load", "On load").default("true"),
    boolean("reverse_if_false", "Reverse if false").default("true"),
    boolean("inherit", "Inherit"),
    boolean("run_scripts", "Run scripts"),
    source("script_true", "Execute if true"),
    source("script_false", "Execute if false"),
    integer("ui_type", "Run scripts in UI type").choices(UI_TYPE),
    integer("order", "Order").default("100"),
    string("view", "View", 80),
];
const UPDATE_SET: &[Column] = &[
    string("name", "Name", 80).mandatory().indexed().display(),
    string("description", "Description", 4000),
    string("state", "State", 40)
        .default("in progress")
        .choices(UPDATE_SET_STATE),
    rare_reference("application", "Application", "sys_scope").default("global"),
    rare_reference("parent", "Parent", "sys_update_set"),
    rare_reference("merged_to", "Merged to", "sys_update_set"),
    boolean("is_default", "Default set"),
    date_time("release_date", "Release date"),
    date_time("install_date", "Installed on"),
    date_time("completed_on", "Completed on"),
    string("completed_by", "Completed by", 40),
    string("installed_from", "Installed from", 40),
    string("origin_sys_id", "Origin sys ID", 32),
    string("remote_sys_id", "Remote sys ID", 32),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sys_script_include", "Script Include", "sys_metadata").columns(&[
        string("name", "Name", 100).mandatory().indexed().display(),
        string("api_name", "API Name", 200).indexed(),
        source("script", "Script"),
        string("description", "Description", 4000),
        string("access", "Accessible from", 40)
            .default("package_private")
            .choices(ACCESS),
        boolean("active", "Active").default("true"),
        boolean("client_callable", "Glide AJAX enabled"),
        boolean("mobile_callable", "Mobile callable"),
        boolean("sandbox_callable", "Sandbox enabled"),
    ]),
    Table::extending("sys_script_client", "Client Script", "sys_metadata")
        .extendable()
        .columns(&[
            string("name", "Name", 100).display(),
            table_name("table", "Table").indexed(),
            string("type", "Type", 40).optional_choices(CLIENT_SCRIPT_TYPE),
            string("field", "Field name", 80),
            source("script", "Script"),
            string("description", "Description", 4000),
            integer("ui_type", "UI Type").choices(UI_TYPE),
            integer("order", "Order"),
            boolean("active", "Active").default("true"),
            boolean("global", "Global").default("true"),
            boolean("applies_extended", "Inherited"),
            boolean("isolate_script", "Isolate script").default("true"),
            string("condition", "Condition", 254),
            string("messages", "Messages", 4000),
            string("view", "View", 80),
        ]),
    Table::extending("sys_ui_policy", "UI Policy", "sys_metadata")
        .extendable()
        .columns(UI_POLICY),
    Table::extending("sys_ui_policy_action", "UI Policy Action", "sys_metadata").columns(&[
        reference("ui_policy", "UI policy", "sys_ui_policy"),
        table_name("table", "Table"),
        string("field", "Field name", 80).display(),
        effect("mandatory", "Mandatory"),
        effect("visible", "Visible"),
        effect("disabled", "Read only"),
        boolean("cleared", "Clear the field value"),
    ]),
    Table::extending("sys_ui_action", "UI Action", "sys_metadata").columns(UI_ACTION),
    Table::extending("sys_ui_script", "UI Script", "sys_metadata").columns(&[
        string("name", "API Name", 200).display(),
        string("script_name", "Script Name", 100),
        source("script", "Script"),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
        boolean("global", "Global"),
        integer("ui_type", "UI Type").choices(UI_TYPE),
    ]),
    Table::extending("sys_ui_page", "UI Page", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("category", "Category", 40).default("general"),
        string("description", "Description", 4000),
        source("html", "HTML"),
        source("client_script", "Client script"),
        source("processing_script", "Processing script"),
        boolean("direct", "Direct"),
        string("endpoint", "Endpoint", 255),
    ]),
    Table::extending("sp_widget", "Widget", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("id", "ID", 100).indexed(),
        source("template", "Body HTML template"),
        source("css", "CSS"),
        source("script", "Server script"),
        source("client_script", "Client controller"),
        source("link", "Link"),
        source("option_schema", "Option schema"),
        string("description", "Description", 4000),
        boolean("public", "Public"),
        typed("roles", "Roles", "user_roles", 255),
        source("demo_data", "Demo data"),
        boolean("has_preview", "Has preview"),
        table_name("data_table", "Data table"),
        string("controller_as", "controllerAs", 40).default("c"),
    ]),
    Table::extending("sysauto", "Schedule Item", "sys_metadata")
        .extendable()
        .columns(&[
            string("name", "Name", 100).display(),
            string("run_type", "Run", 40)
                .default("daily")
                .choices(SCHEDULE),
            typed("run_time", "Time", "glide_time", 40),
            typed("run_period", "Repeat interval", "glide_duration", 40),
            date_time("run_start", "Starting"),
            integer("run_dayofweek", "Day of week"),
            integer("run_dayofmonth", "Day of month"),
            rare_reference("run_as", "Run as", "sys_user"),
            boolean("active", "Active").default("true"),
            boolean("conditional", "Conditional"),
            script("condition", "Condition"),
        ]),
    Table::extending("sysauto_script", "Scheduled Script Execution", "sysauto")
        .columns(&[source("script", "Run this script")]),
    Table::extending("sys_app", "Custom Application", "sys_scope")
        .extendable()
        .columns(APPLICATION),
    Table::extending("sys_store_app", "Store Application", "sys_scope")
        .extendable()
        .columns(APPLICATION),
    Table::extending("sys_plugins", "System Plugin", "sys_package").columns(&[
        string("parent", "Parent", 100),
        string("description", "Description", 4000),
    ]),
    Table::extending("sys_script_fix", "Fix Script", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        source("script", "Script"),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("sys_update_version", "Update Version").columns(&[
        string("name", "Name", 255).indexed().display(),
        string("record_name", "Record name", 255),
        string("type", "Type", 80),
        string("action", "Action", 40)
            .default("INSERT_OR_UPDATE")
            .choices(UPDATE_ACTION),
        string("state", "State", 40).default("current"),
        source("payload", "Payload"),
        rare_reference("application", "Application", "sys_scope").default("global"),
        table_name("source_table", "Source table"),
        string("source", "Source", 255),
        string("sys_recorded_at", "Recorded at", 40),
    ]),
    Table::root("sys_update_set", "Update Set").columns(UPDATE_SET),
    Table::root("sys_update_xml", "Customer Update").columns(&[
        string("name", "Name", 255).indexed().display(),
        string("action", "Action", 40)
            .default("INSERT_OR_UPDATE")
            .choices(UPDATE_ACTION),
        string("type", "Type", 80),
        string("target_name", "Target name", 255),
        string("category", "Category", 40).default("customer"),
        table_name("table", "Table"),
        string("view", "View", 80),
        source("payload", "Payload"),
        string("comments", "Comments", 255),
        reference("update_set", "Update set", "sys_update_set"),
        rare_reference("application", "Application", "sys_scope").default("global"),
        string("sys_recorded_at", "Recorded at", 40),
        boolean("replace_on_upgrade", "Replace on upgrade"),
    ]),
];

const APPLICATION: &[Column] = &[
    string("short_description", "Short description", 4000),
    string("vendor", "Vendor", 100),
    string("vendor_prefix", "Vendor prefix", 40),
];

/// Program text of any length that somebody writes.
const fn source(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "script", 1_000_000)
}

/// What a policy makes of a field.
const fn effect(element: &'static str, label: &'static str) -> Column {
    string(element, label, 40)
        .default("ignore")
        .choices(LEAVE_ALONE)
}
