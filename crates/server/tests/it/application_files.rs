//! What clients that compare and carry configuration read: names of files, update sets, versions and labels.

use serde_json::json;

use crate::world::{World, text};

#[test]
fn a_changed_file_is_found_in_the_update_set_and_among_the_versions() {
    let world = World::shared();
    let admin = world.admin();
    let script = json!({"name": "ItFiles", "script": "var ItFiles = 1 < 2;"});
    let made = admin.create("sys_script_include", &script);
    let name = format!("sys_script_include_{}", text(&made, "sys_id"));
    assert_eq!(text(&made, "sys_name"), "ItFiles");
    assert_eq!(text(&made, "sys_update_name"), name);

    let path = format!(
        "/api/now/table/sys_update_xml?sysparm_query=update_set.nameSTARTSWITHDefault^name={name}"
    );
    let told = admin.get(&path).json()["result"].clone();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told[0]["action"], "INSERT_OR_UPDATE");
    assert_eq!(told[0]["type"], "Script Include");
    let payload = told[0]["payload"].as_str().unwrap();
    let script = "<script>var ItFiles = 1 &lt; 2;</script>";
    assert!(payload.contains(script), "{payload}");

    let path = format!("/api/now/table/sys_update_version?name={name}&state=current");
    let versions = admin.get(&path).json()["result"].clone();
    assert_eq!(versions[0]["record_name"], "ItFiles", "{versions}");
}

#[test]
fn who_may_not_administer_reads_no_update_sets() {
    let world = World::shared();
    for table in ["sys_update_xml", "sys_update_version"] {
        let path = format!("/api/now/table/{table}?sysparm_limit=1");
        let answer = world.as_user("itil").get(&path);
        let rows = answer.json()["result"].clone();
        let sees = rows.as_array().is_some_and(|rows| !rows.is_empty());
        assert!(answer.status != 200 || !sees, "{}", answer.body);
    }
}

#[test]
fn labels_are_found_as_documented() {
    let world = World::shared();
    let path = "/api/now/table/sys_documentation?name=incident&element=state&sysparm_fields=label";
    let told = world.admin().get(path).json();
    assert_eq!(told["result"], json!([{"label": "State"}]));
}
