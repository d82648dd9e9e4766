//! `problem` and `problem_task` (`rest-and-records.md` §14.3).

use crate::base::spec::{
    Choice, Column, Table,
    column::{boolean, date_time, integer, rare_reference, reference, string},
    table::choices,
};

const STATE: &[Choice] = &[
    ("101", "New"),
    ("102", "Assess"),
    ("103", "Root Cause Analysis"),
    ("104", "Fix in Progress"),
    ("106", "Resolved"),
    ("107", "Closed"),
];
const RESOLUTION_CODE: &[Choice] = &[
    ("fix_applied", "Fix Applied"),
    ("risk_accepted", "Risk Accepted"),
    ("duplicate", "Duplicate"),
    ("canceled", "Canceled"),
];
const TASK_STATE: &[Choice] = &[
    ("151", "New"),
    ("152", "Assess"),
    ("154", "Work in Progress"),
    ("157", "Closed"),
];
const TASK_TYPE: &[Choice] = &[("rca", "Root Cause Analysis"), ("general", "General")];

const PROBLEM: &[Column] = &[
    integer("problem_state", "Problem state")
        .default("101")
        .choices(STATE),
    string("category", "Category", 40).optional_choices(&[
        ("software", "Software"),
        ("hardware", "Hardware"),
        ("network", "Network"),
        ("database", "Database"),
    ]),
    string("subcategory", "Subcategory", 40),
    boolean("known_error", "Known error"),
    boolean("major_problem", "Major problem"),
    string("cause_notes", "Cause notes", 4000),
    string("fix_notes", "Fix notes", 4000),
    string("workaround", "Workaround", 4000),
    string("resolution_code", "Resolution code", 40).optional_choices(RESOLUTION_CODE),
    date_time("resolved_at", "Resolved"),
    rare_reference("resolved_by", "Resolved by", "sys_user"),
    date_time("confirmed_at", "Confirmed at"),
    rare_reference("confirmed_by", "Confirmed by", "sys_user"),
    rare_reference("first_reported_by_task", "First reported by", "task"),
    rare_reference("duplicate_of", "Duplicate of", "problem"),
    integer("related_incidents", "Related Incidents").default("0"),
    integer("reopen_count", "Reopen count").default("0"),
    reference("rfc", "Change request", "change_request"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("problem", "Problem", "task")
        .restating()
        .numbered("PRB", 40_000)
        .columns(PROBLEM)
        .defaults(&[("state", "101"), ("priority", "5")])
        .choices(&[choices("state", STATE)]),
    Table::extending("problem_task", "Problem Task", "task")
        .numbered("PTASK", 10_000)
        .columns(&[
            reference("problem", "Problem", "problem"),
            string("problem_task_type", "Problem task type", 40)
                .default("general")
                .choices(TASK_TYPE),
            string("close_code", "Close code", 40),
        ])
        .defaults(&[("state", "151")])
        .choices(&[choices("state", TASK_STATE)]),
];
