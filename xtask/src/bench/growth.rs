//! How the cost of a request grows with what is kept: from 1,000 to 1,000,000 tokens and rows.

use std::time::{Duration, Instant};

use anyhow::Result;
use snowglobe_testkit::Instance;

use super::load::{Target, fill, in_turn};
use super::servers::{Mode, Running, Servers};
use super::table::{Line, Table};
use super::{Effort, client, cost};

/// At least: filling goes by the second, and measuring adds its own.
const FEW: u32 = 1_000;
const MANY: u32 = 1_000_000;
/// After this the filling stops, and the table says how far it came.
const PATIENCE: Duration = Duration::from_mins(5);
/// A request may cost this many times as much with many as with few.
const MOST_GROWTH: f64 = 1.2;
const CONNECTIONS: u32 = 32;
/// Less is the request itself.
const NOTEWORTHY: Duration = Duration::from_millis(100);

/// What grows, and the requests whose cost must not.
struct Kind {
    what: &'static str,
    mode: Mode,
    filler: fn(&Instance, u32) -> Result<Target>,
    requests: &'static [Request],
}

type Request = (&'static str, fn(&Instance, u32) -> Result<Target>);

const TOKENS: Kind = Kind {
    what: "tokens",
    mode: Mode::FreshSelfProving,
    filler: client::client_credentials,
    requests: &[
        ("client credentials", client::client_credentials),
        ("refresh, token reused", client::refresh_reused),
        ("refresh, token rotated", client::refresh_rotated),
        ("bearer check", client::bearer_check),
    ],
};
const ROWS: Kind = Kind {
    what: "rows",
    mode: Mode::FreshCommitted,
    filler: client::create,
    requests: &[
        ("record get", client::record_get),
        ("list of 20", client::list),
        ("create", client::create),
    ],
};

/// Measures both kinds, and the start with many tokens.
pub(crate) fn measure(servers: &Servers, effort: Effort, table: &mut Table) -> Result<()> {
    let with_tokens = grow(servers, &TOKENS, effort, table)?;
    let again = with_tokens.restart()?;
    table.note(&format!(
        "ready: {} ms with those tokens (wanted < 1500), {:.0} MB resident",
        again.instance.ready_ms(),
        cost::resident_mb(again.instance.pid())?
    ))?;
    drop(again);
    grow(servers, &ROWS, effort, table)?;
    Ok(())
}

/// Compares an instance that holds few with one that holds many, in turn, and returns that one.
fn grow(servers: &Servers, kind: &Kind, effort: Effort, table: &mut Table) -> Result<Running> {
    let (few, many) = (servers.snowglobe(kind.mode)?, servers.snowglobe(kind.mode)?);
    fill_up(&few.instance, kind.filler, FEW)?;
    let kept = fill_up(&many.instance, kind.filler, MANY)?;
    for instance in [&few.instance, &many.instance] {
        let took = make_rows(instance)?;
        if took > NOTEWORTHY {
            table.note(&format!(
                "the rows of those tokens, made when somebody looks: {:.1} s, {:.1} µs for each",
                took.as_secs_f64(),
                took.as_secs_f64() * 1e6 / f64::from(kept)
            ))?;
        }
    }
    for (name, target) in kind.requests {
        let [of_few, of_many] = [&few.instance, &many.instance];
        let (ours, reference) = in_turn(
            [
                (of_many, &|| target(of_many, CONNECTIONS)),
                (of_few, &|| target(of_few, CONNECTIONS)),
            ],
            CONNECTIONS,
            effort,
        )?;
        table.add(&Line {
            name: format!("{name}, {kept} {} against {FEW}", kind.what),
            connections: CONNECTIONS,
            ours,
            reference,
            wanted: Some(1.0 / MOST_GROWTH),
        })?;
    }
    Ok(many)
}

/// Has everything made that was put off until somebody looks; returns the CPU time of it.
fn make_rows(instance: &Instance) -> Result<Duration> {
    let before = cost::cpu(instance.pid())?;
    client::look_at_tokens(instance)?;
    Ok(cost::until_quiet(instance.pid())?.saturating_sub(before))
}

fn fill_up(
    instance: &Instance,
    filler: fn(&Instance, u32) -> Result<Target>,
    wanted: u32,
) -> Result<u32> {
    let deadline = Instant::now() + PATIENCE;
    let mut kept = 0;
    while kept < wanted && Instant::now() < deadline {
        eprintln!("xtask: {kept} of {wanted}");
        let second = Duration::from_secs(if wanted - kept > 100_000 { 5 } else { 1 });
        kept += fill(instance, &filler(instance, 128)?, 128, second)?;
    }
    cost::until_quiet(instance.pid())?;
    Ok(kept)
}
