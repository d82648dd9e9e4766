//! Rules for what configures the instance. The `*` rules close every table that has no rule of its own.

use super::rule::{ALL, CHANGE, Rule, allow, allow_when};

const OAUTH: &[&str] = &["oauth_admin", "mi_admin"];
const SCOPES: &[&str] = &["oauth_admin", "mi_admin", "api_service_admin"];

const IMPORTS: &[&str] = &["import_admin", "import_set_loader", "import_transformer"];
const POLICIES: &[&str] = &["adaptive_auth_policy_admin", "api_service_admin"];

pub(super) const RULES: &[Rule] = &[
    allow("*", ALL, &["admin"]).because("Tables without rules of their own are for admin only."),
    allow("sys_dictionary", "create read write", &["personalize_dictionary"]),
    allow("sys_dictionary_override", "create read write", &["personalize_dictionary"]),
    allow("sys_db_object", "read", &["itil"]),
    allow("sys_db_object", "query_match query_range", &["itil"])
        .because("Measured: the list of tables is refused to people without roles, not empty."),
    allow("sys_documentation", "read", &["public"]),
    allow("sys_documentation", "create write delete", &["personalize_dictionary"]),
    allow("sys_choice_set", "read", &["public"]),
    allow("ecc_agent", "read", &["itil"]),
    allow("sys_glide_object", "read", &["itil", "personalize_dictionary"]),
    allow("sys_package", "read", &["itil"]),
    allow("sys_choice", "read", &["public"]),
    allow("sys_choice", CHANGE, &["personalize_choices"]),
    allow("sys_choice.name", "read", &["personalize_choices"]),
    allow("sys_choice.element", "read", &["personalize_choices"]),
    allow("sys_choice.value", "read", &["personalize_choices"]),
    allow("sys_filter_option_dynamic", "read", &["public"]),
    allow("label", "read", &["public"]),
    allow_when("label", CHANGE, "owner=javascript:gs.getUserID()"),
    allow("label_entry", "create delete", &["itil"]),
    allow_when("label_entry", "read", "label.owner=javascript:gs.getUserID()"),
    allow("sys_properties", ALL, &["admin"]),
    allow("sys_audit", ALL, &["admin"]),
    allow("sys_audit_delete", ALL, &["admin"]),
    allow("syslog", ALL, &["admin"]),
    allow("sys_script", ALL, &["admin"]),
    allow("sys_security_acl", ALL, &["admin"])
        .because("A real instance asks for security_admin, elevated in a session. A development instance lets admin change rules, over REST too."),
    allow("sys_security_acl_role", ALL, &["admin"]),
    allow("sys_certificate", ALL, OAUTH),
    allow("oauth_entity", ALL, OAUTH),
    allow("oauth_entity.skip_consent", "write", &["admin"])
        .because("Whoever sets it consents for everybody."),
    allow("oauth_entity_profile", ALL, OAUTH),
    allow("oauth_entity_profile_scope", ALL, OAUTH),
    allow("oauth_entity_scope", ALL, OAUTH),
    allow("oauth_entity_auth_scope_mapping", ALL, SCOPES),
    allow("sys_auth_scope", ALL, SCOPES),
    allow("sys_api_access_scope", ALL, SCOPES),
    allow("sys_api_access_policy", ALL, POLICIES),
    allow("inbound_auth_profile", ALL, POLICIES),
    allow("sys_auth_profile_mapping", ALL, POLICIES),
    allow("auth_policy_mapping", ALL, POLICIES),
    allow("sys_auth_filter_criteria", ALL, POLICIES),
    allow("sys_ip_address_range", ALL, POLICIES),
    allow("sys_ip_address_subnet", ALL, POLICIES),
    allow("sys_auth_policy_criteria_role", ALL, POLICIES),
    allow("sys_auth_policy_criteria_group", ALL, POLICIES),
    allow("sys_authentication_policy", ALL, POLICIES),
    allow("sys_authentication_policy_criteria_m2m", ALL, POLICIES),
    allow("sys_auth_policy_condition", ALL, POLICIES),
    allow("sys_ws_definition", "read", &["rest_api_explorer", "cors_rule_admin", "rate_limit_admin"]),
    allow("sys_ws_definition", CHANGE, &["web_service_admin"]),
    allow("sys_rate_limit_rules", ALL, &["rate_limit_admin"]),
    allow("sys_cors_rule", ALL, &["cors_rule_admin", "web_service_admin"]),
    allow("sys_import_set", ALL, IMPORTS),
    allow("sys_import_set_row", ALL, IMPORTS),
    allow("sys_transform_map", "read", IMPORTS),
    allow("sys_transform_map", CHANGE, &["import_admin"]),
    allow("sys_transform_entry", "read", IMPORTS),
    allow("sys_transform_entry", CHANGE, &["import_admin"]),
    allow("jwt_verifier_map", ALL, OAUTH),
    allow("oidc_provider_configuration", ALL, OAUTH),
    allow("oauth_requestor_profile", "read delete", OAUTH)
        .because("The instance writes how its tokens stand; people see it and make it forget them."),
    allow_when("oauth_requestor_profile", "read delete", "user=javascript:gs.getUserID()"),
    allow("jwt_keystore_aliases", ALL, OAUTH),
    allow("jwt_provider", ALL, OAUTH),
    allow("jwt_claim_validation", ALL, OAUTH),
    allow("discovery_credentials", ALL, &["credential_admin"]),
    allow("sys_connection", ALL, &["connection_admin"]),
    allow("sys_alias", "read", &["connection_admin", "credential_admin"]),
    allow("sys_hub_flow", ALL, &["admin"])
        .because("Its steps have the rights of a user whom the flow names."),
    allow("sys_hub_trigger_instance", ALL, &["admin"]),
    allow("sys_hub_action_instance", ALL, &["admin"]),
    allow("sys_flow_context", "read delete", &["admin"]),
    allow("sys_flow_context_step", "read", &["admin"])
        .because("Runs hold what records held; the instance writes them."),
    allow("sys_rest_message", ALL, &["web_service_admin"]),
    allow("sys_rest_message_headers", ALL, &["web_service_admin"]),
    allow("sys_rest_message_fn", ALL, &["web_service_admin"]),
    allow("sys_rest_message_fn_headers", ALL, &["web_service_admin"]),
    allow("sys_rest_message_fn_param_defs", ALL, &["web_service_admin"]),
    allow("sys_rest_message_fn_parameters", ALL, &["web_service_admin"]),
    allow("sys_auth_profile_basic", ALL, &["web_service_admin"]),
    allow("sys_rest_execution", "read delete", &["web_service_admin"])
        .because("The instance writes it, and nobody changes it."),
    allow("sys_outbound_http_log", "read delete", &["web_service_admin"])
        .because("The instance writes it, and nobody changes it."),
    allow("sys_alias_access", ALL, &["admin"]),
    allow("sys_alias_hand_out", "read", &["admin"])
        .because("The instance writes it, and nobody changes it."),
    allow("sys_retry_policy", ALL, &["connection_admin", "credential_admin"]),
    allow("oauth_consent", "read delete", OAUTH)
        .because("Consent is given on a page; people see it and take it back."),
    allow_when("oauth_consent", "read delete", "user=javascript:gs.getUserID()"),
    allow("oauth_credential", "read delete", OAUTH)
        .because("Tokens are made and changed by the instance; people see them and take them away."),
    allow_when("oauth_credential", "read", "user=javascript:gs.getUserID()"),
];
