//! What is measured, in which mode, against what, and what is wanted.

use std::time::Duration;

use anyhow::Result;
use snowglobe_testkit::Instance;

use super::Effort;
use super::load::{Target, in_turn, measure as load};
use super::script::Requests;
use super::servers::{Mode, Servers};
use super::table::Line;
use super::{assertion, audience, client, code_flow, cost};

/// One kind of request.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) mode: Mode,
    /// The requests to Snowglobe, for so many connections.
    pub(crate) ours: fn(&Instance, u32) -> Result<Target>,
    /// The requests to the ceiling.
    pub(crate) ceiling: fn() -> Target,
    /// Connections, and the share of the ceiling that is wanted with so many.
    pub(crate) wanted: &'static [(u32, Option<f64>)],
}

/// Every row; the wanted shares are those of the project's issue 2.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "client credentials, fresh, self-proving",
        mode: Mode::FreshSelfProving,
        ours: client::client_credentials,
        ceiling: token,
        wanted: &[(1, None), (32, Some(0.70)), (128, Some(0.70))],
    },
    Row {
        name: "client credentials, fresh, committed, SQLite",
        mode: Mode::FreshCommitted,
        ours: client::client_credentials,
        ceiling: token,
        wanted: &[(1, None), (32, Some(0.28)), (128, Some(0.40))],
    },
    Row {
        name: "client credentials, fresh, committed, PG",
        mode: Mode::FreshCommittedPostgres,
        ours: client::client_credentials,
        ceiling: token,
        wanted: &[(1, None), (32, Some(0.18)), (128, Some(0.30))],
    },
    Row {
        name: "client credentials, current token",
        mode: Mode::Current,
        ours: client::client_credentials,
        ceiling: token,
        wanted: &[(1, None), (32, Some(0.80)), (128, Some(0.80))],
    },
    Row {
        name: "refresh, token reused",
        mode: Mode::FreshSelfProving,
        ours: client::refresh_reused,
        ceiling: token,
        wanted: &[(32, Some(0.60)), (128, Some(0.60))],
    },
    Row {
        name: "refresh, token rotated",
        mode: Mode::FreshSelfProving,
        ours: client::refresh_rotated,
        ceiling: token,
        wanted: &[(32, Some(0.28)), (128, Some(0.28))],
    },
    Row {
        name: "bearer check",
        mode: Mode::FreshSelfProving,
        ours: client::bearer_check,
        ceiling: bearer,
        wanted: &[(32, Some(0.70)), (128, Some(0.70))],
    },
    Row {
        name: "record get",
        mode: Mode::Load,
        ours: client::record_get,
        ceiling: record,
        wanted: &[(32, None)],
    },
    Row {
        name: "list of 20 from 100,000",
        mode: Mode::Load,
        ours: client::list,
        ceiling: list,
        wanted: &[(1, None), (32, Some(0.50))],
    },
    Row {
        name: "list of 20 from 100,000, counted",
        mode: Mode::Load,
        ours: client::list_and_count,
        ceiling: list_and_count,
        wanted: &[(32, None)],
    },
    Row {
        name: "create",
        mode: Mode::FreshSelfProving,
        ours: client::create,
        ceiling: create,
        wanted: &[(1, None), (32, Some(0.50)), (128, Some(0.50))],
    },
    Row {
        name: "create, beside the same row inserted",
        mode: Mode::FreshSelfProving,
        ours: client::create,
        ceiling: create_whole,
        wanted: &[(32, None), (128, None)],
    },
    Row {
        name: "introspection",
        mode: Mode::FreshSelfProving,
        ours: audience::introspection,
        ceiling: token,
        wanted: &[(32, Some(0.60)), (128, Some(0.60))],
    },
    Row {
        name: "bearer check, JWT",
        mode: Mode::FreshSelfProving,
        ours: audience::jwt_bearer_check,
        ceiling: bearer,
        wanted: &[(32, None), (128, None)],
    },
    Row {
        name: "code flow, session in place, each half",
        mode: Mode::FreshSelfProving,
        ours: code_flow::code_flow,
        ceiling: token,
        wanted: &[(32, None)],
    },
    Row {
        name: "JWT bearer grant, RS256",
        mode: Mode::FreshSelfProving,
        ours: assertion::jwt_bearer,
        ceiling: token,
        wanted: &[(32, None)],
    },
];

fn token() -> Target {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "00000000000000000000000000000000"),
        (
            "client_secret",
            "0000000000000000000000000000000000000000000",
        ),
    ];
    let form = form
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Target::new("/token", Requests::Form(form))
}

fn get(paths: Vec<String>) -> Target {
    Target::new(
        "/",
        Requests::Get {
            token: "A".repeat(86),
            paths,
        },
    )
}

fn bearer() -> Target {
    get(vec!["/bearer".to_owned()])
}

fn record() -> Target {
    get((1..=100).map(|row| format!("/record?row={row}")).collect())
}

fn list() -> Target {
    get(vec!["/list".to_owned()])
}

fn list_and_count() -> Target {
    get(vec!["/list-and-count".to_owned()])
}

fn create() -> Target {
    post("/record")
}

fn create_whole() -> Target {
    post("/whole-record")
}

fn post(path: &str) -> Target {
    let body = r#"{"short_description":"Something is wrong","urgency":"2"}"#.to_owned();
    Target::new(
        path,
        Requests::Json {
            token: "A".repeat(86),
            body,
        },
    )
}

/// Measures one row for each number of connections.
pub(crate) fn measure(row: &Row, servers: &Servers, effort: Effort) -> Result<Vec<Line>> {
    let ours = servers.snowglobe(row.mode)?;
    let ceiling = servers.ceiling()?;
    let lines = row.wanted.iter().map(|&(connections, wanted)| {
        let (ours, reference) = in_turn(
            [
                (&ours.instance, &|| (row.ours)(&ours.instance, connections)),
                (&ceiling.instance, &|| Ok((row.ceiling)())),
            ],
            connections,
            effort,
        )?;
        Ok(Line {
            name: row.name.to_owned(),
            connections,
            ours,
            reference,
            wanted,
        })
    });
    lines.collect()
}

/// Start-up time and memory with the demo data.
pub(crate) fn readiness(servers: &Servers, seconds: Duration) -> Result<String> {
    let running = servers.snowglobe(Mode::FreshSelfProving)?;
    let first = running.instance.ready_ms();
    let running = running.restart()?;
    let instance = &running.instance;
    let (again, idle) = (instance.ready_ms(), cost::resident_mb(instance.pid())?);
    for target in [
        client::client_credentials(instance, 0)?,
        client::list_and_count(instance, 0)?,
    ] {
        load(instance, &target, 128, seconds)?;
    }
    let loaded = cost::resident_mb(instance.pid())?;
    Ok(format!(
        "ready: {first} ms with new demo data, {again} ms again (wanted < 50)\n\
         resident: {idle:.0} MB idle (wanted < 40), {loaded:.0} MB after load (wanted < 100)"
    ))
}
