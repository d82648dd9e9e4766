//! Events: those of the instance, those that monitoring reports, the alerts made of them, and mail
//! (`rest-and-records.md` §9.6, §17). Rows are kept as they are written; no queue works through them.

use crate::base::spec::{
    Choice, Table,
    column::{
        NEXT_NUMBER, boolean, conditions, date_time, integer, list, rare_reference, reference,
        string, table_name, typed,
    },
};

const SEVERITY: &[Choice] = &[
    ("0", "Clear"),
    ("1", "Critical"),
    ("2", "Major"),
    ("3", "Minor"),
    ("4", "Warning"),
    ("5", "Info"),
];
const EVENT_STATE: &[Choice] = &[
    ("Ready", "Ready"),
    ("Processed", "Processed"),
    ("Ignored", "Ignored"),
    ("Error", "Error"),
];
const ALERT_STATE: &[Choice] = &[
    ("Open", "Open"),
    ("Reopen", "Reopen"),
    ("Flapping", "Flapping"),
    ("Closed", "Closed"),
];
const QUEUE_STATE: &[Choice] = &[
    ("ready", "Ready"),
    ("processed", "Processed"),
    ("error", "Error"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("em_event", "Event").columns(&[
        string("source", "Source", 100),
        string("node", "Node", 255).indexed(),
        string("type", "Type", 100),
        string("resource", "Resource", 255),
        string("metric_name", "Metric name", 255),
        string("event_class", "Source instance", 100),
        string("message_key", "Message key", 1024).indexed(),
        integer("severity", "Severity").optional_choices(SEVERITY),
        string("description", "Description", 4000),
        string("additional_info", "Additional information", 65_000),
        string("ci_identifier", "CI identifier", 4000),
        date_time("time_of_event", "Time of event"),
        string("resolution_state", "Resolution state", 40),
        string("state", "State", 40)
            .default("Ready")
            .choices(EVENT_STATE),
        reference("alert", "Alert", "em_alert"),
    ]),
    Table::root("em_alert", "Alert")
        .numbered("Alert", 10_000)
        .columns(&[
            string("number", "Number", 40)
                .default(NEXT_NUMBER)
                .indexed()
                .display(),
            string("source", "Source", 100),
            string("node", "Node", 255),
            string("type", "Type", 100),
            string("resource", "Resource", 255),
            string("metric_name", "Metric name", 255),
            string("message_key", "Message key", 1024).indexed(),
            integer("severity", "Severity").optional_choices(SEVERITY),
            string("description", "Description", 4000),
            string("additional_info", "Additional information", 65_000),
            string("state", "State", 40)
                .default("Open")
                .choices(ALERT_STATE),
            boolean("acknowledged", "Acknowledged"),
            boolean("maintenance", "Maintenance"),
            rare_reference("cmdb_ci", "Configuration item", "cmdb_ci"),
            reference("incident", "Task", "task"),
            date_time("initial_remote_time", "Initial event time"),
            date_time("last_remote_time", "Last event time"),
        ]),
    Table::root("sysevent", "Event").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("parm1", "Parm1", 4000),
        string("parm2", "Parm2", 4000),
        table_name("table", "Table"),
        typed("instance", "Instance", "document_id", 32),
        string("queue", "Queue", 40),
        string("state", "State", 40)
            .default("ready")
            .choices(QUEUE_STATE),
        date_time("process_on", "Process on"),
        date_time("processed", "Processed"),
    ]),
    Table::extending("sysevent_email_action", "Notification", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        table_name("collection", "Table"),
        string("event_name", "Event name", 100),
        conditions("condition", "Conditions"),
        string("subject", "Subject", 255),
        typed("message_html", "Message HTML", "html", 65_000),
        boolean("active", "Active").default("true"),
        boolean("action_insert", "Inserted"),
        boolean("action_update", "Updated"),
        string("description", "Description", 4000),
        string("message_text", "Message text", 65_000),
        string("from", "From", 100),
        string("reply_to", "Reply to", 100),
        list("recipient_users", "Users", "sys_user"),
        list("recipient_groups", "Groups", "sys_user_group"),
        string("recipient_fields", "Users/Groups in fields", 1000),
        boolean("send_self", "Send to event creator"),
        boolean("include_attachments", "Include attachments"),
        string("category", "Category", 32),
        integer("weight", "Weight").default("0"),
        string("type", "Type", 40).default("email"),
        boolean("mandatory", "Mandatory"),
    ]),
    Table::root("sys_email", "Email").columns(&[
        string("type", "Type", 40),
        string("state", "State", 40),
        string("mailbox", "Mailbox", 40),
        string("subject", "Subject", 998).display(),
        string("recipients", "Recipients", 65_000),
        typed("body", "Body", "html", 65_000),
        table_name("target_table", "Target table"),
        typed("instance", "Target", "document_id", 32).indexed(),
        rare_reference("user_id", "User ID", "sys_user"),
        string("copied", "CC", 65_000),
        string("blind_copied", "BCC", 65_000),
        string("headers", "Headers", 65_000),
        string("importance", "Importance", 40),
        string("body_text", "Body text", 65_000),
        string("content_type", "Content type", 100),
        string("error_string", "Error string", 4000),
        string("uid", "UID", 100),
    ]),
    Table::root("sys_user_preference", "User Preference").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("value", "Value", 65_000),
        string("description", "Description", 1000),
        string("type", "Type", 40).default("string"),
        reference("user", "User", "sys_user"),
        boolean("system", "System"),
    ]),
    Table::root("ecc_queue", "Queue").columns(&[
        string("agent", "Agent", 100),
        string("topic", "Topic", 100),
        string("name", "Name", 1024).display(),
        string("queue", "Queue", 40),
        string("source", "Source", 255),
        string("state", "State", 40)
            .default("ready")
            .choices(QUEUE_STATE),
        string("error_string", "Error string", 4000),
        string("payload", "Payload", 65_000),
        date_time("processed", "Processed"),
    ]),
    Table::root("discovery_status", "Discovery Status").columns(&[
        string("number", "Number", 40).display(),
        string("state", "State", 40),
        string("description", "Description", 1000),
        rare_reference("dscheduler", "Schedule", "discovery_schedule"),
        string("source", "Source", 100),
        integer("started", "Started"),
        integer("completed", "Completed"),
    ]),
    Table::extending("discovery_schedule", "Discovery Schedule", "sysauto").columns(&[
        string("discover", "Discover", 40),
        string("comments", "Comments", 4000),
        integer("max_run", "Max run time"),
    ]),
    Table::root("discovery_log", "Discovery Log").columns(&[
        reference("status", "Status", "discovery_status"),
        string("level", "Level", 40),
        string("message", "Message", 4000),
        string("short_message", "Short message", 255).display(),
        string("source", "Source", 100),
        rare_reference("cmdb_ci", "CMDB CI", "cmdb_ci"),
    ]),
];
