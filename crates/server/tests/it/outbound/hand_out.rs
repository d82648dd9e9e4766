//! Who may take a token away as text, and that each attempt is noted: a test for each refusal.

use serde_json::{Value, json};
use snowglobe_server::simulate::{Control, Temper};
use snowglobe_testkit::Answer;

use super::{alias, provider, simulated::Provider, tokens::set_up};
use crate::world::{World, text};

fn key(world: &World, name: &str) -> String {
    world.admin().sys_id("sys_alias", &format!("id={name}"))
}

/// What was noted of the alias, oldest first: who, and the reason of a refusal.
fn noted(world: &World, name: &str) -> Vec<(String, String)> {
    let alias = key(world, name);
    let query = format!(
        "sysparm_query=alias={alias}^ORDERBYsys_id&sysparm_fields=user.user_name,refused,by_operator"
    );
    let rows = world.admin().list("sys_alias_hand_out", &query);
    let row = |row: &Value| (text(row, "user.user_name"), text(row, "refused"));
    rows.iter().map(row).collect()
}

fn ask(world: &World, user: &str, name: &str) -> Answer {
    let path = format!("/api/sn_broker/token/{name}");
    world.as_user(user).get(&path)
}

fn let_take(world: &World, name: &str, more: &Value) {
    let mut access = json!({"alias": key(world, name)});
    for (field, value) in more.as_object().into_iter().flatten() {
        access[field] = value.clone();
    }
    world.admin().create("sys_alias_access", &access);
}

fn was(user: &str, refused: &str) -> (String, String) {
    (user.to_owned(), refused.to_owned())
}

#[test]
fn a_user_whom_no_row_names_is_refused_and_noted() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let (_, profile) = provider(world, "ho.nobody", &simulated.fields("client_credentials"));
    alias(world, "ho.nobody", &profile, "https://api.example");
    let itil = world.admin().sys_id("sys_user", "user_name=itil");
    let_take(
        world,
        "ho.nobody",
        &json!({"user": itil, "active": "false"}),
    );
    let_take(world, "ho.nobody", &json!({}));
    for user in ["admin", "itil"] {
        assert_eq!(ask(world, user, "ho.nobody").status, 403, "{user}");
    }
    let all = [
        was("admin", "broker_not_permitted"),
        was("itil", "broker_not_permitted"),
    ];
    assert_eq!(noted(world, "ho.nobody"), all);
    assert_eq!(simulated.ledger().token_requests, 0);
}

#[test]
fn a_row_of_a_user_and_a_role_asks_for_both() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let (_, profile) = provider(world, "ho.both", &simulated.fields("client_credentials"));
    alias(world, "ho.both", &profile, "https://api.example");
    let role = world.admin().sys_id("sys_user_role", "name=itil");
    let user = |name: &str| {
        world
            .admin()
            .sys_id("sys_user", &format!("user_name={name}"))
    };
    let_take(
        world,
        "ho.both",
        &json!({"user": user("admin"), "role": role}),
    );
    for who in ["admin", "itil"] {
        assert_eq!(ask(world, who, "ho.both").status, 403, "{who}");
    }
    let_take(
        world,
        "ho.both",
        &json!({"user": user("itil"), "role": role}),
    );
    assert_eq!(ask(world, "itil", "ho.both").status, 200);
    let refused = "broker_not_permitted";
    let all = [was("admin", refused), was("itil", refused), was("itil", "")];
    assert_eq!(noted(world, "ho.both"), all);
}

#[test]
fn an_alias_that_leads_nowhere_is_refused_and_noted() {
    let world = World::shared();
    let admin = world.admin();
    let bare = json!({"name": "ho.bare"});
    let bare = text(&admin.create("sys_alias", &bare), "sys_id");
    let me = world.admin().sys_id("sys_user", "user_name=admin");
    let_take(world, "ho.bare", &json!({"user": me}));
    let answer = ask(world, "admin", "ho.bare");
    assert_eq!(answer.status, 502, "{}", answer.body);
    let basic = json!({"name": "ho.basic", "user_name": "jo", "password": "x"});
    let basic = text(&admin.create("basic_auth_credentials", &basic), "sys_id");
    let connection = json!({
        "name": "ho.bare", "connection_url": "https://api.example", "connection_alias": bare,
        "credential": basic,
    });
    let connection = text(&admin.create("http_connection", &connection), "sys_id");
    assert_eq!(ask(world, "admin", "ho.bare").status, 502);
    let other = world
        .admin()
        .get("/api/sn_broker/token/ho.bare?connection=other");
    assert_eq!(other.status, 502, "{}", other.body);
    let off = json!({"active": "false"});
    admin.change("basic_auth_credentials", &basic, &off);
    assert_eq!(ask(world, "admin", "ho.bare").status, 502);
    admin.change("http_connection", &connection, &off);
    assert_eq!(ask(world, "admin", "ho.bare").status, 502);
    let codes: Vec<String> = noted(world, "ho.bare").into_iter().map(|it| it.1).collect();
    assert_eq!(
        codes,
        [
            "alias_without_connection",
            "credential_without_token",
            "alias_connection_unknown",
            "connection_credential_inactive",
            "alias_without_connection",
        ]
    );
}

#[test]
fn a_provider_that_gives_nothing_is_noted_with_its_reason() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(world, "ho.consent", &simulated, "authorization_code");
    let missing = ask(world, "admin", "ho.consent");
    assert_eq!(missing.status, 409, "{}", missing.body);
    set_up(world, "ho.down", &simulated, "client_credentials");
    simulated.control(Control {
        fail: 1,
        ..Control::default()
    });
    assert_eq!(ask(world, "admin", "ho.down").status, 502);
    let consent = [was("admin", "outbound_consent_missing")];
    assert_eq!(noted(world, "ho.consent"), consent);
    let down = [was("admin", "outbound_provider_failed")];
    assert_eq!(noted(world, "ho.down"), down);
}

#[test]
fn the_operator_takes_a_token_in_the_name_of_whom_a_row_names() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(world, "ho.operator", &simulated, "client_credentials");
    let take = |query: &str| world.admin().get(&format!("/_sg/token/{query}"));
    let given = take("ho.operator?as=admin");
    assert_eq!(given.status, 200, "{}", given.body);
    assert_eq!(given.header("cache-control"), "no-store");
    for (query, status, says) in [
        (
            "ho.operator?as=itil",
            403,
            "no row of Token access lets itil",
        ),
        ("ho.operator?as=no.such", 403, "no user 'no.such'"),
        ("ho.operator", 403, "no user ''"),
        ("ho.unknown?as=admin", 404, "no alias 'ho.unknown'"),
    ] {
        let answer = take(query);
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        assert!(answer.body.contains(says), "{query}: {}", answer.body);
    }
    let gone = json!({"active": "false"});
    let person = world.person("ho.gone", "Ho-gone-1-password", json!({}));
    let_take(world, "ho.operator", &json!({"user": person}));
    assert_eq!(take("ho.operator?as=ho.gone").status, 200);
    world.admin().change("sys_user", &person, &gone);
    assert_eq!(take("ho.operator?as=ho.gone").status, 403);
    let all = [
        was("admin", ""),
        was("itil", "broker_not_permitted"),
        was("ho.gone", ""),
        was("ho.gone", "broker_not_permitted"),
    ];
    assert_eq!(noted(world, "ho.operator"), all);
    let query = format!(
        "sysparm_query=alias={}^by_operator=true",
        key(world, "ho.operator")
    );
    assert_eq!(world.admin().list("sys_alias_hand_out", &query).len(), 4);
}
