//! Loads a server with wrk and tells what each request cost.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use snowglobe_testkit::Instance;

use super::script::Requests;
use super::{Effort, cost};
use crate::run;

/// One figure: a server under a load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) requests_per_second: f64,
    /// Of the server, for one request; microseconds.
    pub(crate) cpu_us: f64,
}

/// Where a load goes, and what it consists of.
pub(crate) struct Target {
    path: String,
    requests: Requests,
}

/// Returns the round whose ratio is the middle one: a neighbour's burst spoils one round, and a machine that turns slow
/// in between spoils none, since both of a round are measured within seconds.
fn middle(mut rounds: Vec<(Cost, Cost)>) -> Option<(Cost, Cost)> {
    let ratio = |(one, other): &(Cost, Cost)| one.cpu_us / other.cpu_us;
    rounds.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    rounds.get(rounds.len() / 2).copied()
}

impl Target {
    pub(crate) fn new(path: &str, requests: Requests) -> Self {
        Self {
            path: path.to_owned(),
            requests,
        }
    }
}

/// Warms a server up for a moment, then measures it.
pub(crate) fn measure(
    server: &Instance,
    target: &Target,
    connections: u32,
    seconds: Duration,
) -> Result<Cost> {
    warm_up(server, target, connections)?;
    round(server, target, connections, seconds)
}

/// A server and what makes requests to it, each round anew: a rotation uses its tokens up.
pub(crate) type Side<'s> = (&'s Instance, &'s dyn Fn() -> Result<Target>);

/// Measures two servers in turn: the first, the second, the first …, and of all rounds the [`middle`] one counts. What
/// else the machine does falls on both alike.
pub(crate) fn in_turn(
    sides: [Side<'_>; 2],
    connections: u32,
    effort: Effort,
) -> Result<(Cost, Cost)> {
    for (server, target) in sides {
        warm_up(server, &target()?, connections)?;
    }
    let measured =
        |(server, target): Side<'_>| round(server, &target()?, connections, effort.seconds);
    let [one, other] = sides;
    let rounds = (0..effort.rounds).map(|_| Ok((measured(one)?, measured(other)?)));
    middle(rounds.collect::<Result<_>>()?).context("no round")
}

/// Fills the caches of a server.
fn warm_up(server: &Instance, target: &Target, connections: u32) -> Result<()> {
    // A rotation uses each token once: its warm-up would leave nothing to measure with.
    if !matches!(target.requests, Requests::Rotate { .. }) {
        wrk(server, target, connections, Duration::from_secs(1))?;
    }
    Ok(())
}

/// Measures a server that is warm.
fn round(server: &Instance, target: &Target, connections: u32, seconds: Duration) -> Result<Cost> {
    let before = cost::until_quiet(server.pid())?;
    let load = wrk(server, target, connections, seconds)?;
    let used = cost::until_quiet(server.pid())?.saturating_sub(before);
    Ok(Cost {
        requests_per_second: load.requests_per_second,
        cpu_us: used.as_secs_f64() * 1e6 / f64::from(load.requests),
    })
}

/// Sends a load without measuring it, and returns how many requests it was.
pub(crate) fn fill(
    server: &Instance,
    target: &Target,
    connections: u32,
    seconds: Duration,
) -> Result<u32> {
    Ok(wrk(server, target, connections, seconds)?.requests)
}

/// What wrk counted.
struct Load {
    requests: u32,
    requests_per_second: f64,
    /// Answers that are neither 2xx nor 3xx.
    failed: u32,
}

fn wrk(server: &Instance, target: &Target, connections: u32, seconds: Duration) -> Result<Load> {
    let path = &target.path;
    let script = std::env::temp_dir().join(format!("snowglobe-bench-{}.lua", std::process::id()));
    std::fs::write(&script, target.requests.script())?;
    let output = run::output(
        Command::new("taskset")
            .args(["-c", "1", "wrk", "--threads", "1", "--timeout", "10s"])
            .args(["--connections", &connections.to_string()])
            .args(["--duration", &format!("{}s", seconds.as_secs())])
            .arg("--script")
            .arg(&script)
            .arg(format!("{}{path}", server.url())),
    );
    std::fs::remove_file(&script)?;
    let output = output?;
    let load = parse(&output).with_context(|| format!("wrk said: {output}"))?;
    ensure!(
        load.requests > 0 && load.failed == 0,
        "{path} was not answered well: {output}"
    );
    Ok(load)
}

fn parse(output: &str) -> Option<Load> {
    let word_after =
        |text: &str| -> Option<&str> { output.split_once(text)?.1.split_ascii_whitespace().next() };
    let requests = output.lines().find(|line| line.contains(" requests in "))?;
    Some(Load {
        requests: requests.split_ascii_whitespace().next()?.parse().ok()?,
        requests_per_second: word_after("Requests/sec:")?.parse().ok()?,
        failed: word_after("Non-2xx or 3xx responses:")
            .map_or(Some(0), |count| count.parse().ok())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_round_in_the_middle_counts() {
        let cost = |cpu_us| Cost {
            requests_per_second: 1.0,
            cpu_us,
        };
        // A quiet round, one while the whole machine was slow, and one in which a neighbour hit one side.
        let rounds = [(20.0, 10.0), (50.0, 24.0), (60.0, 11.0)];
        let rounds = rounds.map(|(one, other)| (cost(one), cost(other)));
        let (one, other) = middle(rounds.into()).expect("a round");
        assert_eq!((one.cpu_us, other.cpu_us), (50.0, 24.0));
        assert!(middle(Vec::new()).is_none());
    }

    #[test]
    fn the_words_of_wrk_are_read() {
        let output = "Running 1s test @ http://127.0.0.1:1/\n  1 threads and 2 connections\n  \
                      20115 requests in 1.00s, 4.20MB read\n  Non-2xx or 3xx responses: 7\n\
                      Requests/sec:  20110.40\nTransfer/sec:      4.20MB\n";
        let load = parse(output).expect("all of it");
        assert_eq!((load.requests, load.failed), (20_115, 7));
        assert!((load.requests_per_second - 20_110.4).abs() < 1e-6);
    }
}
