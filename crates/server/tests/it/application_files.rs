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

#[test]
fn code_is_searched_where_the_caller_may_read_it() {
    let world = World::shared();
    let admin = world.admin();
    let script = "var a = 1;\nvar b = new ItNeedle('x');\nreturn b;";
    admin.create(
        "sys_script_include",
        &json!({"name": "ItSearched", "script": script}),
    );
    let search = "/api/sn_codesearch/code_search/search?term=itneedle&search_all_scopes=true";
    let told = admin.get(search).json()["result"].clone();
    let hits: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|of_table| of_table["hits"].as_array().unwrap())
        .collect();
    assert_eq!(hits.len(), 1, "{told}");
    assert_eq!(hits[0]["name"], "ItSearched");
    assert_eq!(hits[0]["className"], "sys_script_include");
    let found = &hits[0]["matches"][0];
    assert_eq!(
        (&found["field"], &found["count"]),
        (&json!("script"), &json!(1))
    );
    assert_eq!(
        found["lineMatches"][1],
        json!({
            "line": 2,
            "context": "var b = new ItNeedle('x');",
            "escaped": "var b = new ItNeedle(&#x27;x&#x27;);",
        })
    );
    let one = format!("{search}&table=sys_script_include");
    let one = admin.get(&one).json()["result"].clone();
    assert_eq!(one["recordType"], "sys_script_include");
    assert_eq!(one["hits"].as_array().map(Vec::len), Some(1), "{one}");
    let of_nobody = format!("{search}&table=sys_script_include");
    let of_nobody = world.as_user("employee").get(&of_nobody);
    assert_eq!(of_nobody.json()["result"]["hits"], json!([]));

    let tables = admin.get("/api/sn_codesearch/code_search/tables").json();
    let tables = tables["result"].as_array().unwrap();
    let include = json!({"name": "sys_script_include", "label": "Script Include"});
    assert!(tables.contains(&include), "{tables:?}");
    let none = admin.get("/api/sn_codesearch/code_search/search");
    assert_eq!(none.status, 400);
}

#[test]
fn articles_have_a_name_for_each_version() {
    let world = World::shared();
    let body = json!({"short_description": "How to"});
    let made = world.admin().create("kb_knowledge", &body);
    let display_number = format!("{} v1.0", text(&made, "number"));
    assert_eq!(text(&made, "display_number"), display_number);
    assert_eq!(made["article_id"], made["sys_id"]);
}

#[test]
fn tables_that_clients_look_into_are_there() {
    let world = World::shared();
    for table in [
        "cmdb_identifier",
        "cmdb_identifier_entry",
        "sc_multi_row_question_answer",
        "sys_atf_test",
        "sys_data_source",
        "sys_execution_tracker",
        "sys_import_set_run",
        "sys_remote_update_set",
        "sys_report",
        "sys_transform_script",
        "sys_trigger",
        "sys_ui_list",
        "sys_ui_list_element",
        "sys_ui_view",
        "syslog_transaction",
    ] {
        let path = format!("/api/now/table/{table}?sysparm_limit=1");
        let told = world.admin().get(&path);
        assert_eq!(told.json(), json!({"result": []}), "{table}");
        let refused = world.as_user("employee").get(&path);
        let none = refused.status == 403 || refused.json() == json!({"result": []});
        assert!(none, "{table}: {}", refused.body);
    }
}
