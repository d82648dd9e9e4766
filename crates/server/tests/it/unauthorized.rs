//! The credentials matrix: every route × every kind of credentials (`inbound-oauth.md` §9.2).

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Caller, Client, SERVICENOW, STRICT, Tokens, World, text};

/// How a route finds out who calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Guard {
    /// Bearer token or Basic credentials of a user.
    User,
    /// An access token, and the refusals of RFC 6750.
    Bearer,
    /// Client authentication, and the refusals of ServiceNow's dialect.
    Client,
    /// Client authentication, and the refusals of RFC 6749.
    StrictClient,
    /// The token that is revoked is all it asks for.
    Token,
    /// A browser session; who has none is sent to the login page.
    Session,
    /// The operator's credential, or an administrator's own.
    Operator,
    /// Nobody in particular.
    None,
}

/// A row for every route.
const MATRIX: &[(&str, &[&str], Guard)] = &[
    // `oauth_auth`: who asks is the client, who answers the session's person.
    ("/oauth_auth.do", &[], Guard::None),
    ("/oauth2/authorize", &[], Guard::None),
    // It shows a code that its URL carries: `oauth_auth::code_page`.
    ("/sdk-oauth.do", &["GET"], Guard::None),
    ("/oauth_token.do", &["POST"], Guard::Client),
    ("/oauth2/token", &["POST"], Guard::StrictClient),
    ("/oauth_revoke_token.do", &["GET", "POST"], Guard::Token),
    ("/oauth_revoke.do", &["GET", "POST"], Guard::Token),
    ("/oauth2/revoke", &["POST"], Guard::StrictClient),
    (
        "/oauth2/device_authorization",
        &["POST"],
        Guard::StrictClient,
    ),
    // Its POSTs ask for a token of the session: `oauth_device`.
    ("/oauth2/device", &["GET", "POST"], Guard::Session),
    ("/oauth2/introspect", &["POST"], Guard::StrictClient),
    ("/oauth2/userinfo", &["GET", "POST"], Guard::Bearer),
    (
        "/.well-known/oauth-authorization-server",
        &["GET"],
        Guard::None,
    ),
    ("/.well-known/openid-configuration", &["GET"], Guard::None),
    // Its POST comes back as a link: `oauth_logout`.
    ("/oauth2/logout", &["GET"], Guard::None),
    ("/oauth2/jwks", &["GET"], Guard::None),
    ("/api/now/oauth/jwks", &["GET"], Guard::None),
    ("/api/now/table/{table}", LIST, Guard::User),
    ("/api/now/v1/table/{table}", LIST, Guard::User),
    ("/api/now/v2/table/{table}", LIST, Guard::User),
    ("/api/now/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/v1/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/v2/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/stats/{table}", STATS, Guard::User),
    ("/api/now/v1/stats/{table}", STATS, Guard::User),
    ("/api/now/attachment", STATS, Guard::User),
    ("/api/now/v1/attachment", STATS, Guard::User),
    ("/api/now/attachment/file", &["POST"], Guard::User),
    ("/api/now/v1/attachment/file", &["POST"], Guard::User),
    ("/api/now/attachment/upload", &["POST"], Guard::User),
    ("/api/now/v1/attachment/upload", &["POST"], Guard::User),
    ("/api/now/attachment/{sys_id}", ATTACHED, Guard::User),
    ("/api/now/v1/attachment/{sys_id}", ATTACHED, Guard::User),
    ("/api/now/attachment/{sys_id}/file", STATS, Guard::User),
    ("/api/now/v1/attachment/{sys_id}/file", STATS, Guard::User),
    (
        "/api/now/attachment/{sys_id}/{file_name}/file",
        STATS,
        Guard::User,
    ),
    (
        "/api/now/v1/attachment/{sys_id}/{file_name}/file",
        STATS,
        Guard::User,
    ),
    ("/api/now/batch", &["POST"], Guard::User),
    ("/api/now/v1/batch", &["POST"], Guard::User),
    ("/api/now/import/{staging}", &["POST"], Guard::User),
    (
        "/api/now/import/{staging}/insertMultiple",
        &["POST"],
        Guard::User,
    ),
    ("/api/now/import/{staging}/{sys_id}", STATS, Guard::User),
    ("/api/now/cmdb/instance/{class}", LIST, Guard::User),
    (
        "/api/now/cmdb/instance/{class}/{sys_id}",
        &["GET", "PUT", "PATCH"],
        Guard::User,
    ),
    (
        "/api/now/cmdb/instance/{class}/{sys_id}/relation",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/now/cmdb/instance/{class}/{sys_id}/relation/{rel_id}",
        &["DELETE"],
        Guard::User,
    ),
    ("/api/now/cmdb/meta/{class}", STATS, Guard::User),
    ("/api/now/identifyreconcile", &["POST"], Guard::User),
    ("/api/now/identifyreconcile/query", &["POST"], Guard::User),
    ("/api/now/v1/import/{staging}", &["POST"], Guard::User),
    (
        "/api/now/v1/import/{staging}/insertMultiple",
        &["POST"],
        Guard::User,
    ),
    ("/api/now/v1/import/{staging}/{sys_id}", STATS, Guard::User),
    ("/api/now/v1/cmdb/instance/{class}", LIST, Guard::User),
    (
        "/api/now/v1/cmdb/instance/{class}/{sys_id}",
        &["GET", "PUT", "PATCH"],
        Guard::User,
    ),
    (
        "/api/now/v1/cmdb/instance/{class}/{sys_id}/relation",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/now/v1/cmdb/instance/{class}/{sys_id}/relation/{rel_id}",
        &["DELETE"],
        Guard::User,
    ),
    ("/api/now/v1/cmdb/meta/{class}", STATS, Guard::User),
    ("/api/now/v1/identifyreconcile", &["POST"], Guard::User),
    (
        "/api/now/v1/identifyreconcile/query",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/now/identifyreconcile/enhanced",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/now/identifyreconcile/queryEnhanced",
        &["POST"],
        Guard::User,
    ),
    ("/api/now/account", STATS, Guard::User),
    ("/api/now/account/{sys_id}", STATS, Guard::User),
    ("/api/now/contact", LIST, Guard::User),
    ("/api/now/contact/{sys_id}", STATS, Guard::User),
    ("/api/sn_customerservice/case", LIST, Guard::User),
    (
        "/api/sn_customerservice/case/{sys_id}",
        &["GET", "PUT", "PATCH"],
        Guard::User,
    ),
    ("/api/global/user_role_inheritance", STATS, Guard::User),
    ("/api/now/doc", STATS, Guard::User),
    ("/api/now/doc/namespaces", STATS, Guard::User),
    ("/api/now/doc/services", STATS, Guard::User),
    ("/api/now/doc/oas_3", STATS, Guard::User),
    ("/api/now/tinyurl", &["POST"], Guard::User),
    ("/api/now/ui/user/current_user", STATS, Guard::User),
    ("/api/now/ui/meta/{table}", STATS, Guard::User),
    ("/api/now/doc/table/schema", STATS, Guard::User),
    ("/api/now/doc/table/schema/{table}", STATS, Guard::User),
    ("/api/sn_broker/alias/{alias}/resolve", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/catalogs", STATS, Guard::User),
    (
        "/api/sn_sc/servicecatalog/catalogs/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/catalogs/{sys_id}/categories",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/categories/{sys_id}",
        STATS,
        Guard::User,
    ),
    ("/api/sn_sc/servicecatalog/items", STATS, Guard::User),
    (
        "/api/sn_sc/servicecatalog/items/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/items/{sys_id}/variables",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/items/{sys_id}/order_now",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/items/{sys_id}/add_to_cart",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/items/{sys_id}/submit_producer",
        &["POST"],
        Guard::User,
    ),
    ("/api/sn_sc/servicecatalog/cart", STATS, Guard::User),
    (
        "/api/sn_sc/servicecatalog/cart/checkout",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/cart/submit_order",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/cart/{cart_item_id}",
        &["PUT", "DELETE"],
        Guard::User,
    ),
    (
        "/api/sn_sc/servicecatalog/cart/{cart_id}/empty",
        &["DELETE"],
        Guard::User,
    ),
    ("/api/sn_sc/v1/servicecatalog/catalogs", STATS, Guard::User),
    (
        "/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}/categories",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/categories/{sys_id}",
        STATS,
        Guard::User,
    ),
    ("/api/sn_sc/v1/servicecatalog/items", STATS, Guard::User),
    (
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/variables",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/order_now",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/add_to_cart",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/submit_producer",
        &["POST"],
        Guard::User,
    ),
    ("/api/sn_sc/v1/servicecatalog/cart", STATS, Guard::User),
    (
        "/api/sn_sc/v1/servicecatalog/cart/checkout",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/cart/submit_order",
        &["POST"],
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/cart/{cart_item_id}",
        &["PUT", "DELETE"],
        Guard::User,
    ),
    (
        "/api/sn_sc/v1/servicecatalog/cart/{cart_id}/empty",
        &["DELETE"],
        Guard::User,
    ),
    ("/api/sn_chg_rest/change", LIST, Guard::User),
    ("/api/sn_chg_rest/change/normal", LIST, Guard::User),
    ("/api/sn_chg_rest/change/emergency", LIST, Guard::User),
    ("/api/sn_chg_rest/change/standard", STATS, Guard::User),
    ("/api/sn_chg_rest/change/{sys_id}", CHANGE, Guard::User),
    (
        "/api/sn_chg_rest/change/normal/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/emergency/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/standard/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    ("/api/sn_chg_rest/change/{sys_id}/task", LIST, Guard::User),
    (
        "/api/sn_chg_rest/change/{sys_id}/task/{task_id}",
        CHANGE,
        Guard::User,
    ),
    ("/api/sn_chg_rest/v1/change", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/normal", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/emergency", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/standard", STATS, Guard::User),
    ("/api/sn_chg_rest/v1/change/{sys_id}", CHANGE, Guard::User),
    (
        "/api/sn_chg_rest/v1/change/normal/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/v1/change/emergency/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/v1/change/standard/{sys_id}",
        CHANGE,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/v1/change/{sys_id}/task",
        LIST,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/v1/change/{sys_id}/task/{task_id}",
        CHANGE,
        Guard::User,
    ),
    ("/", &["GET"], Guard::Session),
    ("/sg_requests.do", &["GET"], Guard::Session),
    // Lists and forms of tables: `console::access`.
    ("/{page}", &["GET", "POST"], Guard::Session),
    // `console::hostile`: they only lead on.
    ("/nav_to.do", &[], Guard::None),
    ("/navpage.do", &[], Guard::None),
    ("/now/nav/ui/classic", &[], Guard::None),
    // Its POST asks for the form's own token: `login::form`.
    ("/login.do", &["GET"], Guard::None),
    // A log-in of its own, and who am I: `api_session`.
    ("/angular.do", &[], Guard::None),
    // Its POST asks for the session's: `login::session`.
    ("/logout.do", &["GET"], Guard::None),
    // It asks for the handle of a log-in: `login::second_factor`.
    ("/validate_multifactor_auth_code.do", &[], Guard::None),
    // Their POSTs ask for a token of the session, or the handle of a log-in: `login::*`.
    ("/my_second_factor.do", &["GET"], Guard::Session),
    ("/change_password.do", &["GET"], Guard::Session),
    ("/my_connected_apps.do", &["GET", "POST"], Guard::Session),
    ("/oauth_initiator.do", &["GET"], Guard::Session),
    // Who comes back without a session brings nothing: `outbound::consent`.
    ("/oauth_redirect.do", &[], Guard::None),
    ("/oauth_password_input.do", &["GET", "POST"], Guard::Session),
    ("/api/sn_broker/token/{alias}", STATS, Guard::User),
    // `login::pages`
    ("/_sg/assets/{name}", &[], Guard::None),
    ("/_sg/health", &["GET"], Guard::None),
    ("/_sg/ready", &["GET"], Guard::None),
    ("/_sg/metrics", &["GET"], Guard::None),
    ("/_sg/clock", &["GET", "POST"], Guard::Operator),
    ("/_sg/explain/{id}", &["GET", "HEAD"], Guard::Operator),
    (
        "/_sg/rest_message/{message}/{function}",
        &["POST"],
        Guard::Operator,
    ),
    (
        "/api/sn_broker/rest_message/{message}/{function}/execute",
        &["POST"],
        Guard::User,
    ),
    (
        "/_sg/rest_execution/{sys_id}",
        &["GET", "HEAD"],
        Guard::Operator,
    ),
    (
        "/api/sn_broker/rest_execution/{sys_id}",
        &["GET", "HEAD"],
        Guard::User,
    ),
    (
        "/api/sn_broker/alias/{alias}/request",
        &["POST"],
        Guard::User,
    ),
    ("/_sg/alias/{alias}", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/requests", &["GET", "HEAD"], Guard::Operator),
];
const LIST: &[&str] = &["GET", "HEAD", "POST"];
const CHANGE: &[&str] = &["GET", "HEAD", "PATCH", "DELETE"];
const STATS: &[&str] = &["GET", "HEAD"];
const ATTACHED: &[&str] = &["GET", "HEAD", "PATCH", "DELETE"];
const RECORD: &[&str] = &["GET", "HEAD", "PUT", "PATCH", "DELETE"];

const E3: &str = r#"{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}"#;
const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn rows(guard: Guard) -> impl Iterator<Item = (&'static str, &'static str)> {
    MATRIX
        .iter()
        .filter(move |row| row.2 == guard)
        .flat_map(|(path, methods, _)| methods.iter().map(move |method| (*path, *method)))
}

fn on(path: &str, table: &str, sys_id: &str) -> String {
    path.replace("{table}", table).replace("{sys_id}", sys_id)
}

#[test]
fn every_route_has_a_row() {
    let served: BTreeSet<&str> = snowglobe_server::routes().collect();
    let tested: BTreeSet<&str> = MATRIX.iter().map(|row| row.0).collect();
    assert_eq!(served, tested);
}

/// Every `Authorization` header that identifies nobody, with its name.
fn nobodies(world: &World) -> Vec<(&'static str, Option<String>)> {
    let token = world.access_token(&world.demo_client());
    let Tokens { refresh, .. } = password_tokens(world);
    let mut cases = vec![
        ("none", None),
        ("empty", Some(String::new())),
        ("no such scheme", Some(format!("Digest {token}"))),
        ("no scheme", Some(token.clone())),
        ("Basic without credentials", Some("Basic".to_owned())),
        ("Basic that is no base64", Some("Basic !!!".to_owned())),
        ("Basic without a colon", Some("Basic YWRtaW4=".to_owned())),
        ("Basic with nothing in it", Some(basic("", ""))),
        ("Basic with a token", Some(format!("Basic {token}"))),
        ("Bearer without a token", Some("Bearer".to_owned())),
        ("Bearer with blanks", Some("Bearer    ".to_owned())),
        ("Bearer that is no token", Some("Bearer abc".to_owned())),
        ("wrong password", Some(basic("matrix.guessed", "wrong"))),
        ("empty password", Some(basic("admin", ""))),
        ("no password is set", Some(basic("beth.anglin", ""))),
        ("unknown user", Some(basic("nobody.at.all", "wrong"))),
        ("a client's id and secret", {
            let client = world.demo_client();
            Some(basic(&client.id, &client.secret))
        }),
        ("refresh token", Some(format!("Bearer {refresh}"))),
    ];
    for (why, fields) in [
        // The fifth guess locks: not somebody whom other tests need.
        ("guessed", json!({})),
        ("inactive", json!({"active": "false"})),
        ("locked", json!({"locked_out": "true"})),
        ("must reset", json!({"password_needs_reset": "true"})),
    ] {
        let name = format!("matrix.{}", why.replace(' ', "."));
        world.person(&name, "Right-1!", fields);
        if why != "guessed" {
            cases.push((why, Some(basic(&name, "Right-1!"))));
        }
    }
    let bearers = dead_tokens(world, &token);
    cases.extend(bearers.map(|(why, token)| (why, Some(format!("Bearer {token}")))));
    cases
}

/// Every token that was good once, or nearly is.
fn dead_tokens(world: &World, good: &str) -> impl Iterator<Item = (&'static str, String)> {
    let mut tokens: Vec<(&'static str, String)> = Vec::new();
    for (why, at) in [("first character", 0), ("a claim", 20), ("the proof", 80)] {
        let old = good.as_bytes()[at];
        let new = if old == b'A' { 'B' } else { 'A' };
        let mut tampered = good.to_owned();
        tampered.replace_range(at..=at, &new.to_string());
        tokens.push((why, tampered));
    }
    tokens.push(("cut", good[..85].to_owned()));
    tokens.push(("longer", format!("{good}A")));

    let expired = world.register("matrix.expired", "s", json!({"access_token_lifespan": "0"}));
    tokens.push(("expired", world.access_token(&expired)));

    let client = world.register("matrix.revoked", "s", json!({}));
    let revoked = world.access_token(&client);
    let url = format!("/oauth_revoke_token.do?token={revoked}");
    assert_eq!(world.http.get(&url).status, 200);
    tokens.push(("revoked", revoked));

    let client = world.register("matrix.inactive.client", "s", json!({}));
    tokens.push(("client deactivated", world.access_token(&client)));
    let change = json!({"active": "false"});
    world
        .admin()
        .change("oauth_entity", &client.sys_id, &change);

    let client = world.register("matrix.deleted.client", "s", json!({}));
    tokens.push(("client deleted", world.access_token(&client)));
    let path = format!("/api/now/table/oauth_entity/{}", client.sys_id);
    assert_eq!(world.admin().send("DELETE", &path).status, 204);

    for (why, change) in [
        ("password changed", json!({"user_password": "Other-1!"})),
        ("user deactivated", json!({"active": "false"})),
        ("user locked", json!({"locked_out": "true"})),
    ] {
        let name = format!("matrix.{}", why.replace(' ', "."));
        let sys_id = world.person(&name, "Right-1!", json!({}));
        let token = world.tokens(&world.demo_client(), &name, "Right-1!").access;
        assert_eq!(status_with(world, &token), 200, "{why}: before");
        tokens.push((why, token));
        world.admin().change("sys_user", &sys_id, &change);
    }
    tokens.into_iter()
}

fn status_with(world: &World, token: &str) -> u16 {
    let path = "/api/now/table/sys_user?sysparm_limit=1";
    world.as_bearer(token).get(path).status
}

fn password_tokens(world: &World) -> Tokens {
    world.tokens(&world.demo_client(), "employee", world.password("employee"))
}

// covers: rest §1.7 E3
#[test]
fn who_cannot_be_identified_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    for (case, header) in nobodies(world) {
        let caller = match &header {
            None => world.as_nobody(),
            Some(header) => world.as_header(header),
        };
        for (path, method) in rows(Guard::User).chain(rows(Guard::Operator)) {
            let path = on(path, "incident", "0123456789abcdef0123456789abcdef");
            let answer = caller.send(method, &path);
            assert_eq!(
                answer.status, 401,
                "{case}: {method} {path}: {}",
                answer.body
            );
            let body = if method == "HEAD" { "" } else { E3 };
            assert_eq!(answer.body, body, "{case}: {method} {path}");
            let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
            assert_eq!(challenges[0], "BASIC realm=\"Service-now\"", "{case}");
            assert_eq!(answer.header("x-is-logged-in"), "false", "{case}");
        }
        is_told_nothing_of_a_person(&caller, case);
    }
}

/// RFC 6750 §3.1.
fn is_told_nothing_of_a_person(caller: &Caller<'_>, case: &str) {
    for (path, method) in rows(Guard::Bearer) {
        let answer = caller.send(method, path);
        assert_eq!(answer.status, 401, "{case}: {method} {path}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer "), "{case}: {challenge}");
        assert_eq!(answer.text("error"), "invalid_token", "{case}");
    }
}

#[test]
fn a_password_opens_nothing_that_asks_for_a_token() {
    is_told_nothing_of_a_person(&World::shared().admin(), "a user's password");
}

#[test]
fn an_api_key_that_is_not_good_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let person = world.person("matrix.key.user", "Right-1!", json!({}));
    let make = |name: &str| {
        let fields = json!({"name": name, "user": person});
        let made = world.admin().create("api_key", &fields);
        (text(&made, "token"), text(&made, "sys_id"))
    };
    let change = |sys_id: &str, fields| {
        world.admin().change("api_key", sys_id, &fields);
    };
    let (good, _) = make("matrix.good");
    let (inactive, sys_id) = make("matrix.inactive");
    change(&sys_id, json!({"active": "false"}));
    let (expired, sys_id) = make("matrix.expired");
    change(&sys_id, json!({"expires": "2020-01-01 00:00:00"}));
    let (deleted, sys_id) = make("matrix.deleted");
    let path = format!("/api/now/table/api_key/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    let token = world.access_token(&world.demo_client());
    let cases = [
        ("empty", String::new()),
        ("cut", good[..42].to_owned()),
        ("longer", format!("{good}A")),
        ("inactive", inactive),
        ("expired", expired),
        ("deleted", deleted),
        ("an access token", token),
        ("a password", world.password("admin").to_owned()),
    ];
    let call = |method: &str, path: &str, key: &str| {
        let request = world.http.request(method, path);
        Answer::of(request.header("x-sn-apikey", key).json(&json!({})))
    };
    let me = "/api/now/ui/user/current_user";
    assert_eq!(call("GET", me, &good).status, 200);
    for (case, key) in cases {
        for (path, method) in rows(Guard::User).chain(rows(Guard::Operator)) {
            let path = on(path, "incident", "0123456789abcdef0123456789abcdef");
            let answer = call(method, &path, &key);
            assert_eq!(answer.status, 401, "{case}: {method} {path}");
            let body = if method == "HEAD" { "" } else { E3 };
            assert_eq!(answer.body, body, "{case}: {method} {path}");
        }
    }
}

#[test]
fn an_unidentified_caller_learns_nothing_about_tables() {
    let world = World::shared();
    for table in ["incident", "no_such_table", "v_db_index", "..%2f", "%00"] {
        let answer = world.as_nobody().get(&format!("/api/now/table/{table}"));
        assert_eq!((answer.status, answer.body.as_str()), (401, E3), "{table}");
    }
}

#[test]
fn every_way_to_send_good_credentials_is_taken() {
    let world = World::shared();
    let token = world.access_token(&world.demo_client());
    let password = world.password("admin");
    let encoded = STANDARD.encode(format!("admin:{password}"));
    for header in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token}"),
        format!("Basic {encoded}"),
        format!("basic {encoded}"),
    ] {
        let answer = world
            .as_header(&header)
            .get("/api/now/table/incident?sysparm_limit=1");
        assert_eq!(answer.status, 200, "{header}");
        assert_eq!(answer.header("x-is-logged-in"), "true");
    }
}

/// Who is known and may not: (method, status on a readable row, status on an unreadable row).
#[test]
fn who_may_not_is_told_so_and_no_more() {
    let world = World::shared();
    let tokens = password_tokens(world);
    let employee = world.as_bearer(&tokens.access);
    let company = world
        .admin()
        .sys_id("core_company", "name=ACME%20Corporation");
    let role = world.admin().sys_id("sys_user_role", "name=admin");
    let refused = |what: &str| {
        let detail = format!("ACL Exception {what} Failed due to security constraints");
        (
            403,
            format!(
                r#"{{"error":{{"message":"Operation Failed","detail":"{detail}"}},"status":"failure"}}"#
            ),
        )
    };
    let missing = (404, r#"{"error":{"message":"No Record found","detail":"Record doesn't exist or ACL restricts the record retrieval"},"status":"failure"}"#.to_owned());
    let send = |method: &str, path: &str| {
        let answer = employee.send_json(method, path, &json!({"name": "x"}));
        (answer.status, answer.body)
    };
    let of_records = |(path, method): &(&str, &str)| path.contains("/table/{") && *method != "HEAD";
    for (path, method) in rows(Guard::User).filter(of_records) {
        let readable = send(method, &on(path, "core_company", &company));
        let hidden = send(method, &on(path, "sys_user_role", &role));
        let on_list = path.ends_with("{table}");
        match method {
            "POST" => {
                assert_eq!(readable, refused("Insert"), "{path}");
                assert_eq!(hidden, refused("Insert"), "{path}");
            }
            "GET" if on_list => {
                assert_eq!(readable.0, 200, "{path}");
                let nothing = (200, "{\"result\":[]}".to_owned());
                let expected = if path.contains("/v1/") {
                    &missing
                } else {
                    &nothing
                };
                assert_eq!(&hidden, expected, "{path}");
            }
            "GET" => assert_eq!((readable.0, &hidden), (200, &missing), "{path}"),
            "DELETE" => assert_eq!((readable, &hidden), (refused("Delete"), &missing), "{path}"),
            _ => assert_eq!((readable, &hidden), (refused("Update"), &missing), "{path}"),
        }
    }
    let found = world
        .admin()
        .list("core_company", &format!("sysparm_query=sys_id={company}"));
    assert_eq!(found[0]["name"], "ACME Corporation");
}

#[test]
fn only_administrators_and_the_operator_look_into_the_instance() {
    let world = World::shared();
    let employee = world.as_bearer(&password_tokens(world).access);
    for (path, method) in rows(Guard::Operator) {
        for caller in [&employee, &world.as_user("itil")] {
            assert_eq!(caller.send(method, path).status, 403, "{method} {path}");
        }
        let other = world.as_header("Bearer sgop_0000000000000000000000000000000000000000000");
        assert_eq!(other.send(method, path).status, 401, "{method} {path}");
    }
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

fn with<'a>(id: &'a str, secret: &'a str) -> [(&'static str, &'a str); 2] {
    [("client_id", id), ("client_secret", secret)]
}

/// What it is, an `Authorization` header, and fields of the body.
type Attempt<'a> = (&'a str, Option<String>, &'a [(&'a str, &'a str)]);

/// A request for which only the client's credentials are missing.
fn request(world: &World, path: &str, header: Option<&str>, client: &[(&str, &str)]) -> Answer {
    let form: Vec<_> = [CLIENT_CREDENTIALS, ("token", "x")]
        .into_iter()
        .chain(client.iter().copied())
        .collect();
    let request = world.http.request("POST", path).form(&form);
    Answer::of(match header {
        None => request,
        Some(header) => request.header("Authorization", header),
    })
}

#[test]
fn a_client_that_proves_nothing_is_refused_on_every_route_for_clients() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let token = world.access_token(&world.demo_client());
    let inactive = world.register("matrix.client.off", "s", json!({"active": "false"}));
    let id_only = [("client_id", id.as_str())];
    let cases: [Attempt<'_>; 12] = [
        ("nothing", None, &[]),
        ("an id alone", None, &id_only),
        ("an empty secret", None, &with(&id, "")),
        ("a wrong secret", None, &with(&id, "wrong")),
        ("an unknown id", None, &with("nobody", &secret)),
        ("an inactive client", None, &with(&inactive.id, "s")),
        (
            "a wrong secret in the header",
            Some(basic(&id, "wrong")),
            &[],
        ),
        (
            "an unknown id in the header",
            Some(basic("nobody", &secret)),
            &[],
        ),
        (
            "an inactive client's header",
            Some(basic(&inactive.id, "s")),
            &[],
        ),
        ("an unreadable header", Some("Basic !!!".to_owned()), &[]),
        ("its own token", Some(format!("Bearer {token}")), &[]),
        ("a user", Some(basic("admin", world.password("admin"))), &[]),
    ];
    for (case, header, client) in &cases {
        for (path, _) in rows(Guard::Client) {
            let answer = request(world, path, header.as_deref(), client);
            assert_eq!(
                (answer.status, &*answer.body),
                (401, CATCH_ALL),
                "{case}: {path}"
            );
        }
        for (path, _) in rows(Guard::StrictClient) {
            let answer = request(world, path, header.as_deref(), client);
            let body =
                r#"{"error":"invalid_client","error_description":"client authentication failed"}"#;
            assert_eq!(
                (answer.status, &*answer.body),
                (401, body),
                "{case}: {path}"
            );
            // RFC 6749 §5.2: challenged where it tried.
            let challenged = header
                .as_deref()
                .is_some_and(|header| header.starts_with("Basic"));
            assert_eq!(
                answer.header("www-authenticate").is_empty(),
                !challenged,
                "{case}: {path}"
            );
        }
    }
    assert_eq!(
        request(world, SERVICENOW, None, &with(&id, &secret)).status,
        200
    );
    assert_eq!(
        request(world, STRICT, None, &with(&id, &secret)).status,
        200
    );
}

#[test]
fn what_asks_for_nobody_answers_whatever_credentials_come() {
    let world = World::shared();
    for header in ["Bearer abc", "Basic !!!", "nonsense"] {
        for (path, method) in rows(Guard::None) {
            let answer = world.as_header(header).send(method, path);
            assert_eq!(answer.status, 200, "{path}");
        }
        for (path, method) in rows(Guard::Token) {
            let answer = world
                .as_header(header)
                .send(method, &format!("{path}?token=unknown"));
            assert_eq!(
                (answer.status, &*answer.body),
                (200, "{}"),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn who_is_not_logged_in_is_sent_to_the_login_page() {
    let world = World::shared();
    let token = world.access_token(&world.demo_client());
    let bearer = format!("Bearer {token}");
    let admin = basic("admin", world.password("admin"));
    for header in ["nonsense", &bearer, &admin] {
        for (path, method) in rows(Guard::Session) {
            let path = path.replace("{page}", "incident.do");
            let answer = world.as_header(header).send(method, &path);
            assert_eq!(answer.status, 303, "{method} {path}");
            let to = answer.header("location");
            assert!(
                to.starts_with("/login.do?sysparm_goto_url="),
                "{path}: {to}"
            );
        }
    }
}
