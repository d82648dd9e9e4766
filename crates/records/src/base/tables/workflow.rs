//! Workflows, flows and approvals as records (`rest-and-records.md` §17). Nothing here runs them; an approval is
//! what a person or a program writes into it.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        boolean, conditions, date_time, integer, journal_input, rare_reference, reference, string,
        table_name, typed,
    },
};

const APPROVAL: &[Choice] = &[
    ("not requested", "Not Yet Requested"),
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
    ("not_required", "No Longer Required"),
    ("duplicate", "Duplicate"),
];
const FLOW_TYPE: &[Choice] = &[("flow", "Flow"), ("subflow", "Subflow")];
const FLOW_STATUS: &[Choice] = &[("draft", "Draft"), ("published", "Published")];
const CONTEXT_STATE: &[Choice] = &[
    ("QUEUED", "Queued"),
    ("IN_PROGRESS", "In Progress"),
    ("WAITING", "Waiting"),
    ("COMPLETE", "Complete"),
    ("ERROR", "Error"),
    ("CANCELLED", "Cancelled"),
];
const WORKFLOW_STATE: &[Choice] = &[
    ("executing", "Executing"),
    ("finished", "Finished"),
    ("cancelled", "Cancelled"),
];

/// An activity of a workflow that is under way or over.
const EXECUTION: &[Column] = &[
    reference("context", "Context", "wf_context"),
    reference("activity", "Activity", "wf_activity"),
    string("state", "State", 40),
    string("result", "Result", 255),
    string("fault_description", "Fault description", 4000),
    date_time("started", "Started"),
    date_time("ended", "Ended"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sysapproval_approver", "Approval").columns(&[
        reference("approver", "Approver", "sys_user"),
        string("state", "State", 40)
            .default("not requested")
            .choices(APPROVAL),
        reference("sysapproval", "Approval for", "task"),
        rare_reference("group", "Assignment group", "sysapproval_group"),
        typed("document_id", "Approving", "document_id", 32),
        table_name("source_table", "Source table"),
        journal_input("comments", "Comments"),
        date_time("due_date", "Due date"),
        date_time("expected_start", "Expected start"),
        integer("order", "Order"),
        integer("iteration", "Iteration"),
    ]),
    Table::extending("sysapproval_group", "Group approval", "task")
        .numbered("GAPRV", 10_000)
        .columns(&[
            string("wait_for", "Wait for", 40),
            date_time("approval_due", "Approval due"),
        ]),
    Table::extending("wf_workflow", "Workflow", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        table_name("table", "Table"),
        string("description", "Description", 4000),
        boolean("template", "Template"),
        string("access", "Accessible from", 40).default("package_private"),
    ]),
    Table::extending("wf_workflow_version", "Workflow Version", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        reference("workflow", "Workflow", "wf_workflow"),
        table_name("table", "Table"),
        string("description", "Description", 4000),
        conditions("condition", "Condition"),
        boolean("active", "Active").default("true"),
        boolean("published", "Published"),
        rare_reference("checked_out_by", "Checked out by", "sys_user"),
        rare_reference("start", "Start activity", "wf_activity"),
        integer("order", "Order").default("100"),
    ]),
    Table::extending("wf_activity", "Workflow Activity", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        reference(
            "workflow_version",
            "Workflow version",
            "wf_workflow_version",
        ),
        string("activity_definition", "Activity definition", 32),
        rare_reference("parent", "Parent", "wf_activity"),
        string("stage", "Stage", 40),
        string("vars", "Variables", 4000),
        integer("x", "X"),
        integer("y", "Y"),
        integer("order", "Order"),
    ]),
    Table::root("wf_context", "Workflow context").columns(&[
        string("name", "Name", 100).display(),
        reference(
            "workflow_version",
            "Workflow version",
            "wf_workflow_version",
        ),
        table_name("table", "Table"),
        typed("id", "Related record", "document_id", 32).indexed(),
        string("state", "State", 40)
            .default("executing")
            .choices(WORKFLOW_STATE),
        date_time("started", "Started"),
        date_time("ended", "Ended"),
        rare_reference("started_by", "Started by", "sys_user"),
    ]),
    Table::root("wf_transition", "Workflow Transition").columns(&[
        reference("from", "From", "wf_activity"),
        reference("to", "To", "wf_activity"),
        string("condition", "Condition", 255),
        integer("order", "Order"),
    ]),
    Table::root("wf_executing", "Workflow Executing Activity").columns(EXECUTION),
    Table::root("wf_history", "Workflow Activity History").columns(EXECUTION),
    Table::extending("sys_hub_flow", "Flow", "sys_metadata").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("internal_name", "Internal name", 100),
        string("description", "Description", 4000),
        string("type", "Type", 40)
            .default("flow")
            .choices(FLOW_TYPE),
        string("status", "Status", 40)
            .default("draft")
            .choices(FLOW_STATUS),
        string("run_as", "Run as", 40).default("user"),
        string("access", "Accessible from", 40).default("public"),
        boolean("active", "Active"),
        string("trigger_type", "Trigger type", 40),
        string("category", "Category", 40),
    ]),
    Table::extending("sys_hub_action_instance", "Action Instance", "sys_metadata").columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("action_type", "Action type", 32),
        string("display_text", "Display text", 255).display(),
        string("comment", "Comment", 4000),
        integer("order", "Order"),
    ]),
    Table::extending(
        "sys_hub_trigger_instance",
        "Trigger Instance",
        "sys_metadata",
    )
    .columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("name", "Name", 100).display(),
        string("trigger_type", "Trigger type", 100),
        table_name("table", "Table"),
        conditions("condition", "Condition"),
    ]),
    Table::extending("sys_hub_flow_logic", "Flow Logic", "sys_metadata").columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("logic_definition", "Logic definition", 100),
        string("display_text", "Display text", 255).display(),
        integer("order", "Order"),
    ]),
    Table::extending("sys_hub_flow_variable", "Flow Variable", "sys_metadata").columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("name", "Name", 100).display(),
        string("type", "Type", 100),
        string("default_value", "Default value", 4000),
        boolean("mandatory", "Mandatory"),
    ]),
    Table::extending("sys_hub_flow_snapshot", "Flow Snapshot", "sys_metadata").columns(&[
        reference("parent_flow", "Parent flow", "sys_hub_flow"),
        string("name", "Name", 100).display(),
        string("version", "Version", 40),
        string("status", "Status", 40),
        boolean("active", "Active"),
    ]),
    Table::root("sys_flow_log", "Flow Log").columns(&[
        reference("context", "Context", "sys_flow_context"),
        string("action", "Action", 255),
        string("operation", "Operation", 255),
        string("level", "Level", 40),
        string("message", "Message", 4000),
        integer("order", "Order"),
    ]),
    Table::root("sys_flow_context", "Flow engine context").columns(&[
        string("name", "Name", 100).display(),
        reference("flow", "Flow", "sys_hub_flow"),
        string("state", "State", 40)
            .default("QUEUED")
            .choices(CONTEXT_STATE),
        table_name("source_table", "Source table"),
        typed("source_record", "Source record", "document_id", 32).indexed(),
        integer("run_time", "Run time"),
        string("error_message", "Error message", 4000),
    ]),
];
