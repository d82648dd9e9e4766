//! API keys that are not good.

use serde_json::json;
use snowglobe_testkit::Answer;

use super::{E3, Guard, on, rows};
use crate::world::{World, text};

#[test]
fn an_api_key_that_is_not_good_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let person = world.person("matrix.key.user", "Right-1!", json!({}));
    let make = |name: &str| {
        let fields = json!({"name": name, "user": person});
        let made = world.admin().create("api_key", &fields);
        (text(&made, "token"), text(&made, "sys_id"))
    };
    let change = |sys_id: &str, fields| {
        world.admin().change("api_key", sys_id, &fields);
    };
    let (good, _) = make("matrix.good");
    let (inactive, sys_id) = make("matrix.inactive");
    change(&sys_id, json!({"active": "false"}));
    let (expired, sys_id) = make("matrix.expired");
    change(&sys_id, json!({"expires": "2020-01-01 00:00:00"}));
    let (deleted, sys_id) = make("matrix.deleted");
    let path = format!("/api/now/table/api_key/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    let token = world.access_token(&world.demo_client());
    let cases = [
        ("empty", String::new()),
        ("cut", good[..42].to_owned()),
        ("longer", format!("{good}A")),
        ("inactive", inactive),
        ("expired", expired),
        ("deleted", deleted),
        ("an access token", token),
        ("a password", world.password("admin").to_owned()),
    ];
    let call = |method: &str, path: &str, key: &str| {
        let request = world.http.request(method, path);
        Answer::of(request.header("x-sn-apikey", key).json(&json!({})))
    };
    let me = "/api/now/ui/user/current_user";
    assert_eq!(call("GET", me, &good).status, 200);
    for (case, key) in cases {
        for (path, method) in rows(Guard::User).chain(rows(Guard::Operator)) {
            let path = on(path, "incident", "0123456789abcdef0123456789abcdef");
            let answer = call(method, &path, &key);
            assert_eq!(answer.status, 401, "{case}: {method} {path}");
            let body = if method == "HEAD" { "" } else { E3 };
            assert_eq!(answer.body, body, "{case}: {method} {path}");
        }
    }
}
