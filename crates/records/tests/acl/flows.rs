//! Which flows a permitted write starts, and the row that they start from.

use snowglobe_records::{
    acl::Operation::{Create, Delete, Read, Write},
    name::Name,
    write::{Actions, Draft, Fired, FlowTrigger, Mode},
};

use crate::fixture::{World, allow, new_id, stamp};

fn trigger(flow: &str, table: &str, on: (bool, bool, bool), condition: &str) -> FlowTrigger {
    FlowTrigger {
        flow: flow.into(),
        name: flow.to_uppercase().into(),
        table: Name::parse(table).unwrap(),
        on: Actions {
            insert: on.0,
            update: on.1,
            delete: on.2,
        },
        condition: condition.into(),
    }
}

fn world(triggers: Vec<FlowTrigger>) -> World {
    let open =
        [Create, Read, Write, Delete].map(|operation| allow("incident", operation, &["public"]));
    World::new(&[], &open).starting(triggers)
}

fn inserted(world: &World, body: &[(&str, &str)], flow_depth: u8) -> Fired {
    let mode = Mode {
        flow_depth,
        ..Mode::default()
    };
    let draft = world.draft_with("incident", body, mode);
    let insert = world.access().permit_insert(draft, new_id(), &stamp());
    let mut insert = insert.unwrap().into_inner();
    insert.assign_number(7);
    insert.fired
}

fn updated(world: &World, row: &[(&str, &str)], body: &[(&str, &str)]) -> Option<Fired> {
    let draft = Draft::for_update(
        world.table("incident"),
        body.iter().copied(),
        Mode::default(),
    );
    let row = world.row("incident", row);
    let update = world.access().permit_update(&row, draft, &stamp());
    update.unwrap().map(|update| update.into_inner().fired)
}

fn flows(fired: &Fired) -> Vec<&str> {
    fired.flows.iter().map(|(flow, _)| &**flow).collect()
}

fn field<'f>(fired: &'f Fired, element: &str) -> Option<&'f str> {
    let found = fired.row.iter().find(|(it, _)| **it == *element);
    found.map(|(_, text)| &**text)
}

#[test]
fn a_write_starts_the_flows_whose_condition_it_meets_each_once() {
    let world = world(vec![
        trigger("a", "incident", (true, false, false), "urgency=1"),
        trigger("a", "task", (true, true, false), ""),
        trigger("b", "task", (true, false, false), ""),
        trigger("c", "problem", (true, true, true), ""),
        trigger("d", "incident", (true, true, true), "urgency=3"),
        trigger("e", "incident", (true, true, true), "no_such_field=1"),
    ]);
    let body = [("urgency", "1"), ("short_description", "it burns")];
    let fired = inserted(&world, &body, 2);
    assert_eq!(flows(&fired), ["a", "b"]);
    assert_eq!(fired.depth, 2);
    assert_eq!(&*fired.flows[0].1, "A");
    assert_eq!(field(&fired, "short_description"), Some("it burns"));
    assert_eq!(field(&fired, "number"), Some("INC0000007"));
    let key = new_id();
    assert_eq!(field(&fired, "sys_id"), Some(key.as_str()));
    assert_eq!(field(&fired, "work_notes"), None);
}

#[test]
fn an_update_tells_the_row_as_it_will_be_and_one_that_changes_nothing_starts_nothing() {
    let world = world(vec![
        trigger("a", "incident", (false, true, false), "urgencyCHANGESTO1"),
        trigger("b", "incident", (true, false, true), ""),
    ]);
    let row = [("urgency", "2"), ("short_description", "it burns")];
    let fired = updated(&world, &row, &[("urgency", "1")]).unwrap();
    assert_eq!(flows(&fired), ["a"]);
    assert_eq!(field(&fired, "urgency"), Some("1"));
    assert_eq!(field(&fired, "short_description"), Some("it burns"));
    let other = updated(&world, &row, &[("short_description", "no more")]).unwrap();
    assert_eq!(other, Fired::default());
    assert_eq!(updated(&world, &row, &[("urgency", "2")]), None);
}

#[test]
fn a_deletion_tells_the_row_as_it_was() {
    let world = world(vec![
        trigger("a", "incident", (false, false, true), "urgency=2"),
        trigger("b", "incident", (true, true, false), ""),
    ]);
    let row = world.row("incident", &[("urgency", "2")]);
    let delete = world.access().permit_delete(&row, &stamp()).unwrap();
    assert_eq!(flows(&delete.fired), ["a"]);
    assert_eq!(field(&delete.fired, "urgency"), Some("2"));
}
