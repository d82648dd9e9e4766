//! The revocation endpoints, in both dialects (`inbound-oauth.md` §4.2; RFC 7009).

use serde_json::json;
use snowglobe_testkit::Answer;

use crate::world::{Client, SERVICENOW, Tokens, World};

fn tokens(world: &World, client: &Client) -> Tokens {
    world.tokens(client, "itil", world.password("itil"))
}

fn calls(world: &World, token: &str) -> u16 {
    world
        .as_bearer(token)
        .get("/api/now/table/incident?sysparm_limit=1")
        .status
}

fn refreshes(world: &World, client: &Client, token: &str) -> u16 {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    world.grant(SERVICENOW, client, &form).status
}

fn done(answer: &Answer) {
    assert_eq!((answer.status, &*answer.body), (200, "{}"));
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn servicenow_takes_a_token_from_whoever_holds_it() {
    let world = World::shared();
    let client = world.register("revoke.anyone", "s", json!({}));
    for path in ["/oauth_revoke_token.do", "/oauth_revoke.do"] {
        for way in 0..4 {
            let Tokens { access, .. } = tokens(world, &client);
            assert_eq!(calls(world, &access), 200);
            let url = format!("{path}?token={access}");
            done(&match way {
                0 => world.http.get(&url),
                1 => Answer::of(world.http.request("POST", &url)),
                2 => world.http.form(path, &[("token", &access)]),
                _ => world.http.form(
                    path,
                    &[
                        ("token", &access),
                        ("client_id", &client.id),
                        ("client_secret", "s"),
                    ],
                ),
            });
            assert_eq!(calls(world, &access), 401, "{path} {way}");
        }
    }
}

#[test]
fn rfc7009_2_1_a_client_revokes_its_own_tokens() {
    let world = World::shared();
    let client = world.register("revoke.own", "s", json!({}));
    let other = world.register("revoke.other", "s", json!({}));
    let Tokens { access, refresh } = tokens(world, &client);
    let revoke = |client: &Client, token: &str, hint: &str| {
        world.grant(
            "/oauth2/revoke",
            client,
            &[("token", token), ("token_type_hint", hint)],
        )
    };
    for token in [&access, &refresh] {
        let answer = revoke(&other, token, "access_token");
        assert_eq!(
            (answer.status, &*answer.text("error")),
            (400, "invalid_grant"),
            "{}",
            answer.body
        );
    }
    assert_eq!(
        (calls(world, &access), refreshes(world, &client, &refresh)),
        (200, 200)
    );
    // The hint may be wrong (§2.1) and unknown (§2.2.1 leaves that open).
    done(&revoke(&client, &access, "refresh_token"));
    assert_eq!(
        (calls(world, &access), refreshes(world, &client, &refresh)),
        (401, 200)
    );
    done(&revoke(&client, &refresh, "nonsense"));
    assert_eq!(refreshes(world, &client, &refresh), 401);
}

#[test]
fn rfc7009_2_1_a_refresh_token_takes_its_access_tokens_along() {
    let world = World::shared();
    let client = world.register("revoke.family", "s", json!({}));
    let first = tokens(world, &client);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*first.refresh),
    ];
    let second = Tokens::of(&world.grant("/oauth2/token", &client, &form));
    let apart = world.access_token(&client);
    done(&world.grant("/oauth2/revoke", &client, &[("token", &first.refresh)]));
    for token in [&first.access, &second.access] {
        assert_eq!(calls(world, token), 401);
    }
    assert_eq!(
        refreshes(world, &client, &second.refresh),
        401,
        "the next generation too"
    );
    assert_eq!(calls(world, &apart), 200, "another grant is another family");
    let again = tokens(world, &client);
    assert_eq!(
        calls(world, &again.access),
        200,
        "a new grant is not answered with the dead tokens"
    );
}

#[test]
fn rfc7009_2_2_an_unknown_token_is_revoked_already() {
    let world = World::shared();
    let client = world.register("revoke.unknown", "s", json!({}));
    let Tokens { access, .. } = tokens(world, &client);
    let tampered = format!("{}A", &access[..85]);
    for token in ["x", "", &tampered, &"A".repeat(86), &"x".repeat(5000)] {
        let strict = world.grant("/oauth2/revoke", &client, &[("token", token)]);
        let servicenow = world
            .http
            .form("/oauth_revoke_token.do", &[("token", token)]);
        if token.is_empty() {
            assert_eq!(
                (strict.status, &*strict.text("error")),
                (400, "invalid_request")
            );
            assert_eq!(servicenow.status, 401);
        } else {
            done(&strict);
            done(&servicenow);
        }
    }
    done(&world.grant("/oauth2/revoke", &client, &[("token", &access)]));
    done(&world.grant("/oauth2/revoke", &client, &[("token", &access)]));
}

#[test]
fn a_deleted_token_record_ends_the_token() {
    let world = World::own();
    let client = world.register("revoke.record", "s", json!({}));
    let Tokens { access, refresh } = world.tokens(&client, "itil", world.password("itil"));
    // A revocation is on disk before its answer, and all rows written before it are as well.
    let other = world.access_token(&client);
    done(&world.grant("/oauth2/revoke", &client, &[("token", &other)]));
    assert_eq!(refreshes(&world, &client, &refresh), 200);
    let rows = world.admin().list(
        "oauth_credential",
        "sysparm_fields=sys_id,type&sysparm_query=user.user_name=itil",
    );
    assert!(rows.len() >= 2, "{rows:?}");
    for row in rows {
        let path = format!(
            "/api/now/table/oauth_credential/{}",
            row["sys_id"].as_str().unwrap()
        );
        assert_eq!(world.admin().send("DELETE", &path).status, 204);
    }
    assert_eq!(
        (calls(&world, &access), refreshes(&world, &client, &refresh)),
        (401, 401)
    );
}

#[test]
fn the_strict_endpoint_wants_a_form_by_post() {
    let world = World::shared();
    let client = world.register("revoke.form", "s", json!({}));
    let Tokens { access, .. } = tokens(world, &client);
    let url = format!(
        "/oauth2/revoke?token={access}&client_id={}&client_secret=s",
        client.id
    );
    for method in ["GET", "POST", "PUT"] {
        let answer = Answer::of(world.http.request(method, &url));
        assert_eq!(
            (answer.status, &*answer.text("error")),
            (400, "invalid_request"),
            "{method}"
        );
    }
    assert_eq!(calls(world, &access), 200);
}
