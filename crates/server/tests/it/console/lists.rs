//! What a list shows, in which order, and how a person narrows it.

use serde_json::json;

use super::location;
use crate::{browser::Browser, world::World};

fn rows(body: &str) -> usize {
    let (_, rest) = body.split_once("<tbody>").unwrap_or(("", ""));
    rest.matches("<tr>").count()
}

#[test]
fn a_list_is_paged_sorted_and_counted() {
    let world = World::shared();
    for n in 1..=23 {
        let fields = json!({"name": format!("console.page.{n:02}"), "value": n.to_string()});
        world.admin().create("sys_properties", &fields);
    }
    let browser = Browser::of(world, "admin");
    let list = "/sys_properties_list.do?sysparm_query=nameSTARTSWITHconsole.page%5EORDERBYDESCname";
    let first = browser.get(list).body;
    assert_eq!(rows(&first), 20);
    assert!(first.contains("1 to 20 of 23"));
    assert!(first.contains("console.page.23") && !first.contains("console.page.03"));
    assert!(first.contains("aria-sort=\"descending\""));
    let last = browser.get(&format!("{list}&sysparm_first_row=21")).body;
    assert_eq!(rows(&last), 3);
    assert!(last.contains("21 to 23 of 23") && last.contains("console.page.03"));
    assert!(last.contains(">Previous</a>") && !last.contains(">Next</a>"));
    let found = browser.get(&format!("{list}&sysparm_search=page.1")).body;
    assert!(found.contains("1 to 10 of 10"));
    let nothing = browser.get(&format!("{list}&sysparm_search=nowhere")).body;
    assert!(nothing.contains("No records to show."));
}

#[test]
fn the_condition_builder_leads_to_a_url_that_says_what_is_shown() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let built = |field: &str, operator: &str, value: &str| {
        let query = form_urlencoded_pairs(&[
            ("sysparm_query", "active=true"),
            ("sysparm_field", field),
            ("sysparm_operator", operator),
            ("sysparm_value", value),
        ]);
        browser.get(&format!("/incident_list.do?{query}"))
    };
    let to = location(&built("state", "=", "In Progress"));
    assert_eq!(
        to,
        "/incident_list.do?sysparm_query=active%3Dtrue%5Estate%3D2"
    );
    let list = browser.get(&to).body;
    assert!(list.contains(">Active is true</a>") && list.contains(">State is In Progress</a>"));
    let refused = built("active", "LIKE", "x");
    assert_eq!(refused.status, 200);
    assert!(refused.body.contains("does not apply to Active."));
}

#[test]
fn references_lead_to_what_they_name() {
    let world = World::shared();
    let caller = world.admin().sys_id("sys_user", "user_name=employee");
    let fields = json!({"short_description": "console.reference", "caller_id": caller});
    world.admin().create("incident", &fields);
    let browser = Browser::of(world, "admin");
    let list = browser
        .get("/incident_list.do?sysparm_query=short_description%3Dconsole.reference")
        .body;
    assert!(
        list.contains(&format!("<a href=\"/sys_user.do?sys_id={caller}\">")),
        "{list}"
    );
}

#[test]
fn every_table_has_a_list_and_a_form() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let tables = world
        .admin()
        .list("sys_db_object", "sysparm_fields=name&sysparm_limit=1000");
    assert!(tables.len() > 50);
    for table in tables {
        let name = table["name"].as_str().unwrap();
        let list = browser.get(&format!("/{name}_list.do?sysparm_limit=2"));
        assert_eq!(list.status, 200, "{name}");
        let query = "sysparm_kind=client&sysparm_query=";
        let form = browser.get(&format!("/{name}.do?sys_id=-1&{query}"));
        assert_eq!(form.status, 200, "{name}");
        let first = list
            .body
            .split_once(&format!("<a href=\"/{name}.do?sys_id="));
        if let Some((_, rest)) = first {
            let sys_id = rest.split_once('"').unwrap().0;
            let record = browser.get(&format!("/{name}.do?sys_id={sys_id}"));
            assert_eq!(record.status, 200, "{name} {sys_id}");
        }
    }
}

fn form_urlencoded_pairs(pairs: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://x/", pairs).unwrap();
    url.query().unwrap().to_owned()
}
