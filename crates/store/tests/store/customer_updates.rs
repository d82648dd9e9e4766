//! Changes of application files are found in update sets, whole or not at all.

use snowglobe_records::SysId;
use snowglobe_store::Store;

use crate::fixture::{ADMIN, Place, delete, insert, list, update};

const FIELDS: [&str; 4] = ["target_name", "action", "update_set.name", "sys_mod_count"];

async fn places(store: &Store, file: SysId) -> Vec<Vec<String>> {
    let query = format!("name=sys_script_include_{file}^ORDERBYupdate_set.name");
    list(store, "sys_update_xml", &query, &FIELDS).await
}

async fn versions(store: &Store, file: SysId) -> Vec<Vec<String>> {
    let query = format!("name=sys_script_include_{file}^ORDERBYstate^ORDERBYrecord_name");
    let fields = ["record_name", "state", "action", "type"];
    list(store, "sys_update_version", &query, &fields).await
}

pub(crate) async fn a_file_has_one_place_in_a_set_and_many_versions(place: Place) {
    let store = place.open().await;
    let file = insert(&store, "sys_script_include", &[("name", "First")]).await;
    let created = [["First", "INSERT_OR_UPDATE", "Default", "0"]];
    assert_eq!(places(&store, file).await, created);
    update(&store, "sys_script_include", file, &[("name", "Second")]).await;
    let changed = [["Second", "INSERT_OR_UPDATE", "Default", "1"]];
    assert_eq!(places(&store, file).await, changed);
    delete(&store, "sys_script_include", file).await;
    let gone = [["Second", "DELETE", "Default", "2"]];
    assert_eq!(places(&store, file).await, gone);
    assert_eq!(
        versions(&store, file).await,
        [
            ["Second", "current", "DELETE", "Script Include"],
            ["First", "previous", "INSERT_OR_UPDATE", "Script Include"],
            ["Second", "previous", "INSERT_OR_UPDATE", "Script Include"],
        ]
    );
}

pub(crate) async fn whoever_chose_an_open_set_works_in_it(place: Place) {
    let store = place.open().await;
    let set = insert(&store, "sys_update_set", &[("name", "Mine")]).await;
    let body = [
        ("name", "sys_update_set"),
        ("user", ADMIN),
        ("value", set.as_str()),
    ];
    insert(&store, "sys_user_preference", &body).await;
    let file = insert(&store, "sys_script_include", &[("name", "First")]).await;
    let mine = ["First", "INSERT_OR_UPDATE", "Mine", "0"];
    assert_eq!(places(&store, file).await, [mine]);
    update(&store, "sys_update_set", set, &[("state", "complete")]).await;
    update(&store, "sys_script_include", file, &[("name", "Second")]).await;
    let default = ["Second", "INSERT_OR_UPDATE", "Default", "0"];
    assert_eq!(places(&store, file).await, [default, mine]);
}

pub(crate) async fn other_rows_are_in_no_set(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[("short_description", "x")]).await;
    let all = list(&store, "sys_update_xml", "type=Incident", &FIELDS).await;
    assert!(all.is_empty(), "{all:?}");
}
