//! The most important of all on the other database.

use serde_json::json;
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World, text};
use crate::{
    api_now_attachment, api_now_cmdb, api_now_import, api_now_stats, api_now_table, oauth_auth,
    rate_limits, surface,
};

/// One instance for all: a new one takes its time.
#[test]
fn tokens_and_records_hold_on_postgresql() {
    let world = World::on_postgres();
    tokens_rotate_and_end(&world);
    records_are_made_found_and_shown(&world);
    journals_are_shown(&world);
    nothing_hostile_is_an_error_of_ours(&world);
    a_new_table_is_there_at_once(&world);
    surface::a_long_query(&world);
    api_now_table::stream::every_row_once(&world);
    api_now_table::list::walked_by_name(&world);
    api_now_stats::rows_are_counted(&world);
    api_now_stats::groups_say_their_values(&world);
    api_now_stats::groups_come_in_order(&world);
    api_now_attachment::attributes_of_a_file(&world);
    api_now_import::a_row_is_carried(&world);
    api_now_import::several_rows(&world);
    api_now_cmdb::an_item_is_made(&world);
    api_now_cmdb::items_are_found_or_made(&world);
    oauth_auth::cost::code_flows(&world);
    // Last: from here on the clock stands still.
    let world = world.freeze();
    rate_limits::calls_beyond_the_limit(&world);
}

fn tokens_rotate_and_end(world: &World) {
    let client = world.register("postgres.tokens", "a+%:ä", json!({}));
    let refresh = |token: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        world.grant(STRICT, &client, &form)
    };
    let first = world.tokens(&client, "itil", world.password("itil"));
    assert_eq!(world.tokens(&client, "itil", world.password("itil")), first);
    let second = Tokens::of(&refresh(&first.refresh));
    assert_eq!(Tokens::of(&refresh(&first.refresh)).refresh, second.refresh);
    let third = Tokens::of(&refresh(&second.refresh));
    assert_eq!(refresh(&first.refresh).text("error"), "invalid_grant");
    assert_eq!(refresh(&third.refresh).text("error"), "invalid_grant");
    let call = |token: &str| {
        world
            .as_bearer(token)
            .get("/api/now/table/incident?sysparm_limit=1")
            .status
    };
    assert_eq!(call(&third.access), 401);
    let token = world.access_token(&client);
    assert_eq!(call(&token), 200);
    world
        .admin()
        .change("oauth_entity", &client.sys_id, &json!({"active": "false"}));
    assert_eq!(call(&token), 401);
}

fn records_are_made_found_and_shown(world: &World) {
    let abel = world.admin().sys_id("sys_user", "user_name=abel.tuter");
    for n in 1..=5 {
        let fields = json!({"correlation_id": "postgres", "short_description": format!("Äpfel {n}"), "caller_id": abel, "order": n});
        assert!(text(&world.admin().create("incident", &fields), "number").starts_with("INC00"));
    }
    let url = "/api/now/table/incident?sysparm_query=correlation_id=postgres%5Eorder%3E1%5EORDERBYDESCorder&sysparm_limit=2&sysparm_fields=short_description,caller_id&sysparm_display_value=true&sysparm_exclude_reference_link=true";
    let answer = world.admin().get(url);
    let expected = json!({"result": [
        {"short_description": "Äpfel 5", "caller_id": "Abel Tuter"},
        {"short_description": "Äpfel 4", "caller_id": "Abel Tuter"},
    ]});
    assert_eq!(
        (answer.json(), answer.header("x-total-count")),
        (expected, "4")
    );
    assert_eq!(
        world
            .as_user("abel.tuter")
            .list("incident", "correlation_id=postgres")
            .len(),
        5
    );
    assert_eq!(
        world
            .as_user("employee")
            .list("incident", "correlation_id=postgres")
            .len(),
        0
    );
    let duplicate = world.admin().send_json(
        "POST",
        "/api/now/table/sys_user",
        &json!({"user_name": "admin"}),
    );
    assert_eq!(
        duplicate.json()["error"]["detail"],
        "Unique Key violation: a row of sys_user has the same user_name"
    );
    let key = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
    assert_eq!(
        world.admin().create("incident", &json!({"sys_id": key}))["sys_id"],
        key
    );
    let path = format!("/api/now/table/incident/{key}");
    let changed = world
        .admin()
        .change("incident", key, &json!({"order": "7"}));
    assert_eq!(
        (&changed["order"], &changed["sys_mod_count"]),
        (&json!("7"), &json!("1"))
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    assert_eq!(world.admin().get(&path).status, 404);
}

fn journals_are_shown(world: &World) {
    let made = world
        .admin()
        .create("incident", &json!({"comments": "one"}));
    let id = text(&made, "sys_id");
    world
        .admin()
        .change("incident", &id, &json!({"work_notes": "two"}));
    let path = format!(
        "/api/now/table/incident/{id}?sysparm_fields=comments_and_work_notes&sysparm_display_value=true"
    );
    let history = text(
        &world.admin().get(&path).json()["result"],
        "comments_and_work_notes",
    );
    let (newest, oldest) = history.split_once("\n\n").unwrap();
    assert!(
        newest.ends_with(" - System Administrator (Work notes)\ntwo"),
        "{history}"
    );
    assert!(
        oldest.ends_with(" - System Administrator (Additional comments)\none\n\n"),
        "{history}"
    );
}

fn nothing_hostile_is_an_error_of_ours(world: &World) {
    let client = world.demo_client();
    for text in ["\0", "a\0b", "'", "\\", "%", "\u{fffd}", "😀"] {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("sysparm_query", &format!("short_description={text}^ORnumberLIKE{text}^ORstate={text}^ORopened_at>{text}^ORsys_idIN{text},{text}"))
            .append_pair("sysparm_limit", "1")
            .finish();
        let list = world
            .admin()
            .get(&format!("/api/now/table/incident?{query}"));
        assert_eq!(list.status, 200, "{text:?}: {}", list.body);
        let path: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let path = format!("/api/now/table/incident/{path}");
        for method in ["GET", "PATCH", "DELETE"] {
            let answer = world
                .admin()
                .send_json(method, &path, &json!({"order": "1"}));
            assert_eq!(answer.status, 404, "{method} {text:?}: {}", answer.body);
        }
        let fields = json!({"short_description": text, "caller_id": text, "opened_at": text, "work_notes": text});
        let made = Answer::of(
            world
                .admin()
                .request(
                    "POST",
                    "/api/now/table/incident?sysparm_input_display_value=true",
                )
                .json(&fields),
        );
        assert_eq!(made.status, 201, "{text:?}: {}", made.body);
        assert_eq!(
            world
                .as_basic(text, text)
                .get("/api/now/table/incident")
                .status,
            401,
            "{text:?}"
        );
        let form = [
            ("grant_type", "password"),
            ("username", text),
            ("password", text),
        ];
        assert_eq!(
            world.grant(SERVICENOW, &client, &form).status,
            401,
            "{text:?}"
        );
        assert_eq!(
            world
                .grant(STRICT, &client, &[CLIENT_CREDENTIALS, ("scope", text)])
                .status,
            400,
            "{text:?}"
        );
        let nobody = Client {
            id: text.to_owned(),
            ..client.clone()
        };
        assert_eq!(
            world.grant(STRICT, &nobody, &[CLIENT_CREDENTIALS]).status,
            401,
            "{text:?}"
        );
    }
}

fn a_new_table_is_there_at_once(world: &World) {
    assert_eq!(world.admin().get("/api/now/table/u_pet").status, 400);
    world
        .admin()
        .create("sys_db_object", &json!({"name": "u_pet", "label": "Pet"}));
    world.admin().create("sys_dictionary", &json!({"name": "u_pet", "element": "u_legs", "internal_type": "integer", "column_label": "Legs"}));
    assert_eq!(
        world.admin().create("u_pet", &json!({"u_legs": "4"}))["u_legs"],
        "4"
    );
    assert_eq!(
        world
            .admin()
            .list("u_pet", "sysparm_query=u_legs%3E3")
            .len(),
        1
    );
}
