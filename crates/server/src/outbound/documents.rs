//! Documents of other parties by their URL, kept for as long as a record says.
//!
//! Many requests may want one at once: one of them fetches, the others wait for it. A document that cannot be fetched
//! again counts for another [`STALE`] seconds: a provider that is down for a while should not take its users with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use snowglobe_oauth::{assertion::RemoteKeys, time::UnixMillis};

use super::{exchange::Outbound, fetch::FetchFault};

/// Documents of one kind.
#[derive(Debug)]
pub(super) struct Documents<T> {
    by_url: Mutex<HashMap<Box<str>, Arc<Place<T>>>>,
    parse: fn(&[u8]) -> Option<T>,
}

#[derive(Debug)]
struct Place<T> {
    kept: Mutex<Kept<T>>,
    fetching: tokio::sync::Mutex<()>,
}

/// What is known of a document.
#[derive(Debug)]
struct Kept<T> {
    document: Option<(Arc<T>, UnixMillis)>,
    /// When it was last asked for, and what went wrong then.
    tried: Option<(UnixMillis, Option<FetchFault>)>,
}

impl<T> Documents<T> {
    pub(super) fn new(parse: fn(&[u8]) -> Option<T>) -> Self {
        Self {
            by_url: Mutex::default(),
            parse,
        }
    }

    /// Returns the document, from memory while it counts.
    pub(super) async fn current(
        &self,
        outbound: &Outbound,
        source: &RemoteKeys,
        now: UnixMillis,
    ) -> Result<Arc<T>, FetchFault> {
        let place = self.place(&source.url);
        if let Some(document) = place.within(now, source.lifespan) {
            return Ok(document);
        }
        let _one = place.fetching.lock().await;
        // Whoever fetched while this one waited did it for both.
        if let Some(document) = place.within(now, source.lifespan) {
            return Ok(document);
        }
        self.fetch(&place, outbound, source, now).await
    }

    /// Returns a newer document than `known`, if it may be asked for again: a key that nobody knows must not make
    /// every request of a stranger one of ours.
    pub(super) async fn newer(
        &self,
        outbound: &Outbound,
        source: &RemoteKeys,
        known: &Arc<T>,
        now: UnixMillis,
    ) -> Option<Arc<T>> {
        let place = self.place(&source.url);
        let _one = place.fetching.lock().await;
        if let Some(other) = place.other_than(known) {
            return Some(other);
        }
        let fetched = self.fetch(&place, outbound, source, now).await.ok()?;
        (!Arc::ptr_eq(&fetched, known)).then_some(fetched)
    }

    async fn fetch(
        &self,
        place: &Place<T>,
        outbound: &Outbound,
        source: &RemoteKeys,
        now: UnixMillis,
    ) -> Result<Arc<T>, FetchFault> {
        if let Some(fault) = place.tried_lately(now) {
            return place.stale(now, source.lifespan).ok_or(fault);
        }
        let fetched = outbound.json(&source.url).await;
        let document = fetched.and_then(|body| (self.parse)(&body).ok_or(FetchFault::Content));
        place.note(now, document).or_else(|fault| {
            tracing::warn!(
                fault = fault.code(),
                url = &*source.url,
                "a document cannot be fetched: {fault}"
            );
            place.stale(now, source.lifespan).ok_or(fault)
        })
    }

    fn place(&self, url: &str) -> Arc<Place<T>> {
        let mut by_url = self.by_url.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = by_url.get(url) {
            return Arc::clone(place);
        }
        // A provider that names another address each time fills no memory.
        if by_url.len() >= MOST {
            by_url.clear();
        }
        let place = Arc::new(Place {
            kept: Mutex::new(Kept {
                document: None,
                tried: None,
            }),
            fetching: tokio::sync::Mutex::default(),
        });
        by_url.insert(url.into(), Arc::clone(&place));
        place
    }
}

impl<T> Place<T> {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn within(&self, now: UnixMillis, seconds: u32) -> Option<Arc<T>> {
        let kept = self.kept();
        let (document, at) = kept.document.as_ref()?;
        // A clock that was set back makes it no younger than new.
        let age = now.since(*at);
        (0..i64::from(seconds) * 1000)
            .contains(&age)
            .then(|| Arc::clone(document))
    }

    fn stale(&self, now: UnixMillis, seconds: u32) -> Option<Arc<T>> {
        self.within(now, seconds.saturating_add(STALE))
    }

    fn other_than(&self, known: &Arc<T>) -> Option<Arc<T>> {
        let kept = self.kept();
        let (document, _) = kept.document.as_ref()?;
        (!Arc::ptr_eq(document, known)).then(|| Arc::clone(document))
    }

    /// What came of asking a moment ago.
    fn tried_lately(&self, now: UnixMillis) -> Option<FetchFault> {
        let (at, fault) = self.kept().tried?;
        let lately = (0..AGAIN_AFTER_MS).contains(&now.since(at));
        lately.then(|| fault.unwrap_or(FetchFault::Unreachable))
    }

    fn note(&self, now: UnixMillis, document: Result<T, FetchFault>) -> Result<Arc<T>, FetchFault> {
        let mut kept = self.kept();
        kept.tried = Some((now, document.as_ref().err().copied()));
        let document = Arc::new(document?);
        kept.document = Some((Arc::clone(&document), now));
        Ok(document)
    }
}

/// Seconds that a document counts beyond its time while it cannot be fetched.
const STALE: u32 = 24 * 60 * 60;
/// Milliseconds between two questions for one document.
const AGAIN_AFTER_MS: i64 = 10_000;
/// Documents that are kept.
const MOST: usize = 256;
