//! The roles that a new instance has and what each contains (`rest-and-records.md` §16.5).

use super::role;
use crate::base::{Seed, derived_id};

/// Name and description.
#[rustfmt::skip]
const ROLES: &[(&str, &str)] = &[
    ("admin", "May do everything except what asks for an elevated or a pseudo role"),
    ("security_admin", "May change access control rules, once elevated"),
    ("itil", "Works on incidents, problems, changes, requests and configuration items"),
    ("itil_admin", "Deletes incidents, problems and changes"),
    ("sn_incident_read", "Reads incidents"),
    ("sn_incident_write", "Reads and writes incidents"),
    ("sn_problem_read", "Reads problems"),
    ("sn_problem_write", "Reads and writes problems"),
    ("sn_change_read", "Reads change requests"),
    ("sn_change_write", "Reads and writes change requests"),
    ("sn_request_read", "Reads requests"),
    ("sn_request_write", "Reads and writes requests"),
    ("cmdb_read", "Reads configuration items"),
    ("asset", "Works on assets and configuration items"),
    ("user_admin", "Manages users, groups, locations and companies"),
    ("approver_user", "Approves requests"),
    ("catalog", "Works on the service catalog"),
    ("catalog_admin", "Manages the service catalog"),
    ("knowledge", "Writes knowledge articles"),
    ("knowledge_admin", "Manages knowledge"),
    ("knowledge_manager", "Manages the knowledge bases they are named in"),
    ("ml_admin", "Manages predictive models"),
    ("ml_report_user", "Reads reports of predictive models"),
    ("atf_test_admin", "Manages automated tests"),
    ("atf_test_designer", "Writes automated tests"),
    ("template_editor", "Edits templates"),
    ("view_changer", "Switches views"),
    ("dependency_views", "Sees dependency maps"),
    ("agent_workspace_user", "Uses workspaces"),
    ("import_admin", "Manages import sets"),
    ("import_set_loader", "Loads import sets"),
    ("import_transformer", "Transforms import sets"),
    ("personalize_choices", "Changes choice lists"),
    ("personalize_dictionary", "Reads and changes the dictionary"),
    ("rest_api_explorer", "Uses the REST API Explorer"),
    ("rest_service", "Calls REST APIs"),
    ("web_service_admin", "Manages web services"),
    ("cors_rule_admin", "Manages CORS rules"),
    ("rate_limit_admin", "Manages rate limits"),
    ("adaptive_auth_policy_admin", "Manages access policies of REST APIs"),
    ("api_service_admin", "Manages REST API auth scopes"),
    ("oauth_admin", "Manages the Application Registry and its tokens"),
    ("mi_admin", "Manages inbound integrations"),
    ("credential_admin", "Manages credentials of outbound calls"),
    ("connection_admin", "Manages connections of outbound calls"),
    ("email_api_send", "Sends mail over REST"),
    ("email_api_read", "Reads mail over REST"),
    ("csm_ws_integration", "Reads and writes customer service records over REST"),
    ("query_no_domain_table_api", "Queries the Table API across domains"),
    ("snc_basic_auth_api_access", "Calls APIs with basic authentication where that is restricted"),
    ("snc_platform_rest_api_access", "Calls the Table, Aggregate, Import Set and Attachment APIs"),
    ("snc_read_only", "Blocks every write, grants nothing"),
    ("snc_internal", "People inside the company"),
    ("snc_external", "People outside, who see only what names them"),
    ("soap", "Calls every SOAP operation"),
    ("soap_create", "Inserts over SOAP"),
    ("soap_delete", "Deletes over SOAP"),
    ("soap_ecc", "Uses the ECC queue over SOAP"),
    ("soap_query", "Queries over SOAP"),
    ("soap_script", "Runs scripts over SOAP"),
    ("soap_update", "Updates over SOAP"),
    ("public", "Everyone who has signed in has it"),
    ("nobody", "No one has it, not even admin"),
    ("maint", "Kept for the instance itself"),
];

/// A role and the roles that come with it.
const CONTAINS: &[(&str, &[&str])] = &[
    (
        "itil",
        &[
            "sn_incident_write",
            "sn_problem_write",
            "sn_change_write",
            "sn_request_write",
            "cmdb_read",
            "template_editor",
            "view_changer",
            "dependency_views",
            "agent_workspace_user",
            "snc_platform_rest_api_access",
        ],
    ),
    ("itil_admin", &["itil"]),
    (
        "sn_incident_write",
        &["sn_incident_read", "template_editor"],
    ),
    ("sn_problem_write", &["sn_problem_read", "template_editor"]),
    ("sn_change_write", &["sn_change_read", "template_editor"]),
    ("sn_request_write", &["sn_request_read", "template_editor"]),
    ("catalog_admin", &["catalog"]),
    ("knowledge_admin", &["knowledge"]),
    ("knowledge_manager", &["knowledge"]),
    ("atf_test_admin", &["atf_test_designer"]),
    ("import_admin", &["import_set_loader", "import_transformer"]),
    (
        "web_service_admin",
        &["rest_api_explorer", "cors_rule_admin", "rest_service"],
    ),
    (
        "soap",
        &[
            "soap_create",
            "soap_delete",
            "soap_ecc",
            "soap_query",
            "soap_script",
            "soap_update",
        ],
    ),
];

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let roles = ROLES.iter().map(|(name, description)| {
        Seed::new("sys_user_role", role(name))
            .with("name", *name)
            .with("suffix", *name)
            .with("description", *description)
            .with_flag("elevated_privilege", *name == "security_admin")
    });
    roles.chain(CONTAINS.iter().flat_map(|(name, contained)| {
        contained.iter().map(move |contains| {
            let key = format!("{name} {contains}");
            Seed::new(
                "sys_user_role_contains",
                derived_id("sys_user_role_contains", &key),
            )
            .with_reference("role", role(name))
            .with_reference("contains", role(contains))
        })
    }))
}
