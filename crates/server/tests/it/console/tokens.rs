//! Manage Tokens (`inbound-oauth.md` §4.2).

use super::press;
use crate::{
    browser::Browser,
    world::{SERVICENOW, World},
};

#[test]
fn access_that_is_revoked_ends_on_the_next_request() {
    let world = World::shared();
    let client = world.register("console.tokens", "Secret-1!", serde_json::json!({}));
    let tokens = world.tokens(&client, "employee", world.password("employee"));
    let opens = || {
        let path = "/api/now/table/sys_user?sysparm_limit=1";
        world.as_bearer(&tokens.access).get(path).status
    };
    assert_eq!(opens(), 200);
    let browser = Browser::of(world, "admin");
    let list = format!(
        "/oauth_credential_list.do?sysparm_query=peer%3D{}%5Etype%3Daccess_token",
        client.sys_id
    );
    let body = wait_for_rows(&browser, &list);
    assert!(body.contains("<td class=\"short\">Active</td>"), "{body}");
    assert!(
        body.contains("Access Token")
            && body.contains("console.tokens")
            && !body.contains(">New</a>")
    );
    let (_, rest) = body
        .split_once("<a href=\"/oauth_credential.do?sys_id=")
        .expect("a row");
    let sys_id = rest.split_once('"').unwrap().0;
    let token = browser.get(&format!("/oauth_credential.do?sys_id={sys_id}"));
    let revoked = press(
        &browser,
        &token,
        "oauth_credential",
        &[],
        "sysverb_revoke_access",
    );
    assert_eq!(revoked.status, 200, "{}", revoked.body);
    assert!(revoked.body.contains("Access is revoked"));
    assert_eq!(opens(), 401);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
    ];
    assert_eq!(world.grant(SERVICENOW, &client, &fields).status, 401);
    assert!(
        browser
            .get(&list)
            .body
            .contains("<td class=\"short\">Revoked</td>")
    );
}

#[test]
fn people_see_their_own_tokens_and_take_nobody_elses() {
    let world = World::shared();
    let tokens = world.tokens(&world.demo_client(), "admin", world.password("admin"));
    let browser = Browser::of(world, "employee");
    let all = browser.get("/oauth_credential_list.do").body;
    assert!(!all.contains(">System Administrator<"), "{all}");
    let path = "/api/now/table/sys_user?sysparm_limit=1";
    assert_eq!(world.as_bearer(&tokens.access).get(path).status, 200);
}

/// Rows of tokens follow the tokens within moments.
fn wait_for_rows(browser: &Browser<'_>, list: &str) -> String {
    for _ in 0..200 {
        let body = browser.get(list).body;
        if body.contains("<tbody>") {
            return body;
        }
    }
    panic!("no row came")
}
