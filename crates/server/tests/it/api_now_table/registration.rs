//! A client made over the Table API without an id or a secret gets them (`inbound-oauth.md` §3.1), and its maker
//! learns them once.

use serde_json::json;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, World, text};

#[test]
fn a_new_clients_secret_is_in_the_answer_to_its_making_and_nowhere_else() {
    let world = World::shared();
    let admin = world.admin();
    let user = admin.sys_id("sys_user", "user_name=admin");
    let fields = json!({"name": "registration.blank", "user": user});
    let answer = admin.send_json("POST", "/api/now/table/oauth_entity", &fields);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let record = answer.json()["result"].clone();
    let client = Client {
        id: text(&record, "client_id"),
        secret: text(&record, "client_secret"),
        sys_id: text(&record, "sys_id"),
    };
    assert_eq!(client.id.len(), 32);
    assert!(
        client
            .id
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert!(
        client.secret.len() >= 43,
        "256 random bits: {}",
        client.secret.len()
    );
    assert_eq!(text(&record, "client_secret_previous"), "");

    let granted = world.grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS]);
    assert_eq!(granted.status, 200, "{}", granted.body);
    for parameters in [
        "",
        "sysparm_display_value=true",
        "sysparm_display_value=all",
    ] {
        let path = format!("/api/now/table/oauth_entity/{}?{parameters}", client.sys_id);
        let answer = admin.get(&path);
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains(&client.secret), "{parameters}");
    }
    let change = json!({"comments": "changed"});
    let path = format!("/api/now/table/oauth_entity/{}", client.sys_id);
    let answer = admin.send_json("PATCH", &path, &change);
    assert_eq!(text(&answer.json()["result"], "client_secret"), "");
}

#[test]
fn what_a_client_brings_is_kept_and_not_told() {
    let admin = World::shared().admin();
    let fields =
        json!({"name": "registration.own", "client_id": "own-id", "client_secret": "own-secret-1"});
    let record = admin.create("oauth_entity", &fields);
    assert_eq!(text(&record, "client_id"), "own-id");
    assert_eq!(text(&record, "client_secret"), "");
    let public = json!({"name": "registration.public", "public_client": "true"});
    let record = admin.create("oauth_entity", &public);
    assert_eq!(text(&record, "client_secret"), "");
    assert_eq!(text(&record, "client_id").len(), 32);
}

#[test]
fn a_display_value_answer_tells_it_too() {
    let admin = World::shared().admin();
    let path = "/api/now/table/oauth_entity?sysparm_display_value=all&sysparm_fields=client_secret";
    let answer = admin.send_json("POST", path, &json!({"name": "registration.all"}));
    let told = answer.json()["result"]["client_secret"].clone();
    assert_eq!(told["value"], told["display_value"]);
    assert!(told["value"].as_str().unwrap().len() >= 43, "{told}");
}

/// RFC 6749 §3.1.2, RFC 9700 §2.1: what no honest client needs is not even registered.
#[test]
fn security_3_4_a_redirect_url_is_checked_when_it_is_written() {
    let admin = World::shared().admin();
    let path = "/api/now/table/oauth_entity";
    let good = json!({"name": "registration.urls", "redirect_url": "https://a.example/cb, http://127.0.0.1/cb"});
    let record = text(&admin.create("oauth_entity", &good), "sys_id");
    for hostile in [
        "http://a.example/cb",
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "https://user@a.example/cb",
        "https://a.example/cb#x",
        "https://a.example\\@evil.example/",
        "https://good.example/cb, https://a.example/\tcb",
        "//evil.example",
    ] {
        let made = json!({"name": format!("registration {hostile}"), "redirect_url": hostile});
        let answer = admin.send_json("POST", path, &made);
        assert_eq!(answer.status, 403, "{hostile}: {}", answer.body);
        let detail = &answer.json()["error"]["detail"];
        let begin = "Operation against file 'oauth_entity' was aborted by Business Rule 'Validate redirect URLs'.";
        assert!(detail.as_str().unwrap().starts_with(begin), "{detail}");
        let change = json!({"redirect_url": hostile});
        let answer = admin.send_json("PATCH", &format!("{path}/{record}"), &change);
        assert_eq!(answer.status, 403, "{hostile}");
    }
    let kept = admin.list("oauth_entity", &format!("sysparm_query=sys_id={record}"));
    assert_eq!(
        text(&kept[0], "redirect_url"),
        "https://a.example/cb, http://127.0.0.1/cb"
    );
}
