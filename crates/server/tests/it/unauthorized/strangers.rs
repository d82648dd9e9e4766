//! Somebody who is known, at every route of a record that is another's.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Guard, rows};
use crate::world::{World, text};

/// What the paths below this one are about: a table and the fields of a record that a person without roles neither
/// made nor may read.
type Kept = (&'static str, &'static str, Value);

fn kept() -> Vec<Kept> {
    vec![
        (
            "/api/now/table/",
            "incident",
            json!({"short_description": "another's"}),
        ),
        (
            "/api/now/consumer/",
            "csm_consumer",
            json!({"first_name": "Another"}),
        ),
        (
            "/api/now/email/",
            "sys_email",
            json!({"subject": "another's"}),
        ),
        (
            "/api/sn_km_api/",
            "kb_knowledge",
            json!({"short_description": "a draft"}),
        ),
        (
            "/api/sn_chg_rest/",
            "change_request",
            json!({"short_description": "another's"}),
        ),
        (
            "/api/now/cmdb/instance/",
            "cmdb_ci_linux_server",
            json!({"name": "another's"}),
        ),
        (
            "/api/now/account/",
            "customer_account",
            json!({"name": "another's"}),
        ),
        (
            "/api/now/contact/",
            "customer_contact",
            json!({"user_name": "another.contact"}),
        ),
        (
            "/api/sn_customerservice/case/",
            "sn_customerservice_case",
            json!({"short_description": "another's"}),
        ),
    ]
}

/// What everybody who is logged in may look at: the catalog, and what changes are made of.
const OPEN: [&str; 4] = [
    "/servicecatalog/catalogs/",
    "/servicecatalog/categories/",
    "/servicecatalog/items/",
    "/sn_chg_rest/change/model/",
];

/// What is asked about by an alias, or belongs to a run of one: `outbound`, `api_now_import` and `api_sn_sc` have
/// records of theirs.
const ELSEWHERE: [&str; 5] = [
    "/api/sn_broker/",
    "/import/",
    "/servicecatalog/cart/",
    "/sn_chg_rest/change/standard/template/",
    "/sn_chg_rest/change/worker/",
];

fn is_about_a_record(path: &str) -> bool {
    ["{sys_id}", "{id}", "{cart_item_id}", "{cart_id}"]
        .iter()
        .any(|name| path.contains(name))
        && ![&OPEN[..], &ELSEWHERE[..]]
            .concat()
            .iter()
            .any(|open| path.contains(open))
}

/// Makes what the paths are about, as an administrator: the key of each record by the start of its paths.
fn made(world: &World) -> HashMap<&'static str, (&'static str, String)> {
    let record = |(start, table, fields): Kept| {
        let sys_id = text(&world.admin().create(table, &fields), "sys_id");
        (start, (table, sys_id))
    };
    let mut made: HashMap<_, _> = kept().into_iter().map(record).collect();
    let incident = &made["/api/now/table/"].1;
    let path = format!(
        "/api/now/attachment/file?table_name=incident&table_sys_id={incident}&file_name=a.txt"
    );
    let request = world.admin().request("POST", &path);
    let file =
        snowglobe_testkit::Answer::of(request.header("Content-Type", "text/plain").body("x"));
    assert_eq!(file.status, 201, "{}", file.body);
    let file = text(&file.json()["result"], "sys_id");
    made.insert("/api/now/attachment/", ("incident", file));
    made
}

#[test]
fn another_persons_records_are_out_of_reach_on_every_route_of_the_api() {
    let world = World::shared();
    let made = made(world);
    world.person("matrix.stranger", crate::world::RIGHT, json!({}));
    let tokens = world.tokens(&world.demo_client(), "matrix.stranger", crate::world::RIGHT);
    let stranger = world.as_bearer(&tokens.access);
    let change = json!({"short_description": "taken", "file_name": "taken"});
    for (pattern, method) in rows(Guard::User).filter(|(path, _)| is_about_a_record(path)) {
        let plain = pattern.replace("/v1/", "/").replace("/v2/", "/");
        let of = made.iter().find(|(start, _)| plain.starts_with(**start));
        let (_, (table, sys_id)) = of.unwrap_or_else(|| panic!("whose record is {pattern}?"));
        let path = filled(pattern, table, sys_id);
        let answer = stranger.send_json(method, &path, &change);
        assert!(
            [403, 404].contains(&answer.status),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        assert!(
            !answer.body.contains("another's"),
            "{method} {path}: {}",
            answer.body
        );
    }
    for (table, sys_id) in made
        .into_iter()
        .filter(|it| it.0 != "/api/now/attachment/")
        .map(|it| it.1)
    {
        let path = format!("/api/now/table/{table}/{sys_id}");
        let found = world.admin().get(&path);
        assert!(
            found.status == 200 && !found.body.contains("taken"),
            "{path}: {}",
            found.body
        );
    }
}

/// A path about this record, with whatever else stands in it.
fn filled(pattern: &str, table: &str, sys_id: &str) -> String {
    let path = pattern
        .replace("{table}", table)
        .replace("{class}", table)
        .replace("{sys_id}", sys_id)
        .replace("{id}", sys_id)
        .replace("{task_id}", sys_id)
        .replace("{rel_id}", sys_id)
        .replace("{file_name}", "a.txt")
        .replace("{key}", "a");
    // Without it the affected items of a change are not asked for at all.
    format!("{path}?association_type=affected")
}
