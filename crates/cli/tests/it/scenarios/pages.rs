//! What holds of every page: WCAG 2.2 AA as far as axe sees it, the keyboard, no script, one product.

use serde_json::json;
use snowglobe_testkit::Instance;

use super::node::{Node, target_folder};
use super::{free_port, register, script};
use crate::world::{Admin, launch};

fn with_client(instance: &Instance, name: &str) -> Node {
    let back = format!("http://127.0.0.1:{}/cb", free_port());
    let client = register(instance, "Weather map", &back, &json!({}));
    let sys_id = Admin::of(instance).sys_id("oauth_entity", &format!("client_id={}", client.id));
    script(instance, name)
        .env("SNOW_CLIENT_SYS_ID", sys_id)
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_REDIRECT_URI", back)
        .env("SNOW_USER_CODE", user_code(instance, &client.id))
}

/// The code of a device that waits.
fn user_code(instance: &Instance, client_id: &str) -> String {
    let secret = ("client_secret", "of-this-application-1");
    let form = [("client_id", client_id), secret, ("scope", "openid email")];
    let answer = instance.http().form("/oauth2/device_authorization", &form);
    answer.text("user_code")
}

#[test]
fn every_page_is_accessible_in_light_and_dark_wide_and_narrow() {
    let instance = launch().start();
    with_client(&instance, "pages.mjs")
        .env("SNOW_SCREENSHOTS", target_folder().join("screenshots"))
        .run();
}

#[test]
fn the_keyboard_is_enough_and_no_script_is_needed() {
    let instance = launch().start();
    with_client(&instance, "keyboard.mjs").run();
}
