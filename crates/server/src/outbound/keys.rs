//! The keys that JWTs of other parties are verified with: those at hand, and those to be fetched.

use std::sync::Arc;

use serde_json::Value;
use snowglobe_oauth::{
    assertion::{AssertionFault, AssertionRules, IdentityProvider, RemoteKeys},
    jose::{Header, KeySet},
    time::UnixMillis,
};

use super::{documents::Documents, exchange::Outbound};

/// Fetched key sets, and the metadata of providers.
#[derive(Debug)]
pub(crate) struct TrustedKeys {
    outbound: Arc<Outbound>,
    sets: Documents<KeySet>,
    providers: Documents<Metadata>,
}

/// What a provider's metadata says (OpenID Connect Discovery §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// `issuer`
    pub(crate) issuer: Box<str>,
    /// `jwks_uri`
    pub(crate) jwks_uri: Box<str>,
}

impl TrustedKeys {
    pub(crate) fn new(outbound: Arc<Outbound>) -> Self {
        Self {
            outbound,
            sets: Documents::new(|document| KeySet::parse(document).ok()),
            providers: Documents::new(Metadata::parse),
        }
    }

    /// Returns the keys that an assertion of a client may be signed with: those of its verifier maps and, where none
    /// of them is meant, those of its JWKS URL.
    pub(crate) async fn of_client(
        &self,
        rules: &AssertionRules,
        header: &Header,
        now: UnixMillis,
    ) -> Result<KeySet, AssertionFault> {
        let kid = header.kid.as_deref();
        let at_hand = kid.is_some_and(|kid| rules.keys.knows(kid));
        match &rules.remote_keys {
            Some(source) if !at_hand => {
                let fetched = self.set(source, kid, now).await?;
                let both = rules.keys.iter().chain(fetched.iter());
                Ok(KeySet::of(both.map(Arc::clone)))
            }
            _ => Ok(rules.keys.clone()),
        }
    }

    /// Returns what a provider says of itself.
    pub(crate) async fn metadata(
        &self,
        provider: &IdentityProvider,
        now: UnixMillis,
    ) -> Result<Arc<Metadata>, AssertionFault> {
        let found = self
            .providers
            .current(&self.outbound, &provider.metadata, now);
        found.await.map_err(|_| AssertionFault::KeysUnavailable)
    }

    /// Returns a provider's keys.
    pub(crate) async fn of_provider(
        &self,
        provider: &IdentityProvider,
        metadata: &Metadata,
        header: &Header,
        now: UnixMillis,
    ) -> Result<KeySet, AssertionFault> {
        let source = RemoteKeys {
            url: metadata.jwks_uri.clone(),
            lifespan: provider.metadata.lifespan,
        };
        let set = self.set(&source, header.kid.as_deref(), now).await?;
        Ok(KeySet::clone(&set))
    }

    /// A key that is not in the set may be in a newer one: its owner changed keys.
    async fn set(
        &self,
        source: &RemoteKeys,
        kid: Option<&str>,
        now: UnixMillis,
    ) -> Result<Arc<KeySet>, AssertionFault> {
        let set = self.sets.current(&self.outbound, source, now).await;
        let set = set.map_err(|_| AssertionFault::KeysUnavailable)?;
        if kid.is_none_or(|kid| set.knows(kid)) {
            return Ok(set);
        }
        let newer = self.sets.newer(&self.outbound, source, &set, now).await;
        Ok(newer.unwrap_or(set))
    }
}

impl Metadata {
    fn parse(document: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(document).ok()?;
        let text = |name: &str| document.get(name)?.as_str().map(Into::into);
        Some(Self {
            issuer: text("issuer")?,
            jwks_uri: text("jwks_uri")?,
        })
    }
}
