//! What changes of application files leave for update sets.

use snowglobe_records::write::{CustomerUpdate, Delete, RowCells};

use crate::fixture::{World, changed, update, wire};

#[test]
fn a_file_is_named_by_what_it_is_shown_by_and_by_its_key() {
    let world = World::new();
    let mut new = world.insert("sys_script_include", &[("name", "Tools")]);
    new.assign_update_name();
    assert_eq!(wire(&new, "sys_name"), "Tools");
    let name = format!("sys_script_include_{}", new.sys_id);
    assert_eq!(wire(&new, "sys_update_name"), name);

    let row = RowCells::new(new.table.clone(), new.values).unwrap();
    let renamed = update(&row, &[("name", "Better tools")]).unwrap();
    assert_eq!(changed(&renamed, "sys_name").unwrap(), "Better tools");
    assert_eq!(changed(&renamed, "sys_update_name"), None);
}

#[test]
fn columns_are_named_by_table_and_element() {
    let world = World::new();
    let body = [("name", "incident"), ("element", "u_x")];
    let mut new = world.insert("sys_dictionary", &body);
    new.assign_update_name();
    let name = "sys_dictionary_incident_u_x";
    assert_eq!(wire(&new, "sys_update_name"), name);
}

#[test]
fn files_that_an_instance_starts_with_are_named_when_they_change() {
    let world = World::new();
    let row = world.row("sys_script_include", &[("name", "Tools")]);
    let update = update(&row, &[("active", "false")]).unwrap();
    let name = format!("sys_script_include_{}", row.sys_id());
    assert_eq!(changed(&update, "sys_update_name"), Some(name.clone()));
    assert_eq!(&*update.customer_update.unwrap().name, name);
}

#[test]
fn an_update_carries_the_whole_file() {
    let world = World::new();
    let row = world.row("sys_script_include", &[("name", "a < b & c")]);
    let changed = update(&row, &[("active", "false")]).unwrap();
    let file = *changed.customer_update.unwrap();
    assert_eq!(&*file.class, "Script Include");
    assert_eq!(&*file.target_name, "a < b & c");
    assert_eq!(file.action, "INSERT_OR_UPDATE");
    assert_eq!(&*file.application, "global");
    let payload = &*file.payload;
    for part in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><record_update table=\"sys_script_include\">\
         <sys_script_include action=\"INSERT_OR_UPDATE\"><access>",
        "<active>false</active>",
        "<description/>",
        "<name>a &lt; b &amp; c</name>",
        "<sys_mod_count>1</sys_mod_count>",
        "</sys_script_include></record_update>",
    ] {
        assert!(payload.contains(part), "{part} in {payload}");
    }
    let deletion = *Delete::of(&row).customer_update.unwrap();
    assert_eq!(deletion.action, "DELETE");
    let begins = "<sys_script_include action=\"DELETE\">";
    assert!(deletion.payload.contains(begins), "{}", deletion.payload);
}

#[test]
fn no_secret_is_carried() {
    let world = World::new();
    let new = world.insert("sys_encryption_context", &[("name", "Key")]);
    let payload = CustomerUpdate::of_insert(&new).unwrap().payload;
    assert!(payload.contains("<name>Key</name>"), "{payload}");
    assert!(!payload.contains("encryption_key"), "{payload}");
}

#[test]
fn other_rows_leave_nothing() {
    let world = World::new();
    let mut new = world.insert("incident", &[("short_description", "x")]);
    new.assign_update_name();
    assert_eq!(CustomerUpdate::of_insert(&new), None);
    let row = world.row("incident", &[("short_description", "x")]);
    let update = update(&row, &[("short_description", "y")]).unwrap();
    assert_eq!(update.customer_update, None);
    assert_eq!(Delete::of(&row).customer_update, None);
}
