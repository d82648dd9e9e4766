//! Figures of outbound credentials: how many are in which state, and how often people were told.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// The figures.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutboundFigures {
    credentials: Family<State, Gauge>,
    alerts: Family<Alert, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Alert {
    event: &'static str,
    days: u8,
}

impl OutboundFigures {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "outbound_credentials",
            "Outbound credentials by state",
            figures.credentials.clone(),
        );
        registry.register(
            "outbound_alerts",
            "Alerts of outbound credentials, by event and days before the end",
            figures.alerts.clone(),
        );
        figures
    }

    /// Sets how many credentials are in which state.
    pub(crate) fn set<'a>(&self, states: impl Iterator<Item = &'static str> + 'a) {
        let states: Vec<&'static str> = states.collect();
        for state in STATES {
            let count = states.iter().filter(|it| **it == state).count();
            let gauge = self.credentials.get_or_create_owned(&State { state });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// Counts an alert.
    pub(crate) fn alerted(&self, event: &'static str, days: Option<u8>) {
        let days = days.unwrap_or_default();
        self.alerts
            .get_or_create_owned(&Alert { event, days })
            .inc();
    }
}

/// What `oauth::outbound::Outlook` is called.
const STATES: [&str; 6] = [
    "new",
    "healthy",
    "expiring",
    "retrying",
    "needs_consent",
    "broken",
];
