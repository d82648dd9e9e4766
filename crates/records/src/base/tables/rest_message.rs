//! REST messages: calls that are written down once and run by name (`outbound-oauth.md` §6.1).

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        date_time, integer, longint, password2, rare_reference, reference, string, table_name,
    },
};

const MESSAGE_AUTH: &[Choice] = &[
    ("no_authentication", "No authentication"),
    ("basic", "Basic"),
    ("oauth2", "OAuth 2.0"),
    // Our own: what the alias's connection uses.
    ("alias", "Connection & Credential Alias"),
];
const FUNCTION_AUTH: &[Choice] = &[
    ("inherit_from_parent", "Inherit from parent"),
    ("no_authentication", "No authentication"),
    ("basic", "Basic"),
    ("oauth2", "OAuth 2.0"),
    ("alias", "Connection & Credential Alias"),
];
const METHOD: &[Choice] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
];
const ESCAPING: &[Choice] = &[
    ("none", "No escaping"),
    ("xml", "Escape XML"),
    // Our own: for bodies that are JSON.
    ("json", "Escape JSON"),
];
const EXECUTION_STATE: &[Choice] = &[
    ("queued", "Queued"),
    ("running", "Running"),
    ("waiting", "Waiting for the next attempt"),
    ("done", "Done"),
    ("failed", "Failed"),
];
const LOG_LEVEL: &[Choice] = &[("basic", "Basic"), ("elevated", "Elevated"), ("all", "All")];

const BASIC_PROFILE: Column = rare_reference(
    "basic_auth_profile",
    "Basic auth profile",
    "sys_auth_profile_basic",
);
const OAUTH_PROFILE: Column =
    rare_reference("oauth2_profile", "OAuth profile", "oauth_entity_profile");
const ALIAS: Column = rare_reference("connection_alias", "Connection alias", "sys_alias");
const NAME: Column = string("name", "Name", 80).mandatory().display();
const VALUE: Column = string("value", "Value", 1000);
const FUNCTION: Column = reference(
    "rest_message_function",
    "HTTP method",
    "sys_rest_message_fn",
)
.mandatory();

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_auth_profile_basic", "Basic Auth Configuration")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            string("username", "Username", 255),
            password2("password", "Password"),
        ]),
    Table::root("sys_rest_message", "REST Message")
        .audited()
        .columns(&[
            string("name", "Name", 40).mandatory().indexed().display(),
            string("description", "Description", 1000),
            string("rest_endpoint", "Endpoint", 1024),
            string("authentication_type", "Authentication type", 40)
                .default("no_authentication")
                .choices(MESSAGE_AUTH),
            BASIC_PROFILE,
            OAUTH_PROFILE,
            ALIAS,
            // Our own; without one the alias's.
            rare_reference("retry_policy", "Retry policy", "sys_retry_policy"),
        ]),
    Table::root("sys_rest_message_headers", "HTTP Header of a REST Message").columns(&[
        reference("rest_message", "REST message", "sys_rest_message").mandatory(),
        NAME,
        VALUE,
    ]),
    Table::root("sys_rest_message_fn", "HTTP Method")
        .audited()
        .columns(&[
            reference("rest_message", "REST message", "sys_rest_message").mandatory(),
            string("function_name", "Name", 100).mandatory().display(),
            string("http_method", "HTTP method", 40)
                .default("get")
                .choices(METHOD),
            string("rest_endpoint", "Endpoint", 1024),
            string("content", "Content", 4000),
            string("authentication_type", "Authentication type", 40)
                .default("inherit_from_parent")
                .choices(FUNCTION_AUTH),
            BASIC_PROFILE,
            OAUTH_PROFILE,
            ALIAS,
            // Our own, in place of the list of HTTP log levels.
            string("log_level", "Log level", 40)
                .default("basic")
                .choices(LOG_LEVEL),
        ]),
    Table::root("sys_rest_message_fn_headers", "HTTP Header").columns(&[FUNCTION, NAME, VALUE]),
    Table::root("sys_rest_message_fn_param_defs", "HTTP Query Parameter").columns(&[
        FUNCTION,
        NAME,
        VALUE,
        integer("order", "Order").default("0"),
    ]),
    Table::root("sys_rest_message_fn_parameters", "Variable Substitution").columns(&[
        FUNCTION,
        NAME,
        string("value", "Test value", 1000),
        string("type", "Escape type", 40)
            .default("none")
            .choices(ESCAPING),
    ]),
    // Our own, in place of rows of the ECC queue: calls that nobody waits for.
    Table::root("sys_rest_execution", "REST Message Execution").columns(&[
        string("name", "Name", 255).display(),
        string("state", "State", 40)
            .default("queued")
            .choices(EXECUTION_STATE),
        reference("rest_message", "REST message", "sys_rest_message"),
        reference(
            "rest_message_function",
            "HTTP method",
            "sys_rest_message_fn",
        ),
        reference("user", "User", "sys_user"),
        integer("attempts", "Attempts").default("0"),
        date_time("next_attempt", "Next attempt"),
        // A code of `docs/reasons.md`.
        string("reason", "Reason", 80),
        string("detail", "Detail", 1000),
        string("http_method", "Method", 40),
        string("endpoint", "Endpoint", 1024),
        integer("response_status", "Response status"),
        string("response_headers", "Response headers", 4000),
        string("response_body", "Response body", 65_000),
        string("idempotency_key", "Idempotency key", 80),
    ]),
    Table::root("sys_outbound_http_log", "Outbound HTTP Log").columns(&[
        string("url", "URL", 1024).display(),
        string("method", "Method", 40),
        string("hostname", "Host", 255),
        string("url_path", "Path", 1024),
        integer("response_status", "Response status"),
        longint("request_length", "Request length"),
        longint("response_length", "Response length"),
        // Milliseconds.
        integer("response_time", "Response time"),
        // A code of `docs/reasons.md` where no answer came.
        string("error", "Error", 80),
        table_name("source_table", "Source table"),
        string("source_record", "Source record", 32).indexed(),
        reference("user", "User", "sys_user"),
        string("log_level", "Log level", 40),
        // From here on only at higher levels, and without what proves the call.
        string("url_query", "Query", 1000),
        string("request_headers", "Request headers", 4000),
        string("response_headers", "Response headers", 4000),
        string("request_body", "Request body", 1000),
        string("response_body", "Response body", 1000),
    ]),
];
