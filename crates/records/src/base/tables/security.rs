//! Access control rules (`rest-and-records.md` §16).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, conditions, reference, script, string},
};

const OPERATION: &[Choice] = &[
    ("create", "create"),
    ("read", "read"),
    ("write", "write"),
    ("delete", "delete"),
    ("execute", "execute"),
    ("query_match", "query_match"),
    ("query_range", "query_range"),
    (
        "conditional_table_query_range",
        "conditional_table_query_range",
    ),
];
const DECISION: &[Choice] = &[("allow", "Allow If"), ("deny", "Deny Unless")];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sys_security_acl", "Access Control", "sys_metadata").columns(&[
        // `incident`, `incident.number`, `incident.*`, `*.number`, `*` or `*.*`.
        string("name", "Name", 255).mandatory().indexed().display(),
        string("type", "Type", 40).default("record"),
        string("operation", "Operation", 40)
            .mandatory()
            .choices(OPERATION),
        string("decision_type", "Decision type", 40)
            .default("allow")
            .choices(DECISION),
        boolean("active", "Active").default("true"),
        boolean("admin_overrides", "Admin overrides").default("true"),
        boolean("advanced", "Advanced"),
        conditions("condition", "Data condition"),
        conditions("applies_to", "Applies to"),
        script("script", "Script"),
        string("description", "Description", 4000),
    ]),
    Table::extending("sys_security_acl_role", "Access Roles", "sys_metadata").columns(&[
        reference("sys_security_acl", "Access Control", "sys_security_acl").mandatory(),
        reference("sys_user_role", "Role", "sys_user_role").mandatory(),
    ]),
];
