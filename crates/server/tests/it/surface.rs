//! What holds for every REST call, whatever it is about (`rest-and-records.md` §1).

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{Caller, World, text};

const INCIDENTS: &str = "/api/now/table/incident";

fn as_xml(caller: &Caller<'_>, method: &str, path: &str) -> Answer {
    let request = caller.request(method, path);
    Answer::of(request.header("Accept", "application/xml"))
}

fn result(answer: &Answer) -> Value {
    answer.json()["result"].clone()
}

#[test]
fn rest_1_3_lists_records_and_errors_are_read_as_xml() {
    let world = World::shared();
    let fields = json!({"correlation_id": "surface.xml", "short_description": "a <b> & \"c\""});
    let made = world.admin().create("incident", &fields);
    let sys_id = text(&made, "sys_id");
    let shown = "sysparm_fields=short_description,parent,opened_by";
    let path = format!("{INCIDENTS}?sysparm_query=correlation_id=surface.xml&{shown}");
    let answer = as_xml(&world.admin(), "GET", &path);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/xml;charset=UTF-8"
    );
    assert_eq!(answer.header("x-total-count"), "1");
    let opened_by = world.admin().sys_id("sys_user", "user_name=admin");
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><result>\
         <short_description>a &lt;b&gt; &amp; \"c\"</short_description><parent/><opened_by>\
         <link>{}/api/now/table/sys_user/{opened_by}</link><value>{opened_by}</value></opened_by></result></response>",
        world.url
    );
    assert_eq!(answer.body, expected);
    let one = as_xml(
        &world.admin(),
        "GET",
        &format!("{INCIDENTS}/{sys_id}?{shown}"),
    );
    assert_eq!(one.body, expected);

    let none = format!("{INCIDENTS}?sysparm_query=correlation_id=surface.none");
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let none = as_xml(&world.admin(), "GET", &none);
    assert_eq!(none.body, format!("{head}<response></response>"));
    let missing = as_xml(&world.admin(), "GET", "/api/now/table/no_such_table");
    assert_eq!(missing.status, 400);
    assert_eq!(
        missing.body,
        format!(
            "{head}<response><error><message>Invalid table no_such_table</message><detail/></error>\
             <status>failure</status></response>"
        )
    );
    let stranger = as_xml(&world.as_nobody(), "GET", INCIDENTS);
    assert_eq!(stranger.status, 401);
    assert!(
        stranger
            .body
            .contains("<message>User Not Authenticated</message>")
    );
    let request = world.admin().request("GET", INCIDENTS);
    let as_text = Answer::of(request.header("Accept", "text/xml"));
    assert_eq!(as_text.header("content-type"), "text/xml;charset=UTF-8");
    let count = as_xml(
        &world.admin(),
        "GET",
        "/api/now/stats/sys_user?sysparm_count=true",
    );
    assert!(
        count.body.contains("<response><result><stats><count>"),
        "{}",
        count.body
    );
}

#[test]
fn rest_1_3_xml_is_written() {
    let world = World::shared();
    let body = "<request><entry><short_description>x &amp; y</short_description><urgency>1</urgency></entry></request>";
    for kind in ["application/xml", "text/xml; charset=utf-8"] {
        let request = world.admin().request("POST", INCIDENTS);
        let answer = Answer::of(request.header("Content-Type", kind).body(body));
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(result(&answer)["short_description"], "x & y");
        assert_eq!(result(&answer)["urgency"], "1");
        let path = format!("{INCIDENTS}/{}", text(&result(&answer), "sys_id"));
        let request = world.admin().request("PATCH", &path);
        let body = "<request><urgency>2</urgency></request>";
        let changed = Answer::of(request.header("Content-Type", kind).body(body));
        assert_eq!(
            (changed.status, &result(&changed)["urgency"]),
            (200, &json!("2"))
        );
    }
    for bad in ["<request>", "{}", "<!DOCTYPE a><a/>"] {
        let request = world.admin().request("POST", INCIDENTS);
        let request = request.header("Content-Type", "application/xml").body(bad);
        let answer = Answer::of(request);
        assert_eq!(answer.status, 400, "{bad}");
        assert_eq!(
            answer.json()["error"]["message"],
            "Exception while reading request"
        );
    }
}

// covers: rest §1.4 X-HTTP-Method-Override
#[test]
fn rest_1_2_another_method_is_taken_from_the_header() {
    let world = World::shared();
    let made = world.admin().create("incident", &json!({"urgency": "1"}));
    let path = format!("{INCIDENTS}/{}", text(&made, "sys_id"));
    let instead = |method: &str| {
        let request = world.admin().request("POST", &path);
        let request = request.header("X-HTTP-Method-Override", method);
        Answer::of(request.json(&json!({"urgency": "2"})))
    };
    let changed = instead("patch");
    assert_eq!(
        (changed.status, &result(&changed)["urgency"]),
        (200, &json!("2"))
    );
    assert_eq!(instead("GET").status, 200);
    assert_eq!(instead("BREW").status, 405);
    assert_eq!(instead("Delete").status, 204);
    assert_eq!(instead("GET").status, 404);
}

// covers: rest §1.4 X-no-response-body
#[test]
fn rest_1_4_who_wants_no_body_gets_none() {
    let world = World::shared();
    let silent = |method: &str, path: &str| {
        let request = world.admin().request(method, path);
        let request = request.header("X-no-response-body", "true");
        Answer::of(request.json(&json!({"urgency": "2"})))
    };
    let made = silent("POST", INCIDENTS);
    assert_eq!((made.status, &*made.body), (201, ""));
    let location = made.header("location").to_owned();
    let path = location.strip_prefix(&world.url).unwrap();
    for method in ["PATCH", "PUT"] {
        let changed = silent(method, path);
        assert_eq!((changed.status, &*changed.body), (204, ""), "{method}");
    }
    assert_eq!(silent("GET", path).json()["result"]["urgency"], "2");
    // Who is refused is told why.
    let refused = silent("POST", "/api/now/table/no_such_table");
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("Invalid table"));
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

// covers: rest §1.4 Accept-Encoding
// covers: rest §1.5 Content-Encoding
#[test]
fn rest_1_4_long_answers_are_packed_for_who_takes_gzip() {
    let world = World::shared();
    let path = "/api/now/table/sys_user?sysparm_limit=20&sysparm_query=ORDERBYuser_name";
    let plain = world.admin().get(path);
    assert_eq!(plain.header("content-encoding"), "");
    let packed = |path: &str| {
        let request = world.admin().request("GET", path);
        request
            .header("Accept-Encoding", "gzip, deflate")
            .send()
            .unwrap()
    };
    let answer = packed(path);
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert_eq!(answer.headers()["vary"], "Accept-Encoding");
    assert_eq!(
        answer.headers()["x-total-count"],
        *plain.header("x-total-count")
    );
    let bytes = answer.bytes().unwrap();
    assert!(bytes.len() * 3 < plain.body.len());
    assert_eq!(unpacked(&bytes), plain.body);
    let short = packed("/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=name");
    assert!(!short.headers().contains_key("content-encoding"));
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(body).unwrap();
    packer.finish().unwrap()
}

#[test]
fn rest_1_8_packed_bodies_are_read_and_bombs_are_not() {
    let world = World::shared();
    let send = |body: Vec<u8>, coding: &str| {
        let request = world.admin().request("POST", INCIDENTS);
        let request = request.header("Content-Type", "application/json");
        Answer::of(request.header("Content-Encoding", coding).body(body))
    };
    let made = send(packed(br#"{"short_description":"packed"}"#), "gzip");
    assert_eq!(
        (made.status, &result(&made)["short_description"]),
        (201, &json!("packed"))
    );
    let bomb = send(packed(&vec![b' '; 50_000_000]), "gzip");
    assert_eq!(bomb.status, 400);
    assert!(
        bomb.body.contains("Rejected large REST payload"),
        "{}",
        bomb.body
    );
    assert_eq!(send(b"{}".to_vec(), "gzip").status, 400);
    assert_eq!(send(b"{}".to_vec(), "br").status, 415);
}

// covers: rest §1.8 glide.rest.max_content_length
#[test]
fn rest_1_8_e14_the_largest_body_is_a_property() {
    let world = World::own();
    world.set_property("glide.rest.max_content_length", "1");
    let body = json!({"description": "x".repeat(1_048_576)});
    let answer = world.admin().send_json("POST", INCIDENTS, &body);
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("Max allowed: 1048576 bytes."),
        "{}",
        answer.body
    );
}

#[test]
fn rest_1_8_a_url_that_is_too_long_gets_a_page() {
    let world = World::shared();
    let path = format!("/api/now/table/{}", "a".repeat(23_000));
    let answer = world.admin().get(&path);
    assert_eq!(answer.status, 414);
    assert!(
        answer.body.starts_with("<!DOCTYPE html>\n"),
        "{}",
        answer.body
    );
    assert_eq!(answer.header("content-type"), "text/html;charset=UTF-8");
    assert_eq!(answer.header("x-snowglobe-reason"), "uri_too_long");
}

#[test]
fn rest_1_8_a_long_query_is_shortened_and_read() {
    a_long_query(World::shared());
}

/// On either database.
pub(crate) fn a_long_query(world: &World) {
    let admin = world.admin();
    let sys_id = admin.sys_id("sys_user", "user_name=admin");
    let many = vec!["0123456789abcdef0123456789abcdef"; 400].join(",");
    let query =
        format!("sysparm_query=sys_idIN{sys_id},{many}&sysparm_fields=user_name&sysparm_limit=5");
    let url = format!("{}/api/now/table/sys_user?{query}", world.url);
    let short = admin.send_json("POST", "/api/now/tinyurl", &json!({"url": url}));
    assert_eq!(short.status, 201, "{}", short.body);
    let short = short.text("result");
    let token = short
        .strip_prefix("sys_user_list.do?sysparm_tiny=")
        .unwrap();
    let found = admin.get(&format!("/api/now/table/sys_user?sysparm_tiny={token}"));
    assert_eq!(result(&found), json!([{"user_name": "admin"}]));
    assert_eq!(found.header("x-total-count"), "1");
    let posted = admin.request(
        "POST",
        &format!("/api/now/table/sys_user?sysparm_tiny={token}"),
    );
    let posted = Answer::of(posted.header("X-HTTP-Method-Override", "GET"));
    assert_eq!(result(&posted), json!([{"user_name": "admin"}]));
    // The token opens nothing: whoever reads still has to be somebody.
    let path = format!("/api/now/table/sys_user?sysparm_tiny={token}");
    assert_eq!(world.as_nobody().get(&path).status, 401);
    let unknown = admin.get("/api/now/table/sys_user?sysparm_tiny=0123");
    assert_eq!(unknown.status, 400);
    assert_eq!(
        admin
            .send_json("POST", "/api/now/tinyurl", &json!({}))
            .status,
        400
    );
}

#[test]
fn rest_1_2_head_has_the_headers_of_get_and_no_body() {
    let world = World::shared();
    let path = "/api/now/table/sys_user?sysparm_limit=2";
    let (get, head) = (world.admin().get(path), world.admin().send("HEAD", path));
    assert_eq!((head.status, &*head.body), (200, ""));
    for name in ["x-total-count", "link", "content-type"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
        assert_ne!(head.header(name), "", "{name}");
    }
}

#[test]
fn rest_8_items_of_a_batch_choose_their_form_and_method() {
    let world = World::shared();
    let item = |id: &str, name: &str, value: &str| {
        json!({"id": id, "method": "GET", "url": "/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=active",
               "headers": [{"name": name, "value": value}]})
    };
    let batch = json!({"batch_request_id": "1", "rest_requests": [
        item("xml", "Accept", "application/xml"),
        item("delete", "X-HTTP-Method-Override", "DELETE"),
    ]});
    let answer = world.admin().send_json("POST", "/api/now/v1/batch", &batch);
    let items = answer.json()["serviced_requests"].clone();
    let statuses: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["status_code"].clone())
        .collect();
    assert_eq!(statuses, [200, 405]);
    let header = |name: &str| {
        let headers = items[0]["headers"].as_array().unwrap();
        let found = headers.iter().find(|header| header["name"] == name);
        found.map(|header| header["value"].clone())
    };
    assert_eq!(
        header("content-type"),
        Some(json!("application/xml;charset=UTF-8"))
    );
}

#[test]
fn rest_1_1_empty_steps_of_a_path_mean_nothing() {
    let world = World::shared();
    for path in [
        "/api/now/table/sys_user/?sysparm_limit=1",
        "//api/now/table/sys_user?sysparm_limit=1",
        "/api/now//table/sys_user?sysparm_limit=1",
    ] {
        let answer = world.admin().get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.json()["result"].as_array().unwrap().len(), 1);
        assert_eq!(world.as_nobody().get(path).status, 401, "{path}");
    }
}

#[test]
fn rest_1_3_a_body_is_read_in_the_characters_it_names() {
    let world = World::shared();
    for (kind, body) in [
        (
            "application/json",
            b"\xef\xbb\xbf{\"short_description\":\"caf\xc3\xa9\"}".as_slice(),
        ),
        (
            "application/json; charset=iso-8859-1",
            b"{\"short_description\":\"caf\xe9\"}",
        ),
    ] {
        let request = world.admin().request(
            "POST",
            "/api/now/table/incident?sysparm_fields=short_description",
        );
        let answer = Answer::of(request.header("Content-Type", kind).body(body.to_vec()));
        assert_eq!(answer.status, 201, "{kind}: {}", answer.body);
        assert_eq!(answer.json()["result"]["short_description"], "café");
    }
}

// covers: rest §1.4 X-WantSessionDebugMessages
#[test]
fn rest_1_4_debug_messages_are_told_where_debugging_is_on() {
    let world = World::own();
    let path = "/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=active";
    let ask = || {
        let request = world.admin().request("GET", path);
        Answer::of(request.header("X-WantSessionDebugMessages", "true"))
    };
    assert_eq!(ask().json().get("session"), None, "it is off");
    let property = json!({"name": "glide.rest.debug", "value": "true", "type": "boolean"});
    let known = world
        .admin()
        .list("sys_properties", "sysparm_query=name=glide.rest.debug");
    if known.is_empty() {
        world.admin().create("sys_properties", &property);
    } else {
        world.set_property("glide.rest.debug", "true");
    }
    let told = ask().json();
    assert!(told["result"].is_array(), "{told}");
    let line = told["session"]["debug_logs"][0]["line"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(line.contains("GET /api/now/table/sys_user"), "{line}");
    assert!(line.ends_with("answered: 200"), "{line}");
    assert_eq!(
        world.admin().get(path).json().get("session"),
        None,
        "nobody asked"
    );
}

// covers: rest §1.5 Set-Cookie
#[test]
fn rest_1_5_who_calls_with_a_password_gets_a_cookie_that_opens_nothing() {
    let world = World::shared();
    let path = "/api/now/table/sys_user?sysparm_limit=1";
    let answer = world.admin().get(path);
    let line = answer.header("set-cookie").to_owned();
    assert!(
        line.starts_with("JSESSIONID=") && line.contains("HttpOnly"),
        "{line}"
    );
    let cookie = line.split(';').next().unwrap();
    let alone = Answer::of(
        world
            .as_nobody()
            .request("GET", path)
            .header("Cookie", cookie),
    );
    assert_eq!(alone.status, 401);
    let both = Answer::of(world.admin().request("GET", path).header("Cookie", cookie));
    assert_eq!((both.status, both.header("set-cookie")), (200, ""));
    assert_eq!(
        world
            .as_basic("admin", "wrong")
            .get(path)
            .header("set-cookie"),
        ""
    );
    let token = world.access_token(&world.demo_client());
    assert_eq!(world.as_bearer(&token).get(path).header("set-cookie"), "");
}

// covers: rest §8 multipart/mixed
#[test]
fn rest_8_a_batch_is_answered_as_json_alone() {
    let world = World::shared();
    let request = world.admin().request("POST", "/api/now/v1/batch");
    let body = json!({"batch_request_id": "1", "rest_requests": []});
    let answer = Answer::of(request.header("Accept", "multipart/mixed").json(&body));
    assert_eq!(answer.status, 406);
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
}

#[test]
fn options_tells_what_a_path_takes() {
    let world = World::shared();
    let options = |path: &str| Answer::of(world.http.request("OPTIONS", path));
    let told = options(INCIDENTS);
    assert_eq!((told.status, &*told.body), (200, ""));
    assert_eq!(told.header("allow"), "GET,HEAD,POST");
    let record = format!("{INCIDENTS}/0123456789abcdef0123456789abcdef");
    let told = options(&record);
    assert_eq!(told.header("allow"), "GET,HEAD,PUT,PATCH,DELETE");
    assert_eq!(options("/api/now/no_such_api").status, 400);
}
