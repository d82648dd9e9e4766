//! The REST APIs of the instance, and who may call them from where (`rest-and-records.md` §10, §12.2).

use crate::base::spec::{
    Table,
    column::{boolean, integer, rare_reference, reference, string, table_name, typed},
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
        boolean("consumes_customized", "Override supported request formats"),
        boolean("produces_customized", "Override supported response formats"),
        string("enforce_acl", "Default ACLs", 4000),
        string("doc_link", "Documentation link", 1024),
        string("consumes", "Supported request formats", 1000)
            .default("application/json,application/xml,text/xml"),
        string("produces", "Supported response formats", 1000)
            .default("application/json,application/xml,text/xml"),
    ]),
    // Kept as they are written: no script answers here.
    Table::extending("sys_ws_operation", "Scripted REST Resource", "sys_metadata").columns(&[
        string("name", "Name", 100).mandatory().display(),
        reference(
            "web_service_definition",
            "API definition",
            "sys_ws_definition",
        ),
        string("web_service_version", "API version", 32),
        boolean("active", "Active").default("true"),
        string("http_method", "HTTP method", 40).default("GET"),
        string("relative_path", "Relative path", 255).default("/"),
        string("operation_uri", "Resource path", 255),
        typed("operation_script", "Script", "script", 1_000_000),
        string("short_description", "Short description", 255),
        boolean("requires_authentication", "Requires authentication").default("true"),
        boolean("requires_acl_authorization", "Requires ACL authorization").default("true"),
        boolean("requires_snc_internal_role", "Requires SNC Internal role").default("true"),
        string("enforce_acl", "ACLs", 4000),
        string("consumes", "Supported request formats", 1000),
        boolean("consumes_customized", "Override supported request formats"),
        string("produces", "Supported response formats", 1000),
        boolean("produces_customized", "Override supported response formats"),
        string("request_example", "Request example", 65_000),
    ]),
    Table::root("sys_rate_limit_violation", "Rate Limit Violation").columns(&[
        reference("rate_limit_rule", "Rate limit rule", "sys_rate_limit_rules"),
        reference("user", "User", "sys_user"),
        string("uri", "URI", 1024),
        string("http_method", "HTTP method", 40),
        integer("rate_limit", "Requests per hour"),
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
