//! Where outbound calls go: connections, the aliases that calls name, and how a call is tried again
//! (`outbound-oauth.md` §4.2, §4.3, §4.6).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, conditions, integer, rare_reference, reference, string, url},
};

const ALIAS_TYPE: &[Choice] = &[
    ("connection", "Connection and Credential"),
    ("credential", "Credential"),
];
// Other kinds of connection cannot be opened here, and are not offered.
const CONNECTION_TYPE: &[Choice] = &[("http_connection", "HTTP")];
const RETRY_TYPE: &[Choice] = &[("http_retry_conditions", "HTTP")];
const STRATEGY: &[Choice] = &[
    ("fixed_time_interval", "Fixed Time Interval"),
    ("exponential_backoff", "Exponential Backoff"),
    ("retry_after", "Honor Retry-After Header"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_alias", "Connection & Credential Alias")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            // `<scope>.<name>`, in the global scope the name alone.
            string("id", "ID", 255).unique().indexed().read_only(),
            string("type", "Type", 40)
                .default("connection")
                .choices(ALIAS_TYPE),
            string("connection_type", "Connection type", 80)
                .default("http_connection")
                .choices(CONNECTION_TYPE),
            rare_reference("parent", "Parent", "sys_alias"),
            boolean(
                "multiple_connections",
                "Support Multiple Active Connections",
            ),
            rare_reference("retry_policy", "Default Retry Policy", "sys_retry_policy"),
            string("configuration_template", "Configuration template", 32),
            string("description", "Description", 1000),
        ]),
    // Our own: who may take the tokens of an alias away as text.
    Table::root("sys_alias_access", "Token Access of an Alias")
        .audited()
        .columns(&[
            reference("alias", "Alias", "sys_alias")
                .mandatory()
                .display(),
            boolean("active", "Active").default("true"),
            reference("user", "User", "sys_user"),
            rare_reference("role", "Role", "sys_user_role"),
        ]),
    Table::root("sys_alias_hand_out", "Token Hand-out").columns(&[
        reference("alias", "Alias", "sys_alias").display(),
        reference("user", "User", "sys_user"),
        // Whoever runs the instance asked in the user's name.
        boolean("by_operator", "By the operator"),
        string("requestor", "Requestor", 32),
        // Empty where a token was given; otherwise a code of `docs/reasons.md`.
        string("refused", "Refused", 80),
    ]),
    Table::root("sys_connection", "Connection")
        .extendable()
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().unique().display(),
            boolean("active", "Active").default("true"),
            reference("connection_alias", "Connection alias", "sys_alias"),
            reference("credential", "Credential", "discovery_credentials"),
            // Our own: which of several is taken; lower first, then by name (§4.4, P).
            integer("order", "Order").default("100"),
        ]),
    Table::extending("http_connection", "HTTP(s) Connection", "sys_connection").columns(&[
        url("connection_url", "Connection URL").mandatory(),
        // Milliseconds.
        integer("connection_timeout", "Connection timeout").default("10000"),
        // `Name: value`, several separated by `;`.
        string("additional_http_headers", "Additional HTTP headers", 1000),
        // Kept for tools; calls leave from here, not through a MID server.
        boolean("use_mid", "Use MID server"),
        string("mid_selection", "MID selection", 40).default("auto_select"),
        rare_reference("mid_server", "MID server", "ecc_agent"),
    ]),
    Table::root("sys_retry_policy", "Retry Policy")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            boolean("active", "Active").default("true"),
            string("connection_type", "Connection type", 80)
                .default("http_retry_conditions")
                .choices(RETRY_TYPE),
            string("retry_strategy", "Retry strategy", 40)
                .default("fixed_time_interval")
                .choices(STRATEGY),
            integer("count", "Count"),
            // Seconds, both.
            integer("interval", "Interval"),
            integer("max_elapsed_time", "Maximum elapsed time"),
            conditions("condition", "Condition"),
        ]),
];
