//! A storm of requests, and `kill -9` in the middle of it, again and again.
//!
//! Clients write what was acknowledged into a [`Ledger`]. Each round ends after a drawn number of
//! acknowledgements, whatever is in flight then. The process is started again on the same data,
//! and the ledger is checked against what it says now.

mod ledger;
mod worker;

use std::sync::atomic::{AtomicU32, Ordering};

use fastrand::Rng;
use snowglobe_testkit::{Http, Instance};

use self::ledger::Ledger;
use self::worker::Worker;
use crate::world::{Credentials, Place, Store};

/// Over both databases: 52 kills.
const KILLS: u32 = 26;
const WORKERS: u64 = 6;
const MOST_ACKNOWLEDGED: u32 = 150;
/// How many entries of earlier rounds are looked at after each restart; all are at the end.
const SAMPLE: usize = 60;

fn nothing_acknowledged_is_lost(store: Store, seed: u64, arguments: &[&str]) {
    let place = Place::new(store);
    let launch = arguments
        .iter()
        .fold(place.launch(), |launch, argument| launch.argument(argument));
    let mut instance = launch.start();
    let client = Credentials::of_demo_client(&instance);
    let refresh_tokens = refresh_tokens(&instance, &client);
    let mut random = Rng::with_seed(seed);
    let mut ledger = Ledger::new(refresh_tokens);
    for round in 0..KILLS {
        let target = random.u32(1..=MOST_ACKNOWLEDGED);
        let this_round = ledger.begin(round);
        rage(instance, &client, &mut ledger, target, &mut random);
        instance = launch.start();
        ledger.check(instance.http(), &client, this_round, SAMPLE, &mut random);
    }
    ledger.check_everything(instance.http(), &client);
}

/// One rotating family for each worker: only its owner may use it.
fn refresh_tokens(instance: &Instance, client: &Credentials) -> Vec<String> {
    (0..WORKERS)
        .map(|_| client.refresh_token(instance))
        .collect()
}

/// Lets all workers loose, and kills the process when enough was acknowledged.
fn rage(
    instance: Instance,
    client: &Credentials,
    ledger: &mut Ledger,
    target: u32,
    random: &mut Rng,
) {
    let acknowledged = AtomicU32::new(0);
    let http = instance.http().clone();
    let pages = ledger.hand_out();
    let (enough, killed) = std::sync::mpsc::channel();
    let pages = std::thread::scope(|scope| {
        let workers: Vec<_> = pages
            .into_iter()
            .map(|page| {
                let acknowledge = {
                    let (acknowledged, enough) = (&acknowledged, enough.clone());
                    move || {
                        if acknowledged.fetch_add(1, Ordering::Relaxed) + 1 == target {
                            let _first = enough.send(());
                        }
                    }
                };
                let http = Http::clone(&http);
                let worker = Worker {
                    http,
                    client,
                    page,
                    random: random.fork(),
                };
                scope.spawn(move || worker.work_until_cut_off(acknowledge))
            })
            .collect();
        drop(enough);
        killed.recv().expect("a worker says when it is enough");
        instance.kill();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    ledger.take_back(pages);
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    nothing_acknowledged_is_lost(Store::Sqlite, 1, &["--token-reuse=fresh"]);
}

#[test]
fn nothing_acknowledged_is_lost_on_postgres() {
    nothing_acknowledged_is_lost(Store::Postgres, 2, &["--token-reuse=fresh"]);
}
