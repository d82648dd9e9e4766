//! The connection that stands for this process: while it lasts, the process has its number and hears the others.
//!
//! The number is an advisory lock, so a process that dies frees it. Announcements are notifications with the
//! payload `number:topic`; our own come back too and are passed over. What is said while the connection is
//! lost is not heard, so after that [`EVERYTHING`] is announced.

use std::{
    future::poll_fn,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{sync::broadcast, task::JoinHandle, time};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket, tls::NoTlsStream};

use super::{fault::unavailable, link::PAUSE};
use crate::backend::{Announcement, EVERYTHING, StoreError};

/// What the session is known by and what it hears.
#[derive(Debug)]
pub(super) struct Ear {
    node: OnceLock<u16>,
    listening: AtomicBool,
    heard: broadcast::Sender<Announcement>,
}

/// The channel of announcements.
pub(super) const CHANNEL: &str = "snowglobe";
/// The first half of the advisory locks' keys, which are no one else's: "SNOW".
const LOCKS: i32 = 0x534E_4F57;
/// Takes a number that is free. The search begins at a different place for each connection, so that a number
/// whose owner is only cut off is not the first to be taken.
const CLAIM: &str = "SELECT node FROM (
        SELECT (pg_backend_pid() + n) % 1024 AS node FROM generate_series(0, 1023) AS n
    ) AS nodes WHERE pg_try_advisory_lock($1, node) LIMIT 1";
const RECLAIM: &str = "SELECT $2::int4 WHERE pg_try_advisory_lock($1, $2)";

impl Ear {
    /// Returns this process's number.
    pub(super) fn node(&self) -> u16 {
        self.node.get().copied().unwrap_or_default()
    }

    pub(super) fn listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        self.heard.subscribe()
    }

    fn hear(&self, payload: &str) {
        if let Some((node, topic)) = payload.split_once(':')
            && node.parse() != Ok(self.node())
        {
            self.announce(topic);
        }
    }

    fn announce(&self, topic: &str) {
        // Nobody may care.
        let _ = self.heard.send(topic.into());
    }
}

/// Connects, takes a number and listens, and goes on doing so.
pub(super) async fn begin(config: Config) -> Result<(Arc<Ear>, JoinHandle<()>), StoreError> {
    let ear = Arc::new(Ear {
        node: OnceLock::new(),
        listening: AtomicBool::new(false),
        heard: broadcast::Sender::new(256),
    });
    let line = Line::connect(&config, &ear).await?;
    let session = tokio::spawn(attend(line, config, Arc::clone(&ear)));
    Ok((ear, session))
}

async fn attend(mut line: Line, config: Config, ear: Arc<Ear>) {
    loop {
        line.until_lost().await;
        line = reconnect(&config, &ear).await;
        ear.announce(EVERYTHING);
    }
}

async fn reconnect(config: &Config, ear: &Arc<Ear>) -> Line {
    let (mut pause, longest) = PAUSE;
    loop {
        match Line::connect(config, ear).await {
            Ok(line) => return line,
            Err(error) => tracing::warn!(%error, "announcements of other processes are not heard"),
        }
        time::sleep(pause).await;
        pause = longest.min(pause * 2);
    }
}

/// A connection that listens.
struct Line {
    /// The connection lasts as long as this.
    _client: Client,
    hearing: JoinHandle<()>,
}

impl Line {
    async fn connect(config: &Config, ear: &Arc<Ear>) -> Result<Self, StoreError> {
        let (client, connection) = config.connect(NoTls).await.map_err(|e| unavailable(&e))?;
        let hearing = tokio::spawn(hear(connection, Arc::clone(ear)));
        take_number(&client, ear).await?;
        let listen = client.batch_execute(&format!("LISTEN {CHANNEL}")).await;
        listen.map_err(|error| unavailable(&error))?;
        ear.listening.store(true, Ordering::Release);
        Ok(Self {
            _client: client,
            hearing,
        })
    }

    async fn until_lost(&mut self) {
        // A panic there was reported where it happened, and is a loss all the same.
        let _ = (&mut self.hearing).await;
    }
}

async fn take_number(client: &Client, ear: &Ear) -> Result<(), StoreError> {
    let taken = match ear.node.get() {
        None => client.query_opt(CLAIM, &[&LOCKS]).await,
        Some(node) => {
            client
                .query_opt(RECLAIM, &[&LOCKS, &i32::from(*node)])
                .await
        }
    };
    let row = taken.map_err(|error| unavailable(&error))?.ok_or_else(|| {
        StoreError::Unavailable("the number of this process, or every number, is taken".into())
    })?;
    let node: i32 = row.try_get(0).map_err(|error| unavailable(&error))?;
    ear.node
        .get_or_init(|| u16::try_from(node).unwrap_or_default());
    Ok(())
}

async fn hear(mut connection: Connection<Socket, NoTlsStream>, ear: Arc<Ear>) {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notification(notification)) => ear.hear(notification.payload()),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the session with PostgreSQL is lost");
                break;
            }
        }
    }
    ear.listening.store(false, Ordering::Release);
}
