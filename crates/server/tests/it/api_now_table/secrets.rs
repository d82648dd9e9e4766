//! Secrets go in and never come out (§2.5, §4.1).

use serde_json::json;

use crate::world::{World, text};

/// No part that is looked for can stand in a `sys_id` by chance.
const CANARY: &str = "Canary-Plover%+:ä";

/// Reads a record in every way there is and looks for the secret and for what is kept of it.
fn shows_nothing(world: &World, table: &str, sys_id: &str, field: &str) {
    let record = format!("/api/now/table/{table}/{sys_id}");
    let list = format!("/api/now/table/{table}?sysparm_query=sys_id={sys_id}");
    for url in [record + "?", list + "&"] {
        for mode in ["false", "true", "all"] {
            for fields in ["", field] {
                let url = format!("{url}sysparm_display_value={mode}&sysparm_fields={fields}");
                let answer = world.admin().get(&url);
                assert_eq!(answer.status, 200);
                for part in ["Canary", "$argon2", "$sha256", "Plover"] {
                    assert!(!answer.body.contains(part), "{url}: {}", answer.body);
                }
            }
        }
    }
    let shown = |mode: &str| {
        let url = format!(
            "/api/now/table/{table}/{sys_id}?sysparm_fields={field}&sysparm_display_value={mode}"
        );
        world.admin().get(&url).json()["result"][field].clone()
    };
    assert_eq!(shown("false"), "", "{field}");
    assert_eq!(shown("true"), "********", "{field}");
    assert_eq!(
        shown("all"),
        json!({"display_value": "********", "value": ""}),
        "{field}"
    );
}

#[test]
fn a_client_s_secrets() {
    let world = World::shared();
    let client = world.register(
        "secrets.client",
        CANARY,
        json!({"client_secret_previous": "Canary-before"}),
    );
    shows_nothing(world, "oauth_entity", &client.sys_id, "client_secret");
    shows_nothing(
        world,
        "oauth_entity",
        &client.sys_id,
        "client_secret_previous",
    );
}

#[test]
fn a_person_s_password() {
    let world = World::shared();
    let person = world.person("secrets.person", CANARY, json!({}));
    shows_nothing(world, "sys_user", &person, "user_password");
    assert_eq!(
        world
            .as_basic("secrets.person", CANARY)
            .get("/api/now/table/incident")
            .status,
        200
    );
}

#[test]
fn a_secret_is_not_in_the_answer_that_takes_it() {
    let world = World::shared();
    for mode in ["false", "true", "all"] {
        let url = format!(
            "/api/now/table/sys_user?sysparm_input_display_value=true&sysparm_display_value={mode}"
        );
        let person =
            json!({"user_name": format!("secrets.answer.{mode}"), "user_password": CANARY});
        let answer = world.admin().send_json("POST", &url, &person);
        assert_eq!(answer.status, 201);
        assert!(
            !answer.body.contains("Canary") && !answer.body.contains("$argon2"),
            "{}",
            answer.body
        );
    }
}

#[test]
fn passwords_are_written_only_with_display_values() {
    let world = World::shared();
    let person = world.person("secrets.discarded", "Right-1!", json!({}));
    let path = format!("/api/now/table/sys_user/{person}");
    let answer = world
        .admin()
        .send_json("PATCH", &path, &json!({"user_password": "Other-1!"}));
    assert_eq!(answer.status, 200);
    let call = |password: &str| {
        world
            .as_basic("secrets.discarded", password)
            .get("/api/now/table/incident")
            .status
    };
    assert_eq!((call("Right-1!"), call("Other-1!")), (200, 401));
}

#[test]
fn a_record_that_is_sent_back_as_it_was_read_keeps_its_secret() {
    let world = World::shared();
    let person = world.person("secrets.kept", "Right-1!", json!({}));
    let client = world.register("secrets.kept", "Right-1!", json!({}));
    for mode in ["false", "true", "all"] {
        for (table, sys_id) in [("sys_user", &person), ("oauth_entity", &client.sys_id)] {
            let url = format!(
                "/api/now/table/{table}/{sys_id}?sysparm_display_value={mode}&sysparm_exclude_reference_link=true"
            );
            let record = world.admin().get(&url).json()["result"].clone();
            let url = format!("{url}&sysparm_input_display_value=true");
            assert_eq!(world.admin().send_json("PUT", &url, &record).status, 200);
        }
        let call = world
            .as_basic("secrets.kept", "Right-1!")
            .get("/api/now/table/incident");
        assert_eq!(call.status, 200, "{mode}");
        world.access_token(&client);
    }
}

#[test]
fn a_null_takes_a_secret_away() {
    let world = World::shared();
    let person = world.person("secrets.none", "Right-1!", json!({}));
    world
        .admin()
        .change("sys_user", &person, &json!({"user_password": null}));
    for password in ["Right-1!", ""] {
        let call = world
            .as_basic("secrets.none", password)
            .get("/api/now/table/incident");
        assert_eq!(call.status, 401, "{password}");
    }
}

#[test]
fn nothing_can_be_asked_about_a_secret() {
    let world = World::shared();
    let person = world.person("secrets.asked", "Right-1!", json!({}));
    let count = |query: &str| {
        let url = format!(
            "/api/now/table/sys_user?sysparm_fields=user_name&sysparm_query=sys_id={person}^{query}"
        );
        let answer = world.admin().get(&url);
        (answer.status, answer.header("x-total-count").to_owned())
    };
    // Each is dropped as an unknown field is: right or wrong, the row is there.
    for query in [
        "user_passwordISNOTEMPTY",
        "user_passwordISEMPTY",
        "user_passwordSTARTSWITH$argon2id",
        "user_passwordSTARTSWITHx",
        "user_password=Right-1!",
        "user_password>a",
        "ORDERBYuser_password",
    ] {
        assert_eq!(count(query), (200, "1".to_owned()), "{query}");
    }
    let walked = world.admin().get(&format!("/api/now/table/incident?sysparm_limit=1&sysparm_fields=opened_by.user_password&sysparm_display_value=all&x={person}"));
    assert!(
        !walked.body.contains("$argon2") && !walked.body.contains("$sha256"),
        "{}",
        walked.body
    );
}

#[test]
fn the_trail_of_changes_holds_no_secret() {
    let world = World::shared();
    let person = world.person("secrets.trail", CANARY, json!({}));
    world.admin().change(
        "sys_user",
        &person,
        &json!({"user_password": "Canary-2!", "title": "Keeper"}),
    );
    let trail = world.admin().get(&format!(
        "/api/now/table/sys_audit?sysparm_query=documentkey={person}"
    ));
    assert!(trail.body.contains("Keeper"), "{}", trail.body);
    assert!(
        !trail.body.contains("Canary") && !trail.body.contains("$argon2"),
        "{}",
        trail.body
    );
}

#[test]
fn tokens_are_records_without_their_text() {
    let world = World::shared();
    let client = world.register("secrets.tokens", "s", json!({}));
    let tokens = world.tokens(&client, "admin", world.password("admin"));
    // Written behind: seen when the group that holds it is on disk.
    world.grant(
        "/oauth2/token",
        &client,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", &tokens.refresh),
        ],
    );
    let answer = world
        .admin()
        .get("/api/now/table/oauth_credential?sysparm_display_value=all");
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains(&tokens.access) && !answer.body.contains(&tokens.refresh));
    let rows = answer.json()["result"].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    assert!(
        rows.iter()
            .all(|row| !text(&row["sys_id"], "value").is_empty())
    );
}
