//! Clients that prove nothing, at every route that asks for one.

use snowglobe_testkit::Answer;

use serde_json::json;

use super::{Guard, headers::basic, rows};
use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, World};

const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn with<'a>(id: &'a str, secret: &'a str) -> [(&'static str, &'a str); 2] {
    [("client_id", id), ("client_secret", secret)]
}

/// What it is, an `Authorization` header, and fields of the body.
type Attempt<'a> = (&'a str, Option<String>, &'a [(&'a str, &'a str)]);

/// A request for which only the client's credentials are missing.
fn request(world: &World, path: &str, header: Option<&str>, client: &[(&str, &str)]) -> Answer {
    let form: Vec<_> = [CLIENT_CREDENTIALS, ("token", "x")]
        .into_iter()
        .chain(client.iter().copied())
        .collect();
    let request = world.http.request("POST", path).form(&form);
    Answer::of(match header {
        None => request,
        Some(header) => request.header("Authorization", header),
    })
}

#[test]
fn a_client_that_proves_nothing_is_refused_on_every_route_for_clients() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let token = world.access_token(&world.demo_client());
    let inactive = world.register("matrix.client.off", "s", json!({"active": "false"}));
    let id_only = [("client_id", id.as_str())];
    let cases: [Attempt<'_>; 12] = [
        ("nothing", None, &[]),
        ("an id alone", None, &id_only),
        ("an empty secret", None, &with(&id, "")),
        ("a wrong secret", None, &with(&id, "wrong")),
        ("an unknown id", None, &with("nobody", &secret)),
        ("an inactive client", None, &with(&inactive.id, "s")),
        (
            "a wrong secret in the header",
            Some(basic(&id, "wrong")),
            &[],
        ),
        (
            "an unknown id in the header",
            Some(basic("nobody", &secret)),
            &[],
        ),
        (
            "an inactive client's header",
            Some(basic(&inactive.id, "s")),
            &[],
        ),
        ("an unreadable header", Some("Basic !!!".to_owned()), &[]),
        ("its own token", Some(format!("Bearer {token}")), &[]),
        ("a user", Some(basic("admin", world.password("admin"))), &[]),
    ];
    for (case, header, client) in &cases {
        for (path, _) in rows(Guard::Client) {
            let answer = request(world, path, header.as_deref(), client);
            assert_eq!(
                (answer.status, &*answer.body),
                (401, CATCH_ALL),
                "{case}: {path}"
            );
        }
        for (path, _) in rows(Guard::StrictClient) {
            let answer = request(world, path, header.as_deref(), client);
            let body =
                r#"{"error":"invalid_client","error_description":"client authentication failed"}"#;
            assert_eq!(
                (answer.status, &*answer.body),
                (401, body),
                "{case}: {path}"
            );
            // RFC 6749 §5.2: challenged where it tried.
            let challenged = header
                .as_deref()
                .is_some_and(|header| header.starts_with("Basic"));
            assert_eq!(
                answer.header("www-authenticate").is_empty(),
                !challenged,
                "{case}: {path}"
            );
        }
    }
    assert_eq!(
        request(world, SERVICENOW, None, &with(&id, &secret)).status,
        200
    );
    assert_eq!(
        request(world, STRICT, None, &with(&id, &secret)).status,
        200
    );
}
