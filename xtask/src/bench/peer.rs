//! node-oidc-provider on SQLite, from npm: how many times as much does a token cost there?

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::client;
use super::load::{Target, measure as load};
use super::script::Requests;
use super::servers::{Mode, Servers};
use super::table::Line;
use crate::pieces;
use crate::run::{self, on_path, step};

const CONNECTIONS: u32 = 32;
const WANTED: f64 = 10.0;

/// Measures both with a commit before each answer; the share is how many times ours is cheaper.
pub(crate) fn measure(servers: &Servers, seconds: Duration) -> Result<Line> {
    let peer = Servers::peer(&install()?)?;
    let known = peer.instance.client("peer");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", known.client_id.as_str()),
        ("client_secret", known.secret()),
    ];
    let form = form
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let target = Target::new("/token", Requests::Form(form));
    let reference = load(&peer.instance, &target, CONNECTIONS, seconds)?;
    drop(peer);

    let ours = servers.snowglobe(Mode::FreshCommitted)?;
    let target = client::client_credentials(&ours.instance, CONNECTIONS)?;
    let ours = load(&ours.instance, &target, CONNECTIONS, seconds)?;
    Ok(Line {
        name: "client credentials against node-oidc-provider".to_owned(),
        connections: CONNECTIONS,
        ours,
        reference,
        wanted: Some(WANTED),
    })
}

/// Copies the peer below the target folder and lets npm fetch what it needs.
fn install() -> Result<PathBuf> {
    pieces::debian("node", &["nodejs"], || on_path("node"))?;
    pieces::debian("npm", &["npm"], || on_path("npm"))?;
    let home = pieces::target_folder()?.join("bench-peer");
    std::fs::create_dir_all(&home)?;
    for file in ["package.json", "server.mjs"] {
        std::fs::copy(run::root().join("bench/peer").join(file), home.join(file))?;
    }
    let npm = ["install", "--silent", "--no-audit", "--no-fund"];
    step(
        "npm install (the peer)",
        Command::new("npm").args(npm).current_dir(&home),
    )?;
    Ok(home.join("server.mjs"))
}
