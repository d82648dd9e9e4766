//! One process with a file, many processes with a server. Two backends in one process are as good as two
//! processes: they share nothing but the database.

use std::{collections::BTreeSet, fs};

use futures_util::future::join_all;
use snowglobe_store::{
    backend::{ApplyError, Backend, EVERYTHING, Location, StoreError},
    sql::{Batch, Statement},
};

use crate::place::{Place, batch, guarded, ids, insert, named, numbers, redeem};

pub(crate) async fn a_second_opener_of_a_file_is_refused(place: Place) {
    let first = place.tickets().await;
    let second = Backend::open(&place.location).await.unwrap_err();
    assert!(
        second.to_string().contains("in use by another process"),
        "{second}"
    );
    first.apply(Batch::one(insert(1))).await.unwrap();
    drop(first);
    assert_eq!(ids(&place.open().await).await, [1]);
}

pub(crate) async fn what_is_applied_is_there_after_opening_again(place: Place) {
    let first = place.tickets().await;
    first.apply(Batch::one(insert(1))).await.unwrap();
    first.write_behind(Batch::one(insert(2))).unwrap();
    drop(first);
    assert_eq!(ids(&place.open().await).await, [1, 2]);
}

pub(crate) async fn two_instances_in_memory_share_nothing(place: Place) {
    let (one, other) = (place.tickets().await, place.tickets().await);
    one.apply(Batch::one(insert(1))).await.unwrap();
    assert_eq!((ids(&one).await, ids(&other).await), (vec![1], vec![]));
}

pub(crate) async fn the_log_is_copied_back(place: Place) {
    let backend = place.tickets().await;
    let log = format!("{}-wal", place.path().display());
    let size = || fs::metadata(&log).unwrap().len();
    // 100 MiB of changes would be a log of that size if nobody copied it back.
    for round in 0..100 {
        let ids = round * 256..(round + 1) * 256;
        backend.apply(batch(ids.map(long))).await.unwrap();
    }
    assert!(size() < 80 << 20, "{} bytes", size());
    assert_eq!(
        numbers(&backend, "SELECT COUNT(*) FROM ticket").await,
        [25_600]
    );
}

pub(crate) async fn a_backup_is_a_whole_database(place: Place) {
    let backend = place.tickets().await;
    backend.apply(batch((0..100).map(insert))).await.unwrap();
    let copy = place.path().with_extension("copy");
    backend.backup(&copy).await.unwrap();
    backend.apply(Batch::one(insert(100))).await.unwrap();
    let again = backend.backup(&copy).await;
    assert!(
        matches!(again, Err(StoreError::Unavailable(_))),
        "{again:?}"
    );
    let restored = Backend::open(&Location::File(copy)).await.unwrap();
    assert_eq!(ids(&restored).await, (0..100).collect::<Vec<i64>>());
    restored.apply(Batch::one(insert(100))).await.unwrap();
}

#[cfg(unix)]
pub(crate) async fn nobody_else_may_read_the_files(place: Place) {
    use std::os::unix::fs::PermissionsExt as _;

    let backend = place.tickets().await;
    backend
        .backup(&place.path().with_extension("copy"))
        .await
        .unwrap();
    let files: Vec<_> = fs::read_dir(place.path().parent().unwrap())
        .unwrap()
        .collect();
    assert!(files.len() >= 4, "file, log, lock and copy: {files:?}");
    for file in files {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", file.path().display());
    }
}

fn long(id: i64) -> Statement {
    named(id, &format!("{id:04096}"))
}

pub(crate) async fn numbers_differ(place: Place) {
    let backends = join_all((0..8).map(|_| place.open())).await;
    let numbers: BTreeSet<u16> = backends.iter().map(Backend::node).collect();
    assert_eq!(numbers.len(), 8);
    assert!(numbers.iter().all(|node| *node < 1024));
}

pub(crate) async fn an_announcement_is_heard_by_others_only(place: Place) {
    let (one, other) = (place.tickets().await, place.open().await);
    let (mut own, mut heard) = (one.subscribe(), other.subscribe());
    assert!(one.listening() && other.listening());
    let mut batch = Batch::one(insert(1));
    batch.announce("clients");
    batch.announce("clients");
    batch.announce("rules");
    one.apply(batch).await.unwrap();
    assert_eq!(&*heard.recv().await.unwrap(), "clients");
    assert_eq!(&*heard.recv().await.unwrap(), "rules");
    // The row is there when it is announced.
    assert_eq!(ids(&other).await, [1]);
    let mut answer = Batch::default();
    answer.announce("keys");
    other.apply(answer).await.unwrap();
    // Had it heard its own, they would have come before this.
    assert_eq!(&*own.recv().await.unwrap(), "keys");
}

pub(crate) async fn a_refused_batch_announces_nothing(place: Place) {
    let (one, other) = (place.tickets().await, place.open().await);
    let mut heard = other.subscribe();
    let mut refused = guarded(redeem(1, 1));
    refused.announce("clients");
    assert!(matches!(
        one.apply(refused).await,
        Err(ApplyError::Conflict)
    ));
    let mut good = Batch::one(insert(1));
    good.announce("rules");
    one.apply(good).await.unwrap();
    assert_eq!(&*heard.recv().await.unwrap(), "rules");
}

pub(crate) async fn a_lost_session_is_told_and_mended(place: Place) {
    let backend = place.tickets().await;
    let (node, mut heard) = (backend.node(), backend.subscribe());
    cut(&place).await;
    assert_eq!(&*heard.recv().await.unwrap(), EVERYTHING);
    assert!(backend.listening());
    assert_eq!(backend.node(), node);
    let other = place.open().await;
    assert_ne!(other.node(), node);
    let mut batch = Batch::default();
    batch.announce("users");
    other.apply(batch).await.unwrap();
    assert_eq!(&*heard.recv().await.unwrap(), "users");
}

pub(crate) async fn a_lost_writer_is_mended(place: Place) {
    let backend = place.tickets().await;
    for id in 0..5 {
        backend.apply(Batch::one(insert(id))).await.unwrap();
        backend.write_behind(Batch::one(insert(id + 100))).unwrap();
        cut(&place).await;
        // The first to ask may hear of it; what nobody waits for is not lost.
        while let Err(error) = backend.flush().await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
    }
    assert_eq!(
        ids(&backend).await,
        [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]
    );
}

pub(crate) async fn the_last_owner_writes_what_waits(place: Place) {
    let (one, other) = (place.tickets().await, place.open().await);
    one.write_behind(Batch::one(insert(1))).unwrap();
    drop(one);
    while ids(&other).await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ids(&other).await, [1]);
}

pub(crate) async fn the_same_row_is_used_by_one_process(place: Place) {
    let (one, other) = (place.tickets().await, place.open().await);
    for id in 0..25 {
        one.apply(Batch::one(insert(id))).await.unwrap();
        let tasks = (0..16).map(|at| {
            let backend = if at % 2 == 0 {
                one.clone()
            } else {
                other.clone()
            };
            tokio::spawn(async move { backend.apply(guarded(redeem(id, at))).await })
        });
        let outcomes = join_all(tasks).await;
        let winners = outcomes
            .into_iter()
            .filter(|outcome| outcome.as_ref().unwrap().is_ok());
        assert_eq!(winners.count(), 1);
    }
}

pub(crate) async fn a_server_that_is_not_there_is_named(_: Place) {
    let open = |url: &str| {
        let location = Location::Postgres(url.to_owned());
        async move { Backend::open(&location).await.unwrap_err().to_string() }
    };
    let refused = open("postgres://nobody@127.0.0.1:1/nothing").await;
    assert!(refused.contains("not available"), "{refused}");
    let tls = open("postgres://nobody@127.0.0.1:1/nothing?sslmode=require").await;
    assert!(tls.contains("sslmode=disable"), "{tls}");
}

/// Ends every connection to the database but its own, as an administrator or a network may.
async fn cut(place: &Place) {
    let Location::Postgres(url) = &place.location else {
        panic!("not a server")
    };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.batch_execute(all).await.unwrap();
}
