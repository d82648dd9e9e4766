//! Settings: what a production instance reads from its file, and what `up` fills in by itself.
//!
//! A key that does not exist is refused with the nearest one that does: a misspelt setting must not
//! silently leave its default in force.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use ipnet::IpNet;
use serde::Deserialize;

mod outbound;

pub use outbound::{HostPattern, Outbound, Proxy};

/// Everything an instance can be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The base URL that people and clients use, such as `https://snow.example.com`; the `iss` of all that is
    /// issued, and the start of every link.
    pub issuer: String,
    /// The address to listen on.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// A `postgres://` URL; without it the embedded database in `data` is used.
    pub database: Option<String>,
    /// The folder of the embedded database.
    pub data: Option<PathBuf>,
    /// A file with the master key: 64 hex digits. It seals the instance's keys; without it they cannot be read.
    pub master_key_file: Option<PathBuf>,
    /// Who may connect besides this machine: the reverse proxies that end TLS, as addresses or CIDR ranges.
    /// Whom they name in `X-Forwarded-For` counts as the origin of a request when guesses are counted; nobody else is
    /// believed.
    #[serde(default)]
    pub trusted_proxies: Vec<Peers>,
    /// OAuth behaviour.
    #[serde(default)]
    pub oauth: OAuth,
    /// Whom the instance itself may connect to.
    #[serde(default)]
    pub outbound: Outbound,
    /// What is written about what happens.
    #[serde(default)]
    pub log: Log,
}

/// A range of addresses: `10.0.0.7` or `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Peers(IpNet);

impl Peers {
    /// Tells whether an address is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl TryFrom<String> for Peers {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let range = text
            .parse()
            .or_else(|_| text.parse().map(|one: IpAddr| one.into()));
        range
            .map(Self)
            .map_err(|_| format!("'{text}' is no address and no range such as 10.0.0.0/8"))
    }
}

/// The `[oauth]` section.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OAuth {
    /// When the answer to a token request is given.
    pub token_durability: TokenDurability,
    /// What a repeated grant gives in the `ServiceNow` dialect.
    pub token_reuse: TokenReuse,
}

/// When the answer to a token request is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenDurability {
    /// At once: the token proves itself, and its row follows within moments.
    #[default]
    SelfProving,
    /// When the token's row is on disk.
    Committed,
}

/// What a repeated grant for the same client and user gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenReuse {
    /// The current token while it lives, as `ServiceNow` does.
    #[default]
    Current,
    /// A new token each time.
    Fresh,
}

/// The `[log]` section.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// What is written, such as `info` or `snowglobe=debug`.
    pub level: Option<String>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
}

/// Why a configuration cannot be used. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text is no valid configuration.
    #[error("{0}")]
    Invalid(String),
    /// Nothing says what the instance is called.
    #[error(
        "'issuer' must be the https:// URL that clients use, such as issuer = \"https://snow.example.com\" (it is '{0}')"
    )]
    Issuer(String),
    /// Nothing seals the instance's keys.
    #[error(
        "'master_key_file' is missing. Make one with\n    (umask 077; openssl rand -hex 32 > /etc/snowglobe/master.key)\n\
         and set master_key_file = \"/etc/snowglobe/master.key\". Keep a copy: without it the instance's keys are lost"
    )]
    MasterKeyMissing,
    /// The file with the master key cannot be used.
    #[error(
        "the master key in {path} cannot be used: {why}. It must hold 64 hex digits (openssl rand -hex 32)"
    )]
    MasterKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Neither database was chosen.
    #[error("set 'database' to a postgres:// URL, or 'data' to a folder for the embedded database")]
    NoDatabase,
    /// The ways out of the instance contradict each other.
    #[error("[outbound]: {0}")]
    Outbound(&'static str),
    /// The certificates to trust cannot be read.
    #[error("[outbound] ca_file = {path}: {why}")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The instance would speak plain HTTP to the world.
    #[error(
        "'listen' is {0}, which others can reach, but Snowglobe does not end TLS itself yet: listen on 127.0.0.1, \
         or put a TLS proxy in front and name its address in 'trusted_proxies'"
    )]
    PlainHttp(SocketAddr),
}

impl Config {
    /// Reads a configuration file's text and checks it for production.
    ///
    /// # Errors
    /// [`ConfigError`], saying what to mend.
    pub fn production(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| invalid(&error))?;
        if !config.issuer.starts_with("https://") || config.issuer.len() <= "https://".len() {
            return Err(ConfigError::Issuer(config.issuer));
        }
        if config.master_key_file.is_none() {
            return Err(ConfigError::MasterKeyMissing);
        }
        if config.database.is_none() && config.data.is_none() {
            return Err(ConfigError::NoDatabase);
        }
        if let Some(fault) = config.outbound.fault() {
            return Err(ConfigError::Outbound(fault));
        }
        if !config.listen.ip().is_loopback() && config.trusted_proxies.is_empty() {
            return Err(ConfigError::PlainHttp(config.listen));
        }
        Ok(Self {
            issuer: config.issuer.trim_end_matches('/').to_owned(),
            ..config
        })
    }

    /// Reads the master key that the configuration names.
    ///
    /// # Errors
    /// [`ConfigError::MasterKey`] when the file cannot be read or holds no key.
    pub fn master_key(&self) -> Result<[u8; 32], ConfigError> {
        let path = self
            .master_key_file
            .clone()
            .ok_or(ConfigError::MasterKeyMissing)?;
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                return Err(ConfigError::MasterKey {
                    path,
                    why: error.to_string(),
                });
            }
        };
        parse_key(text.trim()).ok_or_else(|| ConfigError::MasterKey {
            path,
            why: "it holds something else".to_owned(),
        })
    }
}

/// Reads 64 hex digits as a key.
#[must_use]
pub fn parse_key(hex: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(key)
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// Adds the nearest known key to serde's "unknown field" error.
fn invalid(error: &toml::de::Error) -> ConfigError {
    let text = error.to_string();
    let mut quoted = error.message().split('`').skip(1).step_by(2);
    let unknown = quoted
        .next()
        .filter(|_| error.message().starts_with("unknown field"));
    let nearest = unknown.and_then(|unknown| {
        let distance = |known: &&str| strsim::damerau_levenshtein(unknown, known);
        quoted
            .min_by_key(distance)
            .filter(|known| distance(known) <= 3)
    });
    ConfigError::Invalid(match nearest {
        Some(known) => format!("{text}\nDid you mean '{known}'?"),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "issuer = \"https://snow.example.com/\"\ndata = \"/var/lib/snowglobe\"\nmaster_key_file = \"k\"\n";

    #[test]
    fn a_complete_file_is_taken() {
        let config = Config::production(GOOD).expect("valid");
        assert_eq!(config.issuer, "https://snow.example.com");
        assert_eq!(config.oauth.token_durability, TokenDurability::SelfProving);
        assert_eq!(config.listen.port(), 8080);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let text = format!("{GOOD}lisen = \"127.0.0.1:1\"\n");
        let error = Config::production(&text)
            .expect_err("unknown key")
            .to_string();
        assert!(
            error.contains("lisen") && error.contains("Did you mean 'listen'?"),
            "{error}"
        );
    }

    #[test]
    fn production_needs_an_issuer_a_key_a_database_and_no_open_port() {
        let refused = |text: &str| Config::production(text).expect_err("refused").to_string();
        assert!(refused(&GOOD.replace("https", "http")).contains("'issuer'"));
        assert!(
            refused(&GOOD.replace("master_key_file = \"k\"", "")).contains("openssl rand -hex 32")
        );
        assert!(refused(&GOOD.replace("data = \"/var/lib/snowglobe\"", "")).contains("'database'"));
        let open = format!("{GOOD}listen = \"0.0.0.0:8080\"\n");
        assert!(refused(&open).contains("trusted_proxies"));
    }

    #[test]
    fn proxies_are_addresses_or_ranges() {
        let text = format!("{GOOD}trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
        let proxies = Config::production(&text).expect("valid").trusted_proxies;
        let trusted = |address: &str| {
            let address = address.parse().expect("an address");
            proxies.iter().any(|peers| peers.contains(address))
        };
        assert!(trusted("10.1.2.3") && trusted("::ffff:10.1.2.3") && trusted("::1"));
        assert!(!trusted("11.0.0.1"));
        let error = Config::production(&text.replace("::1", "proxy")).expect_err("refused");
        assert!(
            error.to_string().contains("'proxy' is no address"),
            "{error}"
        );
    }

    #[test]
    fn a_master_key_is_64_hex_digits() {
        assert_eq!(parse_key(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(parse_key(&"0f".repeat(31)), None);
        assert_eq!(parse_key(&"zz".repeat(32)), None);
        assert_eq!(parse_key(&"é".repeat(32)), None);
    }
}
