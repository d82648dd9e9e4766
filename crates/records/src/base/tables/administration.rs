//! Smaller parts of an instance's administration that tools keep as records (`rest-and-records.md` §11.1, §17). Nothing
//! here acts on them: no script runs, no mail leaves, no MID server calls.

use crate::base::spec::{
    Choice, Table,
    column::{
        boolean, date_time, integer, password2, rare_reference, reference, script, string,
        table_name, typed,
    },
};

const MID_STATUS: &[Choice] = &[("Up", "Up"), ("Down", "Down"), ("Paused", "Paused")];
const ENCRYPTION: &[Choice] = &[("aes128", "AES 128"), ("aes256", "AES 256")];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sysevent_email_template", "Email Template", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        table_name("collection", "Table"),
        string("subject", "Subject", 255),
        typed("message_html", "Message HTML", "html", 65_000),
        string("message", "Message text", 65_000),
        string("sms_alternate", "SMS alternate", 4000),
    ]),
    Table::extending("sysevent_script_action", "Script Action", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("event_name", "Event name", 100).indexed(),
        script("script", "Script"),
        boolean("active", "Active").default("true"),
        string("description", "Description", 4000),
        integer("order", "Order").default("100"),
        script("condition_script", "Condition script"),
        boolean("synchronous", "Synchronous"),
    ]),
    Table::extending("sysevent_register", "Event Registration", "sys_metadata").columns(&[
        string("event_name", "Event name", 100).indexed().display(),
        table_name("table", "Table"),
        string("description", "Description", 4000),
        string("fired_by", "Fired by", 255),
        string("queue", "Queue", 40),
    ]),
    Table::extending("sys_extension_point", "Extension Point", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("api_name", "API Name", 200),
        string("description", "Description", 4000),
        script("example", "Example"),
        boolean("restrict_scope", "Restrict scope"),
    ]),
    Table::extending(
        "sys_encryption_context",
        "Encryption Context",
        "sys_metadata",
    )
    .columns(&[
        string("name", "Name", 100).display(),
        string("type", "Type", 40)
            .default("aes128")
            .choices(ENCRYPTION),
        string("algorithm", "Algorithm", 40),
        password2("encryption_key", "Encryption key"),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
    ]),
    Table::extending(
        "sys_properties_category",
        "System Property Category",
        "sys_metadata",
    )
    .columns(&[
        string("name", "Name", 100).indexed().display(),
        string("title", "Title", 1000),
    ]),
    Table::extending(
        "sys_properties_category_m2m",
        "Property of a Category",
        "sys_metadata",
    )
    .columns(&[
        reference("category", "Category", "sys_properties_category"),
        reference("property", "Property", "sys_properties"),
        integer("order", "Order").default("100"),
    ]),
    Table::extending("jdbc_connection", "JDBC Connection", "sys_connection").columns(&[
        string("connection_url", "Connection URL", 1024),
        string("database_name", "Database name", 255),
        string("jdbc_driver", "Format", 100),
        string("mid_selection", "MID selection", 40).default("auto_select"),
        boolean("use_mid", "Use MID server"),
        rare_reference("mid_server", "MID server", "ecc_agent"),
    ]),
    Table::root("ecc_agent", "MID Server").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("host_name", "Host name", 255),
        string("host_os_distribution", "Host OS distribution", 100),
        string("host_os_version", "Host OS version", 100),
        string("ip_address", "IP address", 100),
        string("status", "Status", 40)
            .default("Down")
            .choices(MID_STATUS),
        string("version", "Version", 100),
        string("type", "Type", 40),
        string("description", "Description", 4000),
        string("user_name", "Logged in user", 255),
        string("linux_user_name", "Linux user", 100),
        boolean("validated", "Validated"),
        date_time("started", "Started"),
        date_time("last_refreshed", "Last refreshed"),
    ]),
    Table::extending("sys_documentation", "Field Label", "sys_metadata").columns(&[
        table_name("name", "Table").mandatory().indexed(),
        string("element", "Element", 80).indexed(),
        string("label", "Label", 255).display(),
        string("plural", "Plural", 255),
        string("hint", "Hint", 255),
        string("help", "Help", 4000),
        string("language", "Language", 40).default("en"),
        string("url", "URL", 1024),
    ]),
    Table::extending("sys_choice_set", "Choice Set", "sys_metadata").columns(&[
        table_name("name", "Table").mandatory().indexed(),
        string("element", "Element", 80).mandatory().display(),
    ]),
    Table::root("sys_audit_relation", "Audit Relationship Change").columns(&[
        table_name("tablename", "Table name"),
        typed("documentkey", "Document key", "document_id", 32).indexed(),
        table_name("audit_tablename", "Audit table"),
        string("audit", "Audit", 32),
        string("relation", "Relation", 80),
    ]),
];
