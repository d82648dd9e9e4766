//! The Attachment API (`rest-and-records.md` §6).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{Caller, World, text};

/// A record to attach to that `user` made.
fn incident(world: &World, user: &str, marker: &str) -> String {
    let fields = json!({"correlation_id": marker, "short_description": marker});
    text(&world.as_user(user).create("incident", &fields), "sys_id")
}

fn attach(caller: &Caller<'_>, record: &str, name: &str, kind: &str, bytes: Vec<u8>) -> Answer {
    let path = format!(
        "/api/now/v1/attachment/file?table_name=incident&table_sys_id={record}&file_name={name}"
    );
    let request = caller.request("POST", &path);
    Answer::of(request.header("Content-Type", kind).body(bytes))
}

fn attached(world: &World, record: &str, name: &str, bytes: &[u8]) -> Value {
    let answer = attach(&world.admin(), record, name, "text/plain", bytes.to_vec());
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["result"].clone()
}

// covers: rest §6 table_name, table_sys_id, file_name, X-Attachment-Metadata
// covers: rest §1.5 Location
#[test]
fn a_file_comes_back_as_it_went_in() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.file");
    // More than two pieces, and no text.
    let bytes: Vec<u8> = (0..120_000_u32)
        .map(|n| (n.wrapping_mul(n) >> 3).to_le_bytes()[0])
        .collect();
    let answer = attach(
        &world.admin(),
        &record,
        "b%C3%BCld.bin",
        "image/x-own",
        bytes.clone(),
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
    let meta = answer.json()["result"].clone();
    let sys_id = text(&meta, "sys_id");
    assert_eq!(
        answer.header("location"),
        format!("{}/api/now/v1/attachment/{sys_id}/file", world.url)
    );
    for (field, value) in [
        ("file_name", "büld.bin"),
        ("content_type", "image/x-own"),
        ("size_bytes", "120000"),
        ("table_name", "incident"),
        ("table_sys_id", &*record),
        (
            "download_link",
            &format!("{}/api/now/attachment/{sys_id}/file", world.url),
        ),
        ("sys_created_by", "admin"),
    ] {
        assert_eq!(meta[field], *value, "{field}");
    }
    for path in [
        format!("/api/now/attachment/{sys_id}/file"),
        format!("/api/now/attachment/{record}/b%C3%BCld.bin/file"),
    ] {
        let response = world
            .admin()
            .request("GET", &path)
            .header("Accept", "image/*")
            .send()
            .unwrap();
        assert_eq!(response.headers()["content-type"], "image/x-own");
        assert_eq!(response.headers()["content-length"], "120000");
        let told: Value =
            serde_json::from_slice(response.headers()["x-attachment-metadata"].as_bytes()).unwrap();
        assert_eq!(told["file_name"], "büld.bin");
        assert_eq!(response.bytes().unwrap(), bytes, "{path}");
    }
    let empty = attached(world, &record, "empty", b"");
    let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(
        (&empty["hash"], &empty["size_bytes"]),
        (&json!(of_nothing), &json!("0"))
    );
    let read = world.admin().get(&format!("/api/now/attachment/{sys_id}"));
    assert_eq!(read.json()["result"], meta);
}

fn form(record: &str, content: &str) -> String {
    format!(
        "--x\r\nContent-Disposition: form-data; name=\"table_name\"\r\n\r\nincident\r\n--x\r\n\
         Content-Disposition: form-data; name=\"table_sys_id\"\r\n\r\n{record}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"uploadFile\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n\
         {content}\r\n--x--\r\n"
    )
}

fn upload(caller: &Caller<'_>, kind: &str, form: String) -> Answer {
    let request = caller.request("POST", "/api/now/attachment/upload");
    Answer::of(request.header("Content-Type", kind).body(form))
}

#[test]
fn a_form_carries_a_large_file_and_nothing_else_that_is_large() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.large.form");
    let send = |form| upload(&world.admin(), "multipart/form-data; boundary=x", form);
    let large = "a line of text\n".repeat(200_000);
    let made = send(form(&record, &large));
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["result"]["size_bytes"], large.len().to_string());
    let refused = send(form(&"0".repeat(70_000), "x"));
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert!(
        refused.body.contains("Rejected large REST payload"),
        "{}",
        refused.body
    );
}

// covers: rest §6 upload
#[test]
fn a_form_carries_a_file_too() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.form");
    let send = |kind: &str| upload(&world.admin(), kind, form(&record, "first line"));
    let made = send("multipart/form-data; boundary=x");
    assert_eq!(made.status, 201, "{}", made.body);
    let meta = &made.json()["result"];
    assert_eq!(
        (&meta["file_name"], &meta["content_type"]),
        (&json!("a.txt"), &json!("text/plain"))
    );
    let link = text(meta, "download_link");
    let file = world.admin().get(link.strip_prefix(&world.url).unwrap());
    assert_eq!(file.body, "first line");
    assert_eq!(send("multipart/form-data").status, 400, "no boundary");
    assert_eq!(send("text/plain").status, 400);
}

// covers: rest §6 sysparm_query, sysparm_limit, sysparm_offset, name=value
#[test]
fn lists_are_filtered_counted_and_paged() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.list");
    for name in ["one.txt", "two.txt", "three.txt"] {
        attached(world, &record, name, b"x");
    }
    let list = |parameters: &str| {
        world
            .admin()
            .get(&format!("/api/now/attachment?{parameters}"))
    };
    let all = list(&format!("table_name=incident&table_sys_id={record}"));
    assert_eq!(all.header("x-total-count"), "3");
    assert_eq!(all.json()["result"].as_array().unwrap().len(), 3);
    let page = list(&format!(
        "sysparm_query=table_sys_id={record}%5EORDERBYfile_name&sysparm_limit=1&sysparm_offset=1"
    ));
    assert_eq!(page.json()["result"][0]["file_name"], "three.txt");
    assert!(page.header("link").contains("rel=\"next\""));
    let none = list(&format!(
        "sysparm_query=table_sys_id={record}%5Efile_name=none"
    ));
    assert_eq!(
        (none.body.as_str(), none.header("x-total-count")),
        (r#"{"result":[]}"#, "0")
    );
}

// covers: rest §6 rename
#[test]
fn a_file_is_renamed_and_deleted() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.change");
    let path = |meta: &Value| format!("/api/now/attachment/{}", text(meta, "sys_id"));
    let file = path(&attached(world, &record, "old.txt", b"x"));
    let rename = |body: &Value| world.admin().send_json("PATCH", &file, body).status;
    assert_eq!(rename(&json!({"file_name": "new.txt"})), 204);
    assert_eq!(rename(&json!({"other": "new.txt"})), 400);
    let read = || world.admin().get(&file);
    assert_eq!(read().json()["result"]["file_name"], "new.txt");
    assert_eq!(world.admin().send("DELETE", &file).status, 204);
    assert_eq!(read().status, 404);
    assert_eq!(world.admin().get(&format!("{file}/file")).status, 404);
    let left = |of: &str| {
        let query = format!("sysparm_query=sys_attachment={of}");
        world.admin().list("sys_attachment_doc", &query).len()
    };
    assert_eq!(left(file.rsplit('/').next().unwrap()), 0);

    let last = attached(world, &record, "goes.with.the.record", b"x");
    assert_eq!(left(&text(&last, "sys_id")), 1);
    let gone = world
        .admin()
        .send("DELETE", &format!("/api/now/table/incident/{record}"));
    assert_eq!(gone.status, 204);
    assert_eq!(world.admin().get(&path(&last)).status, 404);
    assert_eq!(left(&text(&last, "sys_id")), 0);
}

#[test]
fn who_cannot_see_a_record_sees_none_of_its_files() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.access");
    let meta = attached(world, &record, "hidden.txt", b"x");
    let path = format!("/api/now/attachment/{}", text(&meta, "sys_id"));
    for (user, status) in [("itil", 200), ("employee", 404)] {
        let caller = world.as_user(user);
        assert_eq!(caller.get(&path).status, status, "{user}");
        assert_eq!(caller.get(&format!("{path}/file")).status, status, "{user}");
        let listed = caller.get(&format!("/api/now/attachment?table_sys_id={record}"));
        let seen = listed.json()["result"].as_array().unwrap().len();
        assert_eq!(seen, usize::from(status == 200), "{user}");
    }
    let employee = world.as_user("employee");
    assert_eq!(
        attach(&employee, &record, "a", "text/plain", vec![1]).status,
        404
    );
    assert_eq!(employee.send("DELETE", &path).status, 404);
    let company = world
        .admin()
        .sys_id("core_company", "name=ACME%20Corporation");
    let at = format!(
        "/api/now/attachment/file?table_name=core_company&table_sys_id={company}&file_name=a"
    );
    let refused = Answer::of(employee.request("POST", &at).body("x"));
    assert_eq!(refused.status, 403, "may read it, may not write it");
}

#[test]
fn what_is_no_attachment_is_refused_in_words() {
    let world = World::shared();
    let record = incident(world, "admin", "attachment.refused");
    let missing = "0123456789abcdef0123456789abcdef";
    for (query, status, word) in [
        (
            format!("table_name=incident&table_sys_id={record}"),
            400,
            "file_name is required",
        ),
        (
            format!("table_name=incident&file_name=a&table_sys_id={missing}"),
            404,
            "No Record found",
        ),
        (
            format!("table_name=nothing&file_name=a&table_sys_id={record}"),
            400,
            "Invalid table nothing",
        ),
        (
            "file_name=a&table_name=incident".to_owned(),
            400,
            "table_sys_id is required",
        ),
    ] {
        let request = world
            .admin()
            .request("POST", &format!("/api/now/attachment/file?{query}"));
        let answer = Answer::of(request.body("x"));
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.body.contains(word), "{query}: {}", answer.body);
    }
    let bare = attach(&world.admin(), &record, "a", "multipart/form-data", vec![1]);
    assert_eq!(bare.status, 400, "a form without its boundary");
}

// covers: rest §6 attributes
#[test]
fn attributes_hang_on_a_file_and_are_as_hidden_as_its_record() {
    attributes_of_a_file(World::shared());
}

/// On either database.
pub(crate) fn attributes_of_a_file(world: &World) {
    let record = incident(world, "itil", "attachment.attributes");
    let made = attach(
        &world.as_user("itil"),
        &record,
        "a.txt",
        "text/plain",
        b"a".to_vec(),
    );
    let id = text(&made.json()["result"], "sys_id");
    let path = format!("/api/now/attachment/{id}/attributes");
    let itil = world.as_user("itil");
    let send = |method: &str, below: &str, body: Value| {
        itil.send_json(method, &format!("{path}{below}"), &body)
    };
    let added = send("POST", "", json!({"key": "b", "value": "1"}));
    assert_eq!(
        (added.status, added.json()),
        (201, json!({"result": {"key": "b", "value": "1"}}))
    );
    assert_eq!(
        send("POST", "", json!({"key": "b", "value": "2"})).status,
        400,
        "it is there"
    );
    assert_eq!(
        send("POST", "", json!({"key": "c"})).status,
        400,
        "without a value"
    );
    assert_eq!(
        send("POST", "", json!({"key": "c", "value": "3"})).status,
        201
    );
    let changed = send("PUT", "/b", json!({"value": "new"}));
    assert_eq!(
        changed.json(),
        json!({"result": {"key": "b", "value": "new"}})
    );
    let list = itil.get(&path).json()["result"].clone();
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert!(
        list.as_array()
            .unwrap()
            .contains(&json!({"key": "b", "value": "new"}))
    );
    assert_eq!(
        itil.get(&format!("{path}/b")).json()["result"]["value"],
        "new"
    );
    let stranger = world.as_user("employee");
    assert_eq!(stranger.get(&path).status, 404);
    let body = json!({"key": "x", "value": "y"});
    assert_eq!(stranger.send_json("POST", &path, &body).status, 404);
    assert_eq!(itil.send("DELETE", &format!("{path}/b")).status, 204);
    assert_eq!(itil.get(&format!("{path}/b")).status, 404);
    assert_eq!(itil.send("DELETE", &path).status, 204);
    assert_eq!(itil.get(&path).json(), json!({"result": []}));
}
