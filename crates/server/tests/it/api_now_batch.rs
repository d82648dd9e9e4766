//! The Batch API (`rest-and-records.md` §8).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::world::World;

fn batch(world: &World, user: &str, requests: &Value) -> Value {
    let body = json!({"batch_request_id": 7, "rest_requests": requests});
    let answer = world
        .as_user(user)
        .send_json("POST", "/api/now/v1/batch", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn body(item: &Value) -> Value {
    let decoded = STANDARD.decode(item["body"].as_str().unwrap()).unwrap();
    serde_json::from_slice(&decoded).unwrap_or(Value::Null)
}

fn header<'a>(item: &'a Value, name: &str) -> &'a str {
    let headers = item["headers"].as_array().unwrap();
    let found = headers.iter().find(|header| header["name"] == name);
    found.map_or("", |header| header["value"].as_str().unwrap())
}

// covers: rest §8 batch_request_id, id, method, url, headers, body, exclude_response_headers
#[test]
fn items_are_answered_in_order_as_the_caller() {
    let world = World::shared();
    let record = STANDARD.encode("{'correlation_id':'batch.order','short_description':'one'}");
    let broken = format!("{}\n{}", &record[..20], &record[20..]);
    let answer = batch(
        world,
        "itil",
        &json!([
            {"id": 1, "method": "POST", "url": "/api/now/table/incident", "body": broken,
             "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "Content-Length", "value": "3"},
                         {"name": "Authorization", "value": "Basic bm9ib2R5Og=="}]},
            {"id": "two", "method": "get", "url": "api/now/table/incident?sysparm_query=correlation_id=batch.order^active=true&sysparm_fields=short_description,opened_by.user_name"},
            {"id": "3", "method": "DELETE", "url": "/api/now/table/incident/0123456789abcdef0123456789abcdef", "exclude_response_headers": true},
            {"id": "4", "method": "GET", "url": "/api/now/table/no_such_table"},
        ]),
    );
    assert_eq!(
        answer["batch_request_id"], "7",
        "a number comes back as text"
    );
    assert_eq!(answer["unserviced_requests"], json!([]));
    let items = answer["serviced_requests"].as_array().unwrap();
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item["id"].as_str().unwrap(),
                item["status_code"].as_u64().unwrap(),
                item["status_text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1", 201, "Created"),
            ("two", 200, "OK"),
            ("3", 404, "Not Found"),
            ("4", 400, "Bad Request")
        ]
    );
    assert!(header(&items[0], "location").starts_with(&world.url));
    assert_eq!(header(&items[1], "x-total-count"), "1");
    let found = json!({"result": [{"short_description": "one", "opened_by.user_name": "itil"}]});
    assert_eq!(body(&items[1]), found);
    assert_eq!(items[2]["headers"], json!([]));
    assert_eq!(
        body(&items[3])["error"]["message"],
        "Invalid table no_such_table"
    );
}

// covers: rest §8 error_message
#[test]
fn an_item_that_cannot_be_read_fails_alone() {
    let world = World::shared();
    let url = "/api/now/table/incident?sysparm_limit=1";
    let answer = batch(
        world,
        "admin",
        &json!([
            {"id": "a", "method": "G T", "url": url},
            {"id": "b", "method": "POST", "url": url, "body": "!"},
            {"id": "c", "method": "GET", "url": "https://elsewhere.example/api/now/table/incident"},
            {"id": "d", "method": "GET", "url": "//elsewhere.example/api/now/table/incident"},
            {"id": "e", "method": "POST", "url": "/api/now/v1/batch", "body": ""},
            {"id": "f", "method": "POST", "url": "/oauth_token.do", "body": ""},
            {"id": "g", "method": "GET", "url": url},
        ]),
    );
    let items = answer["serviced_requests"].as_array().unwrap();
    let statuses: Vec<_> = items
        .iter()
        .map(|item| item["status_code"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [400, 400, 400, 400, 400, 400, 200]);
    assert_eq!(items[1]["error_message"], "the body is not Base64");
}

// covers: rest §8 unserviced_requests
// covers: rest §1.4 X-BATCHREQUEST-MAX-OUTPUT-SIZE
#[test]
fn what_no_longer_fits_is_left_for_another_batch() {
    let world = World::shared();
    let list = "/api/now/table/sys_user?sysparm_limit=5";
    let requests = json!([
        {"id": "1", "method": "GET", "url": list},
        {"id": "2", "method": "GET", "url": list},
    ]);
    let request = world
        .admin()
        .request("POST", "/api/now/v1/batch")
        .header("X-BATCHREQUEST-MAX-OUTPUT-SIZE", "100")
        .json(&json!({"batch_request_id": "x", "rest_requests": requests}));
    let answer = snowglobe_testkit::Answer::of(request).json();
    assert_eq!(answer["serviced_requests"][0]["id"], "1");
    assert_eq!(answer["unserviced_requests"], json!(["2"]));
}

#[test]
fn what_is_no_batch_is_refused() {
    let world = World::shared();
    for body in [
        json!({}),
        json!([]),
        json!({"rest_requests": [{"id": "1"}]}),
    ] {
        let answer = world.admin().send_json("POST", "/api/now/v1/batch", &body);
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert_eq!(
            answer.json()["error"]["message"],
            "Exception while reading request"
        );
    }
}
