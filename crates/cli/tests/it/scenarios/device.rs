//! A program without a browser is let in by a person with one (RFC 8628).

use serde_json::json;

use super::{register, script};
use crate::world::launch;

#[test]
fn openid_client_is_let_in_as_a_device() {
    let instance = launch().start();
    let public = json!({"public_client": "true"});
    let client = register(&instance, "Terminal without a browser", "", &public);
    script(&instance, "device.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .run();
}
