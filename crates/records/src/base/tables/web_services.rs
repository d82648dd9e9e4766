//! The REST APIs of the instance, and who may call them from where (`rest-and-records.md` §10, §12.2).

use crate::base::spec::{
    Table,
    column::{boolean, integer, rare_reference, string, table_name},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_ws_definition", "Scripted REST Service").columns(&[
        string("name", "Name", 100).mandatory().display(),
        string("service_id", "API ID", 100),
        string("namespace", "API namespace", 80),
        string("base_uri", "Base API path", 255),
        string("short_description", "Short description", 255),
        boolean("active", "Active").default("true"),
        boolean("is_versioned", "Is versioned"),
        string("consumes", "Supported request formats", 1000)
            .default("application/json,application/xml,text/xml"),
        string("produces", "Supported response formats", 1000)
            .default("application/json,application/xml,text/xml"),
    ]),
    Table::root("sys_rate_limit_rules", "Rate Limit Rule")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            boolean("active", "Active").default("true"),
            // As in a CORS rule.
            string("rest_api", "REST API", 100).mandatory(),
            string("version", "Version", 40),
            string("resource", "Resource", 255),
            string("http_method", "HTTP method", 40),
            table_name("table", "Table"),
            // For one user, for those with a role, or for everybody.
            rare_reference("user", "User", "sys_user"),
            rare_reference("role", "Role", "sys_user_role"),
            integer("rate_limit", "Requests per hour").mandatory(),
        ]),
    Table::root("sys_cors_rule", "CORS Rule")
        .audited()
        .columns(&[
            string("name", "Name", 40).mandatory().display(),
            // Names a record of sys_ws_definition; its path and its name will do, too.
            string("rest_api", "REST API", 100),
            boolean("use_resource_path", "Use Resource Path"),
            string("resource_path", "Web Resource Path", 255),
            string("domain", "Domain", 255).mandatory(),
            integer("max_age", "Max age").default("0"),
            boolean("active", "Active").default("true"),
            boolean("for_embeddables", "For Embeddables"),
            boolean("get", "GET"),
            boolean("post", "POST"),
            boolean("put", "PUT"),
            boolean("patch", "PATCH"),
            boolean("delete", "DELETE"),
            boolean(
                "access_control_allow_credentials",
                "Access-Control-Allow-Credentials",
            ),
            string(
                "access_control_allow_headers",
                "Access-Control-Allow-Headers",
                1000,
            ),
            string("exposed_headers", "Access-Control-Expose-Headers", 1000),
        ]),
];
