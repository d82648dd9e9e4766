//! What the broker adds to a call of an API: the same call made directly with the token, and by alias through the
//! instance, in turn, over connections that stay open.
//!
//! The difference holds everything that stands between: the second hop over loopback, who calls, resolving the alias, the
//! token that is held, and the row in the outbound log.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use snowglobe_testkit::{Answer, Http, Instance};

use super::client;
use super::servers::{Mode, Servers};

/// Calls of each kind.
const CALLS: usize = 3000;
/// A call of the instance that asks nobody else: what the second hop costs by itself.
const OWN: &str = "/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=sys_id";
/// Calls before them that nobody counts.
const WARM: usize = 300;

/// Measures both, and tells the difference at the middle and near the end of the distribution.
pub(crate) fn overhead(servers: &Servers) -> Result<String> {
    let running = servers.snowglobe(Mode::FreshSelfProving)?;
    let instance = &running.instance;
    let provider = Provider::start(servers.binary())?;
    set_up(instance, &provider.url)?;
    let ours = client::access_token(instance)?;
    let here = |method: &str, path: &str| instance.http().bearer(&ours, method, path);
    let taken = Answer::of(here("GET", "/api/sn_broker/token/bench"));
    let token = taken.json()["result"]["access_token"].clone();
    let token = token.as_str().context("a token")?;
    let api = Http::new(&provider.url);
    let (mut direct, mut hop, mut brokered) = (Vec::new(), Vec::new(), Vec::new());
    let call = json!({"method": "GET", "path": "/x"});
    let path = "/api/sn_broker/alias/bench/request";
    for at in 0..WARM + CALLS {
        let one = timed(|| Answer::of(api.bearer(token, "GET", "/api/x")).status)?;
        let other = timed(|| Answer::of(here("POST", path).json(&call)).status)?;
        let own = timed(|| Answer::of(here("GET", OWN)).status)?;
        if at >= WARM {
            direct.push(one);
            brokered.push(other);
            hop.push(own);
        }
    }
    for all in [&mut direct, &mut hop, &mut brokered] {
        all.sort_unstable();
    }
    let told = |share: usize| {
        let of = |sorted: &[Duration]| sorted.get(sorted.len() * share / 100).copied();
        let (direct, hop, brokered) = (of(&direct)?, of(&hop)?, of(&brokered)?);
        let more = brokered.saturating_sub(direct);
        Some(format!(
            "p{share} {} µs brokered, {} µs direct: {} µs more, {} µs of them beyond a call of the instance's own ({} µs)",
            brokered.as_micros(),
            direct.as_micros(),
            more.as_micros(),
            more.saturating_sub(hop).as_micros(),
            hop.as_micros(),
        ))
    };
    let lines = [told(50), told(99)].into_iter().flatten();
    let lines: Vec<String> = lines.collect();
    Ok(format!("brokered call, warm token: {}", lines.join("; ")))
}

fn timed(call: impl FnOnce() -> u16) -> Result<Duration> {
    let began = Instant::now();
    let status = call();
    let took = began.elapsed();
    ensure!(status == 200, "a call was answered {status}");
    Ok(took)
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
