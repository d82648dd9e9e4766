//! A simulated provider for a test, on a thread of its own.

use std::net::SocketAddr;

use serde_json::{Value, json};
use snowglobe_server::simulate::{self, Control, Ledger, Options, Simulated, Temper};

/// A provider; it stops with this value.
pub(crate) struct Provider {
    simulated: Option<Simulated>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Provider {
    pub(crate) fn start(temper: Temper, lifetime: u32) -> Self {
        Self::with(temper, lifetime, 0)
    }

    pub(crate) fn with(temper: Temper, lifetime: u32, grace_ms: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            temper,
            lifetime,
            grace_ms,
            token_prefix: String::new(),
        };
        let simulated = runtime.block_on(simulate::start(options)).unwrap();
        Self {
            simulated: Some(simulated),
            runtime: Some(runtime),
        }
    }

    fn get(&self) -> &Simulated {
        self.simulated.as_ref().expect("it runs")
    }

    pub(crate) fn url(&self) -> String {
        self.get().url()
    }

    /// What the record of this provider says.
    pub(crate) fn fields(&self, grant_type: &str) -> Value {
        let url = self.url();
        json!({
            "auth_url": format!("{url}/authorize"),
            "token_url": format!("{url}/token"),
            "revoke_token_url": format!("{url}/revoke"),
            "default_grant_type": grant_type,
        })
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.get().ledger()
    }

    pub(crate) fn control(&self, control: Control) {
        self.get().control(control);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.simulated.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
