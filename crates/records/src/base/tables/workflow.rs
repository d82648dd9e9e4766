//! Workflows, flows and approvals as records (`rest-and-records.md` §17). Flows whose triggers and steps are written in
//! our own columns run; workflows are kept only, and an approval is what a person or a program writes into it.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        CALLER, boolean, conditions, date_time, integer, journal_input, rare_reference, reference,
        string, table_name, typed,
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
// A real action's type is the key of its definition; those are kept, and not run.
const ACTION_TYPE: &[Choice] = &[
    ("rest_step", "REST by alias"),
    ("rest_message", "REST message"),
    ("create_record", "Create record"),
    ("update_record", "Update record"),
];
const HTTP_METHOD: &[Choice] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
];
const ON_FAILURE: &[Choice] = &[("stop", "End the run"), ("continue", "Go on")];
const TRIGGER_TYPE: &[Choice] = &[
    ("record_create", "Created"),
    ("record_update", "Updated"),
    ("record_create_or_update", "Created or Updated"),
    // Our own.
    ("record_delete", "Deleted"),
    ("repeat", "Repeat"),
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("run_once", "Run Once"),
];
const STEP_STATE: &[Choice] = &[
    ("running", "Running"),
    ("waiting", "Waiting for the next attempt"),
    ("done", "Done"),
    ("failed", "Failed"),
];
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
        // Our own: the user whose rights the steps have.
        rare_reference("run_as_user", "Run with the rights of", "sys_user").default(CALLER),
        string("access", "Accessible from", 40).default("public"),
        boolean("active", "Active"),
        string("trigger_type", "Trigger type", 40),
        string("category", "Category", 40),
    ]),
    Table::extending("sys_hub_action_instance", "Action Instance", "sys_metadata").columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("action_type", "Action type", 32).choices(ACTION_TYPE),
        string("display_text", "Display text", 255).display(),
        string("comment", "Comment", 4000),
        integer("order", "Order").default("100"),
        // Our own from here on: a real instance keeps the inputs of an action in one compressed field.
        boolean("active", "Active").default("true"),
        string("name", "Name in later steps", 40),
        rare_reference("connection_alias", "Connection alias", "sys_alias"),
        string("http_method", "HTTP method", 40)
            .default("get")
            .choices(HTTP_METHOD),
        string("resource_path", "Resource path", 1024),
        string("headers", "Headers", 4000),
        string("request_body", "Request body", 8000),
        rare_reference(
            "rest_message_function",
            "HTTP method of a REST message",
            "sys_rest_message_fn",
        ),
        string("variables", "Variables", 4000),
        table_name("table", "Table"),
        string("record", "Record", 255),
        string("values", "Values", 8000),
        string("mappings", "Mappings of the answer", 4000),
        rare_reference("retry_policy", "Retry policy", "sys_retry_policy"),
        string("on_failure", "On failure", 40)
            .default("stop")
            .choices(ON_FAILURE),
    ]),
    Table::extending(
        "sys_hub_trigger_instance",
        "Trigger Instance",
        "sys_metadata",
    )
    .columns(&[
        reference("flow", "Flow", "sys_hub_flow"),
        string("name", "Name", 100).display(),
        string("trigger_type", "Trigger type", 100).choices(TRIGGER_TYPE),
        table_name("table", "Table"),
        conditions("condition", "Condition"),
        date_time("run_start", "First time"),
        // Seconds.
        integer("run_period", "Repeat every (seconds)"),
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
        // Milliseconds.
        integer("run_time", "Run time"),
        string("error_message", "Error message", 4000),
        // Our own from here on.
        string("operation", "Operation", 40),
        string("reason", "Reason", 80),
        date_time("next_attempt", "Next attempt"),
        integer("depth", "Flows behind it").default("0"),
    ]),
    Table::root("sys_flow_context_step", "Flow Step Execution").columns(&[
        reference("context", "Context", "sys_flow_context"),
        rare_reference("step", "Step", "sys_hub_action_instance"),
        string("name", "Name", 100).display(),
        integer("order", "Order"),
        string("state", "State", 40).choices(STEP_STATE),
        integer("attempts", "Attempts"),
        // A code of `docs/reasons.md`.
        string("reason", "Reason", 80),
        string("detail", "Detail", 4000),
        integer("response_status", "Response status"),
        // What later steps know of it, as JSON.
        string("output", "Output", 65_000),
    ]),
];
