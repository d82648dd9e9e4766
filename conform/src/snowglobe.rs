//! Makes a Snowglobe instance ready to be looked at: a person and three clients, through its Table API.

use anyhow::{Context, Result, ensure};
use reqwest::Url;
use reqwest::blocking::Client as Http;
use serde_json::{Value, json};

use crate::jose::{CERTIFICATE, KEY_ID};
use crate::target::{Client, Target};

/// Registers what a [`Target`] needs, as an administrator.
///
/// # Errors
/// When the instance refuses.
pub fn register(issuer: &str, administrator: (&str, &str)) -> Result<Target> {
    let registry = Registry {
        http: Http::builder().no_proxy().build()?,
        issuer,
        administrator,
    };
    let run = fastrand::u32(..);
    let target = Target {
        issuer: Url::parse(issuer)?,
        client: registry.confidential(&format!("Conformance {run}"))?,
        other: registry.confidential(&format!("Conformance, another {run}"))?,
        public: registry.client(
            &format!("Conformance, public {run}"),
            json!({"public_client": "true"}),
        )?,
        jwt_client: registry.jwt_client(&format!("Conformance, with a key {run}"))?,
        resource: registry.resource(run)?,
        redirect_uri: REDIRECT_URI.to_owned(),
        post_logout_redirect_uri: POST_LOGOUT_REDIRECT_URI.to_owned(),
        user: format!("conformance.{run}"),
        password: format!("Right-1!{run}"),
    };
    let person = json!({
        "user_name": target.user,
        "user_password": target.password,
        "first_name": "Connie",
        "last_name": "Formance",
        "email": "connie@example.com",
    });
    registry.create("sys_user", &person)?;
    Ok(target)
}

struct Registry<'a> {
    http: Http,
    issuer: &'a str,
    administrator: (&'a str, &'a str),
}

impl Registry<'_> {
    fn confidential(&self, name: &str) -> Result<Client> {
        let secret: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(32)
            .collect();
        let id = self.client(name, json!({"client_secret": secret}))?;
        Ok(Client { id, secret })
    }

    /// A client that proves itself with a key, whose certificate the instance is told.
    fn jwt_client(&self, name: &str) -> Result<String> {
        let (client, sys_id) = self.registered("oauth_jwt", name, json!({}))?;
        let certificate = json!({"name": name, "pem_certificate": CERTIFICATE});
        let certificate = self.create("sys_certificate", &certificate)?;
        let map = json!({
            "name": name, "kid": KEY_ID, "oauth_jwt": sys_id,
            "sys_certificate": certificate["result"]["sys_id"],
        });
        self.create("jwt_verifier_map", &map)?;
        Ok(client)
    }

    /// A resource server.
    fn resource(&self, run: u32) -> Result<String> {
        let uri = format!("https://api.example/conformance/{run}");
        let name = format!("Conformance, resource server {run}");
        self.client(&name, json!({"resource_uris": uri}))?;
        Ok(uri)
    }

    fn client(&self, name: &str, more: Value) -> Result<String> {
        Ok(self.registered("oauth_entity", name, more)?.0)
    }

    /// Makes a record of a client; returns its id and its key.
    fn registered(&self, table: &str, name: &str, more: Value) -> Result<(String, String)> {
        let mut record = json!({
            "name": name,
            "redirect_url": REDIRECT_URI,
            "post_logout_redirect_url": POST_LOGOUT_REDIRECT_URI,
        });
        if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
            record.extend(more);
        }
        let made = self.create(table, &record)?;
        for scope in ["openid", "profile", "email"] {
            let may_ask_for = json!({
                "name": scope,
                "oauth_entity_scope": scope,
                "oauth_entity": made["result"]["sys_id"],
            });
            self.create("oauth_entity_scope", &may_ask_for)?;
        }
        let text = |name: &'static str| {
            let text = made["result"][name].as_str();
            Ok::<_, anyhow::Error>(text.context(name)?.to_owned())
        };
        Ok((text("client_id")?, text("sys_id")?))
    }

    fn create(&self, table: &str, record: &Value) -> Result<Value> {
        let (name, password) = self.administrator;
        let response = self
            .http
            .post(format!(
                "{}/api/now/table/{table}?sysparm_input_display_value=true",
                self.issuer
            ))
            .basic_auth(name, Some(password))
            .json(record)
            .send()?;
        let status = response.status();
        let body = response.text()?;
        ensure!(status == 201, "{table}: {status} {body}");
        Ok(serde_json::from_str(&body)?)
    }
}

const REDIRECT_URI: &str = "https://client.example/cb";
const POST_LOGOUT_REDIRECT_URI: &str = "https://client.example/bye";
