//! The Aggregate API (`rest-and-records.md` §5).

use serde_json::{Value, json};

use crate::world::World;

/// Three incidents that nobody else's query finds.
fn seed(world: &World, marker: &str) {
    let abel = world.admin().sys_id("sys_user", "user_name=abel.tuter");
    for (reassigned, caller) in [("1", abel.as_str()), ("2", ""), ("6", abel.as_str())] {
        let fields = json!({"correlation_id": marker, "caller_id": caller});
        let made = world.admin().create("incident", &fields);
        let change = json!({"reassignment_count": reassigned});
        world
            .admin()
            .change("incident", made["sys_id"].as_str().unwrap(), &change);
    }
}

fn stats(world: &World, user: &str, parameters: &str) -> (u16, Value) {
    let answer = world
        .as_user(user)
        .get(&format!("/api/now/stats/{parameters}"));
    (answer.status, answer.json())
}

// covers: rest §5 sysparm_query, sysparm_count, sysparm_avg_fields, sysparm_min_fields, sysparm_max_fields, sysparm_sum_fields, <element>=<value>
#[test]
fn rows_are_counted_and_numbers_calculated() {
    rows_are_counted(World::shared());
}

/// On either database.
pub(crate) fn rows_are_counted(world: &World) {
    seed(world, "stats.plain");
    let of = "incident?sysparm_query=correlation_id=stats.plain";
    assert_eq!(
        stats(world, "admin", &format!("{of}&sysparm_count=true")),
        (200, json!({"result": {"stats": {"count": "3"}}}))
    );
    let all = "&sysparm_count=true&sysparm_avg_fields=reassignment_count&sysparm_min_fields=reassignment_count\
               &sysparm_max_fields=reassignment_count,priority&sysparm_sum_fields=reassignment_count";
    let expected = json!({"result": {"stats": {
        "count": "3",
        "avg": {"reassignment_count": "3.0000"},
        "min": {"reassignment_count": "1"},
        "max": {"reassignment_count": "6", "priority": "5"},
        "sum": {"reassignment_count": "9"},
    }}});
    assert_eq!(
        stats(world, "admin", &format!("{of}{all}")),
        (200, expected)
    );
    assert_eq!(
        stats(
            world,
            "admin",
            "incident?correlation_id=stats.plain&sysparm_count=true"
        )
        .1,
        json!({"result": {"stats": {"count": "3"}}}),
        "name=value filters count here as in the Table API"
    );
    assert_eq!(
        stats(
            world,
            "admin",
            "incident?sysparm_query=correlation_id=none&sysparm_count=true"
        )
        .1,
        json!({"result": {"stats": {"count": "0"}}})
    );
}

// covers: rest §5 sysparm_group_by, sysparm_having, sysparm_display_value
#[test]
fn groups_say_their_values_and_what_they_show() {
    groups_say_their_values(World::shared());
}

/// On either database.
pub(crate) fn groups_say_their_values(world: &World) {
    seed(world, "stats.groups");
    let abel = world.admin().sys_id("sys_user", "user_name=abel.tuter");
    let of = "incident?sysparm_query=correlation_id=stats.groups&sysparm_count=true&sysparm_group_by=caller_id";
    let group =
        |count: &str, field: Value| json!({"stats": {"count": count}, "groupby_fields": [field]});
    let nobody = group("1", json!({"field": "caller_id", "value": ""}));
    let caller = group("2", json!({"field": "caller_id", "value": abel}));
    assert_eq!(
        stats(world, "admin", of).1,
        json!({"result": [nobody, caller]})
    );
    let shown = group(
        "2",
        json!({"field": "caller_id", "value": abel, "display_value": "Abel Tuter"}),
    );
    let having = "&sysparm_having=count%5Ecaller_id%5E%3E%5E1&sysparm_display_value=true";
    assert_eq!(
        stats(world, "admin", &format!("{of}{having}")).1,
        json!({"result": [shown]})
    );
}

// covers: rest §5 sysparm_order_by
#[test]
fn groups_come_in_the_order_that_is_asked_for() {
    groups_come_in_order(World::shared());
}

/// On either database.
pub(crate) fn groups_come_in_order(world: &World) {
    seed(world, "stats.order");
    let of = "incident?sysparm_query=correlation_id=stats.order&sysparm_count=true&sysparm_group_by=reassignment_count";
    let values = |order: &str| -> Vec<String> {
        let groups = stats(world, "admin", &format!("{of}&sysparm_order_by={order}")).1;
        let groups = groups["result"].as_array().unwrap().clone();
        let value = |group: &Value| {
            group["groupby_fields"][0]["value"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        groups.iter().map(value).collect()
    };
    assert_eq!(values("reassignment_count%5EDESC"), ["6", "2", "1"]);
    assert_eq!(values("reassignment_count"), ["1", "2", "6"]);
}

// covers: rest §1.7 E10
#[test]
fn what_cannot_be_read_is_not_counted() {
    let world = World::shared();
    seed(world, "stats.access");
    let of = "incident?sysparm_query=correlation_id=stats.access&sysparm_count=true";
    let count = |user: &str| stats(world, user, of).1["result"]["stats"]["count"].clone();
    assert_eq!(count("itil"), "3");
    assert_eq!(count("abel.tuter"), "2", "those they called about");
    assert_eq!(count("employee"), "0");
    let closed = |table: &str| {
        json!({"error": {"message": "Insufficient rights to query records",
            "detail": format!("No permission to read table '{table}'")}, "status": "failure"})
    };
    assert_eq!(
        stats(world, "employee", "sys_properties?sysparm_count=true"),
        (403, closed("sys_properties"))
    );
}

// covers: rest §1.7 E19, E20
#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let world = World::shared();
    let failure =
        |message: &str| json!({"error": {"message": message, "detail": null}, "status": "failure"});
    for (parameters, message) in [
        (
            "incident",
            "No request parameter for aggregate operation specified",
        ),
        (
            "incident?sysparm_count=false",
            "No request parameter for aggregate operation specified",
        ),
        (
            "incident?sysparm_count=true&sysparm_having=count",
            "Invalid HAVING clause: wrong number of arguments; Expected 4 but got 1",
        ),
        (
            "incident?sysparm_count=true&sysparm_having=count%5Estate%5E~%5E1",
            "Invalid HAVING clause: the operator is not known for 'count^state^~^1'",
        ),
        (
            "no_such_table?sysparm_count=true",
            "Invalid table no_such_table",
        ),
    ] {
        assert_eq!(
            stats(world, "admin", parameters),
            (400, failure(message)),
            "{parameters}"
        );
    }
    let secret = "sys_user?sysparm_count=true&sysparm_min_fields=user_password&sysparm_group_by=user_password";
    assert_eq!(
        stats(world, "admin", secret).1["result"]["stats"]
            .as_object()
            .unwrap()
            .len(),
        1,
        "a secret has neither a smallest value nor groups"
    );
}

#[test]
fn rest_5_nothing_that_can_be_calculated_is_no_error() {
    for asked in [
        "sysparm_avg_fields=nope",
        "sysparm_min_fields=work_notes",
        "sysparm_group_by=nope",
    ] {
        let answer = stats(World::shared(), "admin", &format!("incident?{asked}"));
        assert_eq!(answer, (200, json!({"result": {"stats": {}}})), "{asked}");
    }
}
