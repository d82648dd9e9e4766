//! The navigator's applications and modules. What a person may not read is not offered.

use super::frame::{Application, Module};

/// Name, path, and the table whose readers see it; everybody sees one without a table.
type Entry = (&'static str, &'static str, &'static str);

/// In place of a table: only administrators see the module.
pub(super) const ADMINISTRATORS: &str = "*";

const APPLICATIONS: &[(&str, &[Entry])] = &[
    (
        "Self-Service",
        &[
            ("My Connected Apps", "/my_connected_apps.do", ""),
            ("Change Password", "/change_password.do", ""),
            ("Second Factor", "/my_second_factor.do", ""),
            ("Incidents", "/incident_list.do", "incident"),
            ("Requested Items", "/sc_req_item_list.do", "sc_req_item"),
            ("Knowledge", "/kb_knowledge_list.do", "kb_knowledge"),
        ],
    ),
    (
        "System OAuth",
        &[
            (
                "Application Registry",
                "/oauth_entity_list.do",
                "oauth_entity",
            ),
            (
                "Inbound Integrations",
                "/oauth_entity_list.do?sysparm_query=type%3Dclient",
                "oauth_entity",
            ),
            (
                "Manage Tokens",
                "/oauth_credential_list.do?sysparm_query=ORDERBYDESCsys_created_on",
                "oauth_credential",
            ),
            (
                "JWT Verifier Maps",
                "/jwt_verifier_map_list.do",
                "jwt_verifier_map",
            ),
            (
                "OIDC Provider Configurations",
                "/oidc_provider_configuration_list.do",
                "oidc_provider_configuration",
            ),
            (
                "OAuth Entity Scopes",
                "/oauth_entity_scope_list.do",
                "oauth_entity_scope",
            ),
            ("Auth Scopes", "/sys_auth_scope_list.do", "sys_auth_scope"),
            (
                "REST API Auth Scopes",
                "/sys_api_access_scope_list.do",
                "sys_api_access_scope",
            ),
            (
                "Certificates",
                "/sys_certificate_list.do",
                "sys_certificate",
            ),
        ],
    ),
    (
        "Outbound Connections",
        &[
            (
                "OAuth Providers",
                "/oauth_entity_list.do?sysparm_query=type%3Dconsumer",
                "oauth_entity",
            ),
            (
                "OAuth Entity Profiles",
                "/oauth_entity_profile_list.do",
                "oauth_entity_profile",
            ),
            (
                "Connection & Credential Aliases",
                "/sys_alias_list.do",
                "sys_alias",
            ),
            (
                "HTTP(s) Connections",
                "/http_connection_list.do",
                "http_connection",
            ),
            (
                "Credentials",
                "/discovery_credentials_list.do",
                "discovery_credentials",
            ),
            (
                "OAuth 2.0 Credentials",
                "/oauth_2_0_credentials_list.do",
                "oauth_2_0_credentials",
            ),
            (
                "REST Messages",
                "/sys_rest_message_list.do",
                "sys_rest_message",
            ),
            (
                "REST Executions",
                "/sys_rest_execution_list.do?sysparm_query=ORDERBYDESCsys_created_on",
                "sys_rest_execution",
            ),
            (
                "Outbound HTTP Log",
                "/sys_outbound_http_log_list.do?sysparm_query=ORDERBYDESCsys_created_on",
                "sys_outbound_http_log",
            ),
            (
                "Held Tokens",
                "/oauth_requestor_profile_list.do?sysparm_query=ORDERBYrefresh_expires",
                "oauth_requestor_profile",
            ),
            (
                "Credential Expiry",
                "/sg_credentials.do",
                "oauth_requestor_profile",
            ),
            ("JWT Providers", "/jwt_provider_list.do", "jwt_provider"),
            (
                "JWT Keys",
                "/jwt_keystore_aliases_list.do",
                "jwt_keystore_aliases",
            ),
            (
                "Retry Policies",
                "/sys_retry_policy_list.do",
                "sys_retry_policy",
            ),
        ],
    ),
    (
        "Users and Groups",
        &[
            ("Users", "/sys_user_list.do", "sys_user"),
            ("Groups", "/sys_user_group_list.do", "sys_user_group"),
            ("Roles", "/sys_user_role_list.do", "sys_user_role"),
            ("Companies", "/core_company_list.do", "core_company"),
        ],
    ),
    (
        "Service Management",
        &[
            (
                "Incidents",
                "/incident_list.do?sysparm_query=active%3Dtrue%5EORDERBYDESCopened_at",
                "incident",
            ),
            ("Problems", "/problem_list.do", "problem"),
            ("Changes", "/change_request_list.do", "change_request"),
            ("Requests", "/sc_request_list.do", "sc_request"),
            ("Configuration Items", "/cmdb_ci_list.do", "cmdb_ci"),
            (
                "Knowledge Articles",
                "/kb_knowledge_list.do",
                "kb_knowledge",
            ),
        ],
    ),
    (
        "System Web Services",
        &[
            (
                "REST API Access Policies",
                "/sys_api_access_policy_list.do",
                "sys_api_access_policy",
            ),
            (
                "Inbound Authentication Profiles",
                "/inbound_auth_profile_list.do",
                "inbound_auth_profile",
            ),
            (
                "API Authentication Policies",
                "/sys_authentication_policy_list.do",
                "sys_authentication_policy",
            ),
            (
                "Filter Criteria",
                "/sys_auth_filter_criteria_list.do",
                "sys_auth_filter_criteria",
            ),
            ("REST API Keys", "/api_key_list.do", "api_key"),
            ("CORS Rules", "/sys_cors_rule_list.do", "sys_cors_rule"),
            (
                "Rate Limit Rules",
                "/sys_rate_limit_rules_list.do",
                "sys_rate_limit_rules",
            ),
            (
                "Transform Maps",
                "/sys_transform_map_list.do",
                "sys_transform_map",
            ),
            ("Import Sets", "/sys_import_set_list.do", "sys_import_set"),
            (
                "REST APIs",
                "/sys_ws_definition_list.do",
                "sys_ws_definition",
            ),
        ],
    ),
    (
        "System Definition",
        &[
            ("Tables", "/sys_db_object_list.do", "sys_db_object"),
            ("Dictionary", "/sys_dictionary_list.do", "sys_dictionary"),
            ("Choice Lists", "/sys_choice_list.do", "sys_choice"),
            (
                "System Properties",
                "/sys_properties_list.do",
                "sys_properties",
            ),
            (
                "Access Control (ACL)",
                "/sys_security_acl_list.do",
                "sys_security_acl",
            ),
            ("Business Rules", "/sys_script_list.do", "sys_script"),
            ("Flows", "/sys_hub_flow_list.do", "sys_hub_flow"),
            (
                "Flow Runs",
                "/sys_flow_context_list.do?sysparm_query=ORDERBYDESCsys_created_on",
                "sys_flow_context",
            ),
            (
                "Data Policies",
                "/sys_data_policy2_list.do",
                "sys_data_policy2",
            ),
            ("Requests", "/sg_requests.do", ADMINISTRATORS),
            (
                "History (Audit)",
                "/sys_audit_list.do?sysparm_query=ORDERBYDESCsys_created_on",
                "sys_audit",
            ),
        ],
    ),
];

/// Returns the modules that `readable` lets through and that contain the filter in their name or their
/// application's.
pub(super) fn applications(filter: &str, readable: impl Fn(&str) -> bool) -> Vec<Application> {
    let filter = filter.trim().to_lowercase();
    let contains = |name: &str| name.to_lowercase().contains(&filter);
    let application = |(name, entries): &(&'static str, &[Entry])| {
        let modules: Vec<Module> = entries
            .iter()
            .filter(|(module, _, table)| {
                (contains(name) || contains(module)) && (table.is_empty() || readable(table))
            })
            .map(|(name, href, _)| Module { name, href })
            .collect();
        (!modules.is_empty()).then_some(Application { name, modules })
    };
    APPLICATIONS.iter().filter_map(application).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::console::fixture::dictionary;

    #[test]
    fn every_module_is_of_a_table_there_is() {
        let dictionary = dictionary();
        let entries = APPLICATIONS.iter().flat_map(|(_, entries)| *entries);
        let of_tables = entries.filter(|(_, _, table)| !["", ADMINISTRATORS].contains(table));
        for (name, href, table) in of_tables {
            // A data pack may bring its own.
            let known = dictionary.table(table).is_some();
            assert!(known, "{name}: {table}");
            let own = href.starts_with("/sg_");
            assert!(
                own || href.starts_with(&format!("/{table}_list.do")),
                "{name}"
            );
        }
    }

    #[test]
    fn the_filter_looks_at_both_names() {
        let names = |filter: &str, table: &'static str| -> Vec<&str> {
            let found = applications(filter, |readable| readable == table);
            found
                .iter()
                .flat_map(|app| &app.modules)
                .map(|module| module.name)
                .collect()
        };
        assert_eq!(
            names(" OAuth", "oauth_entity"),
            [
                "Application Registry",
                "Inbound Integrations",
                "OAuth Providers"
            ]
        );
        assert_eq!(names("registry", "oauth_entity"), ["Application Registry"]);
        assert_eq!(names("registry", "incident"), [""; 0]);
        assert_eq!(names("connected", "none"), ["My Connected Apps"]);
        assert_eq!(names("\"><script>", "oauth_entity"), [""; 0]);
    }
}
