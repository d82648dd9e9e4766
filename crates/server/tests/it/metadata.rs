//! The metadata is true (security.md §2, 46): what is advertised works, and what works is advertised.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use snowglobe_oauth::{grants::GRANT_TYPES, metadata::ENDPOINTS};
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, World};

const DISCOVERY: &str = "/.well-known/openid-configuration";

fn document(world: &World) -> Value {
    world.http.get(DISCOVERY).json()
}

fn list(document: &Value, name: &str) -> BTreeSet<String> {
    let values = document[name].as_array();
    let values = values.unwrap_or_else(|| panic!("no list {name} in {document}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    values.iter().map(text).collect()
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn both_documents_say_the_same_and_where_they_come_from() {
    let world = World::shared();
    let other = world.http.get("/.well-known/oauth-authorization-server");
    assert_eq!(other.status, 200);
    assert_eq!(
        other.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(other.header("cache-control"), "public, max-age=300");
    assert_eq!(other.header("access-control-allow-origin"), "*");
    let document = document(world);
    assert_eq!(other.json(), document);
    // RFC 8414 §3.3: "MUST be identical".
    assert_eq!(document["issuer"], json!(world.url));
}

#[test]
fn every_endpoint_that_is_named_answers_and_every_other_is_not_there() {
    let world = World::shared();
    let document = document(world);
    let routes: BTreeSet<&str> = snowglobe_server::routes().collect();
    for (name, path) in ENDPOINTS {
        let expected = routes
            .contains(path)
            .then(|| format!("{}{path}", world.url));
        assert_eq!(document[name].as_str(), expected.as_deref(), "{name}");
        if expected.is_some() {
            assert_ne!(world.http.get(path).status, 404, "{name}");
        }
    }
    // Every route of the strict dialect is named.
    let named: BTreeSet<&str> = ENDPOINTS.into_iter().map(|(_, path)| path).collect();
    let strict = routes
        .into_iter()
        .filter(|path| path.starts_with("/oauth2/"));
    let unnamed: Vec<_> = strict.filter(|path| !named.contains(path)).collect();
    let for_people = |path: &&str| PAGES.contains(path);
    assert!(unnamed.iter().all(for_people), "{unnamed:?}");
}

/// Pages below `/oauth2` that people open, and no client calls.
const PAGES: &[&str] = &["/oauth2/device"];

fn error(answer: &Answer) -> String {
    let body = answer.json();
    body["error"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn security_46_the_grants_that_are_advertised_are_those_that_are_taken() {
    let world = World::own();
    let client = world.demo_client();
    let taken = |world: &World| -> BTreeSet<String> {
        let unknown = [
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "nonsense",
        ];
        let candidates = GRANT_TYPES.into_iter().chain(unknown);
        let supported = candidates.filter(|grant_type| {
            // Whatever each of them needs, with something wrong in it.
            let form = [
                ("grant_type", *grant_type),
                ("username", "x"),
                ("password", "x"),
                ("refresh_token", "x"),
                ("code", "x"),
                ("redirect_uri", "x"),
                ("assertion", "x"),
                ("device_code", "x"),
            ];
            error(&world.grant(STRICT, &client, &form)) != "unsupported_grant_type"
        });
        supported.map(str::to_owned).collect()
    };
    let advertised = list(&document(&world), "grant_types_supported");
    assert_eq!(advertised, taken(&world));
    assert!(advertised.contains("client_credentials"));
    assert!(!advertised.contains("password"), "RFC 9700 §2.4");

    let property = "glide.oauth.inbound.client.credential.grant_type.enabled";
    world.set_property(property, "false");
    let advertised = list(&document(&world), "grant_types_supported");
    assert_eq!(advertised, taken(&world));
    assert!(!advertised.contains("client_credentials"));
}

fn basic(client: &Client) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", client.id, client.secret))
    )
}

#[test]
fn security_46_clients_prove_themselves_as_advertised() {
    let world = World::shared();
    let document = document(world);
    let at = |endpoint: &str| {
        list(
            &document,
            &format!("{endpoint}_endpoint_auth_methods_supported"),
        )
    };
    let methods = at("token");
    assert_eq!(at("revocation"), methods);
    let mut proving = methods.clone();
    assert!(proving.remove("none"));
    assert_eq!(at("introspection"), proving);

    let client = world.register("metadata.methods", "s", json!({}));
    let public = world.register("metadata.public", "s", json!({"public_client": "true"}));
    for (endpoint, form) in [
        ("/oauth2/token", CLIENT_CREDENTIALS),
        ("/oauth2/revoke", ("token", "x")),
        ("/oauth2/introspect", ("token", "x")),
    ] {
        let by_basic = world
            .as_header(&basic(&client))
            .request("POST", endpoint)
            .form(&[form]);
        assert_eq!(
            Answer::of(by_basic).status,
            200,
            "client_secret_basic at {endpoint}"
        );
        let by_post = world.grant(endpoint, &client, &[form]);
        assert_eq!(by_post.status, 200, "client_secret_post at {endpoint}");
    }
    assert!(methods.is_superset(&set(&["client_secret_basic", "client_secret_post"])));
    // `none`: the client is known by its name, and what is wrong is something else.
    let named = ("client_id", public.id.as_str());
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        named,
    ];
    assert_eq!(
        error(&world.http.form("/oauth2/token", &form)),
        "invalid_grant"
    );
    let answer = world.http.form("/oauth2/revoke", &[("token", "x"), named]);
    assert_eq!(answer.status, 200);
    let answer = world
        .http
        .form("/oauth2/introspect", &[("token", "x"), named]);
    assert_eq!(error(&answer), "invalid_client");
    // RFC 8414 §2: algorithms are told exactly where JWTs are taken.
    let by_jwt = methods.contains("private_key_jwt") || methods.contains("client_secret_jwt");
    for endpoint in ["token", "revocation", "introspection"] {
        let name = format!("{endpoint}_endpoint_auth_signing_alg_values_supported");
        assert_eq!(document.get(&name).is_some(), by_jwt, "{name}");
    }
}

fn person_grant(world: &World, client: &Client, scope: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", "metadata.person"),
        ("password", "Right-1!"),
        ("scope", scope),
    ];
    world.grant(SERVICENOW, client, &form)
}

#[test]
fn security_46_scopes_algorithms_and_claims_are_those_advertised() {
    let world = World::shared();
    let document = document(world);
    let client = world.register("metadata.openid", "s", json!({}));
    let person = json!({
        "first_name": "Ada", "middle_name": "K", "last_name": "Lovelace", "email": "ada@example.com",
        "time_zone": "Europe/London", "preferred_language": "en",
    });
    world.person("metadata.person", "Right-1!", person);
    let scopes = list(&document, "scopes_supported");
    for scope in &scopes {
        let answer = person_grant(world, &client, scope);
        assert_eq!(answer.status, 200, "{scope}: {}", answer.body);
        assert!(answer.text("scope").contains(scope), "{scope}");
    }
    for scope in ["phone", "address", "nonsense"] {
        assert_eq!(person_grant(world, &client, scope).status, 401, "{scope}");
    }
    // Every key of the key set signs by an advertised algorithm, and there is one for each.
    let keys = world.http.get("/oauth2/jwks").json();
    let keys = keys["keys"].as_array().cloned().unwrap();
    let algorithms: Vec<_> = keys
        .iter()
        .map(|key| key["alg"].as_str().unwrap())
        .collect();
    assert_eq!(
        list(&document, "id_token_signing_alg_values_supported"),
        set(&algorithms)
    );

    let answer = person_grant(world, &client, "openid profile email");
    let id_token = crate::jwt_tokens::claims_of(&answer.text("id_token"));
    let userinfo = world
        .as_bearer(&answer.text("access_token"))
        .get("/oauth2/userinfo")
        .json();
    let names = |claims: &Value| -> BTreeSet<String> {
        claims.as_object().unwrap().keys().cloned().collect()
    };
    let mut told = names(&id_token);
    told.extend(names(&userinfo));
    // Only an authorization request brings one.
    told.insert("nonce".to_owned());
    assert_eq!(told, list(&document, "claims_supported"));
    for name in ["claims", "request", "request_uri"] {
        assert_eq!(
            document[format!("{name}_parameter_supported")],
            json!(false)
        );
    }
    assert_eq!(document["subject_types_supported"], json!(["public"]));
}
