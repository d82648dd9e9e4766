//! How the cost of a request grows with what is kept: from 1,000 to 1,000,000 tokens and rows.

use std::time::{Duration, Instant};

use anyhow::Result;
use snowglobe_testkit::Instance;

use super::load::{Cost, Target, fill, measure as load};
use super::servers::{Mode, Servers};
use super::table::{Line, Table};
use super::{client, cost};

/// At least: measuring adds its own.
const FEW: u32 = 1_000;
const MANY: u32 = 1_000_000;
/// After this the filling stops, and the table says how far it came.
const PATIENCE: Duration = Duration::from_mins(5);
/// A request may cost this many times as much with many as with few.
const MOST_GROWTH: f64 = 1.2;
const CONNECTIONS: u32 = 32;

type Request = (&'static str, fn(&Instance, u32) -> Result<Target>);

const WITH_TOKENS: &[Request] = &[
    ("client credentials", client::client_credentials),
    ("refresh, token reused", client::refresh_reused),
    ("refresh, token rotated", client::refresh_rotated),
    ("bearer check", client::bearer_check),
];
const WITH_ROWS: &[Request] = &[
    ("record get", client::record_get),
    ("list of 20", client::list),
    ("create", client::create),
];

/// Measures both kinds, and the start with many tokens.
pub(crate) fn measure(servers: &Servers, seconds: Duration, table: &mut Table) -> Result<()> {
    let with_tokens = servers.snowglobe(Mode::FreshSelfProving)?;
    grow(&with_tokens.instance, WITH_TOKENS, "tokens", seconds, table)?;
    let again = with_tokens.restart()?;
    table.note(&format!(
        "ready: {} ms with those tokens (wanted < 1500), {:.0} MB resident",
        again.instance.ready_ms(),
        cost::resident_mb(again.instance.pid())?
    ))?;
    drop(again);
    let with_rows = servers.snowglobe(Mode::FreshCommitted)?;
    grow(&with_rows.instance, WITH_ROWS, "rows", seconds, table)
}

fn grow(
    instance: &Instance,
    requests: &[Request],
    what: &str,
    seconds: Duration,
    table: &mut Table,
) -> Result<()> {
    let filler = if what == "tokens" {
        client::client_credentials
    } else {
        client::create
    };
    let kept = fill_up(instance, filler, 0, FEW)?;
    let few = costs(instance, requests, seconds)?;
    let kept = fill_up(instance, filler, kept, MANY)?;
    let many = costs(instance, requests, seconds)?;
    for ((&(name, _), ours), reference) in requests.iter().zip(many).zip(few) {
        table.add(&Line {
            name: format!("{name}, {kept} {what} against {FEW}"),
            connections: CONNECTIONS,
            ours,
            reference,
            wanted: Some(1.0 / MOST_GROWTH),
        })?;
    }
    Ok(())
}

fn costs(instance: &Instance, requests: &[Request], seconds: Duration) -> Result<Vec<Cost>> {
    let cost = |(_, target): &Request| {
        load(
            instance,
            &target(instance, CONNECTIONS)?,
            CONNECTIONS,
            seconds,
        )
    };
    requests.iter().map(cost).collect()
}

fn fill_up(
    instance: &Instance,
    filler: fn(&Instance, u32) -> Result<Target>,
    mut kept: u32,
    wanted: u32,
) -> Result<u32> {
    let deadline = Instant::now() + PATIENCE;
    while kept < wanted && Instant::now() < deadline {
        eprintln!("xtask: {kept} of {wanted}");
        let second = Duration::from_secs(if wanted - kept > 100_000 { 5 } else { 1 });
        kept += fill(instance, &filler(instance, 128)?, 128, second)?;
    }
    cost::until_quiet(instance.pid())?;
    Ok(kept)
}
