//! Scenario C: a server keeps a token until it expires, then asks again.

use super::{Node, script};
use crate::world::{Credentials, SERVICENOW, call, launch};

#[test]
fn simple_oauth2_keeps_its_token_while_it_lives() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let run = |script: Node| {
        script
            .env("SNOW_CLIENT_ID", &client.id)
            .env("SNOW_CLIENT_SECRET", &client.secret)
            .run()
    };
    run(script(&instance, "scenario_c.mjs"));
}

#[test]
fn after_its_life_a_token_is_refused_and_the_next_request_gets_another() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let first = client.access_token(instance.http());
    super::advance(&instance, "29m");
    assert_eq!(client.access_token(instance.http()), first);
    assert_eq!(call(instance.http(), &first), 200);
    super::advance(&instance, "1m");
    assert_eq!(call(instance.http(), &first), 401);
    let second = client.request(
        instance.http(),
        SERVICENOW,
        &[("grant_type", "client_credentials")],
    );
    assert_ne!(second.text("access_token"), first);
    assert_eq!(second.json()["expires_in"], 1799);
    assert_eq!(call(instance.http(), &second.text("access_token")), 200);
}
