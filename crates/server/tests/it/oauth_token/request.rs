//! What a token request looks like, and what answers it (§2.0; RFC 6749 §3.2, §5.1).

use serde_json::json;
use snowglobe_testkit::Answer;

use super::{
    calls, is_a_token, is_not_kept, password_grant, refresh, refused_by_servicenow,
    refused_strictly,
};
use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World};

#[test]
fn what_each_grant_answers() {
    let world = World::shared();
    let client = world.register("token.shapes", "s", json!({}));
    for (path, seconds) in [(SERVICENOW, 1799), (STRICT, 1800)] {
        let answer = world.grant(path, &client, &[CLIENT_CREDENTIALS]);
        is_not_kept(&answer);
        let access = answer.text("access_token");
        is_a_token(&access);
        let left = answer.json()["expires_in"].as_u64().unwrap();
        assert!((seconds - 5..=seconds).contains(&left), "{left}");
        let expected = format!(
            r#"{{"access_token":"{access}","scope":"useraccount","token_type":"Bearer","expires_in":{left}}}"#
        );
        assert_eq!((answer.status, &answer.body), (200, &expected), "{path}");
        assert_eq!(calls(world, &access), 200);
    }
    let answer = password_grant(world, SERVICENOW, &client);
    is_not_kept(&answer);
    let Tokens { access, refresh } = Tokens::of(&answer);
    is_a_token(&refresh);
    let left = answer.json()["expires_in"].as_u64().unwrap();
    let expected = format!(
        r#"{{"access_token":"{access}","refresh_token":"{refresh}","scope":"useraccount","token_type":"Bearer","expires_in":{left}}}"#
    );
    assert_eq!(answer.body, expected);
}

#[test]
fn rfc9700_2_4_the_strict_dialect_has_no_password_grant() {
    let world = World::shared();
    let answer = password_grant(world, STRICT, &world.demo_client());
    is_not_kept(&answer);
    refused_strictly(&answer, "unsupported_grant_type", "password");
}

#[test]
fn rfc6749_3_2_only_post_gets_a_token() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let query = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        for path in [SERVICENOW, STRICT] {
            let request = world.http.request(method, &format!("{path}?{query}"));
            let answer =
                Answer::of(request.header("Content-Type", "application/x-www-form-urlencoded"));
            assert!(
                matches!(answer.status, 400 | 401 | 405),
                "{method} {path}: {}",
                answer.status
            );
            assert!(!answer.body.contains("access_token"), "{method} {path}");
            is_not_kept(&answer);
        }
    }
}

#[test]
fn only_a_form_is_read() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let post = |path: &str, content_type: &str| {
        let request = world.http.request("POST", path).body(form.clone());
        Answer::of(request.header("Content-Type", content_type))
    };
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencodedx",
        "",
    ] {
        refused_by_servicenow(&post(SERVICENOW, content_type), content_type);
        refused_strictly(&post(STRICT, content_type), "invalid_request", content_type);
    }
    for content_type in [
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
    ] {
        assert_eq!(post(SERVICENOW, content_type).status, 200, "{content_type}");
        assert_eq!(post(STRICT, content_type).status, 200, "{content_type}");
    }
}

#[test]
fn a_form_has_a_size_and_its_bytes_mean_something() {
    let world = World::shared();
    let post = |path: &str, body: Vec<u8>| {
        let request = world.http.request("POST", path).body(body);
        Answer::of(request.header("Content-Type", "application/x-www-form-urlencoded"))
    };
    let large = [b"grant_type=".to_vec(), vec![b'x'; 70_000]].concat();
    for body in [
        large,
        b"grant_type=%ff".to_vec(),
        b"\xff=\xfe".to_vec(),
        b"grant_type=".to_vec(),
        b"&&=&".to_vec(),
        Vec::new(),
    ] {
        let start = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
        refused_by_servicenow(&post(SERVICENOW, body.clone()), &start);
        refused_strictly(&post(STRICT, body), "invalid_request", &start);
    }
}

#[test]
fn what_no_database_stores_is_refused_like_anything_unknown() {
    let world = World::shared();
    let client = world.demo_client();
    for nul in ["\0", "admin\0", "\u{fffd}", "ü".repeat(5000).as_str()] {
        let form = [
            ("grant_type", "password"),
            ("username", nul),
            ("password", nul),
        ];
        refused_by_servicenow(&world.grant(SERVICENOW, &client, &form), nul);
        let form = [CLIENT_CREDENTIALS, ("scope", nul)];
        refused_by_servicenow(&world.grant(SERVICENOW, &client, &form), nul);
        refused_strictly(&world.grant(STRICT, &client, &form), "invalid_scope", nul);
        let nobody = Client {
            id: nul.to_owned(),
            ..client.clone()
        };
        refused_by_servicenow(
            &world.grant(SERVICENOW, &nobody, &[CLIENT_CREDENTIALS]),
            nul,
        );
        refused_by_servicenow(&refresh(world, SERVICENOW, &client, nul), nul);
        assert_eq!(
            world
                .as_basic(nul, nul)
                .get("/api/now/table/incident")
                .status,
            401
        );
    }
}

#[test]
fn parameters_in_the_url_count_where_the_property_says_so() {
    let world = World::own();
    let Client { id, secret, .. } = world.demo_client();
    let query = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let post = |path: &str| world.http.form(&format!("{path}?{query}"), &[]);
    refused_by_servicenow(&post(SERVICENOW), "closed");
    world.set_property("glide.oauth.allow.parameters.in.post.body.only", "false");
    assert_eq!(post(SERVICENOW).status, 200);
    let half = world.http.form(
        &format!("{SERVICENOW}?grant_type=client_credentials"),
        &[("client_id", &id), ("client_secret", &secret)],
    );
    assert_eq!(half.status, 200, "{}", half.body);
    // RFC 6749 §2.3.1: "The parameters can only be transmitted in the request-body and MUST NOT be included in
    // the request URI."
    refused_strictly(&post(STRICT), "invalid_request", "never");
    // A parameter twice is one too many, wherever they are.
    let twice = world
        .http
        .form(&format!("{SERVICENOW}?{query}"), &[CLIENT_CREDENTIALS]);
    refused_by_servicenow(&twice, "twice");
    world.set_property("glide.oauth.allow.parameters.in.post.body.only", "true");
    refused_by_servicenow(&post(SERVICENOW), "closed again");
}
