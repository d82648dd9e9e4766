//! Scenario F: web applications sign people in, and a page without a server.

use serde_json::json;

use super::{free_port, register, script};
use crate::world::{Admin, launch};

/// Signs a person in through passport-oauth2; the last two say how careful the application is.
fn passport(pkce: &str, is_public: bool) {
    let instance = launch().start();
    let port = free_port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    let more =
        json!({"public_client": is_public.to_string(), "use_pkce": (pkce == "1").to_string()});
    let client = register(&instance, "Tasks in Express", &callback, &more);
    let mut script = script(&instance, "scenario_f_passport.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_APP_PORT", port.to_string())
        .env("SNOW_PKCE", pkce);
    if !is_public {
        script = script.env("SNOW_CLIENT_SECRET", &client.secret);
    }
    script.run();
}

#[test]
fn express_signs_people_in_with_passport() {
    passport("0", false);
}

#[test]
fn express_signs_people_in_with_passport_and_pkce() {
    passport("1", false);
}

#[test]
fn a_public_client_signs_people_in_with_passport_and_pkce() {
    passport("1", true);
}

/// Where the script itself answers.
fn redirect_uri() -> String {
    format!("http://127.0.0.1:{}/callback", free_port())
}

#[test]
fn openid_client_signs_people_in_and_out() {
    let instance = launch().start();
    let back = redirect_uri();
    let more = json!({"post_logout_redirect_url": back, "dialect": "strict"});
    let client = register(&instance, "OpenID client", &back, &more);
    script(&instance, "scenario_f_openid_client.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_CLIENT_SECRET", &client.secret)
        .env("SNOW_REDIRECT_URI", &back)
        .run();
}

#[test]
fn oauth4webapi_signs_people_in_as_a_public_client() {
    let instance = launch().start();
    let back = redirect_uri();
    let more = json!({"public_client": "true"});
    let client = register(&instance, "Page with oauth4webapi", &back, &more);
    script(&instance, "scenario_f_oauth4webapi.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_REDIRECT_URI", &back)
        .run();
}

#[test]
fn oidc_client_ts_signs_people_in_and_out_as_a_public_client() {
    let instance = launch().start();
    let back = redirect_uri();
    let more = json!({"public_client": "true", "post_logout_redirect_url": back});
    let client = register(&instance, "Page with oidc-client-ts", &back, &more);
    script(&instance, "oidc_client_ts.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_REDIRECT_URI", &back)
        .run();
}

/// A middleware that reads who somebody is from the ID token, with the redirect path that it wants.
fn middleware(name: &str, path: &str, end: &str) {
    let instance = launch().start();
    let home = format!("http://127.0.0.1:{}", free_port());
    let more = json!({"post_logout_redirect_url": format!("{home}{end}")});
    let client = register(&instance, name, &format!("{home}{path}"), &more);
    let admin = Admin::of(&instance);
    let person = admin.sys_id("sys_user", "user_name=admin");
    let called = json!({"first_name": "Ada", "last_name": "Admin", "email": "ada@example.com"});
    admin.change("sys_user", &person, &called);
    script(&instance, name)
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_CLIENT_SECRET", &client.secret)
        .env("SNOW_REDIRECT_URI", &home)
        .env("SNOW_NAME", "Ada Admin")
        .env("SNOW_EMAIL", "ada@example.com")
        .run();
}

#[test]
fn auth_js_signs_people_in() {
    middleware("auth_js.mjs", "/auth/callback/snowglobe", "/");
}

#[test]
fn express_openid_connect_signs_people_in_and_out() {
    middleware("express_openid_connect.mjs", "/callback", "/bye");
}

#[test]
fn openid_client_5_proves_itself_with_a_private_key() {
    let instance = launch().start();
    let admin = Admin::of(&instance);
    let port = free_port();
    let record = json!({
        "name": "Server with openid-client 5", "client_id": "openid-client-5",
        "user": admin.sys_id("sys_user", "user_name=itil"),
        "jwks_url": format!("http://127.0.0.1:{port}/jwks"),
    });
    admin.create("oauth_jwt", &record);
    script(&instance, "openid_client_5.mjs")
        .env("SNOW_CLIENT_ID", "openid-client-5")
        .env("SNOW_JWKS_PORT", port.to_string())
        .run();
}

#[test]
fn openid_client_signs_with_a_generated_secret() {
    let instance = launch().start();
    let admin = Admin::of(&instance);
    let record = json!({
        "name": "Signs with its secret", "token_endpoint_auth_method": "client_secret_jwt",
        "user": admin.sys_id("sys_user", "user_name=itil"),
    });
    let made = admin.create("oauth_entity", &record);
    script(&instance, "openid_client_jwt.mjs")
        .env("SNOW_CLIENT_ID", made["client_id"].as_str().unwrap())
        .env(
            "SNOW_CLIENT_SECRET",
            made["client_secret"].as_str().unwrap(),
        )
        .run();
}

#[test]
fn a_page_without_a_server_gets_a_token_where_implicit_is_allowed() {
    let instance = launch().start();
    let page = redirect_uri();
    let client = register(&instance, "Page without a server", &page, &json!({}));
    let other = register(&instance, "Not on the list", &page, &json!({}));
    let admin = Admin::of(&instance);
    let list = "name=glide.oauth.clients.allowed.for.implicit.grant";
    let property = admin.sys_id("sys_properties", list);
    admin.change("sys_properties", &property, &json!({"value": client.id}));
    // The page is of another origin than the instance, so the API has to be opened to it.
    let origin = page.trim_end_matches("/callback");
    let rule = json!({"name": "page", "rest_api": "now/table", "domain": origin, "get": true});
    admin.create("sys_cors_rule", &rule);
    script(&instance, "scenario_f_implicit.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_CORS", "1")
        .env("SNOW_OTHER_CLIENT_ID", &other.id)
        .env("SNOW_REDIRECT_URI", &page)
        .run();
}
