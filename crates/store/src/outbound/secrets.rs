//! Secrets of outbound calls: sealed in memory as in the database, opened where they are used.

use std::{collections::HashMap, sync::Arc};

use snowglobe_oauth::{outbound::Registry, secret::Secret};

use crate::Store;

/// The records of outbound calls at one moment.
#[derive(Debug, Default)]
pub struct Outbound {
    registry: Registry,
    sealed: HashMap<(SecretOf, Box<str>), Box<str>>,
}

/// Which secret of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretOf {
    /// `client_secret` of a provider
    Provider,
    /// `signing_key` of a JWT key
    JwtKey,
    /// `password` of Basic credentials
    BasicPassword,
    /// `api_key` of API key credentials
    ApiKey,
    /// `password` of a Basic profile
    BasicProfile,
}

impl SecretOf {
    /// The table that declares its column, and the column.
    pub(super) fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Provider => ("oauth_entity", "client_secret"),
            Self::JwtKey => ("jwt_keystore_aliases", "signing_key"),
            Self::BasicPassword => ("basic_auth_credentials", "password"),
            Self::ApiKey => ("api_key_credentials", "api_key"),
            Self::BasicProfile => ("sys_auth_profile_basic", "password"),
        }
    }
}

impl Outbound {
    pub(super) fn new(registry: Registry, sealed: HashMap<(SecretOf, Box<str>), Box<str>>) -> Self {
        Self { registry, sealed }
    }

    /// Returns the records.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }
}

impl Store {
    /// Returns the records of outbound calls of this moment.
    #[must_use]
    pub fn outbound(&self) -> Arc<Outbound> {
        self.snapshots.outbound.load_full()
    }

    /// Opens the secret of a record; `None` where there is none, or it was sealed elsewhere.
    #[must_use]
    pub fn outbound_secret(&self, of: SecretOf, sys_id: &str) -> Option<Secret> {
        let outbound = self.snapshots.outbound.load();
        let sealed = outbound.sealed.get(&(of, sys_id.into()))?;
        let opened = self.open_secret(of.place(), sys_id, sealed)?;
        String::from_utf8(opened).ok().map(Secret::new)
    }
}
