//! Development instances: where they live, and the passwords and secrets they hand out.
//!
//! Every instance makes its own and keeps them beside its database, readable by its owner only: a known default
//! password on a well-known port would be open to any page that this machine's browser visits.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use snowglobe_oauth::secret::{Secret, SecretHash};
use snowglobe_records::{base::Seed, pack};
use snowglobe_store::{Store, backend::Location};

pub use running::{Running, RunningHttps};

mod running;

use crate::{
    StartError,
    config::{OAuth, parse_key},
    entropy,
    https::{self, Https},
    instance::Place,
};

/// What a development instance is told.
#[derive(Debug, Clone)]
pub struct Development {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where it lives.
    pub storage: Storage,
    /// How it speaks HTTPS.
    pub https: Https,
    /// The rows a new one starts with.
    pub pack: Pack,
    /// OAuth behaviour.
    pub oauth: OAuth,
}

/// Where a development instance lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere: it keeps nothing.
    Ephemeral,
    /// In a folder.
    Folder(PathBuf),
    /// In a PostgreSQL database; the folder keeps its keys and secrets.
    Database {
        /// The database's URL.
        url: String,
        /// The folder.
        folder: PathBuf,
    },
}

/// The rows a new instance starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// What an instance cannot do without.
    Minimal,
    /// The users and records that public client test suites expect.
    Compat,
    /// An organisation at work.
    Demo,
    /// The same, and 100,000 incidents.
    Load,
}

impl Pack {
    pub(crate) fn seeds(self, now: Timestamp) -> Box<dyn Iterator<Item = Seed>> {
        const LOAD: usize = 100_000;
        match self {
            Self::Minimal => Box::new(pack::minimal().into_iter()),
            Self::Compat => Box::new(pack::compat(now).into_iter()),
            Self::Demo => Box::new(pack::demo(now).into_iter()),
            Self::Load => Box::new(pack::demo(now).into_iter().chain(pack::load(LOAD, now))),
        }
    }
}

/// A user whose password is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoUser {
    /// The user name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The roles, without those they contain.
    pub roles: Vec<String>,
}

/// A client whose secret is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoClient {
    /// The name.
    pub name: String,
    /// The id.
    pub client_id: String,
    /// The secret; a public client has none.
    pub client_secret: Option<String>,
}

/// An API key that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoKey {
    /// The name.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A client that comes with JWTs, and the key to sign them with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoJwtClient {
    /// The name.
    pub name: String,
    /// The id: `iss` and `aud` of its assertions.
    pub client_id: String,
    /// The key's name.
    pub kid: String,
    /// The key, for HS256.
    pub shared_key: String,
}

/// What a development instance tells whoever started it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Users with their passwords.
    pub users: Vec<DemoUser>,
    /// Clients with their secrets.
    pub clients: Vec<DemoClient>,
    /// API keys.
    pub api_keys: Vec<DemoKey>,
    /// Clients for JWT bearer.
    pub jwt_clients: Vec<DemoJwtClient>,
}

/// The secrets that were handed out, by user name, client id, name of the API key and of the verifier map.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    users: BTreeMap<String, String>,
    clients: BTreeMap<String, String>,
    #[serde(default)]
    api_keys: BTreeMap<String, String>,
    /// By name of the verifier map.
    #[serde(default)]
    shared_keys: BTreeMap<String, String>,
}

/// The applications to try things out with, by their ids.
pub mod demo {
    use snowglobe_records::pack;

    /// The confidential client for every grant.
    pub const CLIENT_ID: &str = pack::DEMO_CLIENT.client_id;
    /// The public client.
    pub const PUBLIC_CLIENT_ID: &str = pack::DEMO_PUBLIC_CLIENT.client_id;
}

/// The people of the packs who get a password, each with other rights; the others exist as data only.
const SIGN_INS: [&str; 6] = [
    "admin",
    "itil",
    "employee",
    "problem.admin",
    "abel.tuter",
    "integration.user",
];

/// The file in a development instance's folder that holds where it ends TLS, and whether that is told.
pub(crate) const HTTPS_ADDRESS: &str = "https-address";
/// The file in a development instance's folder that holds its URL.
pub(crate) const ADDRESS: &str = "address";
/// The file in a development instance's folder that holds its master key.
pub(crate) const MASTER_KEY: &str = "master.key";

/// Where an instance keeps its master key and the secrets it handed out.
pub(crate) struct Home {
    place: Place,
    folder: Option<PathBuf>,
}

impl Home {
    pub(crate) fn open(storage: &Storage) -> Result<Self, StartError> {
        let random =
            || entropy::random().map_err(StartError::system("the system gives no randomness"));
        let (location, folder) = match storage {
            Storage::Ephemeral => {
                let place = Place {
                    location: Location::Memory,
                    master_key: random()?,
                };
                return Ok(Self {
                    place,
                    folder: None,
                });
            }
            Storage::Folder(folder) => (Location::File(folder.join("snowglobe.db")), folder),
            Storage::Database { url, folder } => (Location::Postgres(url.clone()), folder),
        };
        let failed = |what: &str| StartError::system(format!("{what} in {}", folder.display()));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed("the instance's folder cannot be made"))?;
        let path = folder.join(MASTER_KEY);
        if !path.exists() {
            let key: [u8; 32] = random()?;
            let mut hex = String::with_capacity(64);
            for byte in key {
                // Writing to a String cannot fail.
                let _ = write!(hex, "{byte:02x}");
            }
            write_private(&path, hex.as_bytes())
                .map_err(failed("the master key cannot be written"))?;
        }
        let hex = fs::read_to_string(&path).map_err(failed("the master key cannot be read"))?;
        let master_key = parse_key(hex.trim()).ok_or_else(|| {
            let damaged = io::Error::new(io::ErrorKind::InvalidData, "it is not 64 hex digits");
            failed("the master key cannot be used")(damaged)
        })?;
        let place = Place {
            location,
            master_key,
        };
        Ok(Self {
            place,
            folder: Some(folder.clone()),
        })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Leaves word of where the instance listens, for the commands that ask it.
    pub(crate) fn note_address(
        &self,
        url: &str,
        https: Option<&https::Opened>,
    ) -> Result<(), StartError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            let failed = StartError::system(format!("{} cannot be written", path.display()));
            // Nobody listens there after a power cut, so it need not outlive one: the start does not wait for the disk.
            let written = write_part(&path, text.as_bytes());
            written
                .and_then(|(part, _)| fs::rename(part, path))
                .map_err(failed)
        };
        write(ADDRESS, url)?;
        match https {
            Some(https) => write(HTTPS_ADDRESS, &RunningHttps::note(https)),
            // An earlier one's, which nobody listens at any more.
            None => match fs::remove_file(folder.join(HTTPS_ADDRESS)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(StartError::system("an old address stays")(error))
                }
                _ => Ok(()),
            },
        }
    }

    fn path(&self) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join("development.json"))
    }

    fn secrets(&self) -> Result<Secrets, StartError> {
        let Some(path) = self.path() else {
            return Ok(Secrets::default());
        };
        let failed = || StartError::system(format!("{} cannot be read", path.display()));
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| failed()(error.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Secrets::default()),
            Err(error) => Err(failed()(error)),
        }
    }

    fn keep(&self, secrets: &Secrets) -> Result<(), StartError> {
        let Some(path) = self.path() else {
            return Ok(());
        };
        let failed = || StartError::system(format!("{} cannot be written", path.display()));
        let text = serde_json::to_vec_pretty(secrets).map_err(|error| failed()(error.into()))?;
        write_private(&path, &text).map_err(failed())
    }
}

/// Writes a file that only its owner reads; it is there whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (part, file) = write_part(path, bytes)?;
    file.sync_all()?;
    fs::rename(part, path)
}

/// Writes what will be the file, beside it.
fn write_part(path: &Path, bytes: &[u8]) -> io::Result<(PathBuf, fs::File)> {
    let part = path.with_extension("part");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)?;
    file.write_all(bytes)?;
    Ok((part, file))
}

/// Gives the pack's users and clients passwords and secrets if they have none, and returns those that are known.
pub(crate) async fn hand_out(
    store: &Store,
    home: &Home,
    now: Timestamp,
) -> Result<Told, StartError> {
    let mut secrets = home.secrets()?;
    let mut credentials = Vec::new();
    for person in store.sign_ins().await? {
        if !person.has_secret && SIGN_INS.contains(&&*person.name) {
            let password = secrets
                .users
                .entry(person.name.to_string())
                .or_insert(generate()?);
            credentials.push((person.key, hash(password)));
        }
    }
    for client in store.registered_clients().await? {
        if !client.has_secret && !client.is_public {
            let secret = secrets
                .clients
                .entry(client.client_id.to_string())
                .or_insert(generate()?);
            credentials.push((client.key, hash(secret)));
        }
    }
    for key in store.api_keys().await? {
        if !key.has_secret && *key.name == *pack::DEMO_API_KEY {
            let told = secrets
                .api_keys
                .entry(key.name.to_string())
                .or_insert(generate()?);
            credentials.push((key.key, hash(told)));
        }
    }
    for map in store.shared_keys().await? {
        if !map.has_secret && *map.name == *pack::DEMO_JWT_CLIENT {
            let told = secrets
                .shared_keys
                .entry(map.name.to_string())
                .or_insert(generate()?);
            let sealed = store.sealed(&map.key, &Secret::new(told.clone()), random()?);
            credentials.extend(sealed.map(|sealed| (map.key, sealed)));
        }
    }
    if !credentials.is_empty() {
        // On file before they count: a secret that works must never be one that nobody knows.
        home.keep(&secrets)?;
        store.set_secrets(&credentials, now).await?;
    }
    told(store, &secrets).await
}

async fn told(store: &Store, secrets: &Secrets) -> Result<Told, StartError> {
    let mut users = Vec::new();
    for name in SIGN_INS {
        let Some(password) = secrets.users.get(name) else {
            continue;
        };
        let roles = store.own_roles(name).await?;
        users.push(DemoUser {
            name: name.to_owned(),
            password: password.clone(),
            roles,
        });
    }
    let mut clients = Vec::new();
    for client in store.registered_clients().await? {
        let client_secret = secrets.clients.get(&*client.client_id).cloned();
        if client_secret.is_some() || client.is_public {
            clients.push(DemoClient {
                name: client.name.into(),
                client_id: client.client_id.into(),
                client_secret,
            });
        }
    }
    // What can be tried at once comes first.
    clients.sort_by_key(|client| client.client_secret.is_none());
    let known: Vec<_> = store.api_keys().await?;
    let is_known = |name: &str| known.iter().any(|key| *key.name == *name);
    let keys = secrets.api_keys.iter().filter(|(name, _)| is_known(name));
    let api_keys = keys
        .map(|(name, key)| DemoKey {
            name: name.clone(),
            key: key.clone(),
        })
        .collect();
    Ok(Told {
        users,
        clients,
        api_keys,
        jwt_clients: jwt_clients(store, &secrets.shared_keys).await?,
    })
}

async fn jwt_clients(
    store: &Store,
    keys: &BTreeMap<String, String>,
) -> Result<Vec<DemoJwtClient>, StartError> {
    let known = store.shared_keys().await?;
    let of_map = |(name, key): (&String, &String)| {
        let is_there = known.iter().any(|map| *map.name == **name);
        is_there.then(|| DemoJwtClient {
            name: name.clone(),
            client_id: pack::DEMO_JWT_CLIENT_ID.to_owned(),
            kid: pack::DEMO_JWT_KID.to_owned(),
            shared_key: key.clone(),
        })
    };
    Ok(keys.iter().filter_map(of_map).collect())
}

/// A new secret of 256 random bits.
pub(crate) fn generate() -> Result<String, StartError> {
    Ok(Secret::generate(random()?).expose().to_owned())
}

fn random<const N: usize>() -> Result<[u8; N], StartError> {
    entropy::random().map_err(StartError::system("the system gives no randomness"))
}

/// What is stored of a generated secret.
pub(crate) fn hash(secret: &str) -> Box<str> {
    SecretHash::hash_generated(&Secret::new(secret.to_owned()))
        .render()
        .into()
}
