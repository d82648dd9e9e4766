//! `/_sg/clock`: time moves for everything at once, and only whoever runs a development instance moves it.

use serde_json::{Value, json};

use crate::world::{CLIENT_CREDENTIALS, Caller, SERVICENOW, Tokens, World, text};

const CLOCK: &str = "/_sg/clock";

fn moved(caller: &Caller<'_>, wanted: &Value) -> Value {
    let answer = caller.send_json("POST", CLOCK, wanted);
    assert_eq!(answer.status, 200, "{wanted}: {}", answer.body);
    answer.json()
}

fn advance(world: &World, by: &str) {
    moved(&world.admin(), &json!({"advance": by}));
}

fn calls(world: &World, token: &str) -> u16 {
    let path = "/api/now/table/sys_user?sysparm_limit=1";
    world.as_bearer(token).get(path).status
}

#[test]
fn a_frozen_clock_tells_the_time_it_was_set_to() {
    let world = World::own();
    moved(&world.admin(), &json!({"freeze": true}));
    let told = moved(&world.admin(), &json!({"set": "2031-05-06T07:08:09Z"}));
    assert_eq!(
        (&told["now"], &told["frozen"]),
        (&json!("2031-05-06T07:08:09Z"), &json!(true))
    );
    assert_eq!(told.get("warning"), None);
    assert_eq!(
        world.admin().get(CLOCK).json()["now"],
        "2031-05-06T07:08:09Z"
    );
    let record = world.admin().create("incident", &json!({}));
    assert_eq!(record["sys_created_on"], "2031-05-06 07:08:09");
    let back = moved(&world.admin(), &json!({"reset": true}));
    assert_eq!(
        (&back["offset_ms"], &back["frozen"]),
        (&json!(0), &json!(false))
    );
    assert!(text(&back, "warning").starts_with("The clock went back."));
}

/// Scenario C: the same token with less time left while it lives; then 401, and the next request gets another.
#[test]
fn scenario_c_a_server_keeps_its_token_until_it_expires() {
    let world = World::own();
    let client = world.demo_client();
    moved(&world.admin(), &json!({"freeze": true}));
    let grant = || {
        world
            .grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS])
            .json()
    };
    let first = grant();
    advance(&world, "10m");
    let again = grant();
    assert_eq!(again["access_token"], first["access_token"]);
    let left = |answer: &Value| answer["expires_in"].as_i64().unwrap();
    assert_eq!(left(&first) - left(&again), 600);
    let token = text(&first, "access_token");
    advance(&world, "19m 59s");
    assert_eq!(calls(&world, &token), 200);
    advance(&world, "1s");
    assert_eq!(calls(&world, &token), 401);
    let next = grant();
    assert_ne!(next["access_token"], first["access_token"]);
    assert_eq!(left(&next), 1799);
    assert_eq!(calls(&world, &text(&next, "access_token")), 200);
}

/// Scenario E: a refresh token gives access tokens on day 99 and none on day 101.
#[test]
fn scenario_e_a_refresh_token_lives_a_hundred_days() {
    let world = World::own();
    let client = world.demo_client();
    let tokens = world.tokens(&client, "admin", world.password("admin"));
    let refresh = || {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*tokens.refresh),
        ];
        world.grant(SERVICENOW, &client, &form)
    };
    advance(&world, "99d");
    assert_eq!(calls(&world, &tokens.access), 401);
    let on_day_99 = Tokens::of(&refresh());
    assert_eq!(calls(&world, &on_day_99.access), 200);
    advance(&world, "2d");
    let on_day_101 = refresh();
    assert_eq!(on_day_101.status, 401);
    assert_eq!(on_day_101.text("error"), "server_error");
}

#[test]
fn a_password_changed_after_the_clock_went_back_still_ends_every_token() {
    let world = World::own();
    let client = world.demo_client();
    let user = world.person("clock.back", "Right-1!", json!({}));
    advance(&world, "1h");
    let later = world.tokens(&client, "clock.back", "Right-1!");
    moved(&world.admin(), &json!({"reset": true}));
    let change = json!({"user_password": "Other-1!"});
    world.admin().change("sys_user", &user, &change);
    assert_eq!(calls(&world, &later.access), 401);
    let now = world.tokens(&client, "clock.back", "Other-1!");
    assert_eq!(calls(&world, &now.access), 200);
}

#[test]
fn a_move_that_is_none_is_refused_and_moves_nothing() {
    let world = World::shared();
    for wanted in [
        json!({}),
        json!({"advance": "soon"}),
        json!({"set": "2089-01-01T00:00:00Z"}),
        json!({"advance": "1m", "freeze": true}),
        json!("reset"),
    ] {
        let answer = world.admin().send_json("POST", CLOCK, &wanted);
        assert_eq!(answer.status, 400, "{wanted}: {}", answer.body);
    }
    assert_eq!(world.admin().send("DELETE", CLOCK).status, 405);
    assert_eq!(world.admin().get(CLOCK).json()["offset_ms"], 0);
}
