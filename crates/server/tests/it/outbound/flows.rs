//! Flows: started by the write that they wait for, or when their time has come, and carried out step by step.

use serde_json::{Value, json};

use snowglobe_testkit::Answer;

use super::api::{Api, Told};
use crate::{
    browser::Browser,
    world::{World, text},
};

struct Flow<'w> {
    world: &'w World,
    sys_id: String,
}

impl<'w> Flow<'w> {
    fn new(world: &'w World, name: &str) -> Self {
        let fields = json!({"name": name, "active": "true"});
        let flow = world.admin().create("sys_hub_flow", &fields);
        Self {
            world,
            sys_id: text(&flow, "sys_id"),
        }
    }

    fn add(&self, table: &str, fields: Value) -> String {
        let mut fields = fields;
        fields["flow"] = self.sys_id.clone().into();
        text(&self.world.admin().create(table, &fields), "sys_id")
    }

    fn on(&self, trigger_type: &str, table: &str, condition: &str) {
        self.add(
            "sys_hub_trigger_instance",
            json!({"trigger_type": trigger_type, "table": table, "condition": condition}),
        );
    }

    fn step(&self, order: u32, action_type: &str, fields: Value) -> String {
        let mut fields = fields;
        fields["order"] = order.to_string().into();
        fields["action_type"] = action_type.into();
        self.add("sys_hub_action_instance", fields)
    }

    fn runs(&self) -> Vec<Value> {
        let query = format!("sysparm_query=flow={}^ORDERBYsys_id", self.sys_id);
        self.world.admin().list("sys_flow_context", &query)
    }

    /// The runs, once there are so many and each is in one of these states.
    fn until(&self, count: usize, states: &[&str]) -> Vec<Value> {
        for _ in 0..400 {
            let runs = self.runs();
            let there = |run: &Value| states.contains(&&*text(run, "state"));
            if runs.len() == count && runs.iter().all(there) {
                return runs;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        panic!("{:?}", self.runs());
    }

    fn steps(&self, run: &Value) -> Vec<Value> {
        let query = format!("sysparm_query=context={}^ORDERBYorder", text(run, "sys_id"));
        self.world.admin().list("sys_flow_context_step", &query)
    }
}

/// An alias of an API, and its key.
fn alias(world: &World, name: &str, api: &Api) -> String {
    let admin = world.admin();
    let alias = text(&admin.create("sys_alias", &json!({"name": name})), "sys_id");
    let connection = json!({"name": name, "connection_url": api.url(), "connection_alias": alias});
    admin.create("http_connection", &connection);
    alias
}

fn incident(world: &World, short_description: &str) -> String {
    let fields = json!({"short_description": short_description});
    text(&world.admin().create("incident", &fields), "sys_id")
}

fn read(world: &World, table: &str, sys_id: &str) -> Value {
    let path = format!("/api/now/table/{table}/{sys_id}");
    world.admin().get(&path).json()["result"].clone()
}

fn carries_an_answer_into_records(world: &World) {
    let api = Api::start();
    let alias = alias(world, "f_orders", &api);
    let flow = Flow::new(world, "f.orders");
    flow.on(
        "record_create",
        "incident",
        "short_descriptionSTARTSWITHf.order",
    );
    let order = json!({
        "name": "order", "connection_alias": alias, "http_method": "post",
        "resource_path": "/orders/${trigger.number}",
        "request_body": "{\"text\": \"${trigger.short_description}\"}",
        "mappings": "id = $.order.id\nowner = $.order.owner?\ntag = header:ETag",
    });
    flow.step(100, "rest_step", order);
    let values =
        "short_description=order ${order.id} of ${trigger.number}\ncorrelation_id=${order.tag}";
    let create = json!({"name": "task", "table": "problem", "values": values});
    flow.step(200, "create_record", create);
    let update =
        json!({"values": "correlation_id=${order.id}\ncorrelation_display=${task.sys_id}"});
    flow.step(300, "update_record", update);
    api.tell([Told {
        status: 201,
        headers: "etag: v7\r\n",
        body: r#"{"order": {"id": 42}}"#,
        delay_ms: 0,
    }]);
    incident(world, "not for it");
    let sys_id = incident(world, "f.order \"x\"");
    let run = flow.until(1, &["COMPLETE", "ERROR"]).remove(0);
    let steps = flow.steps(&run);
    assert_eq!(text(&run, "state"), "COMPLETE", "{run} {steps:?}");
    assert_eq!(text(&run, "operation"), "created");
    let changed = read(world, "incident", &sys_id);
    assert_eq!(text(&changed, "correlation_id"), "42");
    let problem = read(world, "problem", &text(&changed, "correlation_display"));
    let number = text(&changed, "number");
    assert_eq!(
        text(&problem, "short_description"),
        format!("order 42 of {number}")
    );
    assert_eq!(text(&problem, "correlation_id"), "v7");
    let asked = api.asked().remove(0);
    assert_eq!(asked.line, format!("POST /orders/{number}"));
    assert_eq!(asked.body, r#"{"text": "f.order \"x\""}"#);
    assert!(asked.header("idempotency-key").is_some());
    let states: Vec<String> = steps.iter().map(|step| text(step, "state")).collect();
    assert_eq!(states, ["done", "done", "done"]);
}

#[test]
fn flow_a_record_that_is_made_starts_it_and_an_answer_goes_into_records() {
    carries_an_answer_into_records(&World::own());
}

#[test]
fn flow_the_same_on_postgres() {
    carries_an_answer_into_records(&World::on_postgres());
}

#[test]
fn flow_each_kind_of_write_starts_what_waits_for_it() {
    let world = World::own();
    let made = |name: &str, trigger: &str| {
        let flow = Flow::new(&world, name);
        flow.on(trigger, "incident", "short_descriptionLIKEf.kind");
        flow.step(
            100,
            "create_record",
            json!({"table": "problem", "values": "short_description=${trigger.operation} ${trigger.short_description}"}),
        );
        flow
    };
    let created = made("f.created", "record_create");
    let updated = made("f.updated", "record_update");
    let either = made("f.either", "record_create_or_update");
    let deleted = made("f.deleted", "record_delete");
    let sys_id = incident(&world, "f.kind");
    let change = json!({"short_description": "f.kind 2"});
    world.admin().change("incident", &sys_id, &change);
    // Nothing changes, and nothing starts.
    world.admin().change("incident", &sys_id, &change);
    let path = format!("/api/now/table/incident/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    created.until(1, &["COMPLETE"]);
    updated.until(1, &["COMPLETE"]);
    either.until(2, &["COMPLETE"]);
    deleted.until(1, &["COMPLETE"]);
    let made = world.admin().list(
        "problem",
        "sysparm_query=short_descriptionLIKEf.kind^ORDERBYshort_description",
    );
    let texts: Vec<String> = made
        .iter()
        .map(|it| text(it, "short_description"))
        .collect();
    assert_eq!(
        texts,
        [
            "created f.kind",
            "created f.kind",
            "deleted f.kind 2",
            "updated f.kind 2",
            "updated f.kind 2"
        ]
    );
    // One that is switched off starts no more.
    let off = json!({"active": "false"});
    world.admin().change("sys_hub_flow", &created.sys_id, &off);
    incident(&world, "f.kind 3");
    either.until(3, &["COMPLETE"]);
    assert_eq!(created.runs().len(), 1);
}

#[test]
fn flow_a_step_is_tried_again_as_its_policy_says() {
    let world = World::own_frozen();
    let api = Api::start();
    let alias = alias(&world, "f_again", &api);
    let policy = json!({"name": "f.hourly", "count": "2", "interval": "3600"});
    let policy = text(&world.admin().create("sys_retry_policy", &policy), "sys_id");
    let flow = Flow::new(&world, "f.again");
    flow.on("record_create", "incident", "short_description=f.again");
    let call = json!({
        "name": "call", "connection_alias": alias, "http_method": "post", "request_body": "x",
        "retry_policy": policy,
    });
    flow.step(100, "rest_step", call);
    api.tell_statuses(&[502, 200]);
    incident(&world, "f.again");
    let waiting = flow.until(1, &["WAITING"]).remove(0);
    assert_eq!(text(&waiting, "next_attempt"), "2027-01-15 09:00:00");
    world.advance("61m");
    let run = flow.until(1, &["COMPLETE", "ERROR"]).remove(0);
    let steps = flow.steps(&run);
    assert_eq!(
        (text(&steps[0], "state"), text(&steps[0], "attempts")),
        ("done".to_owned(), "2".to_owned())
    );
    let asked = api.asked();
    assert_eq!(
        asked[0].header("idempotency-key"),
        asked[1].header("idempotency-key")
    );
}

#[test]
fn flow_what_fails_says_why_and_a_step_may_be_passed_over() {
    let world = World::own();
    let api = Api::start();
    let alias = alias(&world, "f_fails", &api);
    let flow = Flow::new(&world, "f.fails");
    flow.on("record_create", "incident", "short_description=f.fails");
    let call = json!({"name": "call", "connection_alias": alias, "on_failure": "continue"});
    flow.step(100, "rest_step", call);
    flow.step(
        200,
        "create_record",
        json!({"table": "problem", "values": "short_description=${call.id}"}),
    );
    flow.step(300, "create_record", json!({"table": "problem"}));
    api.tell_statuses(&[500]);
    incident(&world, "f.fails");
    let run = flow.until(1, &["COMPLETE", "ERROR"]).remove(0);
    assert_eq!(
        (text(&run, "state"), text(&run, "reason")),
        ("ERROR".to_owned(), "flow_value_missing".to_owned())
    );
    let steps = flow.steps(&run);
    let reasons: Vec<String> = steps.iter().map(|step| text(step, "reason")).collect();
    assert_eq!(reasons, ["rest_status_error", "flow_value_missing"]);
}

#[test]
fn flow_that_causes_itself_comes_to_an_end() {
    let world = World::own();
    let flow = Flow::new(&world, "f.loop");
    flow.on("record_create", "problem", "short_description=f.loop");
    let again = json!({"table": "problem", "values": "short_description=f.loop"});
    flow.step(100, "create_record", again);
    let first = json!({"short_description": "f.loop"});
    world.admin().create("problem", &first);
    let runs = flow.until(6, &["COMPLETE", "ERROR"]);
    let last = runs.last().expect("a run");
    assert_eq!(text(last, "reason"), "flow_too_deep");
}

#[test]
fn flow_a_schedule_starts_it_when_its_time_has_come() {
    let world = World::own_frozen();
    let flow = Flow::new(&world, "f.time");
    flow.add(
        "sys_hub_trigger_instance",
        json!({"trigger_type": "repeat", "run_start": "2027-01-15 09:00:00", "run_period": "3600"}),
    );
    let make = json!({"table": "problem", "values": "short_description=f.time"});
    flow.step(100, "create_record", make);
    // Its first time is noted at the next look, and is never in the past: one of these hours is the first.
    let started = (0..24).any(|_| {
        world.advance("1h");
        (0..60).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            !flow.runs().is_empty()
        })
    });
    assert!(started);
    flow.until(1, &["COMPLETE"]);
    // Slept through, and made up for once.
    world.advance("5h");
    flow.until(2, &["COMPLETE"]);
    world.advance("1h");
    flow.until(3, &["COMPLETE"]);
}

#[test]
fn flow_its_steps_have_the_rights_of_its_user_and_runs_are_the_administrators() {
    let world = World::own();
    let employee = world.admin().sys_id("sys_user", "user_name=employee");
    let flow = Flow::new(&world, "f.rights");
    let rights = json!({"run_as_user": employee});
    world.admin().change("sys_hub_flow", &flow.sys_id, &rights);
    flow.on("record_create", "incident", "short_description=f.rights");
    flow.step(
        100,
        "create_record",
        json!({"table": "sys_user_role", "values": "name=f.more"}),
    );
    incident(&world, "f.rights");
    let run = flow.until(1, &["COMPLETE", "ERROR"]).remove(0);
    assert_eq!(text(&run, "reason"), "acl_write_denied");
    for user in ["itil", "employee"] {
        let caller = world.as_user(user);
        let shown = caller.get("/api/now/table/sys_flow_context");
        assert!(!shown.body.contains(&text(&run, "sys_id")), "{user}");
        let made = json!({"name": "f.mine", "active": "true"});
        let made = caller.send_json("POST", "/api/now/table/sys_hub_flow", &made);
        assert_eq!(made.status, 403, "{user}: {}", made.body);
    }
}

fn run_now(world: &World, user: &str, flow: &str, body: &Value) -> Answer {
    let path = format!("/api/sn_broker/flow/{flow}/run");
    world.as_user(user).send_json("POST", &path, body)
}

#[test]
fn flow_an_administrator_starts_one_by_hand_with_a_record_or_values() {
    let world = World::own();
    let flow = Flow::new(&world, "f.hand");
    let values = "short_description=${trigger.short_description}\ncorrelation_id=${trigger.operation}\n\
                  correlation_display=${trigger.sys_id}";
    flow.step(
        100,
        "create_record",
        json!({"name": "made", "table": "problem", "values": values}),
    );
    let sys_id = incident(&world, "f.hand");
    let of_record = json!({"table": "incident", "sys_id": sys_id});
    let started = run_now(&world, "admin", "f.hand", &of_record);
    assert_eq!(started.status, 202, "{}", started.body);
    let run = text(&started.json()["result"], "sys_id");
    flow.until(1, &["COMPLETE"]);
    let path = format!("/api/sn_broker/flow_run/{run}");
    let told = world.admin().get(&path).json()["result"].clone();
    assert_eq!(text(&told, "state"), "COMPLETE", "{told}");
    assert_eq!(told["steps"][0]["name"], "made");
    assert_eq!(told["steps"][0]["state"], "done");
    let made = world
        .admin()
        .list("problem", "sysparm_query=correlation_id=manual");
    assert_eq!(text(&made[0], "short_description"), "f.hand");
    assert_eq!(text(&made[0], "correlation_display"), sys_id);
    // Nothing gives the values, or the caller does.
    let started = run_now(&world, "admin", &flow.sys_id, &json!({}));
    assert_eq!(started.status, 202, "{}", started.body);
    let runs = flow.until(2, &["COMPLETE", "ERROR"]);
    assert_eq!(text(&runs[1], "reason"), "flow_value_missing");
    let values = json!({"values": {"short_description": "by hand"}});
    assert_eq!(run_now(&world, "admin", "f.hand", &values).status, 202);
    flow.until(3, &["COMPLETE", "ERROR"]);
    let by_hand = "sysparm_query=short_description=by hand";
    assert_eq!(world.admin().list("problem", by_hand).len(), 1);
}

#[test]
fn flow_nobody_else_starts_one_by_hand_and_none_that_is_not_there_or_inactive() {
    let world = World::own();
    let flow = Flow::new(&world, "f.guarded");
    let refused = |user: &str, name: &str, body: Value, status: u16, code: &str| {
        let answer = run_now(&world, user, name, &body);
        let said = answer.header("x-snowglobe-reason").to_owned();
        assert_eq!((answer.status, &*said), (status, code), "{}", answer.body);
    };
    refused("itil", "f.guarded", json!({}), 404, "record_not_found");
    refused("itil", "f.none", json!({}), 404, "record_not_found");
    refused("admin", "f.none", json!({}), 404, "flow_not_found");
    let nowhere = json!({"table": "incident", "sys_id": "0".repeat(32)});
    refused("admin", "f.guarded", nowhere, 404, "record_not_found");
    let table = json!({"table": "f_none", "sys_id": "1"});
    refused("admin", "f.guarded", table, 400, "flow_table_unknown");
    let other = json!({"no": "such"});
    assert_eq!(run_now(&world, "admin", "f.guarded", &other).status, 400);
    let off = json!({"active": "false"});
    world.admin().change("sys_hub_flow", &flow.sys_id, &off);
    refused("admin", "f.guarded", json!({}), 409, "flow_inactive");
    Flow::new(&world, "f.guarded");
    refused("admin", "f.guarded", json!({}), 409, "flow_ambiguous");
    assert_eq!(flow.runs().len(), 0);
}

#[test]
fn flow_its_form_starts_it() {
    let world = World::own();
    let flow = Flow::new(&world, "f.form");
    let make = json!({"table": "problem", "values": "short_description=f.form"});
    flow.step(100, "create_record", make);
    let browser = Browser::of(&world, "admin");
    let path = format!("/sys_hub_flow.do?sys_id={}", flow.sys_id);
    let form = browser.get(&path);
    assert!(form.body.contains("Run now"), "{}", form.body);
    let done = browser.submit(&form, &path, &[("sysverb_run_flow", "1")]);
    assert_eq!(done.status, 200);
    assert!(
        done.body.contains("The flow has been started"),
        "{}",
        done.body
    );
    flow.until(1, &["COMPLETE"]);
}

#[test]
fn flow_its_triggers_and_steps_die_with_it() {
    let world = World::own();
    let flow = Flow::new(&world, "f.dies");
    let other = Flow::new(&world, "f.lives");
    for it in [&flow, &other] {
        it.on("record_create", "incident", "short_description=f.dies");
        it.step(100, "create_record", json!({"table": "problem"}));
    }
    let path = format!("/api/now/table/sys_hub_flow/{}", flow.sys_id);
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    for table in ["sys_hub_trigger_instance", "sys_hub_action_instance"] {
        let left = |it: &Flow| {
            let query = format!("sysparm_query=flow={}", it.sys_id);
            world.admin().list(table, &query).len()
        };
        assert_eq!((left(&flow), left(&other)), (0, 1), "{table}");
    }
}
