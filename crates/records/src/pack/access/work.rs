//! Rules for what people work on and with: tasks, configuration items, assets, the catalog, knowledge.

use super::rule::{ALL, CHANGE, Rule, allow, allow_when};

const MINE: &str = "opened_by=javascript:gs.getUserID()";
const MINE_OR_FOR_ME: &str =
    "caller_id=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()";
const REQUESTED_FOR_ME: &str =
    "requested_for=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()";

/// Whoever reads tasks that are not their own.
const WORKERS: &[&str] = &[
    "itil",
    "sn_incident_read",
    "sn_problem_read",
    "sn_change_read",
    "sn_request_read",
    "csm_ws_integration",
];

pub(super) const RULES: &[Rule] = &[
    allow("task", "create read write", &["itil"]),
    allow_when("task", "read", MINE),
    allow("task", "delete", &["itil_admin"]),
    allow("task.work_notes", "read", WORKERS)
        .because("People without roles read the comments on their tasks, not the work notes."),
    allow("incident", "read", &["sn_incident_read"]),
    allow_when("incident", "create read", MINE_OR_FOR_ME)
        .because("People without roles see and open incidents of their own."),
    allow("incident", "create write", &["sn_incident_write"]),
    allow("incident", "delete", &["itil_admin"]),
    allow("problem", "read", &["sn_problem_read"]),
    allow_when("problem", "read", MINE),
    allow("problem", "create write", &["sn_problem_write"]),
    allow("problem", "delete", &["itil_admin"]),
    allow("change_request", "read", &["sn_change_read"]),
    allow_when("change_request", "read", MINE),
    allow("change_request", "create write", &["sn_change_write"]),
    allow("change_request", "delete", &["itil_admin"]),
    allow("sc_request", "read", &["sn_request_read"]),
    allow_when("sc_request", "create read", REQUESTED_FOR_ME),
    allow("sc_request", "create write", &["sn_request_write"]),
    allow("sc_req_item", "read", &["sn_request_read"]),
    allow_when("sc_req_item", "create read", REQUESTED_FOR_ME),
    allow("sc_req_item", "create write", &["sn_request_write"]),
    allow(
        "sn_customerservice_case",
        "create read write",
        &["itil", "csm_ws_integration"],
    ),
    allow_when("sn_customerservice_case", "read", MINE),
    allow("sc_category", "read", &["public"]),
    allow("sc_category", CHANGE, &["catalog_admin"]),
    allow("sc_cat_item", "read", &["public"]),
    allow("sc_cat_item", CHANGE, &["catalog_admin"]),
    allow("sc_catalog", "read", &["public"]),
    allow("sc_catalog", CHANGE, &["catalog_admin"]),
    allow("question", "read", &["public"]),
    allow("question", CHANGE, &["catalog_admin"]),
    allow("question_choice", "read", &["public"]),
    allow("question_choice", CHANGE, &["catalog_admin"]),
    allow("item_option_new_set", "read", &["public"]),
    allow("item_option_new_set", CHANGE, &["catalog_admin"]),
    allow("io_set_item", "read", &["public"]),
    allow("io_set_item", CHANGE, &["catalog_admin"]),
    allow("sc_item_option", "create", &["public"]).because("Whoever orders answers."),
    allow("sc_item_option", "read write", &["sn_request_read"]),
    allow("sc_item_option_mtom", "create", &["public"]).because("Whoever orders answers."),
    allow("sc_item_option_mtom", "read write", &["sn_request_read"]),
    allow_when("sc_cart", ALL, "user=javascript:gs.getUserID()"),
    allow("sc_cart_item", "create", &["public"]),
    allow_when(
        "sc_cart_item",
        "read write delete",
        "sys_created_by=javascript:gs.getUserName()",
    ),
    allow("sysapproval_approver", "read", &["itil"]),
    allow_when(
        "sysapproval_approver",
        "read write",
        "approver=javascript:gs.getUserID()",
    )
    .because("Whoever is asked decides."),
    allow("contract_sla", "read", &["itil"]),
    allow("task_sla", "read", &["itil"]),
    allow("task_ci", ALL, &["itil"]),
    allow("cmn_schedule", "read", &["itil"]),
    allow("em_event", "create read", &["itil"]),
    allow("em_alert", "create read write", &["itil"]),
    allow_when("sys_user_preference", ALL, "user=javascript:gs.getUserID()"),
    allow("kb_knowledge", "read", &["itil", "knowledge"]),
    allow("kb_knowledge", "create write", &["knowledge"]),
    allow("kb_knowledge", "delete", &["knowledge_admin"]),
    allow("kb_knowledge_base", "read", &["itil", "knowledge"]),
    allow("kb_knowledge_base", CHANGE, &["knowledge_admin"]),
    allow("kb_category", "read", &["itil", "knowledge"]),
    allow("kb_category", CHANGE, &["knowledge"]),
    allow("kb_feedback", "create read", &["itil", "knowledge"]),
    allow("cmdb", "read", &["cmdb_read", "itil", "asset"]),
    allow("cmdb", CHANGE, &["itil", "asset"]),
    allow("cmdb_rel_ci", "read", &["cmdb_read", "itil", "asset"]),
    allow("cmdb_rel_ci", CHANGE, &["itil", "asset"]),
    allow("cmdb_rel_type", "read", &["cmdb_read", "itil", "asset"]),
    allow("cmdb_model", "read", &["cmdb_read", "itil", "asset"]),
    allow("cmdb_model", CHANGE, &["asset"]),
    allow("bsm_chart", "read", &["itil"]),
    allow("alm_asset", "read", &["itil", "asset"]),
    allow("alm_asset", CHANGE, &["asset"]),
    allow("ast_contract", "read", &["itil", "asset"]),
    allow("ast_contract", CHANGE, &["asset"]),
    allow("sys_attachment", "create", &["public"])
        .because("Who may change a record may attach to it."),
    allow("sys_attachment", "read", &["itil"]),
    allow_when(
        "sys_attachment",
        "read write delete",
        "sys_created_by=javascript:gs.getUserName()",
    ),
];
