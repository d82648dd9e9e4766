//! `change_request` and `change_task` (`rest-and-records.md` §14.3).

use crate::base::spec::{
    Choice, Column, Table,
    column::{CALLER, boolean, date, date_time, integer, rare_reference, reference, string},
    table::choices,
};

const STATE: &[Choice] = &[
    ("-5", "New"),
    ("-4", "Assess"),
    ("-3", "Authorize"),
    ("-2", "Scheduled"),
    ("-1", "Implement"),
    ("0", "Review"),
    ("3", "Closed"),
    ("4", "Canceled"),
];
const TYPE: &[Choice] = &[
    ("standard", "Standard"),
    ("normal", "Normal"),
    ("emergency", "Emergency"),
];
const RISK: &[Choice] = &[("2", "High"), ("3", "Moderate"), ("4", "Low")];
const CATEGORY: &[Choice] = &[
    ("Hardware", "Hardware"),
    ("Software", "Software"),
    ("Service", "Service"),
    ("System Software", "System Software"),
    ("Applications Software", "Applications Software"),
    ("Network", "Network"),
    ("Telecom", "Telecom"),
    ("Documentation", "Documentation"),
    ("Other", "Other"),
];
const CLOSE_CODE: &[Choice] = &[
    ("successful", "Successful"),
    ("successful_issues", "Successful with issues"),
    ("unsuccessful", "Unsuccessful"),
];
const PHASE_STATE: &[Choice] = &[("open", "Open"), ("closed", "Closed")];
const TASK_STATE: &[Choice] = &[
    ("-5", "Pending"),
    ("1", "Open"),
    ("2", "In Progress"),
    ("3", "Closed"),
    ("4", "Canceled"),
];
const TASK_TYPE: &[Choice] = &[
    ("planning", "Planning"),
    ("implementation", "Implementation"),
    ("testing", "Testing"),
    ("review", "Review"),
];

const CHANGE_REQUEST: &[Column] = &[
    string("type", "Type", 40).default("normal").choices(TYPE),
    integer("risk", "Risk").default("4").choices(RISK),
    string("category", "Category", 40)
        .default("Other")
        .choices(CATEGORY),
    string("reason", "Reason", 4000),
    string("justification", "Justification", 4000),
    string("implementation_plan", "Implementation plan", 4000),
    string("risk_impact_analysis", "Risk and impact analysis", 4000),
    string("backout_plan", "Backout plan", 4000),
    string("test_plan", "Test plan", 4000),
    date_time("start_date", "Planned start date").indexed(),
    date_time("end_date", "Planned end date"),
    reference("requested_by", "Requested by", "sys_user").default(CALLER),
    date("requested_by_date", "Requested by date"),
    boolean("on_hold", "On hold"),
    string("on_hold_reason", "On hold reason", 4000),
    boolean("cab_required", "CAB required"),
    date_time("cab_date_time", "CAB date/time"),
    string("cab_recommendation", "CAB recommendation", 4000),
    boolean("production_system", "Production System"),
    boolean(
        "outside_maintenance_schedule",
        "Outside maintenance schedule",
    ),
    string("conflict_status", "Conflict status", 40).default("Not Run"),
    string("phase", "Phase", 40).default("requested"),
    string("phase_state", "Phase state", 40)
        .default("open")
        .choices(PHASE_STATE),
    string("close_code", "Close code", 40).optional_choices(CLOSE_CODE),
    string("review_comments", "Review comments", 4000),
    rare_reference("chg_model", "Model", "chg_model"),
    rare_reference(
        "std_change_producer_version",
        "Standard Change Template version",
        "std_change_producer_version",
    ),
    date_time("conflict_last_run", "Conflict last run"),
    boolean("unauthorized", "Unauthorized"),
    string("scope", "Scope", 40),
    string("risk_value", "Risk value", 40),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("change_request", "Change Request", "task")
        .restating()
        .extendable()
        .numbered("CHG", 30_000)
        .columns(CHANGE_REQUEST)
        .defaults(&[("state", "-5")])
        .choices(&[choices("state", STATE)]),
    Table::extending("change_task", "Change Task", "task")
        .numbered("CTASK", 10_000)
        .columns(&[
            reference("change_request", "Change request", "change_request"),
            string("change_task_type", "Type", 40)
                .default("implementation")
                .choices(TASK_TYPE),
            date_time("planned_start_date", "Planned start date"),
            date_time("planned_end_date", "Planned end date"),
            boolean("on_hold", "On hold"),
            string("on_hold_reason", "On hold reason", 4000),
            string("close_code", "Close code", 40).optional_choices(CLOSE_CODE),
        ])
        .choices(&[choices("state", TASK_STATE)]),
];
