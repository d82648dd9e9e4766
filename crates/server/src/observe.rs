//! What every request gets: an id that is in its answer and in every line about it, a count, a duration, and when it
//! is refused an audit line that says why (security.md §2, 60).
//!
//! It stands around all of it as one future.

use std::{
    borrow::Cow,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use snowglobe_oauth::account::UserNo;
use snowglobe_store::backend::Tally;
use tracing::Instrument as _;

mod outbound;
mod store;

pub(crate) use outbound::OutboundFigures;

use self::store::StoreFigures;

use crate::{
    app::{App, Mode},
    config::Peers,
    events::{Answered, Asked, Events, Refused},
    identity::{
        api_session,
        peer::{self, Peer},
    },
    records::Question,
    refusal::{self, Limited, Said, Why},
    router::{pattern_of, routes},
    serve::{Answering, Answers},
    surface,
};

/// The header that names a request, as the real thing names its transactions (`rest-and-records.md` §1.5).
const TRANSACTION: HeaderName = HeaderName::from_static("x-transaction-id");

/// The header that names the reason of a refusal, in development only.
const REASON: HeaderName = HeaderName::from_static("x-snowglobe-reason");

/// The label of requests that no route takes.
const UNMATCHED: &str = "unmatched";

/// The id of a request: 12 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    password_checks: Counter,
    outbound: OutboundFigures,
    store: StoreFigures,
    /// One for each route, and one for what no route takes.
    routes: Vec<Route>,
    next: AtomicU64,
    start: u64,
    events: Events,
}

/// The figures of one route; a route has a handful of statuses.
#[derive(Debug)]
struct Route {
    pattern: &'static str,
    duration: Histogram,
    by_status: RwLock<Vec<(u16, Counter)>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: &'static str,
}

impl Observer {
    /// `start` is random, so that ids of two runs do not meet.
    pub(crate) fn new(start: u64) -> Self {
        let mut registry = Registry::with_prefix("snowglobe");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let password_checks = Counter::default();
        registry.register(
            "password_checks",
            "Slow hashes of passwords and secrets that people chose",
            password_checks.clone(),
        );
        let outbound = OutboundFigures::register(&mut registry);
        let store = StoreFigures::register(&mut registry);
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            durations.clone(),
        );
        let route = |pattern| Route {
            pattern,
            duration: durations.get_or_create_owned(&RouteLabel { route: pattern }),
            by_status: RwLock::default(),
        };
        let routes = routes().chain([UNMATCHED]).map(route).collect();
        Self(Arc::new(Inner {
            registry,
            requests,
            password_checks,
            outbound,
            store,
            routes,
            next: AtomicU64::new(0),
            start,
            events: Events::default(),
        }))
    }

    /// Returns what is remembered of the last requests.
    pub(crate) fn events(&self) -> &Events {
        &self.0.events
    }

    /// Returns what counts outbound credentials.
    pub(crate) fn outbound(&self) -> &OutboundFigures {
        &self.0.outbound
    }

    /// Returns what counts slow hashes.
    pub(crate) fn password_checks(&self) -> Counter {
        self.0.password_checks.clone()
    }

    /// Returns all metrics in the `OpenMetrics` text format, with what the store has committed by now.
    pub(crate) fn metrics(&self, committed: Tally) -> String {
        self.0.store.set(committed);
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }

    pub(crate) fn next_id(&self) -> RequestId {
        let n = self.0.next.fetch_add(1, Ordering::Relaxed);
        // An odd multiplier walks through all 48 bits without repeating.
        let id = self.0.start.wrapping_add(n.wrapping_mul(0x9e37_79b9_7f4b)) & 0xffff_ffff_ffff;
        let mut text = [b'0'; 12];
        for (at, digit) in text.iter_mut().rev().enumerate() {
            *digit = b"0123456789abcdef"[(id >> (4 * at)) as usize & 15];
        }
        RequestId(text)
    }

    /// Returns the pattern of the route at this place.
    fn pattern(&self, at: usize) -> &'static str {
        self.0
            .routes
            .get(at)
            .map_or(UNMATCHED, |route| route.pattern)
    }

    /// Counts an answer of the route at this place. Labels are patterns, never paths: they stay few, without ids.
    fn count(&self, at: usize, status: u16, took: Duration) {
        let Some(route) = self.0.routes.get(at) else {
            return;
        };
        route.duration.observe(took.as_secs_f64());
        {
            let by_status = route
                .by_status
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            if let Some((_, counter)) = by_status.iter().find(|(known, _)| *known == status) {
                counter.inc();
                return;
            }
        }
        let labels = Labels {
            route: route.pattern,
            status,
        };
        let counter = self.0.requests.get_or_create_owned(&labels);
        counter.inc();
        let mut by_status = route
            .by_status
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        by_status.push((status, counter));
    }
}

fn histogram() -> Histogram {
    Histogram::new([
        0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0,
    ])
}

/// What answers every request, with its observer around it.
#[derive(Debug)]
pub(crate) struct Observed {
    app: App,
    proxies: Arc<[Peers]>,
}

impl Observed {
    pub(crate) fn new(app: App, proxies: Arc<[Peers]>) -> Self {
        Self { app, proxies }
    }
}

impl Answers for Observed {
    fn answer(&self, peer: Peer, mut request: Request) -> Answering {
        let since = Instant::now();
        surface::tidy(&mut request);
        let app = self.app.clone();
        let id = app.observer.next_id();
        let unmatched = app.observer.0.routes.len() - 1;
        let at = pattern_of(request.uri().path()).unwrap_or(unmatched);
        let route = app.observer.pattern(at);
        let method = request.method().clone();
        // Copied now: the request's memory is free for the next one as soon as whoever answers is done with it.
        let path = shown(route, request.uri().path());
        let span = tracing::info_span!("request", id = id.as_str(), %method, route);
        let address = peer::origin(peer, request.headers(), &self.proxies);
        let joining = api_session::joining(request.headers());
        let observed = async move {
            // Boxed: it is gone, and its memory is used again, before this waits for others below.
            let answer = Box::pin(surface::answer(app.clone(), request));
            let (mut response, mut said) = refusal::listening(address, answer).await;
            if let Some(token) = &joining {
                api_session::join(&app, (token, said.client), &mut response);
            }
            let status = response.status().as_u16();
            let took = since.elapsed();
            app.observer.count(at, status, took);
            let is_refused = status >= 400 || said.refusal.is_some();
            let request = Answered {
                id,
                at: app.now(),
                method,
                route,
                path,
                status,
                took,
                reason: None,
            };
            if let Some(limited) = said.limited.take() {
                tell_limit(response.headers_mut(), &limited);
            }
            let asked = said.question.take().map(|question| (said.user, question));
            let request = if is_refused {
                // Boxed: what a refusal takes would make the future of every request larger.
                Box::pin(explain(&app, request, said)).await
            } else {
                Arc::new(request)
            };
            finish(&app, request, asked, &mut response);
            // Whoever is ready at the same moment is answered first, and then all answers are sent in one go: a client
            // that many connections share is woken once and not for each. Alone, this costs a look at the sockets.
            tokio::task::yield_now().await;
            Ok(response)
        };
        if span.is_disabled() {
            return Box::pin(observed);
        }
        Box::pin(observed.instrument(span))
    }
}

/// A path as people read it: not longer than that, and without what may be a secret that somebody put there
/// (security.md §2, 58): of what the pattern leaves open, names of tables and pages and keys of records are told.
/// Nothing of the request's own memory is kept.
fn shown(pattern: &'static str, path: &str) -> Cow<'static, str> {
    const LONGEST: usize = 200;
    if pattern == path {
        return Cow::Borrowed(pattern);
    }
    let mut known = pattern.split('/');
    let mut told = String::with_capacity(path.len().min(LONGEST) + 4);
    for step in path.split('/') {
        let literal = known.next() == Some(step);
        let step = if literal || is_name(step) {
            step
        } else {
            "…"
        };
        if told.len() + step.len() > LONGEST {
            told.push('…');
            break;
        }
        told.push_str(step);
        told.push('/');
    }
    if told.ends_with('/') {
        told.pop();
    }
    Cow::Owned(told)
}

/// A table, a page, a `sys_id`: small letters, and shorter than secrets are.
fn is_name(step: &str) -> bool {
    let part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    step.len() <= 40 && step.bytes().all(part)
}

/// Keeps and writes down why a request was refused.
async fn explain(app: &App, mut request: Answered, said: Said) -> Arc<Answered> {
    let unexplained = || Box::new(Why::new(UNEXPLAINED));
    let refusal = said.refusal.unwrap_or_else(unexplained);
    request.reason = Some(refusal.code);
    let client = said.client.and_then(|no| {
        let clients = app.store.clients();
        clients.by_no(no).map(|client| client.client_id.clone())
    });
    let user = match said.user {
        Some(no) => app.store.user_by_no(no).await.ok().flatten(),
        None => None,
    };
    let request = Arc::new(request);
    let refused = Refused {
        request: Arc::clone(&request),
        refusal: *refusal,
        client,
        user: user.map(|user| user.account.user_name.clone()),
    };
    audit(&refused);
    app.observer.events().refused(refused);
    request
}

/// Names the request in its answer, and in development the reason of its refusal; keeps what was asked of records.
fn finish(
    app: &App,
    request: Arc<Answered>,
    asked: Option<(Option<UserNo>, Arc<Question>)>,
    response: &mut Response,
) {
    let development = app.mode == Mode::Development;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_bytes(&request.id.0) {
        headers.insert(TRANSACTION, value);
    }
    if let Some(reason) = request.reason.filter(|_| development) {
        headers.insert(REASON, HeaderValue::from_static(reason));
    }
    if let Some((user, question)) = asked {
        app.observer.events().asked(Asked {
            request: Arc::clone(&request),
            user,
            question,
        });
    }
    let duration_us = u64::try_from(request.took.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(status = request.status, duration_us, "answered");
    if development {
        app.observer.events().answered(request);
    }
}

/// `rest-and-records.md` §12.1.
fn tell_limit(headers: &mut HeaderMap, limited: &Limited) {
    headers.insert("x-ratelimit-limit", limited.limit.into());
    headers.insert("x-ratelimit-reset", limited.reset.into());
    if let Ok(rule) = HeaderValue::from_str(&limited.rule) {
        headers.insert("x-ratelimit-rule", rule);
    }
}

/// A refusal that says nothing: a defect of ours.
const UNEXPLAINED: &str = "unexplained";

/// Writes the audit line. What the request sent is not in it: it may be a secret in the wrong place.
fn audit(refused: &Refused) {
    let Refused {
        request,
        refusal,
        client,
        user,
    } = refused;
    tracing::info!(
        target: "snowglobe::audit",
        fault = refusal.code,
        status = request.status,
        client = client.as_deref(),
        user = user.as_deref(),
        "refused{}{}",
        refusal.text.as_deref().map_or("", |_| ": "),
        refusal.text.as_deref().unwrap_or_default(),
    );
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
    fn security_58_a_path_is_shown_without_what_may_be_a_secret() {
        let table = "/api/now/table/{table}/{sys_id}";
        for (pattern, path, expected) in [
            (table, "/api/now/table/incident", "/api/now/table/incident"),
            (
                table,
                "/api/now/table/incident/46ca5887a9fe19810191e08e51927ebf",
                "/api/now/table/incident/46ca5887a9fe19810191e08e51927ebf",
            ),
            (
                table,
                "/api/now/table/incident/eyJhbGciOi",
                "/api/now/table/incident/…",
            ),
            ("/{page}", "/incident_list.do", "/incident_list.do"),
            (
                "/.well-known/openid-configuration",
                "/.well-known/openid-configuration",
                "/.well-known/openid-configuration",
            ),
            (UNMATCHED, "/nothing/a-token-B", "/nothing/…"),
            (UNMATCHED, "/", "/"),
        ] {
            assert_eq!(&*shown(pattern, path), expected);
        }
        let long = shown(UNMATCHED, &"/abcdefgh".repeat(100));
        assert!(long.len() < 210 && long.ends_with('…'), "{long}");
        let secret = "a".repeat(41);
        assert_eq!(&*shown(UNMATCHED, &format!("/{secret}")), "/…");
    }

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
