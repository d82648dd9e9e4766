//! What a code flow costs: at most two commits, and a slow hash only for a password (counted, not timed).

use serde_json::json;

use super::application::{Application, CALLBACK, CHALLENGE, Landed, VERIFIER, press};
use crate::{
    browser::Browser,
    world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World, text},
};

const FLOWS: u64 = 10;

#[test]
fn a_code_flow_costs_two_commits_and_no_slow_hash() {
    let world = World::own();
    code_flows(&world);
}

/// A person who is logged in allows an application, and does so again where that is remembered.
pub(crate) fn code_flows(world: &World) {
    for (authorize, token) in [
        ("/oauth_auth.do", SERVICENOW),
        ("/oauth2/authorize", STRICT),
    ] {
        let app = with_generated_secret(world, &format!("cost{}", token.len()));
        let browser = Browser::of(world, "employee");
        let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
        let url = app.url(authorize, &pkce);
        let flow = || {
            let sent = browser.get(&url);
            let sent = match sent.status {
                200 => press(&browser, &sent, "authorize"),
                _ => sent,
            };
            let code = Landed::of(&sent).get("code").to_owned();
            Tokens::of(&app.exchange(token, &code, &[("code_verifier", VERIFIER)]));
        };
        let asked = Cost::of(world, flow);
        assert!(asked.commits <= 2 && asked.hashes == 0, "asked: {asked:?}");
        let remembered = Cost::of(world, || (0..FLOWS).for_each(|_| flow()));
        assert!(
            remembered.commits <= 2 * FLOWS && remembered.commits >= FLOWS,
            "{FLOWS} times: {remembered:?}"
        );
        assert_eq!(remembered.hashes, 0, "{FLOWS} times: {remembered:?}");
    }
}

/// An application whose secret the instance made: no person chose it.
fn with_generated_secret<'w>(world: &'w World, id: &str) -> Application<'w> {
    let fields = json!({"name": id, "client_id": id, "redirect_url": CALLBACK});
    let record = world.admin().create("oauth_entity", &fields);
    let client = Client {
        id: id.to_owned(),
        secret: text(&record, "client_secret"),
        sys_id: text(&record, "sys_id"),
    };
    Application { world, client }
}

#[test]
fn a_password_costs_one_slow_hash_and_a_generated_secret_none() {
    let world = World::own();
    world.person("cost.person", "Right-1! and long", json!({}));
    let log_in = Cost::of(&world, || {
        let browser = Browser::new(&world);
        assert_eq!(
            browser.log_in("cost.person", "Right-1! and long").status,
            303
        );
    });
    assert_eq!(log_in.hashes, 1);
    let client = world.client("Demo client");
    let token = Cost::of(&world, || {
        let answer = world.grant(STRICT, &client, &[CLIENT_CREDENTIALS]);
        assert_eq!(answer.status, 200, "{}", answer.body);
    });
    assert_eq!(token.hashes, 0);
}

/// What something has cost.
#[derive(Debug)]
struct Cost {
    commits: u64,
    hashes: u64,
}

impl Cost {
    fn of(world: &World, work: impl FnOnce()) -> Self {
        let before = Self::so_far(world);
        work();
        let after = Self::so_far(world);
        Self {
            commits: after.commits - before.commits,
            hashes: after.hashes - before.hashes,
        }
    }

    fn so_far(world: &World) -> Self {
        let metrics = world.http.get("/_sg/metrics").body;
        let figure = |name: &str| {
            let mut lines = metrics.lines();
            let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            value.expect(name).parse().expect("a number")
        };
        Self {
            commits: figure("snowglobe_store_commits_total"),
            hashes: figure("snowglobe_password_checks_total"),
        }
    }
}
