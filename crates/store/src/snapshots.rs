//! What every request looks at and few change: immutable snapshots, swapped whole.
//!
//! A write that touches a topic reads its snapshot again before it is acknowledged, so the next request sees
//! it; other nodes hear of it, or notice within a second that the topic's version moved.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use snowglobe_oauth::{signing::SigningKeys, token::KeyRing};
use snowglobe_records::{Dictionary, acl::RuleSet, write::Declared};

use crate::{
    Store, Topic,
    backend::{ApplyError, EVERYTHING, StoreError},
    flow::Flows,
    identity::Contains,
    oauth::{ApiAccess, Clients, Scopes},
    outbound::Outbound,
    records::Properties,
    sql::{Rows, Statement},
};

/// The snapshots.
#[derive(Debug)]
pub(crate) struct Snapshots {
    pub(crate) dictionary: ArcSwap<Dictionary>,
    pub(crate) rules: ArcSwap<RuleSet>,
    pub(crate) declared: ArcSwap<Declared>,
    pub(crate) clients: ArcSwap<Clients>,
    pub(crate) properties: ArcSwap<Properties>,
    pub(crate) contains: ArcSwap<Contains>,
    pub(crate) keys: ArcSwap<KeyRing>,
    pub(crate) signing_keys: ArcSwap<SigningKeys>,
    pub(crate) scopes: ArcSwap<Scopes>,
    pub(crate) api_access: ArcSwap<ApiAccess>,
    pub(crate) outbound: ArcSwap<Outbound>,
    pub(crate) flows: ArcSwap<Flows>,
    /// One reload at a time: a slow, older read must not replace a newer snapshot.
    reloading: tokio::sync::Mutex<()>,
    /// The versions in `sg_version` that the snapshots are at least as new as.
    versions: Mutex<HashMap<Topic, i64>>,
}

impl Snapshots {
    pub(crate) fn new(dictionary: Dictionary, keys: KeyRing) -> Self {
        let (rules, _) = RuleSet::build(&[], &dictionary);
        Self {
            dictionary: ArcSwap::from_pointee(dictionary),
            rules: ArcSwap::from_pointee(rules),
            declared: ArcSwap::default(),
            clients: ArcSwap::default(),
            properties: ArcSwap::default(),
            contains: ArcSwap::default(),
            keys: ArcSwap::from_pointee(keys),
            signing_keys: ArcSwap::default(),
            scopes: ArcSwap::default(),
            api_access: ArcSwap::default(),
            outbound: ArcSwap::default(),
            flows: ArcSwap::default(),
            reloading: tokio::sync::Mutex::default(),
            versions: Mutex::default(),
        }
    }

    fn versions(&self) -> MutexGuard<'_, HashMap<Topic, i64>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Returns the dictionary of this moment.
    #[must_use]
    pub fn dictionary(&self) -> Arc<Dictionary> {
        self.snapshots.dictionary.load_full()
    }

    /// Returns the access rules of this moment.
    #[must_use]
    pub fn rules(&self) -> Arc<RuleSet> {
        self.snapshots.rules.load_full()
    }

    /// Returns the business rules and data policies of this moment.
    #[must_use]
    pub fn declared(&self) -> Arc<Declared> {
        self.snapshots.declared.load_full()
    }

    /// Returns the clients of this moment.
    #[must_use]
    pub fn clients(&self) -> arc_swap::Guard<Arc<Clients>> {
        self.snapshots.clients.load()
    }

    /// Returns the system properties of this moment.
    #[must_use]
    pub fn properties(&self) -> arc_swap::Guard<Arc<Properties>> {
        self.snapshots.properties.load()
    }

    /// Returns the keys that tokens are signed with.
    #[must_use]
    pub fn keys(&self) -> arc_swap::Guard<Arc<KeyRing>> {
        self.snapshots.keys.load()
    }

    /// Reads a topic's snapshot again.
    pub(crate) async fn reload(&self, topic: Topic) -> Result<(), ApplyError> {
        let _one = self.snapshots.reloading.lock().await;
        let dictionary = self.dictionary();
        let snapshots = &self.snapshots;
        match topic {
            Topic::Dictionary => {
                let schema = self.schema().await?;
                let dictionary = self.load_dictionary(&dictionary, &schema).await?;
                self.follow(&dictionary, schema).await?;
                let rules = self.load_rules(&dictionary).await?;
                let declared = self.load_declared(&dictionary).await?;
                snapshots.declared.store(Arc::new(declared));
                snapshots.rules.store(Arc::new(rules));
                snapshots.dictionary.store(Arc::new(dictionary));
            }
            Topic::Rules => snapshots
                .rules
                .store(Arc::new(self.load_rules(&dictionary).await?)),
            Topic::Declared => snapshots
                .declared
                .store(Arc::new(self.load_declared(&dictionary).await?)),
            Topic::Clients => {
                snapshots
                    .clients
                    .store(Arc::new(self.load_clients(&dictionary).await?));
            }
            Topic::Properties => {
                snapshots
                    .properties
                    .store(Arc::new(self.load_properties(&dictionary).await?));
                // Users were read with the instance's zone and formats.
                self.users.clear();
            }
            Topic::Users => {
                snapshots
                    .contains
                    .store(Arc::new(self.load_contains(&dictionary).await?));
                self.users.clear();
            }
            Topic::Revocations => self.load_revocations().await?,
            Topic::Keys => {
                if let Some(keys) = self.load_keys().await? {
                    snapshots.keys.store(Arc::new(keys));
                }
                snapshots
                    .signing_keys
                    .store(Arc::new(self.load_signing_keys().await?));
            }
            Topic::Scopes => snapshots.scopes.store(Arc::new(self.load_scopes().await?)),
            Topic::ApiAccess => {
                let api_access = self.load_api_access(&dictionary).await?;
                snapshots.api_access.store(Arc::new(api_access));
            }
            Topic::Outbound => {
                let outbound = self.load_outbound(&dictionary).await?;
                snapshots.outbound.store(Arc::new(outbound));
            }
            Topic::Flows => {
                let flows = self.load_flows(&dictionary).await?;
                snapshots.flows.store(Arc::new(flows));
            }
            Topic::Clock => self.shift.follow(&self.backend).await?,
        }
        Ok(())
    }

    /// Reads every snapshot again.
    pub(crate) async fn reload_all(&self) -> Result<(), ApplyError> {
        // What changes after this look is noticed by the next one.
        let versions = self.versions().await?;
        // The dictionary brings the two that are built over it.
        let with_dictionary = |topic: &Topic| matches!(topic, Topic::Rules | Topic::Declared);
        for topic in Topic::ALL.into_iter().filter(|it| !with_dictionary(it)) {
            self.reload(topic).await?;
        }
        self.snapshots.versions().extend(versions);
        Ok(())
    }

    /// Reads what another node announced.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn heard(&self, announcement: &str) -> Result<(), ApplyError> {
        match Topic::parse(announcement) {
            Some(topic) => self.reload(topic).await,
            None if announcement == EVERYTHING => self.reload_all().await,
            None => Ok(()),
        }
    }

    /// Looks for announcements that were missed, and reads what they were about.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn poll(&self) -> Result<(), ApplyError> {
        for (topic, version) in self.versions().await? {
            if self.snapshots.versions().get(&topic) != Some(&version) {
                self.reload(topic).await?;
                // Only now: what could not be read is looked at again.
                self.snapshots.versions().insert(topic, version);
            }
        }
        Ok(())
    }

    /// How often each topic has changed so far.
    async fn versions(&self) -> Result<Vec<(Topic, i64)>, StoreError> {
        let statement = Statement::new("SELECT topic, version FROM sg_version", []);
        let rows = self.backend.read(self.cost_of_all(), &[statement]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        Ok(rows
            .filter_map(|row| Some((Topic::parse(row.text(0))?, row.int(1))))
            .collect())
    }
}
