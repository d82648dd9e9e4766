//! `incident` and `incident_task` (`rest-and-records.md` §14.1, §14.2).

use super::task::LEVEL;
use crate::base::spec::{
    Choice, Column, Table,
    column::{date_time, integer, rare_reference, reference, string},
    table::{choices, dependent_choices},
};

const STATE: &[Choice] = &[
    ("1", "New"),
    ("2", "In Progress"),
    ("3", "On Hold"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("8", "Canceled"),
];
const HOLD_REASON: &[Choice] = &[
    ("1", "Awaiting Caller"),
    ("5", "Awaiting Change"),
    ("3", "Awaiting Problem"),
    ("4", "Awaiting Vendor"),
];
const CLOSE_CODE: &[Choice] = &[
    ("Duplicate", "Duplicate"),
    ("Known error", "Known error"),
    ("No resolution provided", "No resolution provided"),
    ("Resolved by caller", "Resolved by caller"),
    ("Resolved by change", "Resolved by change"),
    ("Resolved by problem", "Resolved by problem"),
    ("Resolved by request", "Resolved by request"),
    ("Solution provided", "Solution provided"),
    ("Workaround provided", "Workaround provided"),
    ("User error", "User error"),
    // The names of older releases, which clients still write.
    ("Solved (Permanently)", "Solved (Permanently)"),
    ("Solved (Work Around)", "Solved (Work Around)"),
    (
        "Solved Remotely (Permanently)",
        "Solved Remotely (Permanently)",
    ),
    (
        "Solved Remotely (Work Around)",
        "Solved Remotely (Work Around)",
    ),
    (
        "Not Solved (Not Reproducible)",
        "Not Solved (Not Reproducible)",
    ),
    ("Not Solved (Too Costly)", "Not Solved (Too Costly)"),
    ("Closed/Resolved by Caller", "Closed/Resolved by Caller"),
];
const SEVERITY: &[Choice] = LEVEL;
const NOTIFY: &[Choice] = &[("1", "Do Not Notify"), ("2", "Send Email"), ("3", "Phone")];
const CATEGORY: &[Choice] = &[
    ("inquiry", "Inquiry / Help"),
    ("software", "Software"),
    ("hardware", "Hardware"),
    ("network", "Network"),
    ("database", "Database"),
    ("password_reset", "Password Reset"),
];

const INCIDENT: &[Column] = &[
    reference("caller_id", "Caller", "sys_user"),
    string("category", "Category", 40)
        .default("inquiry")
        .choices(CATEGORY),
    string("subcategory", "Subcategory", 40).optional_choices(&[]),
    integer("incident_state", "Incident state")
        .default("1")
        .choices(STATE),
    integer("hold_reason", "On hold reason").optional_choices(HOLD_REASON),
    integer("severity", "Severity")
        .default("3")
        .choices(SEVERITY),
    integer("notify", "Notify").default("1").choices(NOTIFY),
    string("close_code", "Resolution code", 40).optional_choices(CLOSE_CODE),
    date_time("resolved_at", "Resolved"),
    rare_reference("resolved_by", "Resolved by", "sys_user"),
    date_time("reopened_time", "Last reopened at"),
    rare_reference("reopened_by", "Last reopened by", "sys_user"),
    integer("reopen_count", "Reopen count").default("0"),
    integer("child_incidents", "Child Incidents").default("0"),
    reference("parent_incident", "Parent Incident", "incident"),
    reference("problem_id", "Problem", "problem"),
    reference("rfc", "Change Request", "change_request"),
    rare_reference("caused_by", "Caused by Change", "change_request"),
    // Seconds.
    integer("business_stc", "Business resolve time"),
    integer("calendar_stc", "Resolve time"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("incident", "Incident", "task")
        .restating()
        .numbered("INC", 10_000)
        .columns(INCIDENT)
        // The lowest impact and urgency make the lowest priority (§14.2).
        .defaults(&[("priority", "5")])
        .choices(&[
            choices("state", STATE),
            dependent_choices(
                "subcategory",
                "inquiry",
                &[
                    ("antivirus", "Antivirus"),
                    ("email", "Email"),
                    ("internal application", "Internal Application"),
                ],
            ),
            dependent_choices("subcategory", "software", &[("os", "Operating System")]),
            dependent_choices(
                "subcategory",
                "hardware",
                &[
                    ("cpu", "CPU"),
                    ("disk", "Disk"),
                    ("keyboard", "Keyboard"),
                    ("memory", "Memory"),
                    ("monitor", "Monitor"),
                    ("mouse", "Mouse"),
                ],
            ),
            dependent_choices(
                "subcategory",
                "network",
                &[
                    ("dhcp", "DHCP"),
                    ("dns", "DNS"),
                    ("ip address", "IP Address"),
                    ("vpn", "VPN"),
                    ("wireless", "Wireless"),
                ],
            ),
            dependent_choices(
                "subcategory",
                "database",
                &[
                    ("db2", "DB2"),
                    ("oracle", "Oracle"),
                    ("sql server", "MS SQL Server"),
                ],
            ),
        ]),
    Table::extending("incident_task", "Incident Task", "task")
        .columns(&[reference("incident", "Incident", "incident")]),
];
