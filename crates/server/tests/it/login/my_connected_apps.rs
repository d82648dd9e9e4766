//! My Connected Apps: what a person let applications do, and taking it back.

use serde_json::json;

use crate::{
    browser::Browser,
    world::{RIGHT, SERVICENOW, Tokens, World},
};

const PATH: &str = "/my_connected_apps.do";

fn opens(world: &World, access: &str) -> bool {
    let path = "/api/now/table/incident?sysparm_limit=1";
    world.as_bearer(access).get(path).status == 200
}

#[test]
fn a_person_takes_back_what_one_application_has() {
    let world = World::shared();
    world.person("connected", RIGHT, json!({}));
    world.person("neighbour", RIGHT, json!({}));
    let one = world.register("connected.one", "s", json!({}));
    let other = world.register("connected.other", "s", json!({}));
    let given = world.tokens(&one, "connected", RIGHT);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*given.refresh),
    ];
    let renewed = Tokens::of(&world.grant(SERVICENOW, &one, &refresh));
    let kept = world.tokens(&other, "connected", RIGHT);
    let of_neighbour = world.tokens(&one, "neighbour", RIGHT);
    let browser = Browser::new(world);
    browser.log_in("connected", RIGHT);
    let page = browser.get(PATH);
    for shown in [
        "connected.one",
        "connected.other",
        "Do everything you can do here",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let ck = browser.ck();
    let revoked = browser.post(PATH, &[("sysparm_ck", &ck), ("client", &one.sys_id)]);
    assert_eq!((revoked.status, revoked.header("location")), (303, PATH));
    let page = browser.get(PATH).body;
    assert!(
        !page.contains("connected.one") && page.contains("connected.other"),
        "{page}"
    );
    assert!(!opens(world, &given.access) && !opens(world, &renewed.access));
    assert_eq!(world.grant(SERVICENOW, &one, &refresh).status, 401);
    assert!(opens(world, &kept.access) && opens(world, &of_neighbour.access));
}

#[test]
fn another_site_disconnects_nothing() {
    let world = World::shared();
    world.person("unmoved", RIGHT, json!({}));
    let client = world.register("unmoved.app", "s", json!({}));
    let given = world.tokens(&client, "unmoved", RIGHT);
    let browser = Browser::new(world);
    browser.log_in("unmoved", RIGHT);
    let other = Browser::of(world, "employee").ck();
    for ck in ["", "x", &other] {
        let fields = [("sysparm_ck", ck), ("client", &*client.sys_id)];
        assert_eq!(browser.post(PATH, &fields).status, 403, "{ck}");
    }
    assert!(opens(world, &given.access));
}

#[test]
fn who_connected_nothing_is_told_so() {
    let world = World::shared();
    world.person("alone", RIGHT, json!({}));
    let browser = Browser::new(world);
    browser.log_in("alone", RIGHT);
    let page = browser.get(PATH);
    assert!(
        page.body.contains("No application is connected"),
        "{}",
        page.body
    );
}
