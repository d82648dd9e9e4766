//! Makes a Snowglobe instance ready to be looked at: a person and three clients, through its Table API.

use anyhow::{Context, Result, ensure};
use reqwest::Url;
use reqwest::blocking::Client as Http;
use serde_json::{Value, json};

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

    fn client(&self, name: &str, more: Value) -> Result<String> {
        let mut record = json!({
            "name": name,
            "redirect_url": REDIRECT_URI,
            "post_logout_redirect_url": POST_LOGOUT_REDIRECT_URI,
        });
        if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
            record.extend(more);
        }
        let made = self.create("oauth_entity", &record)?;
        for scope in ["openid", "profile", "email"] {
            let may_ask_for = json!({
                "name": scope,
                "oauth_entity_scope": scope,
                "oauth_entity": made["result"]["sys_id"],
            });
            self.create("oauth_entity_scope", &may_ask_for)?;
        }
        let id = made["result"]["client_id"].as_str();
        Ok(id.context("a client_id")?.to_owned())
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
