//! Who exists is not told by how long a refusal takes (security.md §2, 51): counted in work, not in time.

use serde_json::json;

use crate::{
    browser::Browser,
    world::{SERVICENOW, World},
};

const WRONG: &str = "Wrong-1! and long";

/// The slow hashes since the start.
fn checks(world: &World) -> u64 {
    let metrics = world.http.get("/_sg/metrics").body;
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("snowglobe_password_checks_total "));
    line.expect("the metric").parse().unwrap()
}

/// One of each kind of person, and one who is not there.
fn people(world: &World) -> [(&'static str, String); 7] {
    let person = |name: &str, more| {
        world.person(name, "Right-1! and long", more);
        name.to_owned()
    };
    [
        ("nobody", "equal.nobody".to_owned()),
        ("somebody", person("equal.person", json!({}))),
        (
            "inactive",
            person("equal.inactive", json!({"active": "false"})),
        ),
        (
            "locked",
            person("equal.locked", json!({"locked_out": "true"})),
        ),
        (
            "to choose a new one",
            person("equal.reset", json!({"password_needs_reset": "true"})),
        ),
        // Theirs was generated and would be compared at once.
        ("of the demo data", "employee".to_owned()),
        ("without a password", {
            world
                .admin()
                .create("sys_user", &json!({"user_name": "equal.none"}));
            "equal.none".to_owned()
        }),
    ]
}

#[test]
fn security_51_an_unknown_name_costs_one_slow_hash_as_a_wrong_password_does_at_every_door() {
    let world = World::own();
    let client = world.client("Demo client");
    let people = people(&world);
    for (who, name) in &people {
        let before = checks(&world);
        let form = [
            ("grant_type", "password"),
            ("username", &**name),
            ("password", WRONG),
        ];
        assert_eq!(world.grant(SERVICENOW, &client, &form).status, 401, "{who}");
        assert_eq!(checks(&world) - before, 1, "{who} at the token endpoint");

        let before = checks(&world);
        let basic = world.as_basic(name, WRONG);
        assert_eq!(basic.get("/api/now/table/incident").status, 401, "{who}");
        assert_eq!(checks(&world) - before, 1, "{who} by Basic");

        let browser = Browser::new(&world);
        let before = checks(&world);
        assert_eq!(browser.log_in(name, WRONG).status, 403, "{who}");
        assert_eq!(checks(&world) - before, 1, "{who} at the login page");
    }
}
