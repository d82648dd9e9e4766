//! Figures of the store: what was committed.

use std::sync::atomic::Ordering;

use prometheus_client::{metrics::counter::Counter, registry::Registry};
use snowglobe_store::backend::Tally;

/// The figures; their quotient is how many changes share a commit.
#[derive(Debug, Clone, Default)]
pub(super) struct StoreFigures {
    commits: Counter,
    batches: Counter,
}

impl StoreFigures {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "store_commits",
            "Transactions that somebody waited for",
            figures.commits.clone(),
        );
        registry.register(
            "store_batches",
            "Changes in those transactions, each of which held or failed by itself",
            figures.batches.clone(),
        );
        figures
    }

    /// Takes over what the store has counted.
    pub(super) fn set(&self, tally: Tally) {
        self.commits.inner().store(tally.commits, Ordering::Relaxed);
        self.batches.inner().store(tally.batches, Ordering::Relaxed);
    }
}
