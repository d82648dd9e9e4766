//! `task`, the parent of all work (`rest-and-records.md` §14.1, §14.3), and its plain children.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        CALLER, DOMAIN, DOMAIN_PATH, NEXT_NUMBER, NOW, TAGS, boolean, date_time, duration, integer,
        journal_input, list, rare_reference, reference, string, typed,
    },
    table::choices,
};

pub(crate) const LEVEL: &[Choice] = &[("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low")];

const STATE: &[Choice] = &[
    ("-5", "Pending"),
    ("1", "Open"),
    ("2", "Work in Progress"),
    ("3", "Closed Complete"),
    ("4", "Closed Incomplete"),
    ("7", "Closed Skipped"),
];
const PRIORITY: &[Choice] = &[
    ("1", "1 - Critical"),
    ("2", "2 - High"),
    ("3", "3 - Moderate"),
    ("4", "4 - Low"),
    ("5", "5 - Planning"),
];
const ESCALATION: &[Choice] = &[
    ("0", "Normal"),
    ("1", "Moderate"),
    ("2", "High"),
    ("3", "Overdue"),
];
const APPROVAL: &[Choice] = &[
    ("not requested", "Not Yet Requested"),
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("not_required", "Not Required"),
    ("cancelled", "Cancelled"),
    ("duplicate", "Duplicate"),
];
const UPON_APPROVAL: &[Choice] = &[
    ("proceed", "Proceed to Next Task"),
    ("do_nothing", "Wait for a User to Close this task"),
];
const UPON_REJECT: &[Choice] = &[
    ("cancel", "Cancel all future Tasks"),
    ("goto", "Go to a previous Task"),
];
const CONTACT_TYPE: &[Choice] = &[
    ("chat", "Chat"),
    ("email", "Email"),
    ("monitoring", "Monitoring"),
    ("phone", "Phone"),
    ("self-service", "Self-service"),
    ("virtual_agent", "Virtual Agent"),
    ("walk-in", "Walk-in"),
];

const TASK: &[Column] = &[
    string("number", "Number", 40)
        .default(NEXT_NUMBER)
        .indexed()
        .display(),
    string("short_description", "Short description", 160),
    string("description", "Description", 4000),
    // No index: half of the rows have either value.
    boolean("active", "Active").default("true"),
    integer("state", "State")
        .default("1")
        .choices(STATE)
        .indexed(),
    integer("impact", "Impact").default("3").choices(LEVEL),
    integer("urgency", "Urgency").default("3").choices(LEVEL),
    integer("priority", "Priority")
        .default("4")
        .choices(PRIORITY),
    integer("escalation", "Escalation")
        .default("0")
        .choices(ESCALATION),
    string("approval", "Approval", 40)
        .default("not requested")
        .choices(APPROVAL),
    typed("approval_history", "Approval history", "journal", 4000),
    date_time("approval_set", "Approval set"),
    string("upon_approval", "Upon approval", 40)
        .default("proceed")
        .choices(UPON_APPROVAL),
    string("upon_reject", "Upon reject", 40)
        .default("cancel")
        .choices(UPON_REJECT),
    date_time("opened_at", "Opened").default(NOW).indexed(),
    reference("opened_by", "Opened by", "sys_user").default(CALLER),
    date_time("closed_at", "Closed"),
    rare_reference("closed_by", "Closed by", "sys_user"),
    string("close_notes", "Close notes", 4000),
    reference("assigned_to", "Assigned to", "sys_user"),
    reference("assignment_group", "Assignment group", "sys_user_group"),
    integer("reassignment_count", "Reassignment count").default("0"),
    list(
        "additional_assignee_list",
        "Additional assignee list",
        "sys_user",
    ),
    list("group_list", "Group list", "sys_user_group"),
    list("watch_list", "Watch list", "sys_user"),
    list("work_notes_list", "Work notes list", "sys_user"),
    journal_input("comments", "Additional comments"),
    journal_input("work_notes", "Work notes"),
    typed(
        "comments_and_work_notes",
        "Comments and Work notes",
        "journal_list",
        4000,
    ),
    reference("cmdb_ci", "Configuration item", "cmdb_ci"),
    reference("business_service", "Service", "cmdb_ci_service"),
    rare_reference("service_offering", "Service offering", "service_offering"),
    reference("company", "Company", "core_company"),
    rare_reference("location", "Location", "cmn_location"),
    rare_reference("contract", "Contract", "ast_contract"),
    reference("parent", "Parent", "task"),
    rare_reference("universal_request", "Universal Request", "task"),
    string("contact_type", "Contact type", 40).optional_choices(CONTACT_TYPE),
    string("correlation_id", "Correlation ID", 100).indexed(),
    string("correlation_display", "Correlation display", 100),
    date_time("activity_due", "Activity due"),
    typed("due_date", "Due date", "due_date", 40),
    date_time("expected_start", "Expected start"),
    date_time("follow_up", "Follow up"),
    date_time("work_start", "Actual start"),
    date_time("work_end", "Actual end"),
    typed("sla_due", "SLA due", "due_date", 40),
    boolean("made_sla", "Made SLA").default("true"),
    boolean("knowledge", "Knowledge"),
    duration("business_duration", "Business duration"),
    duration("calendar_duration", "Duration"),
    typed("time_worked", "Time worked", "timer", 40),
    integer("order", "Order"),
    integer("route_reason", "Transfer reason"),
    string("task_effective_number", "Effective number", 40),
    typed("user_input", "User input", "user_input", 4000),
    // Ids of rows whose tables this instance does not have.
    string("delivery_plan", "Delivery plan", 32),
    string("delivery_task", "Delivery task", 32),
    DOMAIN,
    DOMAIN_PATH,
    TAGS,
];

const CASE_STATE: &[Choice] = &[
    ("1", "New"),
    ("10", "Open"),
    ("18", "Awaiting Info"),
    ("6", "Resolved"),
    ("3", "Closed"),
    ("7", "Cancelled"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("task", "Task")
        .extendable()
        .audited()
        .numbered("TASK", 20_000)
        .columns(TASK),
    Table::extending("ticket", "Ticket", "task").numbered("TKT", 10_000),
    Table::extending("kb_submission", "KB Submission", "task").numbered("KBSUB", 10_000),
    Table::extending("change_phase", "Change Phase", "task").numbered("CPHASE", 10_000),
    Table::extending("vtb_task", "Private Task", "task").numbered("VTB", 10_000),
    Table::extending("sn_customerservice_case", "Case", "task")
        .numbered("CS", 1000)
        .columns(&[
            reference("account", "Account", "customer_account"),
            reference("contact", "Contact", "customer_contact"),
            string("category", "Category", 40),
        ])
        .choices(&[choices("state", CASE_STATE)]),
];
