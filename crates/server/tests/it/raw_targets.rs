//! Targets as shells and scripts write them: `<`, `>`, `"` and other bytes that no URI holds (RFC 3986 §2). A real
//! instance takes them, so a request over a bare connection is sent here as it is typed. And connections as `nc` has them.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::World;

const FIELDS: &str = "sysparm_fields=correlation_id,short_description,priority";

/// A connection that the administrator keeps.
struct Wire {
    stream: TcpStream,
    authorization: String,
}

impl Wire {
    fn open(world: &World) -> Self {
        let address = world.url.trim_start_matches("http://");
        let person = format!("admin:{}", world.password("admin"));
        Self {
            stream: TcpStream::connect(address).unwrap(),
            authorization: STANDARD.encode(person),
        }
    }

    fn head(&self, method: &str, target: &str, more: &str) -> String {
        format!(
            "{method} {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {}\r\n{more}\r\n",
            self.authorization
        )
    }

    /// Sends bytes and reads one answer.
    fn send(&mut self, bytes: &[u8]) -> (u16, Value) {
        self.stream.write_all(bytes).unwrap();
        self.answer()
    }

    fn answer(&mut self) -> (u16, Value) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let (_, length) = head.split_once("content-length: ").unwrap();
        let length = length.split("\r\n").next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

fn make(world: &World, correlation: &str, text: &str) {
    world.admin().create(
        "incident",
        &json!({"correlation_id": correlation, "short_description": text, "impact": "1", "urgency": "1"}),
    );
}

#[test]
fn a_query_is_taken_as_a_shell_sends_it() {
    let world = World::shared();
    make(world, "raw.shell", "says \"no\"");
    let mut wire = Wire::open(world);
    for query in [
        "correlation_id=raw.shell^sys_created_on>2024-01-01",
        "correlation_id=raw.shell^priority<2",
        "correlation_id=raw.shell^short_description=says%20\"no\"",
    ] {
        let target = format!("/api/now/table/incident?sysparm_query={query}&{FIELDS}");
        let (status, body) = wire.send(wire.head("GET", &target, "").as_bytes());
        assert_eq!(status, 200, "{query}: {body}");
        let expected = json!([{
            "correlation_id": "raw.shell",
            "short_description": "says \"no\"",
            "priority": "1",
        }]);
        assert_eq!(body["result"], expected, "{query}");
    }
}

#[test]
fn a_target_that_is_no_utf_8_has_an_answer_with_a_body() {
    let mut wire = Wire::open(World::shared());
    let head = wire.head(
        "GET",
        "/api/now/table/incident?short_description=M?ller",
        "",
    );
    let bytes: Vec<u8> = head.bytes().collect();
    let at = head.find("M?ller").unwrap() + 1;
    let latin_1 = [&bytes[..at], b"\xFC", &bytes[at + 1..]].concat();
    let (status, body) = wire.send(&latin_1);
    assert_eq!((status, &body["result"]), (200, &json!([])), "{body}");
    let (status, body) = wire.send(wire.head("GET", "/api/now/table/<sys_user>", "").as_bytes());
    assert_eq!(status, 400, "{body}");
    assert_eq!(body["status"], "failure");
}

#[test]
fn bodies_stay_as_they_are_and_requests_may_follow_at_once() {
    let world = World::shared();
    make(world, "raw.followed", "a");
    let mut wire = Wire::open(world);
    let body =
        "{\"correlation_id\": \"raw.body\", \"short_description\": \"GET /<\\\"> HTTP/1.1\\r\\n\"}";
    let length = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let create = wire.head(
        "POST",
        &format!("/api/now/table/incident?{FIELDS}"),
        &length,
    );
    let chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let again = wire.head(
        "POST",
        &format!("/api/now/table/incident?{FIELDS}"),
        chunked,
    );
    let query = format!(
        "/api/now/table/incident?sysparm_query=correlation_id=raw.followed^priority<2&{FIELDS}"
    );
    let list = wire.head("GET", &query, "");
    let all = format!("{create}{body}{list}{again}{chunks}{list}");
    // In pieces, too, so that what is held between two reads is used.
    let (first, second) = all.as_bytes().split_at(all.len() / 3);
    wire.stream.write_all(first).unwrap();
    wire.stream.write_all(second).unwrap();
    for _ in 0..2 {
        let (status, made) = wire.answer();
        assert_eq!(status, 201, "{made}");
        assert_eq!(
            made["result"]["short_description"],
            "GET /<\"> HTTP/1.1\r\n"
        );
        let (status, listed) = wire.answer();
        assert_eq!(
            (status, listed["result"].as_array().map(Vec::len)),
            (200, Some(1))
        );
    }
    let found: Answer = world
        .admin()
        .get("/api/now/stats/incident?sysparm_query=correlation_id=raw.body&sysparm_count=true");
    assert_eq!(found.json()["result"]["stats"]["count"], "2");
}

#[test]
fn whoever_closes_their_side_behind_a_request_is_answered() {
    let mut wire = Wire::open(World::shared());
    let body = r#"{"short_description":"raw.half"}"#;
    let more = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let head = wire.head("POST", "/api/now/table/incident", &more);
    wire.stream.write_all((head + body).as_bytes()).unwrap();
    wire.stream.shutdown(Shutdown::Write).unwrap();
    // A create waits for the disk: by then the end of the connection has been seen.
    let (status, body) = wire.answer();
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["result"]["short_description"], "raw.half");
}
