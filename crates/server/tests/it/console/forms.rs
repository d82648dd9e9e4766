//! Making, changing and deleting records with forms.

use serde_json::json;

use super::{filled, location, press};
use crate::{
    browser::Browser,
    world::{World, text},
};

fn value(html: &str, name: &str) -> String {
    let found = filled(html).into_iter().rfind(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn an_incident_is_made_changed_and_deleted() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let blank = browser.get("/incident.do?sys_id=-1");
    let typed = [
        ("incident.short_description", "console.made"),
        ("sys_display.incident.caller_id", "System Administrator"),
        ("incident.urgency", "1"),
        ("incident.impact", "1"),
        ("incident.comments", "first words"),
    ];
    let address = location(&press(&browser, &blank, "incident", &typed, "sysverb_save"));
    let made = browser.get(&address);
    assert!(made.body.contains("Saved.") && made.body.contains("first words"));
    assert_eq!(
        value(&made.body, "incident.short_description"),
        "console.made"
    );
    assert_eq!(
        value(&made.body, "sys_display.incident.caller_id"),
        "System Administrator"
    );
    let found = world
        .admin()
        .list("incident", "sysparm_query=short_description=console.made");
    assert_eq!(
        (text(&found[0], "priority"), text(&found[0], "state")),
        ("1".into(), "1".into())
    );

    let typed = [
        ("incident.state", "2"),
        ("sys_display.incident.caller_id", ""),
    ];
    let saved = press(&browser, &made, "incident", &typed, "sysverb_save");
    assert_eq!(saved.status, 303, "{}", saved.body);
    let found = world
        .admin()
        .list("incident", "sysparm_query=short_description=console.made");
    assert_eq!(
        (text(&found[0], "state"), &found[0]["caller_id"]),
        ("2".into(), &json!(""))
    );

    let now = browser.get(&address);
    let asked = press(&browser, &now, "incident", &[], "sysverb_delete");
    assert!(asked.body.contains("Delete?"));
    let done = browser.submit(&asked, "/incident.do", &[("sysverb_delete_confirmed", "1")]);
    assert_eq!(location(&done), "/incident_list.do");
    assert_eq!(browser.get(&address).status, 404);
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let blank = browser.get("/oauth_entity.do?sys_id=-1&sysparm_kind=client");
    let typed = [
        ("oauth_entity.name", ""),
        ("oauth_entity.comments", "two\r\nlines"),
        ("oauth_entity.access_token_lifespan", "soon"),
        ("oauth_entity.client_secret", "Canary-typed-secret"),
        ("sys_display.oauth_entity.user", "Nobody At All"),
    ];
    let answer = press(&browser, &blank, "oauth_entity", &typed, "sysverb_save");
    assert_eq!(answer.status, 422);
    for error in [
        "Name is required.",
        "This takes a whole number.",
        "No User is called \u{201c}Nobody At All\u{201d}.",
    ] {
        assert!(answer.body.contains(error), "{error}");
    }
    assert_eq!(value(&answer.body, "oauth_entity.comments"), "two\nlines");
    assert_eq!(
        value(&answer.body, "oauth_entity.access_token_lifespan"),
        "soon"
    );
    assert_eq!(
        value(&answer.body, "sys_display.oauth_entity.user"),
        "Nobody At All"
    );
    assert!(
        !answer.body.contains("Canary-typed-secret"),
        "a secret is never sent back"
    );
}

#[test]
fn a_referenced_record_is_chosen_without_a_script() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let blank = browser.get("/incident.do?sys_id=-1");
    let typed = [("incident.short_description", "console.chosen")];
    let choose = press(
        &browser,
        &blank,
        "incident",
        &typed,
        "sysverb_lookup=caller_id",
    );
    assert!(
        choose.body.contains("<h1>Choose Caller</h1>"),
        "{}",
        choose.body
    );
    let search = [
        ("sysparm_lookup_search", "employee"),
        ("sysverb_lookup", "caller_id"),
    ];
    let found = browser.submit(&choose, "/incident.do", &search);
    let caller = world.admin().sys_id("sys_user", "user_name=employee");
    assert!(
        found
            .body
            .contains(&format!("name=\"sysverb_pick\" value=\"{caller}\"")),
        "{}",
        found.body
    );
    let form = browser.submit(&found, "/incident.do", &[("sysverb_pick", &*caller)]);
    assert_eq!(
        value(&form.body, "incident.short_description"),
        "console.chosen"
    );
    assert_eq!(value(&form.body, "incident.caller_id"), caller);
    let saved = press(&browser, &form, "incident", &[], "sysverb_save");
    assert_eq!(saved.status, 303, "{}", saved.body);
    let found = world
        .admin()
        .list("incident", "sysparm_query=short_description=console.chosen");
    assert_eq!(found[0]["caller_id"]["value"], json!(caller));
}

#[test]
fn somebody_elses_change_is_not_overwritten_unseen() {
    let world = World::shared();
    let record = world
        .admin()
        .create("incident", &json!({"short_description": "console.stale"}));
    let sys_id = text(&record, "sys_id");
    let browser = Browser::of(world, "admin");
    let page = browser.get(&format!("/incident.do?sys_id={sys_id}"));
    world
        .admin()
        .change("incident", &sys_id, &json!({"short_description": "theirs"}));

    let typed = [("incident.short_description", "mine")];
    let refused = press(&browser, &page, "incident", &typed, "sysverb_save");
    assert_eq!(refused.status, 409);
    assert!(
        refused.body.contains("changed this record"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("Stored now: theirs"));
    assert_eq!(value(&refused.body, "incident.short_description"), "mine");
    let stored = || {
        let found = world
            .admin()
            .list("incident", &format!("sysparm_query=sys_id={sys_id}"));
        text(&found[0], "short_description")
    };
    assert_eq!(stored(), "theirs");
    let saved = press(&browser, &refused, "incident", &[], "sysverb_save");
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(stored(), "mine");
}

#[test]
fn saving_a_form_as_it_was_loaded_changes_nothing() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    for table in [
        "incident",
        "sys_user",
        "oauth_entity",
        "sys_properties",
        "change_request",
        "cmdb_ci",
    ] {
        let list = world
            .admin()
            .list(table, "sysparm_limit=3&sysparm_query=ORDERBYsys_created_on");
        for record in list {
            let sys_id = text(&record, "sys_id");
            let class = record["sys_class_name"]
                .as_str()
                .unwrap_or(table)
                .to_owned();
            let page = browser.get(&format!("/{class}.do?sys_id={sys_id}"));
            let saved = press(&browser, &page, &class, &[], "sysverb_save");
            assert_eq!(saved.status, 303, "{class} {sys_id}: {}", saved.body);
            let now = world
                .admin()
                .list(table, &format!("sysparm_query=sys_id={sys_id}"));
            assert_eq!(
                now[0]["sys_mod_count"], record["sys_mod_count"],
                "{class} {sys_id}"
            );
        }
    }
}

#[test]
fn a_new_row_of_a_list_below_names_the_record() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let client = world.demo_client();
    let page = browser
        .get(&format!("/oauth_entity.do?sys_id={}", client.sys_id))
        .body;
    let new = format!(
        "/oauth_entity_scope.do?sys_id=-1&#38;sysparm_query=oauth_entity%3D{}",
        client.sys_id
    );
    assert!(page.contains(&new), "{page}");
    let form = browser.get(&new.replace("&#38;", "&")).body;
    assert_eq!(
        value(&form, "oauth_entity_scope.oauth_entity"),
        client.sys_id
    );
    assert_eq!(
        value(&form, "sys_display.oauth_entity_scope.oauth_entity"),
        "Demo client"
    );
}
