//! Refreshing, with rotation and without (§2.5; RFC 6749 §6, RFC 9700 §4.14).

use std::sync::Barrier;

use serde_json::json;

use super::{calls, is_not_kept, password_grant, refresh, refused_by_servicenow, refused_strictly};
use crate::world::{SERVICENOW, STRICT, Tokens, World};

#[test]
fn servicenow_refreshes_without_rotation() {
    let world = World::shared();
    let client = world.register("token.refresh", "s", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let mut seen = vec![first.access.clone()];
    for _ in 0..3 {
        let answer = refresh(world, SERVICENOW, &client, &first.refresh);
        is_not_kept(&answer);
        let next = Tokens::of(&answer);
        assert_eq!(next.refresh, first.refresh);
        assert!(!seen.contains(&next.access));
        assert_eq!(calls(world, &next.access), 200);
        seen.push(next.access);
    }
}

#[test]
fn rfc9700_4_14_the_strict_dialect_rotates_and_a_reuse_ends_the_family() {
    let world = World::shared();
    let client = world.register("token.rotation", "s", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let answer = refresh(world, STRICT, &client, &first.refresh);
    is_not_kept(&answer);
    let second = Tokens::of(&answer);
    assert_ne!(second.refresh, first.refresh);
    // The answer got lost: within the grace the retry gets the same successor.
    let retried = Tokens::of(&refresh(world, STRICT, &client, &first.refresh));
    assert_eq!(retried.refresh, second.refresh);
    let third = Tokens::of(&refresh(world, STRICT, &client, &second.refresh));
    // Two generations old: no retry, but somebody who took a copy.
    refused_strictly(
        &refresh(world, STRICT, &client, &first.refresh),
        "invalid_grant",
        "reused",
    );
    for (which, token) in [
        ("third", &third.refresh),
        ("second", &second.refresh),
        ("first", &first.refresh),
    ] {
        refused_strictly(
            &refresh(world, STRICT, &client, token),
            "invalid_grant",
            which,
        );
    }
    for access in [
        &first.access,
        &second.access,
        &retried.access,
        &third.access,
    ] {
        assert_eq!(calls(world, access), 401);
    }
}

#[test]
fn rfc6749_6_a_refresh_token_belongs_to_its_client_and_its_user() {
    let world = World::shared();
    let client = world.register("token.owner", "s", json!({}));
    let other = world.register("token.other", "s", json!({}));
    let person = world.person("token.owner", "Right-1!", json!({}));
    let tokens = world.tokens(&client, "token.owner", "Right-1!");
    refused_strictly(
        &refresh(world, STRICT, &other, &tokens.refresh),
        "invalid_grant",
        "another client",
    );
    refused_by_servicenow(
        &refresh(world, SERVICENOW, &other, &tokens.refresh),
        "another client",
    );
    refused_strictly(
        &refresh(world, STRICT, &client, &tokens.access),
        "invalid_grant",
        "an access token",
    );
    assert_eq!(
        refresh(world, SERVICENOW, &client, &tokens.refresh).status,
        200
    );
    world
        .admin()
        .change("sys_user", &person, &json!({"user_password": "Other-1!"}));
    refused_strictly(
        &refresh(world, STRICT, &client, &tokens.refresh),
        "invalid_grant",
        "a new password",
    );
    let again = world.tokens(&client, "token.owner", "Other-1!");
    assert_eq!(
        calls(world, &again.access),
        200,
        "what the new password gets is good at once"
    );
    world
        .admin()
        .change("sys_user", &person, &json!({"locked_out": "true"}));
    refused_by_servicenow(
        &refresh(world, SERVICENOW, &client, &again.refresh),
        "locked",
    );
}

#[test]
fn sixty_four_refreshes_at_once_make_one_successor() {
    let world = World::shared();
    let client = world.register_generated("token.race", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let start = Barrier::new(64);
    let successors: Vec<String> = std::thread::scope(|scope| {
        let one = || {
            start.wait();
            Tokens::of(&refresh(world, STRICT, &client, &first.refresh)).refresh
        };
        let all: Vec<_> = (0..64).map(|_| scope.spawn(one)).collect();
        all.into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(successors.iter().all(|token| *token == successors[0]));
}
