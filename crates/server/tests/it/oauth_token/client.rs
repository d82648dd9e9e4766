//! How a client proves itself (§2.0; RFC 6749 §2.3).

use std::sync::Barrier;

use serde_json::{Value, json};

use super::{
    basic, form_encoded, is_not_kept, password_grant, refused_by_servicenow, refused_strictly,
};
use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, World};

#[test]
fn special_characters_in_a_secret_survive_every_way_of_sending_it() {
    let world = World::shared();
    for (n, secret) in [
        "100%",
        "%41",
        "a+b",
        "a b",
        "x:y:z",
        "ä€😀",
        "&=?#",
        "\"'\\",
        "+%2B:ä%",
    ]
    .into_iter()
    .enumerate()
    {
        let client = world.register(&format!("token.special.{n}"), secret, json!({}));
        for path in [SERVICENOW, STRICT] {
            let in_body = world.grant(path, &client, &[CLIENT_CREDENTIALS]);
            assert_eq!(in_body.status, 200, "body {secret}: {}", in_body.body);
            let raw = basic(world, path, (&client.id, secret), &[CLIENT_CREDENTIALS]);
            assert_eq!(raw.status, 200, "raw {secret}: {}", raw.body);
            // RFC 6749 §2.3.1 asks for this form.
            let encoded = (&*form_encoded(&client.id), &*form_encoded(secret));
            let encoded = basic(world, path, encoded, &[CLIENT_CREDENTIALS]);
            assert_eq!(encoded.status, 200, "encoded {secret}: {}", encoded.body);
            let wrong = basic(
                world,
                path,
                (&client.id, &format!("{secret}x")),
                &[CLIENT_CREDENTIALS],
            );
            assert_eq!(wrong.status, 401, "{secret}");
        }
    }
}

#[test]
fn a_client_that_tries_basic_and_then_the_body_is_not_locked_out() {
    let world = World::shared();
    let client = world.register("token.tries", "right", json!({}));
    for _ in 0..12 {
        for path in [SERVICENOW, STRICT] {
            assert_eq!(
                basic(world, path, (&client.id, "wrong"), &[CLIENT_CREDENTIALS]).status,
                401
            );
            assert_eq!(
                world.grant(path, &client, &[CLIENT_CREDENTIALS]).status,
                200
            );
        }
    }
}

#[test]
fn header_and_body_at_once() {
    let world = World::shared();
    let client = world.register("token.both", "right", json!({}));
    let pair = (&*client.id, "right");
    let both = [
        CLIENT_CREDENTIALS,
        ("client_id", &client.id),
        ("client_secret", "right"),
    ];
    let named = [CLIENT_CREDENTIALS, ("client_id", &client.id)];
    let other = [CLIENT_CREDENTIALS, ("client_id", "another")];
    assert_eq!(basic(world, SERVICENOW, pair, &both).status, 200);
    // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
    refused_strictly(
        &basic(world, STRICT, pair, &both),
        "invalid_request",
        "both",
    );
    for path in [SERVICENOW, STRICT] {
        assert_eq!(basic(world, path, pair, &named).status, 200, "{path}");
        assert_eq!(basic(world, path, pair, &other).status, 401, "{path}");
    }
}

#[test]
fn a_record_may_pin_its_client_to_a_dialect() {
    let world = World::shared();
    let strict = world.register("token.strict", "s", json!({"dialect": "strict"}));
    refused_strictly(
        &password_grant(world, SERVICENOW, &strict),
        "unsupported_grant_type",
        "strict at ServiceNow's",
    );
    assert_eq!(
        world
            .grant(SERVICENOW, &strict, &[CLIENT_CREDENTIALS])
            .json()["expires_in"],
        1800
    );
    let lax = world.register("token.lax", "s", json!({"dialect": "servicenow"}));
    assert_eq!(password_grant(world, STRICT, &lax).status, 200);
    let wrong = Client {
        secret: "wrong".to_owned(),
        ..lax.clone()
    };
    refused_by_servicenow(
        &world.grant(STRICT, &wrong, &[CLIENT_CREDENTIALS]),
        "ServiceNow's at the strict one",
    );
    // Taken back, it counts for the next request.
    world
        .admin()
        .change("oauth_entity", &lax.sys_id, &json!({"dialect": ""}));
    refused_strictly(
        &password_grant(world, STRICT, &lax),
        "unsupported_grant_type",
        "no longer pinned",
    );
}

#[test]
fn two_secrets_count_while_one_replaces_the_other() {
    let world = World::shared();
    let client = world.register("token.two", "new", json!({"client_secret_previous": "old"}));
    let with = |secret: &str| {
        let client = Client {
            secret: secret.to_owned(),
            ..client.clone()
        };
        world.grant(STRICT, &client, &[CLIENT_CREDENTIALS]).status
    };
    assert_eq!((with("new"), with("old"), with("other")), (200, 200, 401));
    world.admin().change(
        "oauth_entity",
        &client.sys_id,
        &json!({"client_secret_previous": Value::Null}),
    );
    assert_eq!((with("new"), with("old")), (200, 401));
    world.admin().change(
        "oauth_entity",
        &client.sys_id,
        &json!({"client_secret": "newer"}),
    );
    assert_eq!((with("newer"), with("new")), (200, 401));
}

#[test]
fn a_flood_of_slow_secrets_is_bounded_and_keeps_nobody_else_waiting() {
    let world = World::own();
    let slow = world.register("token.flood", "chosen by a person", json!({}));
    let wrong = Client {
        secret: "wrong".to_owned(),
        ..slow.clone()
    };
    let start = Barrier::new(161);
    std::thread::scope(|scope| {
        let one = || {
            start.wait();
            world.grant(SERVICENOW, &wrong, &[CLIENT_CREDENTIALS])
        };
        let flood: Vec<_> = (0..160).map(|_| scope.spawn(one)).collect();
        start.wait();
        // A generated secret is checked at once, whoever is waiting.
        for _ in 0..20 {
            let answer = world.grant(SERVICENOW, &world.demo_client(), &[CLIENT_CREDENTIALS]);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let answers: Vec<_> = flood
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        let refused = answers.iter().filter(|answer| answer.status == 401).count();
        let later: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 503)
            .collect();
        assert_eq!(refused + later.len(), 160);
        assert!(
            refused > 0 && !later.is_empty(),
            "{refused} refused, {} sent away",
            later.len()
        );
        for answer in later {
            assert_eq!(answer.text("error"), "temporarily_unavailable");
            assert_eq!(answer.header("retry-after"), "1");
            is_not_kept(answer);
        }
    });
    assert_eq!(
        world.grant(SERVICENOW, &slow, &[CLIENT_CREDENTIALS]).status,
        200
    );
}
