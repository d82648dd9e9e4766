//! What outbound calls prove themselves with (`outbound-oauth.md` §1.2, §4.1).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, integer, list, password2, reference, string},
};

const INTEGRATION_TYPE: &[Choice] = &[("system", "System"), ("personal", "Personal")];
// Our own: where an API key goes.
const KEY_PLACE: &[Choice] = &[("header", "Header"), ("query", "Query parameter")];

pub(crate) const TABLES: &[Table] = &[
    Table::root("discovery_credentials", "Credential")
        .extendable()
        .audited()
        .columns(&[
            string("name", "Name", 255).mandatory().display(),
            boolean("active", "Active").default("true"),
            // Lower first; rows of equal order come by name.
            integer("order", "Order").default("100"),
            list("credential_alias", "Credential alias", "sys_alias"),
            string("tag", "Tag", 255),
        ]),
    Table::extending(
        "oauth_2_0_credentials",
        "OAuth 2.0 Credentials",
        "discovery_credentials",
    )
    .columns(&[
        reference(
            "oauth_entity_profile",
            "OAuth Entity Profile",
            "oauth_entity_profile",
        )
        .mandatory(),
        string("integration_type", "Integration Type", 40)
            .default("system")
            .choices(INTEGRATION_TYPE),
    ]),
    Table::extending(
        "basic_auth_credentials",
        "Basic Auth Credentials",
        "discovery_credentials",
    )
    .columns(&[
        string("user_name", "User name", 255),
        password2("password", "Password"),
    ]),
    Table::extending(
        "api_key_credentials",
        "API Key Credentials",
        "discovery_credentials",
    )
    .columns(&[
        password2("api_key", "API Key"),
        string("key_place", "Send as", 40)
            .default("header")
            .choices(KEY_PLACE),
        string("key_name", "Name of the header or parameter", 80).default("Authorization"),
    ]),
];
