//! Who checks tokens besides opaque ones at the Table API: resource servers that introspect them, and the API where
//! they are JWTs.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use super::client::{access_token, bearer_check, form};
use super::load::Target;
use super::script::Requests;

/// Introspection of a client's own token, with the client's secret in the form.
pub(crate) fn introspection(instance: &Instance, _connections: u32) -> Result<Target> {
    let token = access_token(instance)?;
    let form = form(instance, &[("token", &token)]);
    Ok(Target::new("/oauth2/introspect", Requests::Form(form)))
}

/// A JWT at the API, and as little as possible after its check.
pub(crate) fn jwt_bearer_check(instance: &Instance, connections: u32) -> Result<Target> {
    let admin = instance.user("admin");
    let send = |method, path: &str| {
        let request = instance.http().request(method, path);
        request.basic_auth(&admin.name, Some(&admin.password))
    };
    let clients = "/api/now/table/oauth_entity";
    let find = format!("{clients}?sysparm_query=name=Demo%20client&sysparm_fields=sys_id");
    let found = Answer::try_of(send("GET", &find))?.json();
    let sys_id = found["result"][0]["sys_id"].as_str().context("sys_id")?;
    let format = json!({"token_format": "jwt"});
    let changed = send("PATCH", &format!("{clients}/{sys_id}")).json(&format);
    let changed = Answer::try_of(changed)?;
    ensure!(changed.status == 200, "no JWTs: {}", changed.body);
    bearer_check(instance, connections)
}
