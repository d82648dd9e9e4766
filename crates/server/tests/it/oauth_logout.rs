//! `/oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0).

use serde_json::json;
use snowglobe_testkit::Answer;

use crate::{
    browser::Browser,
    world::{Client, SERVICENOW, World},
};

const BYE: &str = "https://app.example/bye";

fn client(world: &World, name: &str) -> Client {
    let fields = json!({"post_logout_redirect_url": BYE});
    world.register(name, "s", fields)
}

fn id_token(world: &World, client: &Client, user: &str) -> String {
    let form = [
        ("grant_type", "password"),
        ("username", user),
        ("password", world.password(user)),
        ("scope", "openid"),
    ];
    world.grant(SERVICENOW, client, &form).text("id_token")
}

fn logged_in(browser: &Browser<'_>) -> bool {
    browser.get("/").status == 200
}

fn went_to(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("location"))
}

#[test]
fn a_client_that_shows_whom_it_knows_logs_them_out_at_once() {
    let world = World::shared();
    let client = client(world, "logout.known");
    let hint = id_token(world, &client, "itil");
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri={BYE}&state=a%26b");
    let browser = Browser::of(world, "itil");
    let answer = browser.get(&format!("/oauth2/logout?{query}"));
    assert_eq!(
        went_to(&answer),
        (303, "https://app.example/bye?state=a%26b")
    );
    assert!(!logged_in(&browser));

    // By POST the browser is sent round by a link, so that it brings its session.
    let browser = Browser::of(world, "itil");
    let form = [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE)];
    let round = browser.post("/oauth2/logout", &form);
    assert_eq!(round.status, 303);
    let answer = browser.get(round.header("location"));
    assert_eq!(went_to(&answer), (303, BYE));
    assert!(!logged_in(&browser));

    // Who is not logged in goes on.
    let answer = Browser::new(world).get(&format!("/oauth2/logout?{query}"));
    assert_eq!(answer.status, 303);
    // And without a place to go to, stays.
    let browser = Browser::of(world, "itil");
    let answer = browser.get(&format!("/oauth2/logout?id_token_hint={hint}"));
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("You are logged out"),
        "{}",
        answer.body
    );
    assert!(!logged_in(&browser));
}

#[test]
fn oidc_rp_logout_2_others_are_asked_first() {
    let world = World::shared();
    let client = client(world, "logout.asked");
    let hint = id_token(world, &client, "admin");
    for query in [
        String::new(),
        format!("id_token_hint={hint}&post_logout_redirect_uri={BYE}&state=s"),
        format!(
            "client_id={}&post_logout_redirect_uri={BYE}&state=s",
            client.id
        ),
    ] {
        let browser = Browser::of(world, "itil");
        let asked = browser.get(&format!("/oauth2/logout?{query}"));
        assert_eq!(asked.status, 200, "{query}");
        assert!(asked.body.contains("Log out?"), "{}", asked.body);
        assert_eq!(asked.body.contains("logout.asked"), !query.is_empty());
        assert!(logged_in(&browser), "{query}");
        // Another site's form does nothing.
        let forged = browser.submit(&asked, "/oauth2/logout", &[("sysparm_ck", "wrong")]);
        assert_eq!(forged.status, 403);
        assert!(logged_in(&browser), "{query}");
        let done = browser.submit(&asked, "/oauth2/logout", &[]);
        let expected = if query.is_empty() {
            (200, "")
        } else {
            (303, "https://app.example/bye?state=s")
        };
        assert_eq!(went_to(&done), expected, "{query}");
        assert!(!logged_in(&browser), "{query}");
    }
}

#[test]
fn security_5_nobody_is_sent_where_no_client_lives() {
    let world = World::shared();
    let client = client(world, "logout.sound");
    let other = client_without(world);
    let hint = id_token(world, &client, "itil");
    let access = {
        let jwt = json!({"token_format": "jwt", "post_logout_redirect_url": BYE});
        let client = world.register("logout.jwt", "s", jwt);
        world.access_token(&client)
    };
    let browser = Browser::of(world, "itil");
    let forged = format!("{}AAAA", &hint[..hint.len() - 4]);
    for query in [
        format!("post_logout_redirect_uri={BYE}"),
        format!("id_token_hint={hint}&post_logout_redirect_uri=https://evil.example"),
        format!("id_token_hint={hint}&post_logout_redirect_uri={BYE}/"),
        format!("id_token_hint={hint}&client_id={}", other.id),
        format!("client_id={}&post_logout_redirect_uri={BYE}", other.id),
        format!("id_token_hint={forged}&post_logout_redirect_uri={BYE}"),
        format!("id_token_hint={access}&post_logout_redirect_uri={BYE}"),
        format!("id_token_hint=nonsense&post_logout_redirect_uri={BYE}"),
        "state=a&state=b".to_owned(),
    ] {
        let answer = browser.get(&format!("/oauth2/logout?{query}"));
        assert_eq!(went_to(&answer), (400, ""), "{query}");
        assert!(answer.body.contains("Nothing was done"), "{query}");
        assert!(!answer.body.contains("evil.example"), "{query}");
    }
    assert!(logged_in(&browser));
}

fn client_without(world: &World) -> Client {
    world.register("logout.nowhere", "s", json!({}))
}
