//! An instance from start to stop.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Instant};

use snowglobe_records::{base::Seed, pack};
use snowglobe_store::{
    Entropy, Options, Store,
    backend::{ApplyError, Location, StoreError},
};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::{App, Mode},
    clock::{self, Clock},
    config::{Config, ConfigError, OAuth},
    dev::{self, DemoClient, DemoJwtClient, DemoKey, DemoUser, Development, Told},
    entropy,
    gate::Gate,
    https::{self, ByName, Opened},
    jobs,
    observe::{Observed, Observer},
    operator::OperatorKey,
    outbound::{Outbound, Reach, Way},
    serve::serve,
};

/// A started instance.
#[derive(Debug)]
pub struct Instance {
    app: App,
    listener: Gate,
    address: SocketAddr,
    started: Instant,
    told: Told,
    https: Option<Opened>,
}

/// Why an instance does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] ApplyError),
    /// The port is taken, or the address is not ours.
    #[error(
        "cannot listen on {address}: {error}. Is another instance running? Choose another port"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file or the system's randomness cannot be used.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl StartError {
    pub(crate) fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }
}

impl Instance {
    /// Starts a development instance: on this machine only, with users and clients whose secrets it tells.
    ///
    /// # Errors
    /// [`StartError`], saying what to do.
    pub async fn develop(development: Development) -> Result<Self, StartError> {
        let started = Instant::now();
        let home = dev::Home::open(&development.storage)?;
        let seeds = || development.pack.seeds(clock::timestamp(clock::machine()));
        let store = open_store(home.place(), Mode::Development, &seeds).await?;
        let now = Clock::new(store.clone()).now();
        let told = dev::hand_out(&store, &home, now).await?;
        let listener = listen(development.listen).await?;
        let address = local_address(&listener)?;
        let operator = OperatorKey::derive(&home.place().master_key);
        let issuer = format!("http://{address}");
        let https = https::open(development.https, &development.storage).await?;
        home.note_address(&issuer, https.as_ref())?;
        let app = app(
            store,
            issuer,
            development.oauth,
            (Mode::Development, operator),
            Outbound::new(Reach::of_development(), Way::default()),
        )?;
        Ok(Self {
            app,
            listener: Gate::new(listener, Vec::new()),
            address,
            started,
            told,
            https,
        })
    }

    /// Starts a production instance: nobody but whom an administrator made.
    ///
    /// # Errors
    /// [`StartError`], saying what to do.
    pub async fn produce(config: Config) -> Result<Self, StartError> {
        let started = Instant::now();
        let store = production_store(&config).await?;
        let listener = listen(config.listen).await?;
        let address = local_address(&listener)?;
        let operator = OperatorKey::derive(&config.master_key()?);
        let way = Way::new(&config.outbound, config.outbound.roots()?);
        let app = app(
            store,
            config.issuer,
            config.oauth,
            (Mode::Production, operator),
            Outbound::new(Reach::of_production(&config.outbound), way),
        )?;
        Ok(Self {
            app,
            listener: Gate::new(listener, config.trusted_proxies),
            address,
            started,
            told: Told::default(),
            https: None,
        })
    }

    /// Returns the base URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.app.issuer
    }

    /// Returns the address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the users of a development instance whose passwords are known.
    #[must_use]
    pub fn users(&self) -> &[DemoUser] {
        &self.told.users
    }

    /// Returns the clients of a development instance whose secrets are known.
    #[must_use]
    pub fn clients(&self) -> &[DemoClient] {
        &self.told.clients
    }

    /// Returns the API keys of a development instance that are known.
    #[must_use]
    pub fn api_keys(&self) -> &[DemoKey] {
        &self.told.api_keys
    }

    /// Returns the clients of a development instance that come with JWTs, and whose keys are known.
    #[must_use]
    pub fn jwt_clients(&self) -> &[DemoJwtClient] {
        &self.told.jwt_clients
    }

    /// Returns the URL of HTTPS and the file of the certificate to trust, if it was asked for.
    #[must_use]
    pub fn https(&self) -> Option<(String, &Path)> {
        let https = self.https.as_ref().filter(|https| https.announced)?;
        Some((https::default_issuer(https.address.port()), &https.ca_file))
    }

    /// Returns what a program needs to begin, as one line of JSON.
    #[must_use]
    pub fn ready_json(&self) -> String {
        let ready_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let https = self
            .https()
            .map(|(url, ca_file)| serde_json::json!({"url": url, "ca_file": ca_file}));
        let mut ready = serde_json::json!({
            "url": self.url(),
            "pid": std::process::id(),
            "ready_ms": ready_ms,
            "users": self.told.users,
            "clients": self.told.clients,
            "api_keys": self.told.api_keys,
            "jwt_clients": self.told.jwt_clients,
        });
        if let Some(https) = https {
            ready["https"] = https;
        }
        ready.to_string()
    }

    /// Serves until `stop` ends; requests under way are answered, and everything is put on disk.
    ///
    /// # Errors
    /// [`StartError::Store`] when the last writes fail.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StartError> {
        let jobs = jobs::start(&self.app);
        let store = self.app.store.clone();
        let (stopping, stopped) = watch::channel(());
        let stop = async move {
            stop.await;
            drop(stopping);
        };
        let secure = secure(self.https, &self.app, stopped);
        let answers = Observed::new(self.app.clone(), self.listener.proxies().into());
        tokio::join!(serve(self.listener, Arc::new(answers), stop), secure);
        drop(jobs);
        store.close().await?;
        Ok(())
    }
}

/// Serves HTTPS, where it is open, until plain HTTP stops.
async fn secure(https: Option<Opened>, app: &App, mut stopped: watch::Receiver<()>) {
    let Some(Opened {
        door,
        address,
        passing,
        ..
    }) = https
    else {
        return;
    };
    let by_name = ByName::new(app, address.port());
    let stop = async move {
        // An error is what is waited for: the sender is gone.
        let _ = stopped.changed().await;
    };
    serve(door, Arc::new(by_name), stop).await;
    drop(passing);
}

/// Opens the store of a production instance; a new one has no users and no clients.
pub(crate) async fn production_store(config: &Config) -> Result<Store, StartError> {
    let location = match (&config.database, &config.data) {
        (Some(url), _) => Location::Postgres(url.clone()),
        (None, Some(folder)) => {
            std::fs::create_dir_all(folder).map_err(StartError::system(format!(
                "the folder {} cannot be made",
                folder.display()
            )))?;
            Location::File(folder.join("snowglobe.db"))
        }
        (None, None) => return Err(ConfigError::NoDatabase.into()),
    };
    let seeds = || {
        Box::new(pack::minimal().into_iter().filter(belongs_in_production))
            as Box<dyn Iterator<Item = Seed>>
    };
    let place = Place {
        location,
        master_key: config.master_key()?,
    };
    open_store(&place, Mode::Production, &seeds).await
}

/// Production starts with nobody in it and with the documented defaults: client credentials are off until an
/// administrator makes the property (`inbound-oauth.md` §2.4).
fn belongs_in_production(seed: &Seed) -> bool {
    const CLIENT_CREDENTIALS: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";
    match seed.table {
        "sys_user" | "sys_user_has_role" | "sys_user_grmember" => false,
        "sys_properties" => seed.value("name") != CLIENT_CREDENTIALS,
        _ => true,
    }
}

/// Where an instance keeps everything, and the key that seals its keys.
pub(crate) struct Place {
    pub(crate) location: Location,
    pub(crate) master_key: [u8; 32],
}

pub(crate) async fn open_store(
    place: &Place,
    mode: Mode,
    pack: &(dyn Fn() -> Box<dyn Iterator<Item = Seed>> + Sync),
) -> Result<Store, StartError> {
    let random = || StartError::system("the system gives no randomness");
    let entropy = Entropy {
        key: entropy::random().map_err(random())?,
        nonce: entropy::random().map_err(random())?,
        noise: u64::from_le_bytes(entropy::random().map_err(random())?),
    };
    Ok(Store::open(Options {
        location: place.location.clone(),
        master_key: place.master_key,
        now: clock::machine(),
        movable_clock: mode == Mode::Development,
        entropy,
        pack,
    })
    .await?)
}

fn app(
    store: Store,
    issuer: String,
    oauth: OAuth,
    operation: (Mode, OperatorKey),
    outbound: Outbound,
) -> Result<App, StartError> {
    let start = entropy::random().map_err(StartError::system("the system gives no randomness"))?;
    Ok(App::new(
        store,
        issuer,
        oauth,
        Observer::new(u64::from_le_bytes(start)),
        operation,
        outbound,
    ))
}

pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen { address, error })
}

pub(crate) fn local_address(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener
        .local_addr()
        .map_err(StartError::system("the listener has no address"))
}
