//! What the bench asks an instance for before it loads it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use snowglobe_testkit::{Answer, Instance};

use super::load::Target;
use super::script::Requests;

/// The fields of a record that both sides answer with.
const FIELDS: &str = "sysparm_fields=number,short_description,state,priority,sys_id";

/// A token request of the client that a development instance starts with.
pub(super) fn form(instance: &Instance, grant: &[(&str, &str)]) -> Vec<(String, String)> {
    let client = instance.client("Demo client");
    let proof = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.secret()),
    ];
    let all = grant.iter().chain(&proof);
    all.map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn granted(instance: &Instance, grant: &[(&str, &str)]) -> Result<Value> {
    let form = form(instance, grant);
    let answer = Answer::try_of(
        instance
            .http()
            .request("POST", "/oauth_token.do")
            .form(&form),
    )?;
    ensure!(
        answer.status == 200,
        "no token: {} {}",
        answer.status,
        answer.body
    );
    Ok(answer.json())
}

pub(super) fn access_token(instance: &Instance) -> Result<String> {
    let granted = granted(instance, &[("grant_type", "client_credentials")])?;
    Ok(granted["access_token"]
        .as_str()
        .context("access_token")?
        .to_owned())
}

/// Reads a token's record, for which those of all tokens must be there (ADR 18).
pub(crate) fn look_at_tokens(instance: &Instance) -> Result<()> {
    let admin = instance.user("admin");
    let path = "/api/now/table/oauth_credential?sysparm_limit=1&sysparm_fields=sys_id";
    let request = instance.http().request("GET", path);
    let answer = Answer::try_of(request.basic_auth(&admin.name, Some(&admin.password)))?;
    ensure!(answer.status == 200, "no tokens: {}", answer.status);
    Ok(())
}

fn refresh_token(instance: &Instance) -> Result<String> {
    let admin = instance.user("admin");
    let granted = granted(
        instance,
        &[
            ("grant_type", "password"),
            ("username", &admin.name),
            ("password", &admin.password),
        ],
    )?;
    Ok(granted["refresh_token"]
        .as_str()
        .context("refresh_token")?
        .to_owned())
}

/// Client credentials.
#[expect(
    clippy::unnecessary_wraps,
    reason = "has the signature of its siblings"
)]
pub(crate) fn client_credentials(instance: &Instance, _connections: u32) -> Result<Target> {
    let form = form(instance, &[("grant_type", "client_credentials")]);
    Ok(Target::new("/oauth_token.do", Requests::Form(form)))
}

/// A refresh that keeps the refresh token, as ServiceNow does.
pub(crate) fn refresh_reused(instance: &Instance, _connections: u32) -> Result<Target> {
    let token = refresh_token(instance)?;
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ];
    Ok(Target::new(
        "/oauth_token.do",
        Requests::Form(form(instance, &grant)),
    ))
}

/// A refresh that replaces the refresh token, as the RFCs ask.
pub(crate) fn refresh_rotated(instance: &Instance, connections: u32) -> Result<Target> {
    // wrk asks its script for one request more before it begins, and never sends that one.
    let tokens = (0..=connections)
        .map(|_| refresh_token(instance))
        .collect::<Result<_>>()?;
    let form = form(instance, &[("grant_type", "refresh_token")]);
    Ok(Target::new(
        "/oauth2/token",
        Requests::Rotate { form, tokens },
    ))
}

/// A bearer check and as little as possible after it: the APIs of a namespace that has none.
pub(crate) fn bearer_check(instance: &Instance, _connections: u32) -> Result<Target> {
    get(
        instance,
        vec!["/api/now/doc/services?namespace=none".to_owned()],
    )
}

/// Records by `sys_id`, a hundred in turn.
pub(crate) fn record_get(instance: &Instance, _connections: u32) -> Result<Target> {
    let token = access_token(instance)?;
    let path = "/api/now/table/incident?sysparm_fields=sys_id&sysparm_limit=100";
    let listed = Answer::try_of(instance.http().bearer(&token, "GET", path))?.json();
    let records = listed["result"].as_array().context("result")?;
    let sys_ids = records
        .iter()
        .filter_map(|record| record["sys_id"].as_str());
    get(
        instance,
        sys_ids
            .map(|id| format!("/api/now/table/incident/{id}?{FIELDS}"))
            .collect(),
    )
}

/// Twenty records with a filter and an order, without counting the rest.
pub(crate) fn list(instance: &Instance, _connections: u32) -> Result<Target> {
    get(
        instance,
        vec![format!("{}&sysparm_no_count=true", list_path())],
    )
}

/// The same with `X-Total-Count`.
pub(crate) fn list_and_count(instance: &Instance, _connections: u32) -> Result<Target> {
    get(instance, vec![list_path()])
}

/// A page of so many incidents by an encoded query, uncounted.
pub(super) fn page(instance: &Instance, query: &str, rows: u32) -> Result<Target> {
    let query = query
        .replace('^', "%5E")
        .replace(' ', "%20")
        .replace('>', "%3E");
    get(
        instance,
        vec![format!(
            "/api/now/table/incident?sysparm_query={query}&sysparm_limit={rows}&sysparm_no_count=true&{FIELDS}"
        )],
    )
}

fn list_path() -> String {
    format!(
        "/api/now/table/incident?sysparm_query=active=true%5EORDERBYDESCnumber&sysparm_limit=20&{FIELDS}"
    )
}

/// A new record.
pub(crate) fn create(instance: &Instance, _connections: u32) -> Result<Target> {
    let token = access_token(instance)?;
    let body = r#"{"short_description":"Something is wrong","urgency":"2"}"#.to_owned();
    let path = format!("/api/now/table/incident?{FIELDS}");
    Ok(Target::new(&path, Requests::Json { token, body }))
}

fn get(instance: &Instance, paths: Vec<String>) -> Result<Target> {
    Ok(Target::new(
        "/",
        Requests::Get {
            token: access_token(instance)?,
            paths,
        },
    ))
}
