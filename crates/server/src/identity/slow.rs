//! Password hashes are slow on purpose, so they run on threads of their own, few at a time, behind a queue with
//! a bound: a flood of guesses must not keep anyone from being answered.

use std::sync::Arc;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::{Semaphore, TryAcquireError};

/// Runs slow hashes off the async threads.
#[derive(Debug, Clone)]
pub(crate) struct SlowHashes {
    /// One permit for each job that may run.
    running: Arc<Semaphore>,
    /// One permit for each job that may run or wait.
    admitted: Arc<Semaphore>,
    /// Jobs that ran.
    ran: Counter,
}

/// Too many are waiting already; the caller should try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many password checks are waiting")]
pub(crate) struct Overloaded;

impl SlowHashes {
    /// Lets `running` jobs run at a time and `waiting` more wait.
    pub(crate) fn new(running: usize, waiting: usize, ran: Counter) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + waiting)),
            ran,
        }
    }

    /// Runs a job and returns what it returns.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let _admitted = self.admitted.try_acquire().map_err(|error| match error {
            TryAcquireError::NoPermits | TryAcquireError::Closed => Overloaded,
        })?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| Overloaded)?;
        self.ran.inc();
        let job = move || {
            let _running = running; // held until the hash is done, even if nobody waits for it any more
            job()
        };
        tokio::task::spawn_blocking(job)
            .await
            .map_err(|_| Overloaded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_queue_has_a_bound() {
        let hashes = SlowHashes::new(1, 1, Counter::default());
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let first = tokio::spawn({
            let hashes = hashes.clone();
            async move { hashes.run(move || wait.recv().is_ok()).await }
        });
        while hashes.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn({
            let hashes = hashes.clone();
            async move { hashes.run(|| 2).await }
        });
        while hashes.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hashes.run(|| 3).await, Err(Overloaded));
        go.send(()).expect("the first job waits");
        assert_eq!(first.await.expect("no panic"), Ok(true));
        assert_eq!(second.await.expect("no panic"), Ok(2));
    }
}
