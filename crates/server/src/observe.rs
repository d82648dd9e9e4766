//! What every request gets: an id that is in its answer and in every line about it, a count, a duration.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use tracing::Instrument as _;

/// The header that names a request, as the real thing names its transactions (`rest-and-records.md` §1.5).
const TRANSACTION: HeaderName = HeaderName::from_static("x-transaction-id");

/// The id of a request: 12 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId([u8; 12]);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Counts and times requests, and gives them their ids.
#[derive(Debug, Clone)]
pub(crate) struct Observer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    requests: Family<Labels, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    next: AtomicU64,
    start: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: Arc<str>,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: Arc<str>,
}

impl Observer {
    /// `start` is random, so that ids of two runs do not meet.
    pub(crate) fn new(start: u64) -> Self {
        let mut registry = Registry::with_prefix("snowglobe");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            durations.clone(),
        );
        Self(Arc::new(Inner {
            registry,
            requests,
            durations,
            next: AtomicU64::new(0),
            start,
        }))
    }

    /// Returns all metrics in the `OpenMetrics` text format.
    pub(crate) fn metrics(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }

    fn next_id(&self) -> RequestId {
        let n = self.0.next.fetch_add(1, Ordering::Relaxed);
        // An odd multiplier walks through all 48 bits without repeating.
        let id = self.0.start.wrapping_add(n.wrapping_mul(0x9e37_79b9_7f4b)) & 0xffff_ffff_ffff;
        let mut text = [b'0'; 12];
        for (at, digit) in text.iter_mut().rev().enumerate() {
            *digit = b"0123456789abcdef"[(id >> (4 * at)) as usize & 15];
        }
        RequestId(text)
    }

    fn count(&self, route: &Arc<str>, status: u16, since: Instant) {
        let labels = Labels {
            route: Arc::clone(route),
            status,
        };
        self.0.requests.get_or_create(&labels).inc();
        let route = Route {
            route: Arc::clone(route),
        };
        self.0
            .durations
            .get_or_create(&route)
            .observe(since.elapsed().as_secs_f64());
    }
}

fn histogram() -> Histogram {
    Histogram::new([
        0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0,
    ])
}

/// The middleware around every route.
pub(crate) async fn observe(
    State(observer): State<Observer>,
    mut request: Request,
    next: Next,
) -> Response {
    let since = Instant::now();
    let id = observer.next_id();
    request.extensions_mut().insert(id);
    // A route's pattern, never a path: labels must stay few, and paths hold ids.
    let route: Arc<str> = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().into(),
        None => "unmatched".into(),
    };
    let method = request.method().clone();
    let span = tracing::debug_span!("request", id = id.as_str(), %method, route = &*route);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_bytes(&id.0) {
        response.headers_mut().insert(TRANSACTION, value);
    }
    let status = response.status().as_u16();
    observer.count(&route, status, since);
    tracing::debug!(
        request.id = id.as_str(),
        %method,
        route = &*route,
        status,
        duration_us = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_twelve_hex_digits_and_do_not_repeat() {
        let observer = Observer::new(0xdead_beef);
        let ids: std::collections::HashSet<String> = (0..10_000)
            .map(|_| observer.next_id().to_string())
            .collect();
        assert_eq!(ids.len(), 10_000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        );
    }
}
