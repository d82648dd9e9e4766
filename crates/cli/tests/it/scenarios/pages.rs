//! What holds of every page: WCAG 2.2 AA as far as axe sees it, the keyboard, no script, one product.

use serde_json::json;
use snowglobe_testkit::Instance;

use super::node::{Node, target_folder};
use super::{free_port, register, script};
use crate::world::{Admin, launch};

/// Outbound credentials in several states: nobody can be reached at their providers.
fn with_credentials(instance: &Instance) {
    let admin = Admin::of(instance);
    let key = |record: serde_json::Value| record["sys_id"].as_str().unwrap().to_owned();
    for (name, grant_type) in [
        ("Payroll", "client_credentials"),
        ("Shipping", "authorization_code"),
        ("Maps", "client_credentials"),
    ] {
        let entity = json!({
            "name": name, "type": "consumer", "client_id": "c", "client_secret": "s",
            "auth_url": "https://127.0.0.1:9/authorize", "token_url": "https://127.0.0.1:9/token",
            "default_grant_type": grant_type,
        });
        let entity = key(admin.create("oauth_entity", &entity));
        let profile = admin.sys_id("oauth_entity_profile", &format!("oauth_entity={entity}"));
        let credential = json!({"name": name, "oauth_entity_profile": profile});
        let credential = key(admin.create("oauth_2_0_credentials", &credential));
        let alias = key(admin.create("sys_alias", &json!({"name": name})));
        let connection = json!({
            "name": name, "connection_url": "https://127.0.0.1:9/api", "connection_alias": alias,
            "credential": credential,
        });
        admin.create("http_connection", &connection);
        let me = admin.sys_id("sys_user", "user_name=admin");
        admin.create("sys_alias_access", &json!({"alias": alias, "user": me}));
        if name == "Maps" {
            let wrong = json!({"token_url": "https://169.254.169.254/token"});
            admin.change("oauth_entity", &entity, &wrong);
        }
        if name != "Shipping" {
            admin.send("GET", &format!("/api/sn_broker/token/{name}"), None);
        }
    }
}

/// A REST message, and a flow that runs it, with a run that has failed.
fn with_calls(instance: &Instance) {
    let admin = Admin::of(instance);
    let key = |record: serde_json::Value| record["sys_id"].as_str().unwrap().to_owned();
    let alias = admin.sys_id("sys_alias", "name=Payroll");
    let message = json!({
        "name": "Orders", "rest_endpoint": "/orders", "authentication_type": "alias",
        "connection_alias": alias, "description": "What the warehouse has to know of an order.",
    });
    let message = key(admin.create("sys_rest_message", &message));
    let function = json!({
        "rest_message": message, "function_name": "Put order", "http_method": "put",
        "rest_endpoint": "/orders/${id}", "content": "<order>\n  <note>${note}</note>\n</order>",
    });
    let function = key(admin.create("sys_rest_message_fn", &function));
    for name in ["id", "note"] {
        let variable = json!({"rest_message_function": function, "name": name, "value": "7"});
        admin.create("sys_rest_message_fn_parameters", &variable);
    }
    let flow = json!({"name": "Tell the warehouse", "active": "true"});
    let flow = key(admin.create("sys_hub_flow", &flow));
    let trigger = json!({
        "flow": flow, "name": "A new incident", "trigger_type": "record_create", "table": "incident",
        "condition": "short_descriptionSTARTSWITHorder",
    });
    admin.create("sys_hub_trigger_instance", &trigger);
    let step = json!({
        "flow": flow, "order": "100", "name": "told", "display_text": "Tell it",
        "action_type": "rest_message", "rest_message_function": function,
        "variables": "id=${trigger.number}\nnote=${trigger.short_description}",
        "mappings": "order = $.order.id",
    });
    admin.create("sys_hub_action_instance", &step);
    let started = admin.send("POST", &format!("/_sg/flow/{flow}"), Some(&json!({})));
    assert_eq!(started.status, 200, "{}", started.body);
}

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
    with_credentials(&instance);
    with_calls(&instance);
    with_client(&instance, "pages.mjs")
        .env("SNOW_SCREENSHOTS", target_folder().join("screenshots"))
        .run();
}

#[test]
fn the_keyboard_is_enough_and_no_script_is_needed() {
    let instance = launch().start();
    with_client(&instance, "keyboard.mjs").run();
}
