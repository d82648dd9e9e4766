//! Journal columns: written as entries, read as history (§13.6).

use serde_json::{Value, json};

use super::{incident, user};
use crate::world::{World, text};

/// Puts an entry's time where it is known.
fn at(world: &World, id: &str, text_of: &str, when: &str) {
    let entry = world.admin().sys_id(
        "sys_journal_field",
        &format!("element_id={id}^value={text_of}"),
    );
    let path =
        format!("/api/now/table/sys_journal_field/{entry}?sysparm_suppress_auto_sys_field=true");
    let answer = world
        .admin()
        .send_json("PATCH", &path, &json!({"sys_created_on": when}));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// An incident of the employee's with a comment, and two notes of two people.
fn discussed(world: &World) -> String {
    let made = incident(
        world,
        &json!({"caller_id": user(world, "employee"), "work_notes": "first"}),
    );
    let id = text(&made, "sys_id");
    world
        .admin()
        .change("incident", &id, &json!({"comments": "said"}));
    world.as_user("itil").send_json(
        "PATCH",
        &format!("/api/now/table/incident/{id}"),
        &json!({"work_notes": "second"}),
    );
    at(world, &id, "first", "2026-01-15 20:00:00");
    at(world, &id, "said", "2026-01-15 20:00:01");
    at(world, &id, "second", "2026-01-15 21:30:00");
    id
}

const NOTES: &str = "2026-01-15 13:30:00 - ITIL User (Work notes)\nsecond\n\n2026-01-15 12:00:00 - System Administrator (Work notes)\nfirst\n\n";
const COMMENTS: &str = "2026-01-15 12:00:01 - System Administrator (Additional comments)\nsaid\n\n";
const MERGED: &str = "2026-01-15 13:30:00 - ITIL User (Work notes)\nsecond\n\n2026-01-15 12:00:01 - System Administrator (Additional comments)\nsaid\n\n2026-01-15 12:00:00 - System Administrator (Work notes)\nfirst\n\n";

fn read(world: &World, who: &str, id: &str, mode: &str) -> Value {
    let path = format!(
        "/api/now/table/incident/{id}?sysparm_fields=work_notes,comments,comments_and_work_notes&sysparm_display_value={mode}"
    );
    world.as_user(who).get(&path).json()["result"].clone()
}

#[test]
fn a_journal_has_no_value_and_shows_its_history() {
    let world = World::shared();
    let id = discussed(world);
    let values = json!({"work_notes": "", "comments": "", "comments_and_work_notes": ""});
    assert_eq!(read(world, "itil", &id, "false"), values);
    let history =
        json!({"work_notes": NOTES, "comments": COMMENTS, "comments_and_work_notes": MERGED});
    assert_eq!(read(world, "itil", &id, "true"), history);
    let both = |history: &str| json!({"display_value": history, "value": ""});
    let all = json!({"work_notes": both(NOTES), "comments": both(COMMENTS), "comments_and_work_notes": both(MERGED)});
    assert_eq!(read(world, "itil", &id, "all"), all);
}

#[test]
fn people_without_roles_read_comments_and_no_work_notes() {
    let world = World::shared();
    let id = discussed(world);
    let expected = json!({"comments": COMMENTS, "comments_and_work_notes": COMMENTS});
    assert_eq!(read(world, "employee", &id, "true"), expected);
    let whole = world.as_user("employee").get(&format!(
        "/api/now/table/incident/{id}?sysparm_display_value=all"
    ));
    assert!(
        whole.body.contains("said") && !whole.body.contains("second"),
        "{}",
        whole.body
    );
    assert!(
        world
            .as_user("employee")
            .list("sys_journal_field", &format!("element_id={id}"))
            .is_empty()
    );
}

#[test]
fn a_page_shows_each_record_its_own_history_also_through_a_reference() {
    let world = World::shared();
    let (one, other) = (discussed(world), discussed(world));
    let quiet = incident(world, &json!({"parent_incident": one}));
    let quiet = text(&quiet, "sys_id");
    world
        .admin()
        .change("incident", &other, &json!({"work_notes": "only here"}));
    let query = format!(
        "sysparm_query=sys_idIN{one},{other},{quiet}^ORDERBYsys_created_on&sysparm_fields=sys_id,work_notes,parent_incident.comments&sysparm_display_value=true"
    );
    let rows = world.admin().list("incident", &query);
    let of = |id: &str| rows.iter().find(|row| row["sys_id"] == id).unwrap();
    assert_eq!(of(&one)["work_notes"], NOTES);
    let history = text(of(&other), "work_notes");
    assert!(
        history.ends_with(NOTES) && history.contains("only here"),
        "{history}"
    );
    assert_eq!(of(&quiet)["work_notes"], "");
    assert_eq!(of(&quiet)["parent_incident.comments"], COMMENTS);
    assert_eq!(of(&one)["parent_incident.comments"], "");
}

#[test]
fn an_answer_to_a_write_shows_what_was_just_written() {
    let world = World::shared();
    let url = "/api/now/table/incident?sysparm_display_value=true&sysparm_fields=comments,sys_id,sys_mod_count";
    let made = world
        .admin()
        .send_json("POST", url, &json!({"comments": "hello\nthere"}))
        .json();
    let history = text(&made["result"], "comments");
    assert!(
        history.ends_with(" - System Administrator (Additional comments)\nhello\nthere\n\n"),
        "{history}"
    );
    let path = format!(
        "/api/now/table/incident/{}",
        text(&made["result"], "sys_id")
    );
    let empty = world
        .admin()
        .send_json("PATCH", &path, &json!({"comments": ""}))
        .json();
    assert_eq!(
        empty["result"]["sys_mod_count"], "0",
        "an empty text appends nothing"
    );
    let entries = world.admin().list(
        "sys_journal_field",
        &format!(
            "sysparm_query=element_id={}",
            text(&made["result"], "sys_id")
        ),
    );
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (
            &entries[0]["name"],
            &entries[0]["element"],
            &entries[0]["sys_created_by"]
        ),
        (&json!("incident"), &json!("comments"), &json!("admin"))
    );
}

#[test]
fn who_is_gone_is_shown_by_user_name() {
    let world = World::shared();
    let person = world.person("journal.gone", "Right-1!", json!({}));
    let role = world.admin().sys_id("sys_user_role", "name=itil");
    world
        .admin()
        .create("sys_user_has_role", &json!({"user": person, "role": role}));
    let made = world
        .as_basic("journal.gone", "Right-1!")
        .create("incident", &json!({"comments": "bye"}));
    assert_eq!(
        world
            .admin()
            .send("DELETE", &format!("/api/now/table/sys_user/{person}"))
            .status,
        204
    );
    let history = text(
        &read(world, "admin", &text(&made, "sys_id"), "true"),
        "comments",
    );
    assert!(
        history.contains(" - journal.gone (Additional comments)\nbye"),
        "{history}"
    );
}
