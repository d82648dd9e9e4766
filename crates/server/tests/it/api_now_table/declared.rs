//! Business rules and data policies as records: made by a request, they hold for the next one (§13.8; E7, E8).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::World;

const TABLE: &str = "/api/now/table";

fn create(world: &World, table: &str, body: &Value) -> Answer {
    world
        .admin()
        .send_json("POST", &format!("{TABLE}/{table}"), body)
}

fn sys_id(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["result"]["sys_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The body with which `PySNC`’s suite makes a rule.
fn rule(marker: &str) -> Value {
    json!({
        "name": format!("Refuse {marker}"),
        "collection": "problem",
        "active": true,
        "when": "before",
        "order": 100,
        "action_insert": true,
        "action_update": true,
        "abort_action": true,
        "add_message": true,
        "message": "No, thank you",
        "filter_condition": format!("short_descriptionLIKE{marker}^ORdescriptionLIKE{marker}^EQ"),
    })
}

#[test]
fn rest_1_7_e7_a_business_rule_made_by_a_request_holds_for_the_next() {
    let world = World::shared();
    let problem = sys_id(&create(
        world,
        "problem",
        &json!({"short_description": "fine"}),
    ));
    let rule_id = sys_id(&create(world, "sys_script", &rule("EICAR-7Q")));
    let path = format!("{TABLE}/problem/{problem}");
    let update = |text: &str| {
        world
            .admin()
            .send_json("PATCH", &path, &json!({"short_description": text}))
    };

    let refused = update("has eicar-7q in it");
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(
        refused.json(),
        json!({
            "error": {
                "message": "Operation Failed",
                "detail": format!(
                    "Operation against file 'problem' was aborted by Business Rule \
                     'Refuse EICAR-7Q^{rule_id}'. Business Rule Stack:Refuse EICAR-7Q"
                ),
            },
            "status": "failure",
        })
    );
    assert_eq!(
        refused.header("x-snowglobe-reason"),
        "business_rule_aborted"
    );
    assert_eq!(update("has nothing in it").status, 200);
    let made = create(world, "problem", &json!({"description": "EICAR-7Q"}));
    assert_eq!(made.status, 403, "{}", made.body);

    let rule_path = format!("{TABLE}/sys_script/{rule_id}");
    let off = world
        .admin()
        .send_json("PATCH", &rule_path, &json!({"active": false}));
    assert_eq!(off.status, 200, "{}", off.body);
    assert_eq!(update("EICAR-7Q may pass now").status, 200);
}

// covers: rest §13.8 scripts
#[test]
fn an_active_rule_with_a_script_is_refused_by_name() {
    let world = World::shared();
    let mut body = rule("no-such-marker");
    body["advanced"] = json!(true);
    body["script"] = json!("current.urgency = 1;");
    let refused = create(world, "sys_script", &body);
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(
        refused.header("x-snowglobe-reason"),
        "business_rule_not_declarative"
    );
    let detail = refused.json()["error"]["detail"].to_string();
    assert!(detail.contains("script: scripts are not run"), "{detail}");
}

#[test]
fn rest_1_7_e8_a_resolved_incident_says_how() {
    let world = World::shared();
    let incident = sys_id(&create(
        world,
        "incident",
        &json!({"short_description": "x"}),
    ));
    let path = format!("{TABLE}/incident/{incident}");
    let resolve = |body: &Value| world.admin().send_json("PATCH", &path, body);
    let refused = resolve(&json!({"state": "6"}));
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(
        refused.json()["error"],
        json!({
            "message": "Operation Failed",
            "detail": "Data Policy Exception: The following fields are mandatory: Resolution code, Close notes",
        })
    );
    let how = json!({"state": "6", "close_code": "Duplicate", "close_notes": "Of another"});
    assert_eq!(resolve(&how).status, 200);
}

// covers: rest §13.8 data policies
#[test]
fn a_data_policy_made_by_a_request_holds_for_the_next() {
    let world = World::shared();
    let policy = json!({
        "short_description": "Say where",
        "model_table": "change_request",
        "conditions": "short_description=needs-a-place",
    });
    let policy = sys_id(&create(world, "sys_data_policy2", &policy));
    let body = json!({"short_description": "needs-a-place"});
    assert_eq!(create(world, "change_request", &body).status, 201);
    let field = json!({
        "sys_data_policy": policy,
        "table": "change_request",
        "field": "location",
        "mandatory": "true",
    });
    sys_id(&create(world, "sys_data_policy_rule", &field));
    let refused = create(world, "change_request", &body);
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(
        refused.header("x-snowglobe-reason"),
        "data_policy_mandatory"
    );
}

// covers: rest §13.8 business rules
#[test]
fn a_change_goes_its_way_step_by_step() {
    let world = World::shared();
    let change = sys_id(&create(
        world,
        "change_request",
        &json!({"short_description": "steps"}),
    ));
    let path = format!("{TABLE}/change_request/{change}");
    let go = |state: &str| {
        world
            .admin()
            .send_json("PATCH", &path, &json!({"state": state}))
    };
    let refused = go("3");
    assert_eq!(refused.status, 403, "{}", refused.body);
    let aborted = "Operation against file 'change_request' was aborted by Business Rule \
                   'Change Model: Check State Transition^";
    assert!(refused.body.contains(aborted), "{}", refused.body);
    for state in ["-4", "-3", "-2", "-1", "0", "3"] {
        assert_eq!(go(state).status, 200, "{state}");
    }
    assert_eq!(go("-5").status, 403);
}

// covers: rest §1.8 glide.rest.choice.allow_non_existing_value
#[test]
fn a_property_lets_values_outside_a_choice_list_be_stored() {
    let world = World::own();
    let category = || {
        let made = create(&world, "incident", &json!({"category": "plumbing"}));
        made.json()["result"]["category"].clone()
    };
    assert_eq!(category(), "inquiry");
    world.set_property("glide.rest.choice.allow_non_existing_value", "true");
    assert_eq!(category(), "plumbing");
}
