//! From the device's first request to its tokens.

use std::{sync::Barrier, thread};

use serde_json::json;

use super::device::{Device, ENDPOINT, press};
use crate::{
    browser::Browser,
    world::{CLIENT_CREDENTIALS, STRICT, Tokens, World},
};

#[test]
fn rfc8628_a_person_lets_a_device_in() {
    let world = World::shared();
    let device = Device::asks(world, "device.flow", "openid useraccount");
    assert_eq!(device.refused(), "authorization_pending");
    let browser = Browser::of(world, "itil");
    let done = device.answered_by(&browser, "authorize");
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(
        done.body.contains("The device is connected"),
        "{}",
        done.body
    );
    let answer = device.poll();
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = Tokens::of(&answer);
    let who = world
        .as_bearer(&tokens.access)
        .get("/api/now/ui/user/current_user");
    assert!(who.body.contains("\"user_name\":\"itil\""), "{}", who.body);
    let claims = crate::jwt_tokens::claims_of(&answer.text("id_token"));
    assert_eq!(claims["aud"], "device.flow");
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims["auth_time"].is_u64() && claims.get("nonce").is_none());
    let refreshed = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
        ("client_id", "device.flow"),
    ];
    Tokens::of(&world.http.form(STRICT, &refreshed));
    let apps = browser.get("/my_connected_apps.do").body;
    assert!(apps.contains("device.flow"), "it can be taken back there");
}

#[test]
fn rfc8628_3_2_the_answer_leads_to_the_page() {
    let world = World::shared();
    let device = Device::asks(world, "device.answer", "");
    let page = format!("{}/oauth2/device", world.url);
    assert_eq!(device.told["verification_uri"], json!(page));
    assert_eq!(
        device.told["verification_uri_complete"],
        json!(format!("{page}?user_code={}", device.user_code()))
    );
    assert_eq!(
        (&device.told["expires_in"], &device.told["interval"]),
        (&json!(600), &json!(5))
    );
}

#[test]
fn rfc8628_3_5_a_no_reaches_the_device() {
    let world = World::shared();
    let device = Device::asks(world, "device.denied", "");
    let done = device.answered_by(&Browser::of(world, "itil"), "deny");
    assert!(
        done.body.contains("The device is not connected"),
        "{}",
        done.body
    );
    assert_eq!(device.refused(), "access_denied");
}

#[test]
fn rfc8628_3_1_a_request_is_refused_as_a_token_request_is() {
    let world = World::shared();
    let client = world.register("device.requests", "hush", json!({}));
    let id = ("client_id", client.id.as_str());
    let secret = ("client_secret", "hush");
    for (form, status, error) in [
        (vec![], 401, "invalid_client"),
        (vec![id], 401, "invalid_client"),
        (
            vec![id, secret, ("scope", "everything")],
            400,
            "invalid_scope",
        ),
        (
            vec![id, secret, ("scope", "openid"), ("scope", "x")],
            400,
            "invalid_request",
        ),
        (
            vec![id, secret, ("resource", "nonsense")],
            400,
            "invalid_target",
        ),
        (
            vec![id, secret, ("resource", "https://unknown.example/")],
            400,
            "invalid_target",
        ),
    ] {
        let answer = world.http.form(ENDPOINT, &form);
        assert_eq!(
            (answer.status, &*answer.text("error")),
            (status, error),
            "{form:?}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(world.http.form(ENDPOINT, &[id, secret]).status, 200);
    let by_get = world
        .http
        .get(&format!("{ENDPOINT}?client_id=device.requests"));
    assert_eq!(by_get.text("error"), "invalid_request");
}

#[test]
fn rfc8707_2_2_a_device_s_token_is_for_the_resources_it_asked_for() {
    let world = World::shared();
    let resource = "https://printers.example/";
    world.register(
        "device.resource.server",
        "s",
        json!({"resource_uris": resource}),
    );
    let mut device = Device::asks(world, "device.resource", "");
    let ask = [("client_id", "device.resource"), ("resource", resource)];
    device.told = world.http.form(ENDPOINT, &ask).json();
    let browser = Browser::of(world, "itil");
    let shown = device.shown_to(&browser);
    assert!(shown.body.contains(resource), "{}", shown.body);
    super::device::press(&browser, &shown, "authorize");
    let id = ("client_id", "device.resource");
    let widened = device.poll_as(&[id, ("resource", "https://other.example/")]);
    assert_eq!(widened.text("error"), "invalid_target");
    let token = device.poll().text("access_token");
    assert_eq!(
        world
            .as_bearer(&token)
            .get("/api/now/table/incident")
            .status,
        401
    );
    let asked = [
        ("client_id", "device.resource.server"),
        ("client_secret", "s"),
        ("token", &*token),
    ];
    let told = world.http.form("/oauth2/introspect", &asked).json();
    assert_eq!(
        (&told["active"], &told["aud"]),
        (&json!(true), &json!(resource))
    );
}

#[test]
fn security_52_the_codes_of_one_device_are_no_use_to_another_client() {
    let world = World::shared();
    let device = Device::asks(world, "device.bound", "");
    device.answered_by(&Browser::of(world, "itil"), "authorize");
    let other = world.register("device.other", "hush", json!({}));
    let public = world.register("device.other.public", "x", json!({"public_client": "true"}));
    for client in [
        vec![("client_id", &*other.id), ("client_secret", "hush")],
        vec![("client_id", &*public.id)],
    ] {
        let answer = device.poll_as(&client);
        assert_eq!(
            (answer.status, &*answer.text("error")),
            (400, "invalid_grant")
        );
        assert_eq!(
            answer.header("x-snowglobe-reason"),
            "device_code_of_other_client"
        );
    }
    Tokens::of(&device.poll());
}

#[test]
fn a_device_code_is_no_token() {
    let world = World::shared();
    let device = Device::asks(world, "device.no.token", "");
    device.answered_by(&Browser::of(world, "itil"), "authorize");
    let code = device.told["device_code"].as_str().unwrap();
    assert_eq!(
        world.as_bearer(code).get("/api/now/table/incident").status,
        401
    );
    let client = world.demo_client();
    let introspected = world.grant("/oauth2/introspect", &client, &[("token", code)]);
    assert_eq!(introspected.body, r#"{"active":false}"#);
    let revoked = [("client_id", "device.no.token"), ("token", code)];
    assert_eq!(world.http.form("/oauth2/revoke", &revoked).status, 200);
    for (grant_type, name) in [
        ("authorization_code", "code"),
        ("refresh_token", "refresh_token"),
    ] {
        let fields = [
            ("grant_type", grant_type),
            (name, code),
            ("client_id", "device.no.token"),
        ];
        assert_eq!(
            world.http.form(STRICT, &fields).text("error"),
            "invalid_grant"
        );
    }
    Tokens::of(&device.poll());
}

fn race(world: &World) {
    let device = Device::asks(world, "device.race", "");
    device.answered_by(&Browser::of(world, "employee"), "authorize");
    let start = Barrier::new(64);
    let winners: usize = thread::scope(|scope| {
        let poll = || {
            start.wait();
            usize::from(device.poll().status == 200)
        };
        let all: Vec<_> = (0..64).map(|_| scope.spawn(poll)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(winners, 1);
}

#[test]
fn security_52_a_device_code_has_one_winner() {
    race(World::shared());
}

#[test]
fn security_52_a_device_code_has_one_winner_on_postgres() {
    race(&World::on_postgres());
}

#[test]
fn devices_are_asked_nothing_where_they_are_switched_off() {
    let world = World::own();
    let device = Device::asks(&world, "device.off", "");
    device.answered_by(&Browser::of(&world, "admin"), "authorize");
    let property = "snowglobe.oauth.device_authorization";
    let named = json!({"name": property, "value": "false"});
    world.admin().create("sys_properties", &named);
    assert_eq!(device.refused(), "unsupported_grant_type");
    let answer = world.http.form(ENDPOINT, &[("client_id", "device.off")]);
    assert_eq!(answer.text("error"), "unsupported_grant_type");
    assert_eq!(
        Browser::of(&world, "admin").get("/oauth2/device").status,
        404
    );
    let document = world
        .http
        .get("/.well-known/oauth-authorization-server")
        .json();
    assert!(document.get("device_authorization_endpoint").is_none());
    assert!(
        !document["grant_types_supported"]
            .to_string()
            .contains("device_code")
    );
    let client = world.demo_client();
    assert_eq!(
        world.grant(STRICT, &client, &[CLIENT_CREDENTIALS]).status,
        200
    );
}

#[test]
fn a_client_pinned_to_servicenow_s_dialect_has_no_devices() {
    let world = World::shared();
    let pinned = json!({"public_client": "true", "dialect": "servicenow"});
    world.register("device.pinned", "x", pinned);
    let answer = world.http.form(ENDPOINT, &[("client_id", "device.pinned")]);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (401, "server_error")
    );
    assert_eq!(
        answer.header("x-snowglobe-reason"),
        "grant_type_switched_off"
    );
}

fn answer_at_once(world: &World) {
    let device = Device::asks(world, "device.answers", "");
    let browser = Browser::of(world, "employee");
    let page = device.shown_to(&browser);
    let start = Barrier::new(64);
    let counted: usize = thread::scope(|scope| {
        let answer = |button| {
            start.wait();
            usize::from(press(&browser, &page, button).status == 200)
        };
        let buttons = (0..64).map(|at| if at % 2 == 0 { "authorize" } else { "deny" });
        let all: Vec<_> = buttons
            .map(|button| scope.spawn(move || answer(button)))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(counted, 1);
}

#[test]
fn security_52_a_user_code_is_answered_once() {
    answer_at_once(World::shared());
}

#[test]
fn security_52_a_user_code_is_answered_once_on_postgres() {
    answer_at_once(&World::on_postgres());
}
