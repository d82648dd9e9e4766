//! Connections: how they are made, lost and made anew, and the statements they have prepared.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use quick_cache::sync::Cache;
use tokio::sync::Mutex;
use tokio_postgres::{Client, Config, Error, NoTls, Statement, config::SslMode};

use super::{fault::unavailable, merge::many_rows};
use crate::backend::StoreError;

/// A connection and what it has prepared.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) client: Client,
    statements: Cache<Arc<str>, Prepared>,
}

/// A statement that the server has understood.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) one: Statement,
    /// The text that inserts many rows like it, if it inserts one.
    pub(super) many: Option<Arc<str>>,
}

/// A place for a connection, which is made when it is first needed.
#[derive(Debug)]
pub(super) struct Slot {
    config: Config,
    role: Role,
    state: Mutex<State>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// The only one that changes rows.
    Writer,
    /// Sees the last commit.
    Reader,
}

#[derive(Debug, Default)]
struct State {
    link: Option<Arc<Link>>,
    failure: Option<Failure>,
}

/// Until when the server is left alone, and why.
#[derive(Debug)]
struct Failure {
    until: Instant,
    pause: Duration,
    error: StoreError,
}

/// How many statements a connection keeps prepared.
const PREPARED: usize = 256;
/// How long the server is left alone after the first failure, and at most.
pub(super) const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Reads the URL.
pub(super) fn configure(url: &str) -> Result<Config, StoreError> {
    let mut config: Config = url.parse().map_err(|error: Error| unavailable(&error))?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(StoreError::Unavailable(
            "this build does not speak TLS to PostgreSQL: use a local socket or a tunnel, and \
             sslmode=disable"
                .into(),
        ));
    }
    config.application_name("snowglobe");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(10));
    }
    Ok(config)
}

impl Slot {
    pub(super) fn new(config: Config, role: Role) -> Self {
        let state = Mutex::default();
        Self {
            config,
            role,
            state,
        }
    }

    /// Closes the connection; the next one is made anew.
    pub(super) async fn forget(&self) {
        self.state.lock().await.link = None;
    }

    /// Returns the connection; a lost one is made anew, with growing pauses between attempts that fail.
    pub(super) async fn link(&self) -> Result<Arc<Link>, StoreError> {
        let mut state = self.state.lock().await;
        if let Some(link) = &state.link
            && !link.client.is_closed()
        {
            return Ok(Arc::clone(link));
        }
        if let Some(failure) = &state.failure
            && Instant::now() < failure.until
        {
            return Err(failure.error.clone());
        }
        match Link::connect(&self.config, self.role).await {
            Ok(link) => Ok(state.keep(link)),
            Err(error) => Err(state.fail(error)),
        }
    }
}

impl State {
    fn keep(&mut self, link: Link) -> Arc<Link> {
        let link = Arc::new(link);
        self.link = Some(Arc::clone(&link));
        self.failure = None;
        link
    }

    fn fail(&mut self, error: StoreError) -> StoreError {
        let (first, longest) = PAUSE;
        let pause = self
            .failure
            .as_ref()
            .map_or(first, |last| longest.min(last.pause * 2));
        let until = Instant::now() + pause;
        self.link = None;
        self.failure = Some(Failure {
            until,
            pause,
            error: error.clone(),
        });
        error
    }
}

impl Link {
    async fn connect(config: &Config, role: Role) -> Result<Self, StoreError> {
        let (client, connection) = config.connect(NoTls).await.map_err(|e| unavailable(&e))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to PostgreSQL is lost");
            }
        });
        let settings = match role {
            // What is acknowledged survives a power cut, whatever the server's default is.
            Role::Writer => "SET synchronous_commit = on",
            Role::Reader => "SET default_transaction_read_only = on",
        };
        client
            .batch_execute(settings)
            .await
            .map_err(|error| unavailable(&error))?;
        Ok(Self {
            client,
            statements: Cache::new(PREPARED),
        })
    }

    /// Returns the statement with this text, prepared.
    pub(super) async fn prepare(&self, sql: &Arc<str>) -> Result<Prepared, Error> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(prepared);
        }
        let one = self.client.prepare(sql).await?;
        let many = many_rows(sql, one.params()).map(Arc::from);
        let prepared = Prepared { one, many };
        self.statements.insert(Arc::clone(sql), prepared.clone());
        Ok(prepared)
    }
}
