//! Request bodies and the headers about them (§1.2, §1.3, E13, E14).

use serde_json::json;
use snowglobe_testkit::Answer;

use crate::world::{Caller, World};

const URL: &str = "/api/now/table/incident?sysparm_fields=short_description";

fn post(content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
    let request = World::shared()
        .admin()
        .request("POST", URL)
        .body(body.into());
    Answer::of(match content_type {
        None => request,
        Some(content_type) => request.header("Content-Type", content_type),
    })
}

fn shown(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["result"]["short_description"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn json_under_all_its_names_or_none() {
    let body = r#"{"short_description":"x"}"#;
    for content_type in [
        Some("application/json"),
        Some("application/json;charset=UTF-8"),
        Some("Application/JSON ; a=b"),
        Some("text/json"),
        None,
    ] {
        assert_eq!(shown(&post(content_type, body)), "x", "{content_type:?}");
    }
}

#[test]
fn rest_1_3_what_is_no_xml_is_told_so() {
    let answer = post(Some("application/xml"), "<request><entry>");
    let detail = answer.json()["error"]["detail"].clone();
    assert_eq!(
        (answer.status, detail),
        (400, json!("The payload is not valid XML."))
    );
}

#[test]
fn other_types_are_refused() {
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "nonsense",
    ] {
        let answer = post(Some(content_type), "short_description=x");
        let expected = json!({
            "error": {"message": "Unsupported media type", "detail": "Supported request types: application/json, application/xml, text/xml"},
            "status": "failure",
        });
        assert_eq!(
            (answer.status, answer.json()),
            (415, expected),
            "{content_type}"
        );
    }
}

#[test]
fn a_record_without_fields_needs_no_body() {
    for content_type in [None, Some("application/json"), Some("text/plain")] {
        assert_eq!(shown(&post(content_type, "")), "");
    }
}

#[test]
fn the_official_samples_are_read() {
    assert_eq!(
        shown(&post(
            Some("application/json"),
            r#"{'short_description':'it\'s "so"'}"#
        )),
        "it's \"so\""
    );
}

#[test]
fn of_several_records_the_first_is_used() {
    for body in [
        r#"[{"short_description":"first"},{"short_description":"second"}]"#,
        r#"{"records":[{"short_description":"first"},{"short_description":"second"}]}"#,
        r#"{"short_description":"earlier","short_description":"first"}"#,
    ] {
        assert_eq!(
            shown(&post(Some("application/json"), body)),
            "first",
            "{body}"
        );
    }
}

// covers: rest §1.7 E13
#[test]
fn what_is_no_record_is_refused_in_one_way() {
    let deep = "[".repeat(100_000);
    let deep_object = r#"{"short_description":"#.repeat(200);
    for body in [
        &b"{"[..],
        b"x",
        b"3",
        b"null",
        b"\"text\"",
        b"[]",
        b"[1]",
        b"{\"a\":\xff}",
        b"\xef\xbb",
        b"<x/>",
        b"{\"a\":NaN}",
        deep.as_bytes(),
        deep_object.as_bytes(),
    ] {
        let answer = post(Some("application/json"), body);
        let expected = r#"{"error":{"message":"Exception while reading request","detail":"The payload is not valid JSON."},"status":"failure"}"#;
        assert_eq!(
            (answer.status, &*answer.body),
            (400, expected),
            "{}",
            String::from_utf8_lossy(&body[..body.len().min(20)])
        );
    }
}

#[test]
fn deep_values_are_stored_as_text() {
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let stored = shown(&post(
        Some("application/json"),
        format!("{{\"short_description\":{deep}}}"),
    ));
    assert!(
        deep.starts_with(&stored[..160]),
        "cut to the column's length: {stored}"
    );
}

// covers: rest §1.7 E14
#[test]
fn e14_says_how_large_a_body_may_be() {
    let answer = post(Some("application/json"), vec![b' '; 10_485_761]);
    let expected = r#"{"error":{"message":"Exception while reading request","detail":"Rejected large REST payload with content-length = 10485761 bytes. Max allowed: 10485760 bytes."},"status":"failure"}"#;
    assert_eq!((answer.status, &*answer.body), (400, expected));
}

#[test]
fn a_refusal_reaches_a_caller_who_is_still_writing() {
    let world = World::shared();
    let body = || vec![b' '; 9_000_000];
    let send = |caller: &Caller<'_>, content_type: &str, path: &str| {
        let request = caller
            .request("POST", path)
            .header("Content-Type", content_type);
        Answer::of(request.body(body())).status
    };
    for _ in 0..5 {
        assert_eq!(
            send(&world.as_bearer("expired"), "application/json", URL),
            401
        );
        assert_eq!(
            send(
                &world.admin(),
                "application/json",
                "/api/now/table/no_such_table"
            ),
            400
        );
        assert_eq!(send(&world.admin(), "text/plain", URL), 415);
    }
}

#[test]
fn rest_1_3_what_the_caller_takes_must_be_json_or_xml() {
    let world = World::shared();
    let get = |accept: &str| {
        Answer::of(
            world
                .admin()
                .request("GET", "/api/now/table/incident?sysparm_limit=1")
                .header("Accept", accept),
        )
    };
    for accept in [
        "application/json",
        "*/*",
        "",
        "application/*",
        "text/*",
        "text/html, */*;q=0.1",
        "APPLICATION/JSON; q=1",
    ] {
        assert_eq!(get(accept).status, 200, "{accept}");
    }
    for accept in ["application/json;q=0", "text/html", "image/*", "nonsense"] {
        let answer = get(accept);
        let expected = r#"{"error":{"message":"Requested media type not acceptable","detail":"Supported: application/json, application/xml, text/xml"},"status":"failure"}"#;
        assert_eq!((answer.status, &*answer.body), (406, expected), "{accept}");
    }
    // Nothing is written for a caller who could not read the answer.
    let refused = world
        .admin()
        .request("POST", "/api/now/table/incident")
        .header("Accept", "text/html");
    assert_eq!(
        Answer::of(refused.json(&json!({"correlation_id": "input.unread"}))).status,
        406
    );
    assert!(
        world
            .admin()
            .list("incident", "correlation_id=input.unread")
            .is_empty()
    );
}
