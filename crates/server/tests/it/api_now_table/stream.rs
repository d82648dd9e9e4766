//! Lists that are longer than a piece (`rest-and-records.md` §1.5, §2.2).

use serde_json::Value;

use crate::world::{World, text};

fn rows(parameters: &str) -> Vec<Value> {
    World::shared().admin().list("sys_metadata", parameters)
}

// covers: rest §1.5 Transfer-Encoding
#[test]
fn rest_1_5_a_long_list_is_streamed_and_the_same_as_its_pages() {
    let shown = "sysparm_fields=sys_id,sys_class_name&sysparm_query=ORDERBYsys_class_name^ORDERBYDESCsys_id";
    let world = World::shared();
    let path = format!("/api/now/table/sys_metadata?{shown}&sysparm_limit=2500&sysparm_offset=10");
    let answer = world.admin().get(&path);
    assert_eq!(answer.header("transfer-encoding"), "chunked");
    let long = answer.json()["result"].as_array().unwrap().clone();
    assert_eq!(long.len(), 2500);
    let total: usize = answer.header("x-total-count").parse().unwrap();
    assert!(total > 2510);
    assert!(
        answer
            .header("link")
            .contains("sysparm_limit=2500&sysparm_offset=2510>;rel=\"next\"")
    );
    let pages = [10, 510, 1010, 1510, 2010];
    let paged: Vec<Value> = pages
        .iter()
        .flat_map(|offset| {
            rows(&format!(
                "{shown}&sysparm_limit=500&sysparm_offset={offset}"
            ))
        })
        .collect();
    assert!(long == paged, "the list and its pages differ");
    let mut ids: Vec<String> = long.iter().map(|row| text(row, "sys_id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2500);
}

#[test]
fn rest_2_4_a_list_without_an_order_comes_whole_and_once() {
    let world = World::shared();
    every_row_once(world);
}

/// The keys of such a list are looked up some thousand at a time.
pub(crate) fn every_row_once(world: &World) {
    let path = "/api/now/table/sys_metadata?sysparm_fields=sys_id";
    let answer = world.admin().get(&format!("{path}&sysparm_limit=100000"));
    let ids = |answer: &snowglobe_testkit::Answer| -> Vec<String> {
        let rows = answer.json()["result"].as_array().unwrap().clone();
        rows.iter().map(|row| text(row, "sys_id")).collect()
    };
    let all = ids(&answer);
    let total: usize = answer.header("x-total-count").parse().unwrap();
    assert!(
        total > 4_500,
        "{total}: not more than are looked up at once"
    );
    // Others may add rows while it is sent; none is left out and none comes twice.
    assert!(all.len() >= total, "{} of {total}", all.len());
    let some = ids(&world
        .admin()
        .get(&format!("{path}&sysparm_limit=4200&sysparm_offset=100")));
    assert!(some == all[100..4300], "a page of it is another");
    let mut once = all.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), all.len());
}

#[test]
fn rest_1_3_a_long_list_is_streamed_as_xml_too() {
    let world = World::shared();
    let path = "/api/now/table/sys_dictionary?sysparm_limit=1500&sysparm_fields=sys_id,internal_type&sysparm_display_value=all";
    let request = world.admin().request("GET", path);
    let answer = request.header("Accept", "application/xml").send().unwrap();
    let body = answer.text().unwrap();
    assert_eq!(body.matches("<result>").count(), 1500);
    assert!(body.ends_with("</result></response>"));
}

// covers: rest §2.2 sysparm_view
#[test]
fn rest_2_2_a_view_chooses_the_fields_unless_they_are_named() {
    let world = World::shared();
    let keys = |parameters: &str| -> Vec<String> {
        let path = format!("/api/now/table/sys_properties?sysparm_limit=1&{parameters}");
        let row = world.admin().get(&path).json()["result"][0].clone();
        let mut keys: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    let view = [
        "description",
        "name",
        "sys_id",
        "sys_updated_on",
        "type",
        "value",
    ];
    assert_eq!(keys("sysparm_view=mobile"), view);
    assert_eq!(keys("sysparm_view=mobile&sysparm_fields=name"), ["name"]);
    assert!(keys("sysparm_view=").len() > view.len());
}
