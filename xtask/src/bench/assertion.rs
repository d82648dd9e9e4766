//! The JWT bearer grant: an RS256 assertion, verified with a certificate, for a user that it names.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use snowglobe_testkit::{Answer, IdentityProvider, Instance};

use super::load::Target;
use super::script::Requests;

/// The same assertion again and again, which needs a client that does not ask whether one was used: with `jti` checks
/// each would cost a commit, and that is measured by the committed tokens.
pub(crate) fn jwt_bearer(instance: &Instance, _connections: u32) -> Result<Target> {
    let name = "bench-assertion";
    let client = json!({
        "name": name, "client_id": name, "public_client": "true", "enable_jti_verification": "false",
        "user_field": "user_name",
    });
    if let Some(client) = create(instance, "oauth_jwt", &client)? {
        let certificate = json!({"name": name, "pem_certificate": IdentityProvider::CERTIFICATE});
        let certificate = create(instance, "sys_certificate", &certificate)?;
        let map = json!({
            "name": name, "kid": IdentityProvider::RSA, "oauth_jwt": client, "sys_certificate": certificate,
        });
        create(instance, "jwt_verifier_map", &map)?;
    }
    let now = now()?;
    let claims = json!({
        "iss": name, "aud": name, "sub": "itil", "iat": now, "exp": now + 600,
    });
    let assertion = IdentityProvider::start().sign(&claims);
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("client_id", name),
        ("assertion", &*assertion),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(Target::new("/oauth_token.do", Requests::Form(form.into())))
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever signs has a clock of their own"
)]
fn now() -> Result<u64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(since.as_secs())
}

/// Makes a record and returns its key; `None` where there is one already.
fn create(instance: &Instance, table: &str, record: &Value) -> Result<Option<String>> {
    let admin = instance.user("admin");
    let path = format!("/api/now/table/{table}");
    let request = instance.http().request("POST", &path).json(record);
    let made = Answer::try_of(request.basic_auth(&admin.name, Some(&admin.password)))?;
    if made.status == 403 {
        return Ok(None);
    }
    ensure!(made.status == 201, "no {table}: {}", made.body);
    let made = made.json();
    let sys_id = made["result"]["sys_id"].as_str().context("sys_id")?;
    Ok(Some(sys_id.to_owned()))
}
