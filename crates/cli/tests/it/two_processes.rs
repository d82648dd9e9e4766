//! Two processes on one PostgreSQL are one instance, within the poll behind the notification.

use std::time::{Duration, Instant};

use serde_json::json;
use snowglobe_testkit::Instance;

use crate::world::{Admin, Credentials, DEMO_CLIENT, Place, SERVICENOW, Store, call};

/// A notification takes milliseconds; when it is lost, the poll of a second finds out.
const AT_ONCE: Duration = Duration::from_millis(1500);

fn two() -> (Place, Instance, Instance) {
    let place = Place::new(Store::Postgres);
    let (one, other) = (place.launch().start(), place.launch().start());
    (place, one, other)
}

/// Asks until it holds, or fails when it does not hold soon enough.
fn soon(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + AT_ONCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not after {AT_ONCE:?}");
    }
}

#[test]
fn a_token_is_good_at_both_and_a_revocation_too() {
    let (_place, one, other) = two();
    let client = Credentials::of_demo_client(&one);
    let token = client.access_token(one.http());
    assert_eq!(
        (call(one.http(), &token), call(other.http(), &token)),
        (200, 200)
    );
    assert_eq!(
        one.http()
            .get(&format!("/oauth_revoke_token.do?token={token}"))
            .status,
        200
    );
    assert_eq!(call(one.http(), &token), 401);
    soon("the other refuses the token", || {
        call(other.http(), &token) == 401
    });
}

#[test]
fn a_client_deactivated_at_one_is_refused_by_the_other() {
    let (_place, one, other) = two();
    let client = Credentials::of_demo_client(&one);
    let grant = [("grant_type", "client_credentials")];
    let token = client.access_token(other.http());
    let admin = Admin::of(&one);
    let sys_id = admin.sys_id("oauth_entity", &format!("name={DEMO_CLIENT}"));
    admin.change("oauth_entity", &sys_id, &json!({"active": "false"}));
    assert_eq!(client.request(one.http(), SERVICENOW, &grant).status, 401);
    soon("the other gives no token", || {
        client.request(other.http(), SERVICENOW, &grant).status == 401
    });
    soon("the other takes no token of it", || {
        call(other.http(), &token) == 401
    });
}

#[test]
fn a_table_made_at_one_is_there_at_the_other() {
    let (_place, one, other) = two();
    let admin = Admin::of(&one);
    admin.create("sys_db_object", &json!({"name": "u_boat", "label": "Boat"}));
    let name = json!({
        "name": "u_boat", "element": "u_name", "internal_type": "string", "column_label": "Name",
        "max_length": "40",
    });
    admin.create("sys_dictionary", &name);
    let other_admin = Admin::of(&other);
    soon("the other knows the table", || {
        other_admin
            .send("GET", "/api/now/table/u_boat", None)
            .status
            == 200
    });
    soon("the other knows the column", || {
        other_admin.create("u_boat", &json!({"u_name": "Ann"}))["u_name"] == "Ann"
    });
    assert!(!admin.list("u_boat", "u_name=Ann").is_empty());
}

#[test]
fn numbers_are_given_once_over_both() {
    let (_place, one, other) = two();
    let create = |instance: &Instance| {
        let admin = Admin::of(instance);
        let make = || {
            admin.create("incident", &json!({}))["number"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        (0..30).map(|_| make()).collect::<Vec<_>>()
    };
    let mut numbers = std::thread::scope(|scope| {
        let at_one = scope.spawn(|| create(&one));
        let at_other = scope.spawn(|| create(&other));
        [at_one.join().unwrap(), at_other.join().unwrap()].concat()
    });
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 60);
}
