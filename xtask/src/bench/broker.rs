//! What the broker adds to a call of an API: the same call made directly with the token, and as a REST message that the
//! instance runs, in turn, over connections that stay open.
//!
//! The difference holds everything that stands between: the second hop over loopback, who calls, what the message's
//! records say, resolving its alias, the token that is held, and the row in the outbound log. What the second hop costs
//! by itself is told beside it: whoever runs a message in a flow does not have it.

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
/// A call of the instance that asks nobody else: what the second hop costs by itself.
const OWN: &str = "GET /api/now/table/sys_user?sysparm_limit=1&sysparm_fields=sys_id";

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
    let own = Wire::to(here, OWN, &ours, None)?;
    let mut rows = [direct, brokered, own].map(|wire| (wire, Vec::with_capacity(CALLS)));
    for at in 0..WARM + CALLS {
        for (wire, times) in &mut rows {
            let took = wire.time()?;
            if at >= WARM {
                times.push(took);
            }
        }
    }
    // Whatever came back came from the API.
    let body: Value = serde_json::from_str(&rows[1].0.body())?;
    ensure!(body["result"]["status_code"] == 200, "the API: {body}");
    let times = rows.map(|(_, mut times)| {
        times.sort_unstable();
        times
    });
    Ok(format!(
        "brokered call, warm token: {}; {}",
        told(&times, 50),
        told(&times, 99)
    ))
}

fn told([direct, brokered, own]: &[Vec<Duration>; 3], share: usize) -> String {
    let of = |sorted: &[Duration]| {
        let at = sorted.get(sorted.len() * share / 100);
        at.map_or(0, Duration::as_micros)
    };
    let (direct, brokered, own) = (of(direct), of(brokered), of(own));
    let more = brokered.saturating_sub(direct);
    let verdict = match more {
        _ if share != 50 => "",
        more if more < WANTED => ", < 100 ok",
        _ => ", < 100 MISSED",
    };
    format!(
        "p{share} {more} µs over the direct call ({brokered} and {direct} µs{verdict}), of which a call of the \
         instance that asks nobody takes {own} µs"
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
