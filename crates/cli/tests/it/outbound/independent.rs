//! Scenario G against authorization servers that we did not write, and against another Snowglobe: a person consents, the
//! token is renewed and rotates, it ends there, it begins again, and it ends here.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use snowglobe_testkit::{Answer, Http, Instance};

use super::{Grant, SECRET, access_token, ask, person::Person, set_up_at, state};
use crate::{
    scenarios::{free_port, node::Node},
    visitor::Visitor,
    world::{Admin, Place, Store},
};

/// An authorization server with an API.
trait Other {
    /// What the record of this provider says of it.
    fn fields(&self) -> Value;

    /// Consents where a person was sent to, and returns where they are sent back to.
    fn consent(&self, authorize: &str) -> String;

    /// The status of a call of its API.
    fn call(&self, token: &str) -> u16;

    /// Ends every grant, as a person or an administrator does there: no refresh token is taken any more.
    fn end_grants(&self);
}

fn scenario_g(instance: &Instance, other: &dyn Other) {
    let mut fields = other.fields();
    fields["default_grant_type"] = "authorization_code".into();
    let scope = fields["scope"].take();
    let grant = set_up_at(
        instance,
        &fields,
        (scope.as_str().unwrap_or_default(), super::NOWHERE),
    );
    assert_eq!(ask(instance).unwrap().status, 409);
    consent(instance, &grant, other);
    let mut token = access_token(&ask(instance).unwrap());
    assert_eq!(other.call(&token), 200);
    for _ in 0..3 {
        advance(instance, "2h");
        let next = access_token(&ask(instance).unwrap());
        assert_ne!(next, token);
        assert_eq!(other.call(&next), 200);
        token = next;
    }
    other.end_grants();
    advance(instance, "2h");
    let dead = ask(instance).unwrap();
    assert_eq!(dead.status, 409, "{}", dead.body);
    let needs_consent = (
        "needs_consent".to_owned(),
        "outbound_consent_ended".to_owned(),
    );
    assert_eq!(state(instance), needs_consent);
    consent(instance, &grant, other);
    let token = access_token(&ask(instance).unwrap());
    assert_eq!(other.call(&token), 200);
    // RFC 7009: whoever deletes the credential here ends the tokens there.
    let path = format!("/api/now/table/oauth_2_0_credentials/{}", grant.credential);
    assert_eq!(Admin::of(instance).send("DELETE", &path, None).status, 204);
    for _ in 0..200 {
        if other.call(&token) == 401 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the provider was not told");
}

fn consent(instance: &Instance, grant: &Grant, other: &dyn Other) {
    let mut person = Person::log_in(instance);
    let to = person.leaves(grant);
    person.returns(&other.consent(&to));
}

fn advance(instance: &Instance, by: &str) {
    let moved = Admin::of(instance).send("POST", "/_sg/clock", Some(&json!({"advance": by})));
    assert_eq!(moved.status, 200, "{}", moved.body);
}

/// The base of a URL, and the rest.
fn split(url: &str) -> (&str, &str) {
    let path = url[8..].find('/').map_or(url.len(), |at| at + 8);
    url.split_at(path)
}

/// node-oidc-provider
struct OidcProvider {
    child: Child,
    _stdin: ChildStdin,
    issuer: String,
}

impl OidcProvider {
    fn start(instance: &Instance) -> Self {
        let mut command = Node::script("oidc_provider.mjs")
            .env("SNOW_CLIENT_SECRET", SECRET)
            .env(
                "SNOW_REDIRECT_URI",
                format!("{}/oauth_redirect.do", instance.url()),
            )
            .command();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut issuer = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut issuer).unwrap();
        Self {
            _stdin: child.stdin.take().unwrap(),
            issuer: issuer.trim().to_owned(),
            child,
        }
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Other for OidcProvider {
    fn fields(&self) -> Value {
        let issuer = &self.issuer;
        json!({
            "client_id": "g", "client_secret": SECRET, "scope": "openid offline_access",
            "auth_url": format!("{issuer}/auth"), "token_url": format!("{issuer}/token"),
            "revoke_token_url": format!("{issuer}/token/revocation"),
        })
    }

    fn consent(&self, authorize: &str) -> String {
        let browser = Visitor::default();
        let http = Http::new(&self.issuer);
        let mut at = authorize.to_owned();
        for _ in 0..12 {
            let path = at.strip_prefix(&self.issuer).unwrap_or(&at).to_owned();
            let answer = browser.get(&http, &path);
            assert!(
                matches!(answer.status, 302 | 303),
                "{path}: {} {}",
                answer.status,
                answer.body
            );
            answer.header("location").clone_into(&mut at);
            if at.contains("/oauth_redirect.do") {
                return at;
            }
        }
        panic!("it leads nowhere: {at}");
    }

    fn call(&self, token: &str) -> u16 {
        Answer::of(Http::new(&self.issuer).bearer(token, "GET", "/me")).status
    }

    fn end_grants(&self) {
        assert_eq!(Http::new(&self.issuer).get("/_revoke").status, 200);
    }
}

/// Glewlwyd, from Debian.
struct Glewlwyd {
    child: Child,
    _folder: tempfile::TempDir,
    url: String,
    /// Its administrator, who is also the person.
    browser: Visitor,
}

impl Glewlwyd {
    const CONFIGURATION: &str = "/etc/glewlwyd/glewlwyd.conf";
    const TABLES: &str = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";

    fn start(instance: &Instance) -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("http://127.0.0.1:{}", free_port());
        let configuration = folder.path().join("glewlwyd.conf");
        std::fs::write(&configuration, Self::configuration(&url, folder.path())).unwrap();
        let mut database = Command::new("sqlite3");
        let made = database
            .arg(folder.path().join("glewlwyd.db"))
            .stdin(std::fs::File::open(Self::TABLES).unwrap())
            .status();
        assert!(made.unwrap().success(), "its database");
        let child = Command::new("glewlwyd")
            .arg(format!("--config-file={}", configuration.display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let glewlwyd = Self {
            child,
            _folder: folder,
            url,
            browser: Visitor::default(),
        };
        glewlwyd.log_in();
        glewlwyd.set_up(&format!("{}/oauth_redirect.do", instance.url()));
        glewlwyd
    }

    /// Debian's own, with another place for everything.
    fn configuration(url: &str, folder: &std::path::Path) -> String {
        let own = std::fs::read_to_string(Self::CONFIGURATION).unwrap();
        let (_, port) = url.rsplit_once(':').unwrap();
        let folder = folder.display();
        let line = |line: &str| match line.split('=').next().unwrap_or_default() {
            "port" => format!("port={port}"),
            "external_url" => format!("external_url=\"{url}\""),
            "log_file" => format!("log_file=\"{folder}/log\""),
            first if first.starts_with("@include") => {
                format!("database = {{ type = \"sqlite3\"; path = \"{folder}/glewlwyd.db\"; }};")
            }
            _ => line.to_owned(),
        };
        own.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    fn log_in(&self) {
        let who = json!({"username": "admin", "password": "password"});
        for _ in 0..100 {
            let answer = self
                .browser
                .send_json(&Http::new(&self.url), "POST", "/api/auth/", &who);
            if answer.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("Glewlwyd does not answer");
    }

    fn set_up(&self, redirect_uri: &str) {
        let parameters = json!({
            "iss": self.url, "jwt-type": "sha", "jwt-key-size": "256", "key": SECRET,
            "access-token-duration": 3600, "refresh-token-duration": 1_209_600, "code-duration": 600,
            "refresh-token-rolling": true, "refresh-token-one-use": "always", "allow-non-oidc": true,
            "auth-type-code-enabled": true, "auth-type-token-enabled": false,
            "auth-type-id-token-enabled": false, "auth-type-none-enabled": false,
            "auth-type-password-enabled": false, "auth-type-client-enabled": false,
            "auth-type-device-enabled": false, "auth-type-refresh-enabled": true,
            "pkce-allowed": true, "pkce-method-plain-allowed": false, "subject-type": "public",
            "introspection-revocation-allowed": true,
            "introspection-revocation-allow-target-client": true,
        });
        let plugin = json!({"module": "oidc", "name": "oidc", "display_name": "oidc", "parameters": parameters});
        let client = json!({
            "client_id": "g", "name": "g", "client_secret": SECRET, "password": SECRET,
            "confidential": true, "enabled": true, "authorization_type": ["code", "refresh_token"],
            "redirect_uri": [redirect_uri], "token_endpoint_auth_method": ["client_secret_post"],
            "scope": [],
        });
        let admin =
            json!({"name": "Admin", "scope": ["g_admin", "g_profile", "orders"], "enabled": true});
        for (method, path, body) in [
            ("POST", "/api/mod/plugin/", plugin),
            (
                "POST",
                "/api/scope/",
                json!({"name": "orders", "password_required": false}),
            ),
            ("POST", "/api/client/", client),
            ("PUT", "/api/user/admin", admin),
            ("PUT", "/api/auth/grant/g", json!({"scope": "orders"})),
        ] {
            let answer = self.ask(method, path, &body);
            assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let answer = self
            .browser
            .send_json(&Http::new(&self.url), method, path, body);
        answer.unwrap()
    }
}

impl Drop for Glewlwyd {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Other for Glewlwyd {
    fn fields(&self) -> Value {
        let url = &self.url;
        json!({
            "client_id": "g", "client_secret": SECRET, "scope": "orders",
            "auth_url": format!("{url}/api/oidc/auth"), "token_url": format!("{url}/api/oidc/token"),
            "revoke_token_url": format!("{url}/api/oidc/revoke"),
        })
    }

    fn consent(&self, authorize: &str) -> String {
        let (_, path) = split(authorize);
        // As its own page does once the person has pressed the button.
        let path = format!("{path}&g_continue");
        let answer = self.browser.get(&Http::new(&self.url), &path);
        assert_eq!(answer.status, 302, "{}", answer.body);
        answer.header("location").to_owned()
    }

    fn call(&self, token: &str) -> u16 {
        let client = [
            ("token", token),
            ("client_id", "g"),
            ("client_secret", SECRET),
        ];
        let told = Http::new(&self.url)
            .form("/api/oidc/introspect", &client)
            .json();
        if told["active"] == true { 200 } else { 401 }
    }

    fn end_grants(&self) {
        let held = self
            .browser
            .get(&Http::new(&self.url), "/api/oidc/token")
            .json();
        let hashes = held.as_array().into_iter().flatten();
        for hash in hashes.filter_map(|token| token["token_hash"].as_str()) {
            let hash = hash.replace('{', "%7B").replace('}', "%7D");
            self.ask("DELETE", &format!("/api/oidc/token/{hash}"), &Value::Null);
        }
    }
}

/// Another Snowglobe, by its strict endpoints.
struct Snowglobe {
    instance: Instance,
    client_id: String,
}

impl Snowglobe {
    fn start(client: &Instance) -> Self {
        let instance = crate::world::launch().start();
        let record = Admin::of(&instance).create(
            "oauth_entity",
            &json!({
                "name": "Another Snowglobe", "client_secret": SECRET,
                "redirect_url": format!("{}/oauth_redirect.do", client.url()),
            }),
        );
        let client_id = record["client_id"].as_str().unwrap().to_owned();
        Self {
            instance,
            client_id,
        }
    }
}

impl Other for Snowglobe {
    fn fields(&self) -> Value {
        let url = self.instance.url();
        json!({
            "client_id": self.client_id, "client_secret": SECRET,
            "auth_url": format!("{url}/oauth2/authorize"), "token_url": format!("{url}/oauth2/token"),
            "revoke_token_url": format!("{url}/oauth2/revoke"),
        })
    }

    fn consent(&self, authorize: &str) -> String {
        let (_, path) = split(authorize);
        let http = self.instance.http();
        let admin = self.instance.user("admin");
        let browser = Visitor::default();
        browser.log_in(http, &admin.name, &admin.password);
        let mut answer = browser.get(http, path);
        // Who consented before is not asked again.
        if answer.status == 200 {
            answer = browser.press(http, "/oauth2/authorize", &answer, "authorize");
        }
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").to_owned()
    }

    fn call(&self, token: &str) -> u16 {
        crate::world::call(self.instance.http(), token)
    }

    fn end_grants(&self) {
        let admin = Admin::of(&self.instance);
        let query = format!("peer.client_id={}", self.client_id);
        for row in admin.list("oauth_credential", &query) {
            let path = format!(
                "/api/now/table/oauth_credential/{}",
                row["sys_id"].as_str().unwrap()
            );
            assert_eq!(admin.send("DELETE", &path, None).status, 204);
        }
    }
}

#[test]
fn scenario_g_against_node_oidc_provider_on_sqlite() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    scenario_g(&instance, &OidcProvider::start(&instance));
}

#[test]
fn scenario_g_against_node_oidc_provider_on_postgres() {
    let place = Place::new(Store::Postgres);
    let instance = place.launch().start();
    scenario_g(&instance, &OidcProvider::start(&instance));
}

#[test]
fn scenario_g_against_glewlwyd_on_sqlite() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    scenario_g(&instance, &Glewlwyd::start(&instance));
}

#[test]
fn scenario_g_against_glewlwyd_on_postgres() {
    let place = Place::new(Store::Postgres);
    let instance = place.launch().start();
    scenario_g(&instance, &Glewlwyd::start(&instance));
}

#[test]
fn scenario_g_against_another_snowglobe() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    scenario_g(&instance, &Snowglobe::start(&instance));
}
