//! Reading every row: in one stream, with and without an order, and page by page.

use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use snowglobe_testkit::Instance;

use super::super::client;
use super::super::table::Table;
use super::{Place, missed, most_resident};

/// Resident memory that is allowed, in MB.
const MOST_MB: f64 = 200.0;
const STREAMS: [(&str, &str); 3] = [
    ("in one stream", ""),
    ("in one stream by number", "ORDERBYnumber"),
    (
        "in one stream by opened_at, last first",
        "ORDERBYDESCopened_at",
    ),
];
/// Rows of a page: as many as come unless a request says otherwise.
const PAGE: u32 = 10_000;
const PATIENCE: Duration = Duration::from_mins(5);

/// Measures each way of reading.
pub(super) fn measure(instance: &Instance, place: Place, table: &mut Table) -> Result<()> {
    let token = client::access_token(instance)?;
    for (name, query) in STREAMS {
        note(instance, place, table, name, || {
            let path = format!(
                "/api/now/table/incident?sysparm_limit=2000000&sysparm_no_count=true&sysparm_query={query}"
            );
            let read = drain(instance, &token, &path)?;
            ensure!(read > 1_000_000_000, "only {read} bytes came");
            Ok(())
        })?;
    }
    note(instance, place, table, "page by page by number", || {
        let (mut offset, mut bytes) = (0, 0);
        loop {
            let path = format!(
                "/api/now/table/incident?sysparm_query=ORDERBYnumber&sysparm_fields=number,sys_id\
                 &sysparm_limit={PAGE}&sysparm_offset={offset}"
            );
            let read = drain(instance, &token, &path)?;
            bytes += read;
            offset += PAGE;
            if read < 1_000 || offset > 2_000_000 {
                ensure!(bytes > 50_000_000, "only {bytes} bytes came");
                return Ok(());
            }
        }
    })
}

fn note(
    instance: &Instance,
    place: Place,
    table: &mut Table,
    name: &str,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    eprintln!("xtask: 1,000,000 rows {name}, {}", place.name());
    let began = Instant::now();
    let most = most_resident(instance, work)?;
    table.note(&format!(
        "1,000,000 rows {name}, {}: {:.0} s, {most:.0} MB resident at most (wanted < {MOST_MB:.0}{})",
        place.name(),
        began.elapsed().as_secs_f64(),
        missed(most < MOST_MB)
    ))?;
    Ok(())
}

/// Reads an answer as it comes and returns how long it is.
fn drain(instance: &Instance, token: &str, path: &str) -> Result<usize> {
    let request = instance.http().bearer(token, "GET", path).timeout(PATIENCE);
    let mut answer = request.send()?.error_for_status()?;
    let mut piece = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match answer.read(&mut piece)? {
            0 => return Ok(bytes),
            read => bytes += read,
        }
    }
}
