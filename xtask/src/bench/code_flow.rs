//! The authorization code grant of somebody who is logged in and has allowed the client: the authorization request that
//! gives a code, and the exchange of it, by turns.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use snowglobe_testkit::{Answer, Http, Instance};

use super::load::Target;
use super::script::Requests;

/// Each round has a client of its own: nobody can read the secret of an older one again.
static ROUNDS: AtomicU32 = AtomicU32::new(0);

const BACK: &str = "https://bench.example/cb";

/// Half of the requests ask for a code, and half exchange one.
pub(crate) fn code_flow(instance: &Instance, _connections: u32) -> Result<Target> {
    let admin = instance.user("admin");
    let http = instance.http();
    let round = ROUNDS.fetch_add(1, Ordering::Relaxed);
    let name = format!("bench-code-{}-{round}", std::process::id());
    let record = json!({
        "name": name, "client_id": name, "client_secret": "", "redirect_url": BACK, "skip_consent": "true",
    });
    let made = http
        .request(
            "POST",
            "/api/now/table/oauth_entity?sysparm_input_display_value=true",
        )
        .basic_auth(&admin.name, Some(&admin.password))
        .json(&record);
    let made = Answer::try_of(made)?;
    ensure!(made.status == 201, "no client: {}", made.body);
    let secret = made.json()["result"]["client_secret"].clone();
    let secret = secret.as_str().context("client_secret")?.to_owned();
    let cookie = log_in(http, &admin.name, &admin.password)?;
    let ask = format!(
        "/oauth2/authorize?response_type=code&client_id={name}&redirect_uri={BACK}&state=bench"
    );
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &*name),
        ("client_secret", &*secret),
        ("redirect_uri", BACK),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(Target::new(
        "/",
        Requests::Codes {
            cookie,
            ask,
            form: form.into(),
        },
    ))
}

/// Fills in the login page; returns the cookies of the session.
fn log_in(http: &Http, user_name: &str, password: &str) -> Result<String> {
    let page = http.get("/login.do");
    let (_, rest) = page
        .body
        .split_once("name=\"sysparm_ck\" value=\"")
        .context("the login page has a form")?;
    let ck = rest.split('"').next().unwrap_or_default();
    let form = [
        ("sysparm_ck", ck),
        ("sys_action", "sysverb_login"),
        ("user_name", user_name),
        ("user_password", password),
    ];
    let request = http.request("POST", "/login.do").form(&form);
    let answer = Answer::try_of(request.header("Cookie", cookies(&page)))?;
    ensure!(answer.status == 303, "not logged in: {}", answer.body);
    Ok(cookies(&answer))
}

fn cookies(answer: &Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter();
    let pairs = lines.filter_map(|line| line.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}
