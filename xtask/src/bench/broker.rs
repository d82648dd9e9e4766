//! What the broker adds to a call of an API: the same call made directly with the token, and as a REST message that the
//! instance runs, in turn, over connections that stay open.
//!
//! ```text
//! direct    bench ─────────────────────▶ API
//! in the instance      message, alias, token, log ─▶ API      as `Server-Timing` tells it: api and broker
//! over REST bench ─▶ who calls ─▶ the same ──────────▶ API
//! ```
//! The first difference is what a flow pays that runs the message; the second holds another hop over loopback, a bearer
//! check and JSON both ways.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use snowglobe_testkit::{Answer, Instance};

use super::client;
use super::servers::{Mode, Servers};
use super::wire::Wire;

/// Calls of each kind.
const CALLS: usize = 3000;
/// Calls before them that nobody counts.
const WARM: usize = 300;
/// Microseconds that are wanted in the middle of the distribution.
const WANTED: u128 = 100;
/// The message that is run: by an alias, with a header, a parameter and a variable.
const MESSAGE: &str = "POST /api/sn_broker/rest_message/bench/get/execute";

/// Measures both, and tells the difference at the middle and near the end of the distribution.
pub(crate) fn overhead(servers: &Servers) -> Result<String> {
    let running = servers.snowglobe(Mode::FreshSelfProving)?;
    let instance = &running.instance;
    let provider = Provider::start(servers.binary())?;
    set_up(instance, &provider.url)?;
    let ours = client::access_token(instance)?;
    let here = instance.url();
    let mut take = Wire::to(here, "GET /api/sn_broker/token/bench", &ours, None)?;
    take.time()?;
    let taken: Value = serde_json::from_str(&take.body())?;
    let token = taken["result"]["access_token"].as_str();
    let token = token.context("a token")?;
    let direct = Wire::to(&provider.url, "GET /api/x/7?limit=1", token, None)?;
    let variables = json!({"variables": {"id": "7"}}).to_string();
    let brokered = Wire::to(here, MESSAGE, &ours, Some(&variables))?;
    let mut times = [const { Vec::new() }; 3];
    let (mut direct, mut brokered) = (direct, brokered);
    for at in 0..WARM + CALLS {
        let one = direct.time()?;
        let over_rest = brokered.time()?;
        let within = timing(&brokered.header("server-timing"))?;
        if at >= WARM {
            let [to, inside, outside] = &mut times;
            to.push(one);
            inside.push(within);
            outside.push(over_rest);
        }
    }
    // Whatever came back came from the API.
    let body: Value = serde_json::from_str(&brokered.body())?;
    ensure!(body["result"]["status_code"] == 200, "the API: {body}");
    for all in &mut times {
        all.sort_unstable();
    }
    Ok(format!(
        "brokered call, warm token: {}; {}",
        told(&times, 50),
        told(&times, 99)
    ))
}

/// All that `api;dur=0.031, broker;dur=0.042` tells, in milliseconds there.
fn timing(header: &str) -> Result<Duration> {
    let parts = header.split(", ").map(|part| {
        let (_, ms) = part.split_once(";dur=").context("no Server-Timing")?;
        Ok(Duration::from_secs_f64(ms.parse::<f64>()? / 1000.0))
    });
    parts.sum()
}

fn told([direct, inside, outside]: &[Vec<Duration>; 3], share: usize) -> String {
    let of = |sorted: &[Duration]| {
        let at = sorted.get(sorted.len() * share / 100);
        at.map_or(0, Duration::as_micros)
    };
    let (direct, inside, outside) = (of(direct), of(inside), of(outside));
    let more = inside.saturating_sub(direct);
    let verdict = match more {
        _ if share != 50 => "",
        more if more < WANTED => " (< 100 ok)",
        _ => " (< 100 MISSED)",
    };
    let over_rest = outside.saturating_sub(direct);
    format!(
        "p{share} {more} µs{verdict} over the direct call of {direct} µs, and {over_rest} µs over REST"
    )
}

fn set_up(instance: &Instance, url: &str) -> Result<()> {
    let provider = json!({
        "name": "bench", "type": "consumer", "client_id": "b", "client_secret": "b",
        "token_url": format!("{url}/token"), "default_grant_type": "client_credentials",
    });
    let provider = create(instance, "oauth_entity", &provider)?;
    let profile =
        json!({"name": "bench", "oauth_entity": provider, "grant_type": "client_credentials"});
    let profile = create(instance, "oauth_entity_profile", &profile)?;
    let credential = json!({"name": "bench", "oauth_entity_profile": profile});
    let credential = create(instance, "oauth_2_0_credentials", &credential)?;
    let alias = create(instance, "sys_alias", &json!({"name": "bench"}))?;
    let connection = json!({
        "name": "bench", "connection_url": format!("{url}/api"), "connection_alias": alias,
        "credential": credential,
    });
    create(instance, "http_connection", &connection)?;
    message(instance, &alias)?;
    let admin = instance.http().request(
        "GET",
        "/api/now/table/sys_user?sysparm_query=user_name=admin",
    );
    let who = instance.user("admin");
    let found = Answer::of(admin.basic_auth(&who.name, Some(&who.password))).json();
    let access = json!({"alias": alias, "user": found["result"][0]["sys_id"]});
    create(instance, "sys_alias_access", &access)?;
    Ok(())
}

fn message(instance: &Instance, alias: &str) -> Result<()> {
    let message = json!({
        "name": "bench", "rest_endpoint": "/x", "authentication_type": "alias", "connection_alias": alias,
    });
    let message = create(instance, "sys_rest_message", &message)?;
    let function = json!({
        "rest_message": message, "function_name": "get", "http_method": "get", "rest_endpoint": "/x/${id}",
    });
    let function = create(instance, "sys_rest_message_fn", &function)?;
    let header = json!({"rest_message": message, "name": "Accept", "value": "application/json"});
    create(instance, "sys_rest_message_headers", &header)?;
    let parameter = json!({"rest_message_function": function, "name": "limit", "value": "1"});
    create(instance, "sys_rest_message_fn_param_defs", &parameter)?;
    Ok(())
}

fn create(instance: &Instance, table: &str, fields: &Value) -> Result<String> {
    let admin = instance.user("admin");
    let request = instance
        .http()
        .request("POST", &format!("/api/now/table/{table}"))
        .basic_auth(&admin.name, Some(&admin.password));
    let answer = Answer::of(request.json(fields));
    let key = answer.json()["result"]["sys_id"]
        .as_str()
        .map(str::to_owned);
    key.with_context(|| format!("{table}: {}", answer.body))
}

/// The simulated provider and its API.
struct Provider {
    child: Child,
    url: String,
}

impl Provider {
    fn start(binary: &Path) -> Result<Self> {
        let mut child = Command::new(binary)
            .args(["simulate", "provider", "--port", "0", "--lifetime", "86400"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("standard output is a pipe")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok(Self {
            url: url.trim().to_owned(),
            child,
        })
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}
