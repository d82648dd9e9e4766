//! Sessions at the API (`rest-and-records.md` §1.4): the cookie and its token, and `/angular.do`, where programs get
//! them.

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::{browser::Browser, world::World};

const LIST: &str = "/api/now/table/incident";
const GET_USER: &str = "/angular.do?sysparm_type=get_user";
const LOG_IN: &str = "/angular.do?sysparm_type=view_form.login";

fn told(answer: &Answer) -> String {
    assert_eq!(answer.status, 401, "{}", answer.body);
    let token = answer.header("x-usertoken-response").to_owned();
    assert_eq!(token.len(), 72, "{token}");
    assert!(token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
    token
}

fn log_in(browser: &Browser<'_>, user_name: &str, password: &str) -> Answer {
    let fields = [
        ("sysparm_type", "login"),
        ("ni.nolog.user_password", "true"),
        ("user_name", user_name),
        ("user_password", password),
    ];
    browser.post(LOG_IN, &fields)
}

// covers: rest §1.4 Cookie
#[test]
fn rest_1_4_a_cookie_alone_opens_nothing_and_learns_its_token() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let answer = browser.call("GET", "/api/now/table/incident?sysparm_limit=1", None);
    assert_eq!(answer.header("x-is-logged-in"), "true");
    let token = told(&answer);
    assert!(answer.body.contains("User Not Authenticated"));
    assert_eq!(answer.header("x-snowglobe-reason"), "csrf_token_missing");
    let answer = browser.call("GET", "/api/now/ui/user/current_user", Some(&token));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["result"]["user_name"], "employee");
}

#[test]
fn security_22_a_write_with_the_cookie_alone_never_acts() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let made = world.admin().create(
        "incident",
        &json!({"short_description": "not by a session"}),
    );
    let path = format!("{LIST}/{}", made["sys_id"].as_str().unwrap());
    let others = Browser::of(world, "admin");
    let other = told(&others.call("GET", LIST, None));
    let own = told(&browser.call("GET", LIST, None));
    let nearly = format!("{}0", &own[..71]);
    let wrong = ["", "x", &own[..64], &nearly, &format!("{own}0"), &other];
    for token in [None].into_iter().chain(wrong.map(Some)) {
        if token == Some(&own) {
            continue;
        }
        for (method, path) in [
            ("POST", LIST),
            ("PUT", &*path),
            ("PATCH", &*path),
            ("DELETE", &*path),
            ("POST", "/incident.do?JSONv2&sysparm_action=insert"),
            ("POST", "/api/now/v1/batch"),
            ("POST", "/api/now/attachment/file"),
        ] {
            let answer = browser.call(method, path, token);
            assert_eq!(answer.status, 401, "{method} {path} {token:?}");
        }
    }
    let found = |query: &str| world.admin().list("incident", query).len();
    assert_eq!(found("sysparm_query=short_description=by a session"), 0);
    let still = found(&format!(
        "sysparm_query=sys_id={}^short_description=not by a session",
        made["sys_id"].as_str().unwrap()
    ));
    assert_eq!(still, 1);
    let answer = browser.call("POST", LIST, Some(&own));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let sys_id = answer.json()["result"]["sys_id"].clone();
    assert_eq!(answer.json()["result"]["sys_created_by"], "admin");
    let path = format!("{LIST}/{}", sys_id.as_str().unwrap());
    assert_eq!(browser.call("DELETE", &path, Some(&own)).status, 204);
}

#[test]
fn pages_show_programs_the_token() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let page = browser.get("/").body;
    let (_, rest) = page.split_once("window.g_ck = '").expect("g_ck");
    let (shown, _) = rest.split_once('\'').unwrap();
    assert_eq!(shown, browser.ck());
    assert_eq!(shown, told(&browser.call("GET", LIST, None)));
    let page = Browser::new(world).get("/login.do").body;
    assert!(!page.contains("g_ck"), "{page}");
}

#[test]
fn a_batch_is_run_by_whoever_the_session_is_of() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let token = browser.ck();
    let batch = json!({"batch_request_id": "1", "rest_requests": [
        {"id": "1", "method": "GET", "url": "/api/now/ui/user/current_user"}]});
    let request = world
        .http
        .request("POST", "/api/now/v1/batch")
        .json(&batch)
        .header("X-UserToken", token)
        .header(
            "Cookie",
            format!("JSESSIONID={}", browser.cookie("JSESSIONID").unwrap()),
        );
    let answer = Answer::of(request).json();
    assert_eq!(answer["serviced_requests"][0]["status_code"], 200);
}

#[test]
fn logging_out_ends_it_at_the_api_too() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let (token, cookie) = (browser.ck(), browser.cookie("JSESSIONID").unwrap());
    browser.post("/logout.do", &[("sysparm_ck", &token)]);
    browser.set_cookie("JSESSIONID", &cookie);
    let answer = browser.call("GET", LIST, Some(&token));
    assert_eq!(
        (answer.status, answer.header("x-usertoken-response")),
        (401, "")
    );
}

#[test]
fn what_a_call_says_itself_counts_before_its_cookie() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let employee = world.tokens(&world.demo_client(), "employee", world.password("employee"));
    let who = "/api/now/ui/user/current_user";
    let answer = browser.call_as_bearer(who, &employee.access);
    assert_eq!(answer.json()["result"]["user_name"], "employee");
    assert_eq!(browser.call_as_bearer(who, "expired").status, 401);
    browser.set_cookie("JSESSIONID", &"A".repeat(43));
    assert_eq!(browser.call_as_bearer(who, &employee.access).status, 200);
}

#[test]
fn a_program_logs_in_with_angular_do() {
    let world = World::shared();
    let browser = Browser::new(world);
    let answer = log_in(&browser, "employee", world.password("employee"));
    assert_eq!(
        (answer.status, answer.text("status")),
        (200, "success".to_owned())
    );
    assert!(browser.cookie("JSESSIONID").is_some());
    assert!(
        browser
            .cookie("glide_user_route")
            .unwrap()
            .starts_with("glide.")
    );
    assert!(browser.cookie("glide_session_store").is_some());
    let token = told(&browser.post(GET_USER, &[]));
    let answer = browser.call("POST", GET_USER, Some(&token));
    assert_eq!(
        (answer.status, answer.text("userName")),
        (200, "employee".to_owned())
    );
    let answer = browser.call(
        "GET",
        "/api/now/table/incident?sysparm_limit=1",
        Some(&token),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(browser.get("/").status, 200);
}

#[test]
fn who_cannot_log_in_gets_no_session_from_angular_do() {
    let world = World::shared();
    world.person(
        "angular.reset",
        "Right-1! and long",
        json!({"password_needs_reset": "true"}),
    );
    world.person(
        "angular.off",
        "Right-1! and long",
        json!({"active": "false"}),
    );
    world.person(
        "angular.service",
        "Right-1! and long",
        json!({"web_service_access_only": "true"}),
    );
    for (name, password) in [
        ("employee", "wrong"),
        ("employee", ""),
        ("nobody.at.all", "wrong"),
        ("angular.reset", "Right-1! and long"),
        ("angular.off", "Right-1! and long"),
        ("angular.service", "Right-1! and long"),
    ] {
        let browser = Browser::new(world);
        let answer = log_in(&browser, name, password);
        assert_eq!(
            (answer.status, answer.text("status")),
            (200, "error".to_owned()),
            "{name}"
        );
        assert_eq!(browser.cookie("JSESSIONID"), None, "{name}");
    }
}

#[test]
fn login_csrf_another_site_logs_nobody_in() {
    let world = World::shared();
    let fields = [
        ("user_name", "employee"),
        ("user_password", world.password("employee")),
    ];
    for (header, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let request = world.http.request("POST", LOG_IN).header(header, value);
        let answer = Answer::of(request.form(&fields));
        assert_eq!(answer.status, 403, "{header}: {value}");
        assert_eq!(answer.header("set-cookie"), "", "{header}: {value}");
    }
    let request = world
        .http
        .request("POST", LOG_IN)
        .header("Origin", &world.url);
    assert_eq!(Answer::of(request.form(&fields)).text("status"), "success");
}

/// The order in which the SDK does it with OAuth.
#[test]
fn a_call_with_a_token_makes_a_guest_s_session_its_user_s() {
    let world = World::shared();
    let browser = Browser::new(world);
    let guest = browser.post(GET_USER, &[]);
    assert_eq!(
        (guest.status, guest.text("userName")),
        (200, "guest".to_owned())
    );
    let planted = browser.cookie("JSESSIONID").unwrap();
    assert_eq!(browser.call("GET", LIST, None).status, 401);

    let client = world.register("session.joining", "s", json!({}));
    let tokens = world.tokens(&client, "employee", world.password("employee"));
    let scopes = "/api/now/table/sys_scope?sysparm_limit=1&sysparm_fields=sys_id";
    assert_eq!(browser.call_as_bearer(scopes, &tokens.access).status, 200);
    let joined = browser.cookie("JSESSIONID").unwrap();
    assert_ne!(
        joined, planted,
        "a session that was planted is never anybody's"
    );
    assert!(!joined.contains(&tokens.access));

    let token = told(&browser.post(GET_USER, &[]));
    let who = |browser: &Browser<'_>| -> Value {
        browser
            .call("GET", "/api/now/ui/user/current_user", Some(&token))
            .json()
    };
    assert_eq!(who(&browser)["result"]["user_name"], "employee");
    // It opens no page, and ends with its token.
    assert_eq!(browser.get("/").status, 303);
    let revoke = format!("/oauth_revoke_token.do?token={}", tokens.access);
    assert_eq!(world.http.get(&revoke).status, 200);
    assert_eq!(who(&browser)["error"]["message"], "User Not Authenticated");
}

#[test]
fn a_refused_call_makes_no_session() {
    let world = World::shared();
    let browser = Browser::new(world);
    browser.post(GET_USER, &[]);
    let guest = browser.cookie("JSESSIONID");
    assert_eq!(browser.call_as_bearer(LIST, "no token").status, 401);
    assert_eq!(browser.cookie("JSESSIONID"), guest);
}
