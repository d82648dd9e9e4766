//! What is written about requests: enough to find out what happened, and nothing secret.
//!
//! The subscriber is this process's: it hears what other tests do as well, so only what this one did is looked for.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World};

/// Everything that was written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const SECRET: &str = "canary-secret-Zq81";
const PASSWORD: &str = "canary-password-Zq82";
const WRONG: &str = "canary-wrong-Zq83";

/// Sends everything secret there is, rightly and wrongly, and returns the tokens and where a refusal can be found.
fn a_day_s_work(world: &World) -> (Vec<String>, String) {
    let client = world.register(
        "logs.client",
        SECRET,
        json!({"client_secret_previous": WRONG.to_owned() + "x"}),
    );
    let person = world.person("logs.person", PASSWORD, json!({}));
    let tokens = world.tokens(&client, "logs.person", PASSWORD);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
    ];
    let next = Tokens::of(&world.grant(STRICT, &client, &form));
    let alone = world.access_token(&client);
    for token in [&tokens.access, &next.access, &alone, &next.refresh] {
        world
            .as_bearer(token)
            .get("/api/now/table/incident?sysparm_limit=1");
        world.as_bearer(&token[..80]).get("/api/now/table/incident");
        let query = format!(
            "/api/now/table/incident?access_token={token}&sysparm_limit=1&sysparm_query=no_such={token}"
        );
        world.as_bearer(token).get(&query);
        world.http.get(&format!("/nothing/{token}?token={token}"));
        world.http.get(&format!(
            "/oauth_token.do?client_secret={SECRET}&refresh_token={token}"
        ));
    }
    let wrong = Client {
        secret: WRONG.to_owned(),
        ..client.clone()
    };
    for path in [SERVICENOW, STRICT] {
        world.grant(path, &wrong, &[CLIENT_CREDENTIALS]);
        world.grant(path, &client, &[("grant_type", WRONG)]);
        world.grant(path, &client, &[CLIENT_CREDENTIALS, ("scope", WRONG)]);
        world.grant(
            path,
            &client,
            &[
                ("grant_type", "password"),
                ("username", "logs.person"),
                ("password", WRONG),
            ],
        );
        world.grant(
            path,
            &client,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", &tokens.refresh),
            ],
        );
        let header = format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{WRONG}", client.id))
        );
        Answer::of(
            world
                .http
                .request("POST", path)
                .header("Authorization", header)
                .form(&[CLIENT_CREDENTIALS]),
        );
    }
    world
        .as_basic("logs.person", PASSWORD)
        .get("/api/now/table/incident?sysparm_limit=1");
    world.admin().change(
        "sys_user",
        &person,
        &json!({"user_password": PASSWORD.to_owned() + "x"}),
    );
    for token in [&tokens.refresh, &alone] {
        world
            .http
            .get(&format!("/oauth_revoke_token.do?token={token}"));
        world.grant("/oauth2/revoke", &client, &[("token", token)]);
    }
    let refused = world
        .as_basic("logs.person", WRONG)
        .get("/api/now/table/incident");
    assert_eq!(refused.status, 401);
    let secrets = [
        tokens.access,
        tokens.refresh,
        next.access,
        next.refresh,
        alone,
    ];
    (
        secrets.into(),
        refused.header("x-transaction-id").to_owned(),
    )
}

#[test]
fn nothing_secret_is_written_down_at_any_level() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let world = World::own();
    let (tokens, refused) = a_day_s_work(&world);
    drop(world);
    let text = lines.text();
    for kept in ["Zq81", "Zq82", "Zq83", "$argon2id", "$sha256$"]
        .into_iter()
        .chain(tokens.iter().map(|token| &token[..40]))
    {
        let line = text.lines().find(|line| line.contains(kept));
        assert_eq!(line, None, "{kept}");
    }
    for encoded in [SECRET, PASSWORD, WRONG].map(|secret| STANDARD.encode(secret)) {
        assert!(!text.contains(encoded.trim_end_matches('=')));
    }
    // The answer said nothing but an id; the line with that id says why.
    let line = text
        .lines()
        .find(|line| line.contains(&refused) && line.contains("snowglobe::audit"));
    assert!(
        line.is_some_and(|line| line.contains("password_wrong")),
        "{line:?}"
    );
    let fault = text.lines().any(|line| {
        line.contains("client_secret_wrong") && line.contains("Exception on token flow")
    });
    assert!(fault, "the token endpoint's reasons are written too");
}
