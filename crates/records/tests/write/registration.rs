//! What a new client of the Application Registry is given (`inbound-oauth.md` §3.1).

use snowglobe_records::{
    SysId,
    write::{Mode, insert},
};

use crate::fixture::{World, new_id, stamp, wire};

/// What the instance has to make: the id, the secret.
fn wanted(table: &str, body: &[(&str, &str)]) -> (bool, bool) {
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let draft = World::new().draft(table, body, mode);
    let insert = insert::prepare(draft, new_id(), &stamp());
    (
        insert.needs_client_id.is_some(),
        insert.needs_secret.is_some(),
    )
}

#[test]
fn what_a_client_leaves_blank_the_instance_makes() {
    assert_eq!(wanted("oauth_entity", &[]), (true, true));
    assert_eq!(wanted("oauth_jwt", &[("client_id", "")]), (true, true));
    assert_eq!(
        wanted("oauth_entity", &[("client_id", "mine")]),
        (false, true)
    );
    assert_eq!(
        wanted("oauth_entity", &[("client_secret", "s")]),
        (true, false)
    );
}

#[test]
fn the_token_of_an_api_key_is_made_by_the_instance_whatever_is_sent() {
    assert_eq!(wanted("api_key", &[]), (false, true));
    assert_eq!(wanted("api_key", &[("token", "mine")]), (false, true));
}

#[test]
fn rfc6749_2_1_a_public_client_gets_no_secret() {
    assert_eq!(
        wanted("oauth_entity", &[("public_client", "true")]),
        (true, false)
    );
}

#[test]
fn who_is_named_elsewhere_is_given_nothing() {
    for (table, body) in [
        ("oauth_entity", [("type", "provider")]),
        ("oauth_oidc_entity", [("name", "x")]),
        ("oauth_entity_cimd", [("name", "x")]),
        ("sys_user", [("name", "x")]),
    ] {
        assert_eq!(wanted(table, &body), (false, false), "{table}");
    }
}

#[test]
fn a_made_id_is_32_hex_digits_and_is_made_once() {
    let mut insert = World::new().insert("oauth_entity", &[("name", "x")]);
    insert.assign_client_id(SysId::from_bytes([0xab; 16]));
    assert_eq!(wire(&insert, "client_id"), "ab".repeat(16));
    insert.assign_client_id(SysId::from_bytes([1; 16]));
    assert_eq!(wire(&insert, "client_id"), "ab".repeat(16));
}
