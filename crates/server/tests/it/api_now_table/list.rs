//! Lists: the parameters of §2.2, the pages of §2.4, the versions of §1.1.

use serde_json::{Value, json};

use super::{column, incident, incidents};
use crate::world::{World, text};

fn numbers(world: &World, parameters: &str) -> Vec<String> {
    column(
        &world.admin().list("incident", parameters),
        "short_description",
    )
}

// covers: rest §2.2 sysparm_limit, sysparm_offset
// covers: rest §1.5 X-Total-Count, Link
#[test]
fn pages_and_their_links() {
    let world = World::shared();
    incidents(world, "list.pages", 7);
    let query = "sysparm_query=correlation_id=list.pages%5EORDERBYshort_description&sysparm_fields=short_description";
    let page = |offset| format!("{query}&sysparm_limit=3&sysparm_offset={offset}");
    let link = |offset, rel: &str| {
        format!(
            "<{}/api/now/table/incident?{}>;rel=\"{rel}\"",
            world.url,
            page(offset)
        )
    };
    for (offset, rows, links) in [
        (
            0,
            &["1", "2", "3"][..],
            vec![link(0, "first"), link(3, "next"), link(6, "last")],
        ),
        (
            3,
            &["4", "5", "6"],
            vec![
                link(0, "first"),
                link(0, "prev"),
                link(6, "next"),
                link(6, "last"),
            ],
        ),
        (
            6,
            &["7"],
            vec![link(0, "first"), link(3, "prev"), link(6, "last")],
        ),
        (
            9,
            &[],
            vec![link(0, "first"), link(6, "prev"), link(6, "last")],
        ),
    ] {
        let answer = world
            .admin()
            .get(&format!("/api/now/table/incident?{}", page(offset)));
        let found = answer.json()["result"].as_array().unwrap().clone();
        let expected: Vec<_> = rows.iter().map(|n| format!("list.pages {n}")).collect();
        assert_eq!(column(&found, "short_description"), expected, "{offset}");
        assert_eq!(answer.header("x-total-count"), "7");
        assert_eq!(answer.header("link"), links.join(","), "{offset}");
    }
}

#[test]
fn links_keep_the_other_parameters_where_they_are() {
    let world = World::shared();
    let asked =
        "sysparm_offset=1&sysparm_fields=number&sysparm_limit=1&x=%C3%BC%20%26&sysparm_view=";
    let answer = world
        .admin()
        .get(&format!("/api/now/v2/table/incident?{asked}"));
    let first = answer.header("link").split(',').next().unwrap().to_owned();
    let kept =
        "sysparm_fields=number&x=%C3%BC%20%26&sysparm_view=&sysparm_limit=1&sysparm_offset=0";
    assert_eq!(
        first,
        format!(
            "<{}/api/now/v2/table/incident?{kept}>;rel=\"first\"",
            world.url
        )
    );
}

// covers: rest §2.2 sysparm_no_count, sysparm_suppress_pagination_header
#[test]
fn counting_and_paging_can_be_left_out() {
    let world = World::shared();
    incidents(world, "list.uncounted", 2);
    let url = "/api/now/table/incident?sysparm_limit=1&sysparm_query=correlation_id=list.uncounted";
    let answer = world.admin().get(&format!("{url}&sysparm_no_count=true"));
    assert_eq!(answer.header("x-total-count"), "");
    let answer = world
        .admin()
        .get(&format!("{url}&sysparm_suppress_pagination_header=true"));
    assert_eq!(
        (answer.header("x-total-count"), answer.header("link")),
        ("2", "")
    );
    let answer = world.admin().get(&format!("{url}&sysparm_no_count=false"));
    assert_eq!(answer.header("x-total-count"), "2");
}

#[test]
fn a_page_must_be_a_number() {
    let world = World::shared();
    for parameter in [
        "sysparm_limit=-1",
        "sysparm_limit=ten",
        "sysparm_offset=-1",
        "sysparm_offset=1.5",
    ] {
        let answer = world
            .admin()
            .get(&format!("/api/now/table/incident?{parameter}"));
        assert_eq!(answer.status, 400, "{parameter}");
        assert_eq!(
            answer.json()["error"]["message"],
            "Invalid request parameter",
            "{parameter}"
        );
    }
    let none = world.admin().get("/api/now/table/incident?sysparm_limit=0");
    assert_eq!(
        (none.status, &*none.body, none.header("link")),
        (200, "{\"result\":[]}", "")
    );
    let far = world
        .admin()
        .get("/api/now/table/incident?sysparm_offset=18446744073709551615");
    assert_eq!((far.status, &*far.body), (200, "{\"result\":[]}"));
}

// covers: rest §2.2 sysparm_fields
#[test]
fn fields_are_those_that_exist() {
    let world = World::shared();
    let [id] = &incidents(world, "list.fields", 1)[..] else {
        panic!("one incident")
    };
    let read = |fields: &str| {
        let path = format!(
            "/api/now/table/incident/{id}?sysparm_fields={fields}&sysparm_exclude_reference_link=true"
        );
        world.admin().get(&path).json()["result"].clone()
    };
    assert_eq!(
        read("short_description,no_such_field"),
        json!({"short_description": "list.fields 1"})
    );
    assert_eq!(
        read("+short_description+,+active"),
        json!({"short_description": "list.fields 1", "active": "true"})
    );
    assert_eq!(read("no_such_field"), json!({}));
    assert_eq!(
        read(
            "opened_by.user_name,opened_by.company.name,assigned_to.user_name,active.x,opened_by.nope"
        ),
        json!({"opened_by.user_name": "admin", "opened_by.company.name": "ACME Corporation", "assigned_to.user_name": ""})
    );
    assert!(read("").as_object().unwrap().len() > 80, "none is all");
    assert!(
        read(",").as_object().unwrap().len() < 80,
        "a list of nothing is not all"
    );
}

// covers: rest §2.2 <element>=<value>
#[test]
fn names_and_values_filter_where_there_is_no_query() {
    let world = World::shared();
    incidents(world, "list.filters", 3);
    let abel = super::user(world, "abel.tuter");
    incident(
        world,
        &json!({"correlation_id": "list.filters", "short_description": "abel's", "caller_id": abel}),
    );
    let found =
        |parameters: &str| numbers(world, &format!("correlation_id=list.filters&{parameters}"));
    assert_eq!(found("").len(), 4);
    assert_eq!(
        found("short_description=list.filters%202"),
        ["list.filters 2"]
    );
    for caller in [&*abel, "Abel%20Tuter"] {
        assert_eq!(
            found(&format!("caller_id={caller}")),
            ["abel's"],
            "{caller}"
        );
    }
    assert_eq!(found("caller_id.user_name=abel.tuter"), ["abel's"]);
    assert_eq!(found("state=New").len(), 4);
    assert_eq!(found("state=Closed").len(), 0);
    assert_eq!(found("state=1&active=true").len(), 4);
    // Parameters that do not exist are ignored, as are filters beside a query.
    assert_eq!(found("sysparm_orderby=number&nope=1").len(), 4);
    let query = "sysparm_query=short_description=abel's&short_description=list.filters%202";
    assert_eq!(found(query), ["abel's"]);
}

#[test]
fn what_a_query_does_not_know_is_dropped() {
    let world = World::shared();
    incidents(world, "list.dropped", 3);
    let all = world.admin().get("/api/now/table/incident?sysparm_limit=1");
    let all = all.header("x-total-count").parse::<u64>().unwrap();
    let count = |query: &str| {
        let answer = world.admin().get(&format!(
            "/api/now/table/incident?sysparm_limit=1&sysparm_query={query}"
        ));
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.header("x-total-count").parse::<u64>().unwrap()
    };
    for (query, rows) in [
        ("correlation_id=list.dropped^no_such_field=x", 3),
        ("correlation_id=list.dropped^ORno_such_field=x", 3),
        ("correlation_id=list.dropped^ORDERBYno_such_field", 3),
        ("correlation_id=list.dropped^active~~~true", 3),
        ("correlation_id=list.dropped^state==1", 0),
    ] {
        assert_eq!(count(query), rows, "{query}");
    }
    // Others make incidents at the same time, but none goes away.
    for query in [
        "no_such_field=x",
        "no_such_field=x^ORcorrelation_id=list.dropped",
        "^^^",
        "",
    ] {
        assert!(count(query) >= all, "{query}");
    }
    let admin = super::user(world, "admin");
    let flood = "AAAA=BBBB^".repeat(700);
    let answer = world.admin().get(&format!(
        "/api/now/table/sys_user?sysparm_fields=user_name&sysparm_query={flood}sys_id={admin}"
    ));
    assert_eq!(answer.json(), json!({"result": [{"user_name": "admin"}]}));
}

#[test]
fn a_property_lets_an_invalid_query_find_nothing() {
    let world = World::own();
    world.set_property("glide.invalid_query.returns_no_rows", "true");
    assert!(
        world
            .admin()
            .list("sys_user", "sysparm_query=no_such_field=x")
            .is_empty()
    );
    assert_eq!(
        world
            .admin()
            .list("sys_user", "sysparm_query=user_name=admin")
            .len(),
        1
    );
}

// covers: rest §3.5 snowglobe.query.strict
#[test]
fn a_strict_instance_refuses_a_query_that_means_nothing() {
    let world = World::own();
    world.set_property("snowglobe.query.strict", "true");
    let asked = |query: &str| {
        let path = format!("/api/now/table/sys_user?sysparm_query={query}");
        world.admin().get(&path)
    };
    let refused = asked("active=true^no_such_field=x");
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({
            "error": {"message": "Invalid query", "detail": "unknown field in 'no_such_field=x'"},
            "status": "failure"
        })
    );
    assert_eq!(asked("active=true^ORDERBYname").status, 200);
}

// covers: rest §2.2 sysparm_query
#[test]
fn operators_of_the_language_reach_the_database() {
    let world = World::shared();
    for (n, urgency) in [(1, "1"), (2, "2"), (3, "3")] {
        let fields = json!({"correlation_id": "list.operators", "short_description": format!("Printer {n}"), "urgency": urgency});
        incident(world, &fields);
    }
    for (condition, expected) in [
        ("urgency=2", &["Printer 2"][..]),
        ("urgency!=2", &["Printer 1", "Printer 3"]),
        ("urgency<2", &["Printer 1"]),
        ("urgency<=2", &["Printer 1", "Printer 2"]),
        ("urgency>2", &["Printer 3"]),
        ("urgency>=2", &["Printer 2", "Printer 3"]),
        ("urgencyIN1,3", &["Printer 1", "Printer 3"]),
        ("short_descriptionLIKEINTER 2", &["Printer 2"]),
        (
            "short_descriptionSTARTSWITHprinter",
            &["Printer 1", "Printer 2", "Printer 3"],
        ),
        ("short_descriptionENDSWITH3", &["Printer 3"]),
        ("close_notesISEMPTY^urgency=1", &["Printer 1"]),
        ("close_notesISNOTEMPTY", &[]),
        ("urgency=1^ORurgency=2", &["Printer 1", "Printer 2"]),
        (
            "urgency=1^NQcorrelation_id=list.operators^urgency=3",
            &["Printer 1", "Printer 3"],
        ),
        ("opened_by.user_name=admin^urgency=1", &["Printer 1"]),
        (
            "opened_by=javascript:gs.getUserID()^urgency=1",
            &["Printer 1"],
        ),
    ] {
        let query = format!("correlation_id=list.operators^{condition}^ORDERBYshort_description");
        let parameters = encoded(&query);
        assert_eq!(numbers(world, &parameters), expected, "{condition}");
    }
    let query = encoded("correlation_id=list.operators^ORDERBYDESCurgency");
    assert_eq!(
        numbers(world, &query),
        ["Printer 3", "Printer 2", "Printer 1"]
    );
}

fn encoded(query: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("sysparm_query", query)
        .finish()
}

#[test]
fn versions_differ_in_their_links_and_in_empty_lists() {
    let world = World::shared();
    let [id] = &incidents(world, "list.versions", 1)[..] else {
        panic!("one incident")
    };
    for version in ["", "v1/", "v2/"] {
        let url = format!("/api/now/{version}table/incident");
        let read = world
            .admin()
            .get(&format!("{url}/{id}?sysparm_fields=opened_by"))
            .json();
        let link = text(&read["result"]["opened_by"], "link");
        let prefix = format!("{}/api/now/{version}table/sys_user/", world.url);
        assert!(link.starts_with(&prefix), "{link}");
        let made = world.admin().send_json(
            "POST",
            &url,
            &json!({"correlation_id": "list.versions.made"}),
        );
        let id = text(&made.json()["result"], "sys_id");
        assert_eq!(made.header("location"), format!("{}{url}/{id}", world.url));

        let empty = world.admin().get(&format!(
            "{url}?sysparm_query=correlation_id=list.versions.none"
        ));
        let no_record = r#"{"error":{"message":"No Record found","detail":"Record doesn't exist or ACL restricts the record retrieval"},"status":"failure"}"#;
        let expected = if version == "v1/" {
            (404, no_record)
        } else {
            (200, r#"{"result":[]}"#)
        };
        assert_eq!((empty.status, &*empty.body), expected, "{version}");
    }
}

#[test]
fn a_parent_lists_the_rows_of_its_classes_with_its_own_columns() {
    let world = World::shared();
    let [id] = &incidents(world, "list.parent", 1)[..] else {
        panic!("one incident")
    };
    let rows = world
        .admin()
        .list("task", "sysparm_query=correlation_id=list.parent");
    assert_eq!(
        (rows.len(), &*text(&rows[0], "sys_class_name")),
        (1, "incident")
    );
    assert!(rows[0].get("caller_id").is_none() && rows[0].get("number").is_some());
    let one = world.admin().get(&format!("/api/now/table/task/{id}"));
    assert_eq!(text(&one.json()["result"], "sys_id"), *id);
    assert_eq!(
        world
            .admin()
            .get(&format!("/api/now/table/problem/{id}"))
            .status,
        404
    );
}

#[test]
fn head_is_get_without_a_body() {
    let world = World::shared();
    let url = "/api/now/table/incident?sysparm_limit=1&sysparm_query=ORDERBYnumber";
    let (get, head) = (world.admin().get(url), world.admin().send("HEAD", url));
    assert_eq!((head.status, &*head.body), (200, ""));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(
        head.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert!(!head.header("x-total-count").is_empty() && !head.header("link").is_empty());
}

// covers: rest §1.5 Content-Type, X-Is-Logged-In, X-Content-Type-Options, Cache-Control
#[test]
fn every_answer_has_the_headers_of_a_live_instance() {
    let world = World::shared();
    let [id] = &incidents(world, "list.headers", 1)[..] else {
        panic!("one incident")
    };
    let record = format!("/api/now/table/incident/{id}");
    for (method, path, status) in [
        ("GET", "/api/now/table/incident?sysparm_limit=1", 200),
        ("GET", &*record, 200),
        ("GET", "/api/now/table/no_such_table", 400),
        ("DELETE", &*record, 204),
        ("DELETE", &*record, 404),
    ] {
        let answer = world.admin().send(method, path);
        assert_eq!(answer.status, status);
        for (name, value) in [
            (
                "cache-control",
                "no-cache,no-store,must-revalidate,max-age=-1",
            ),
            ("pragma", "no-store,no-cache"),
            ("expires", "0"),
            ("x-content-type-options", "nosniff"),
            ("x-is-logged-in", "true"),
        ] {
            assert_eq!(answer.header(name), value, "{method} {path}: {name}");
        }
        let json = if status == 204 {
            ""
        } else {
            "application/json;charset=UTF-8"
        };
        assert_eq!(answer.header("content-type"), json, "{method} {path}");
        assert_eq!(answer.body.is_empty(), status == 204);
    }
}

#[test]
fn rest_3_3_references_by_name_are_walked_and_ordered_by() {
    walked_by_name(World::shared());
}

/// On either database.
pub(crate) fn walked_by_name(world: &World) {
    let of =
        "sysparm_query=name=incident^element=caller_id^reference.labelLIKEuser^ORDERBYreference";
    let path = format!("{of}&sysparm_fields=reference.label,reference.label,element");
    let found = world.admin().list("sys_dictionary", &path);
    let expected = json!([{"reference.label": "User", "element": "caller_id"}]);
    assert_eq!(Value::from(found), expected);
}

#[test]
fn rest_2_5_the_type_of_a_column_stays() {
    let admin = World::shared().admin();
    let sys_id = admin.sys_id("sys_dictionary", "name=incident^element=caller_id");
    let kept = admin.change(
        "sys_dictionary",
        &sys_id,
        &json!({"internal_type": "integer"}),
    );
    assert_eq!(kept["internal_type"]["value"], "reference");
}
