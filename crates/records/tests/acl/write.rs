//! Permitting writes (§2.6).

use snowglobe_records::{
    ValueRef,
    acl::{
        Denied,
        Operation::{Create, Delete, Read, Write},
        Permitted, Reason, Rejected, Rule,
    },
    write::{Delete as Deletion, Why},
};

use crate::fixture::{ABEL, BETH, World, allow, allow_where, new_id, stamp, text};

fn insert(world: &World, body: &[(&str, &str)]) -> Result<(), Rejected> {
    world
        .access()
        .permit_insert(world.draft("incident", body), new_id(), &stamp())
        .map(drop)
}

#[test]
fn an_insert_without_a_passing_rule_is_denied() {
    let rules = [allow("incident", Create, &["sn_incident_write"])];
    assert_eq!(
        insert(&World::new(&[], &rules), &[]),
        Err(Denied::Insert.into())
    );
    assert_eq!(
        insert(&World::new(&["sn_incident_write"], &rules), &[]),
        Ok(())
    );
}

#[test]
fn a_condition_on_an_insert_looks_at_the_new_row() {
    let world = World::new(
        &[],
        &[allow_where(
            "incident",
            Create,
            "opened_by=javascript:gs.getUserID()",
        )],
    );
    assert_eq!(
        insert(&world, &[]),
        Ok(()),
        "opened_by is the caller by default"
    );
    assert_eq!(
        insert(&world, &[("opened_by", ABEL)]),
        Err(Denied::Insert.into())
    );
}

#[test]
fn fields_the_caller_may_not_write_are_left_out_of_an_insert() {
    let rules = [
        allow("incident", Create, &["public"]),
        allow("incident.description", Write, &["manager"]),
        allow("incident.work_notes", Write, &["manager"]),
        allow("incident.active", Write, &["manager"]),
    ];
    let world = World::new(&[], &rules);
    let body = [
        ("description", "x"),
        ("work_notes", "y"),
        ("state", "7"),
        ("active", "true"),
    ];
    let draft = world.draft("incident", &body);
    let insert = world
        .access()
        .permit_insert(draft, new_id(), &stamp())
        .unwrap();
    assert_eq!(insert.value("description"), ValueRef::Null);
    assert!(insert.journal.is_empty());
    assert_eq!(
        insert.value("active"),
        ValueRef::Int(0),
        "closing is the instance's own doing"
    );
    let ignored: Vec<_> = insert
        .ignored
        .iter()
        .map(|i| (&*i.element, i.why))
        .collect();
    let refused = ["description", "active", "work_notes"].map(|e| (e, Why::NotPermitted));
    assert_eq!(ignored, refused);
}

#[test]
fn field_rules_for_create_stand_before_those_for_write() {
    let rules = [
        allow("incident", Create, &["public"]),
        allow("incident.description", Write, &["manager"]),
        allow("incident.description", Create, &["public"]),
    ];
    let world = World::new(&[], &rules);
    let draft = world.draft("incident", &[("description", "x")]);
    let insert = world
        .access()
        .permit_insert(draft, new_id(), &stamp())
        .unwrap();
    assert_eq!(insert.value("description"), ValueRef::Text("x"));
}

#[test]
fn an_update_of_a_row_that_no_rule_opens_is_denied_even_if_nothing_changes() {
    let rules = [allow_where(
        "incident",
        Write,
        "assigned_to=javascript:gs.getUserID()",
    )];
    let world = World::new(&[], &rules);
    let update = |row: &[(&str, &str)], body| {
        let row = world.row("incident", row);
        let draft = world.draft("incident", body);
        world
            .access()
            .permit_update(&row, draft, &stamp())
            .map(|update| update.is_some())
    };
    let body = [("short_description", "new")];
    assert_eq!(update(&[("assigned_to", BETH)], &body), Ok(true));
    assert_eq!(update(&[("assigned_to", BETH)], &[]), Ok(false));
    assert_eq!(
        update(&[("assigned_to", ABEL)], &body),
        Err(Denied::Update.into())
    );
    assert_eq!(
        update(&[("assigned_to", ABEL)], &[]),
        Err(Denied::Update.into())
    );
}

#[test]
fn a_condition_on_an_update_looks_at_the_row_as_it_is() {
    let rules = [allow_where(
        "incident",
        Write,
        "assigned_to=javascript:gs.getUserID()",
    )];
    let world = World::new(&[], &rules);
    let theirs = world.row("incident", &[("assigned_to", ABEL)]);
    let take = world.draft("incident", &[("assigned_to", BETH)]);
    assert_eq!(
        world
            .access()
            .permit_update(&theirs, take, &stamp())
            .map(drop),
        Err(Denied::Update.into())
    );
}

#[test]
fn a_field_rule_with_a_condition_is_evaluated_on_the_row() {
    let rules = [
        allow("incident", Write, &["public"]),
        allow_where("incident.description", Write, "active=true"),
    ];
    let world = World::new(&[], &rules);
    let changes = |active| {
        let row = world.row("incident", &[("active", active)]);
        let body = [("description", "x"), ("short_description", "y")];
        let draft = world.draft("incident", &body);
        let update = world
            .access()
            .permit_update(&row, draft, &stamp())
            .unwrap()
            .unwrap();
        let is_own = |name: &String| !name.starts_with("sys_");
        let names = update
            .changes
            .iter()
            .map(|(column, _)| column.element.to_string());
        names.filter(is_own).collect::<Vec<_>>()
    };
    assert_eq!(changes("true"), ["description", "short_description"]);
    assert_eq!(changes("false"), ["short_description"]);
}

#[test]
fn an_update_of_fields_that_may_not_be_written_changes_nothing() {
    let rules = [
        allow("incident", Write, &["public"]),
        allow("incident.description", Write, &["manager"]),
    ];
    let world = World::new(&[], &rules);
    let draft = world.draft("incident", &[("description", "x")]);
    let update = world
        .access()
        .permit_update(&world.row("incident", &[]), draft, &stamp());
    assert!(update.unwrap().is_none());
}

#[test]
fn a_write_condition_that_dot_walks_does_not_pass() {
    let walking = || allow_where("incident", Write, "caller_id.active=true");
    let update = |rules: &[Rule]| {
        let world = World::new(&[], rules);
        let row = world.row("incident", &[("caller_id", BETH), ("active", "true")]);
        world
            .access()
            .permit_update(&row, world.draft("incident", &[]), &stamp())
            .is_ok()
    };
    assert!(!update(&[walking()]));
    assert!(update(&[walking(), allow("incident", Write, &["public"])]));
}

#[test]
fn a_delete_needs_a_passing_rule() {
    let rules = [allow("incident", Delete, &["itil_admin"])];
    let delete = |roles: &[&str]| {
        let world = World::new(roles, &rules);
        world
            .access()
            .permit_delete(&world.row("incident", &[]), &stamp())
    };
    assert_eq!(delete(&["itil"]).map(drop), Err(Denied::Delete.into()));
    let permitted = delete(&["itil_admin"]).unwrap();
    assert_eq!(
        permitted.sys_id.as_str(),
        "00000000000000000000000000000001"
    );
    assert_eq!(permitted.expected_mod_count, Some(3));
    assert_eq!(permitted.reason(), None);
}

#[test]
fn snc_read_only_blocks_every_write_whatever_else_the_caller_holds() {
    let world = World::new(&["admin", "snc_read_only"], &[]);
    let row = world.row("incident", &[]);
    assert_eq!(insert(&world, &[]), Err(Denied::Insert.into()));
    let update = world
        .access()
        .permit_update(&row, world.draft("incident", &[]), &stamp());
    assert_eq!(update.map(drop), Err(Denied::Update.into()));
    assert_eq!(
        world.access().permit_delete(&row, &stamp()).map(drop),
        Err(Denied::Delete.into())
    );
    assert!(world.access().may_read_row(&row));
}

#[test]
fn a_row_at_hand_is_readable_if_a_list_would_show_it() {
    let rules = [allow_where(
        "incident",
        Read,
        "caller_id=javascript:gs.getUserID()",
    )];
    let world = World::new(&[], &rules);
    let readable = |caller| {
        world
            .access()
            .may_read_row(&world.row("incident", &[("caller_id", caller)]))
    };
    assert!(readable(BETH));
    assert!(!readable(ABEL));
}

#[test]
fn the_system_path_names_its_reason() {
    let world = World::new(&[], &[]);
    let delete = Deletion::of(&world.row("incident", &[]));
    let permitted = Permitted::as_system(delete, Reason::Job);
    assert_eq!(permitted.reason(), Some(Reason::Job));
}

#[test]
fn a_kept_secret_goes_into_its_own_column_only() {
    let world = World::new(&["admin"], &[]);
    let draft = world.draft("sys_user", &[("user_name", "abel")]);
    let mut insert = world
        .access()
        .permit_insert(draft, new_id(), &stamp())
        .unwrap();
    let column = |element| world.table("sys_user").column(element).unwrap().clone();
    insert.keep_secret(column("user_password"), "hash".into());
    insert.keep_secret(column("name"), "hash".into());
    assert_eq!(insert.value("user_password").to_owned(), text("hash"));
    assert_eq!(insert.value("name"), ValueRef::Null);
}
