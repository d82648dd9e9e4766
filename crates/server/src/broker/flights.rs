//! Whoever wants a token of one grant in this process waits in line: the first asks, the others find what it got.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use snowglobe_store::Requestor;

/// The lines.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Requestor, Weak<tokio::sync::Mutex<()>>>>);

impl Flights {
    /// Returns the line for a grant.
    pub(super) fn line(&self, requestor: &Requestor) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(requestor).and_then(Weak::upgrade) {
            return line;
        }
        // Lines that nobody stands in are left when there are many.
        if lines.len() >= MANY {
            lines.retain(|_, line| line.strong_count() > 0);
        }
        let line = Arc::new(tokio::sync::Mutex::default());
        lines.insert(requestor.clone(), Arc::downgrade(&line));
        line
    }
}

const MANY: usize = 1024;
