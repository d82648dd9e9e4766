//! Access policies of REST APIs and the ways to authenticate that they take (`inbound-oauth.md` §5.2). The columns'
//! names are ours where the documentation has labels only.

use crate::base::spec::{
    Choice, Table,
    column::{boolean, date_time, password2, rare_reference, reference, string, table_name},
};

// What cannot prove anything here (certificates, WSSE, HMAC) is not offered.
const PROFILE_TYPE: &[Choice] = &[
    ("basic_auth", "Basic Auth"),
    ("oauth", "OAuth"),
    ("id_token", "ID Token"),
    ("api_key", "API Key"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_api_access_policy", "REST API Access Policy")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            boolean("active", "Active").default("true"),
            boolean("global", "Global"),
            string("api", "REST API", 100),
            string("api_path", "REST API path", 255),
            string("http_method", "HTTP method", 40),
            string("version", "Version", 40),
            string("resource", "Resource", 255),
            table_name("table", "Table"),
            boolean("apply_all_methods", "Apply to all methods").default("true"),
            boolean("apply_all_versions", "Apply to all versions").default("true"),
            boolean("apply_all_resources", "Apply to all resources").default("true"),
            boolean("apply_all_tables", "Apply to all tables").default("true"),
            boolean("advertise_all_auth_schemes", "Advertise all auth schemes"),
        ]),
    Table::root("inbound_auth_profile", "Inbound Authentication Profile")
        .extendable()
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            boolean("active", "Active").default("true"),
            string("short_description", "Short description", 255),
        ]),
    Table::extending(
        "std_http_auth",
        "Standard HTTP Authentication",
        "inbound_auth_profile",
    )
    .columns(&[
        string("type", "Type", 40).choices(PROFILE_TYPE),
        rare_reference("oauth_entity", "OAuth Entity", "oauth_entity"),
    ]),
    // `inbound-oauth.md` §5.5. The token is made by the instance and told once; its hash is kept.
    Table::root("api_key", "REST API Key").audited().columns(&[
        string("name", "Name", 100).mandatory().display(),
        string("description", "Description", 1000),
        boolean("active", "Active").default("true"),
        reference("user", "User", "sys_user").mandatory(),
        rare_reference("auth_scope", "Auth Scope", "sys_auth_scope"),
        password2("token", "Token").read_only(),
        date_time("expires", "Expiry"),
    ]),
    Table::root("sys_auth_profile_mapping", "Authentication Profile Mapping").columns(&[
        reference(
            "api_access_policy",
            "REST API Access Policy",
            "sys_api_access_policy",
        )
        .mandatory(),
        reference(
            "inbound_auth_profile",
            "Inbound Authentication Profile",
            "inbound_auth_profile",
        )
        .mandatory(),
    ]),
];
