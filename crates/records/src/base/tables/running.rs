//! What a real instance runs, watches and measures: clients look here for what is going on. Nothing here is filled by
//! the instance, for there is no such engine.

use crate::base::spec::{
    Table,
    column::{boolean, date_time, integer, rare_reference, script, string, table_name, typed},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_trigger", "Schedule").columns(&[
        string("name", "Name", 255).display(),
        integer("state", "State"),
        integer("trigger_type", "Trigger type"),
        date_time("next_action", "Next action"),
        string("job_id", "Job ID", 32),
        string("document", "Document", 80),
        typed("document_key", "Document key", "document_id", 32),
        string("system_id", "System ID", 255),
        string("claimed_by", "Claimed by", 255),
        script("script", "Job context"),
    ]),
    Table::root("syslog_transaction", "Transaction Log").columns(&[
        string("url", "URL", 1024).display(),
        string("type", "Type", 40),
        string("remote_ip", "IP address", 100),
        string("session", "Session", 40),
        integer("status_code", "Status code"),
        // Milliseconds, both.
        integer("response_time", "Response time"),
        integer("sql_time", "SQL time"),
        string("system_id", "System ID", 255),
    ]),
    Table::root("sys_execution_tracker", "Execution Tracker").columns(&[
        string("name", "Name", 255).display(),
        string("state", "State", 40),
        string("message", "Message", 4000),
        string("detail_message", "Detail message", 4000),
        integer("percent_complete", "Percent complete"),
        string("result", "Result", 4000),
        table_name("source_table", "Source table"),
        string("source", "Source", 32),
        date_time("start_time", "Start time"),
        date_time("completion_time", "Completion time"),
    ]),
    Table::root("cmdb_identifier", "CI Identifier").columns(&[
        string("name", "Name", 100).display(),
        table_name("applies_to", "Applies to"),
        string("description", "Description", 4000),
        boolean("independent", "Independent").default("true"),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("cmdb_identifier_entry", "CI Identifier Entry").columns(&[
        rare_reference("identifier", "Identifier", "cmdb_identifier"),
        table_name("table", "Search on table"),
        string("attributes", "Criterion attributes", 1000).display(),
        integer("order", "Priority").default("100"),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("sys_atf_test", "Test").columns(&[
        string("name", "Name", 100).display(),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
    ]),
];
