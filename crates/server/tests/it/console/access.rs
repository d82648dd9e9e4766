//! Who sees what: the same rules as over the Table API.

use serde_json::json;

use super::{filled, press};
use crate::{browser::Browser, world::World};

#[test]
fn nobody_is_sent_to_the_login_page_and_back() {
    let world = World::shared();
    let browser = Browser::new(world);
    for (path, back) in [
        ("/", "%2F"),
        (
            "/incident_list.do?sysparm_query=active%3Dtrue",
            "%2Fincident_list.do%3Fsysparm_query%3Dactive%253Dtrue",
        ),
        (
            "/oauth_entity.do?sys_id=-1",
            "%2Foauth_entity.do%3Fsys_id%3D-1",
        ),
        ("/no_such_table_list.do", "%2Fno_such_table_list.do"),
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 303, "{path}");
        let expected = format!("/login.do?sysparm_goto_url={back}");
        assert_eq!(answer.header("location"), expected, "{path}");
    }
    let answer = browser.post("/incident.do", &[("incident.short_description", "x")]);
    assert_eq!(answer.header("location"), "/login.do?sysparm_goto_url=%2F");
}

#[test]
fn a_person_without_the_role_finds_no_registry() {
    let world = World::shared();
    let client = world.demo_client();
    let browser = Browser::of(world, "employee");
    for path in [
        "/oauth_entity_list.do".to_owned(),
        format!("/oauth_entity.do?sys_id={}", client.sys_id),
        "/oauth_entity.do?sys_id=-1".to_owned(),
        "/oauth_entity.do?sys_id=-1&sysparm_kind=client".to_owned(),
        "/sys_security_acl_list.do".to_owned(),
    ] {
        let answer = browser.get(&path);
        assert_eq!(answer.status, 404, "{path}");
        let unknown = browser.get("/no_such_table_list.do");
        assert_eq!(
            answer.body, unknown.body,
            "{path}: as one that is not there"
        );
        assert!(!answer.body.contains(&client.id), "{path}");
    }
    let home = browser.get("/").body;
    assert!(!home.contains("Application Registry") && !home.contains("Access Control"));
    assert!(home.contains("My Connected Apps"));
    let fields = [
        ("sysparm_ck", &*browser.ck()),
        ("sysparm_sys_id", &*client.sys_id),
        ("sysverb_revoke_tokens_confirmed", "1"),
    ];
    assert_eq!(browser.post("/oauth_entity.do", &fields).status, 404);
}

#[test]
fn rows_fields_and_counts_are_those_that_a_person_may_read() {
    let world = World::shared();
    let (admin, employee) = (world.admin(), world.as_user("employee"));
    let browser = Browser::of(world, "employee");
    let api = employee.get("/api/now/table/incident?sysparm_limit=1");
    let readable = api.header("x-total-count");
    let listed = browser.get("/incident_list.do").body;
    assert!(
        listed.contains(&format!("of {readable}</span>")),
        "{readable}"
    );
    let others = admin.get("/api/now/table/incident?sysparm_limit=1");
    assert_ne!(
        others.header("x-total-count"),
        readable,
        "the rules hide something"
    );
}

#[test]
fn a_field_that_may_not_be_read_may_not_be_asked_about() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let allowed = world
        .as_user("employee")
        .get("/api/now/table/sys_user?sysparm_query=failed_attempts>0");
    let page = browser.get("/sys_user_list.do?sysparm_query=failed_attempts%3E0");
    let refused = page.body.contains("a field that you may not read");
    assert_eq!(refused, allowed.status == 403, "{}", allowed.body);
}

#[test]
fn who_may_read_only_gets_no_controls_and_changes_nothing() {
    let world = World::shared();
    let company = world
        .admin()
        .sys_id("core_company", "name=ACME%20Corporation");
    let browser = Browser::of(world, "employee");
    let address = format!("/core_company.do?sys_id={company}");
    let page = browser.get(&address);
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("id=\"f-name\"") && !page.body.contains("sysverb_delete"));
    for verb in ["sysverb_save", "sysverb_delete", "sysverb_delete_confirmed"] {
        let typed = [("core_company.name", "Taken over")];
        let answer = press(&browser, &page, "core_company", &typed, verb);
        assert_eq!(answer.status, 403, "{verb}");
    }
    let found = world
        .admin()
        .list("core_company", &format!("sysparm_query=sys_id={company}"));
    assert_eq!(found[0]["name"], "ACME Corporation");
}

#[test]
fn a_field_that_may_not_be_written_is_text_and_stays_what_it_is() {
    let world = World::shared();
    let sys_id = world.person(
        "console.readonly",
        "Right-1!",
        json!({"first_name": "Rita"}),
    );
    let browser = Browser::of(world, "admin");
    let page = browser.get(&format!("/sys_user.do?sys_id={sys_id}"));
    assert!(!page.body.contains("id=\"f-sys_created_by\""));
    let typed = [
        ("sys_user.sys_created_by", "mallory"),
        ("sys_user.title", "Boss"),
    ];
    let saved = press(&browser, &page, "sys_user", &typed, "sysverb_save");
    assert_eq!(saved.status, 303, "{}", saved.body);
    let found = world
        .admin()
        .list("sys_user", &format!("sysparm_query=sys_id={sys_id}"));
    assert_eq!(
        (&found[0]["title"], &found[0]["sys_created_by"]),
        (&json!("Boss"), &json!("admin"))
    );
    assert!(
        !filled(&page.body)
            .iter()
            .any(|(name, _)| name == "sys_user.sys_id")
    );
}
