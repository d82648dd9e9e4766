//! Running a REST message: built, proven, sent, logged, and tried again as its policy says (`outbound-oauth.md` §6).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use snowglobe_oauth::{
    outbound::{
        Attempt, Brought, Built, LogLevel, MessageFault, Registry, ResolveFault, RestFunction,
        RestMessage,
    },
    time::UnixMillis,
};

use super::{BrokerFault, log, way::Way};
use crate::{
    app::App,
    clock,
    outbound::{Reply, SendFault},
    pages::outbound::initiator_href,
};

/// What is run, for whom.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) message: Arc<RestMessage>,
    pub(crate) function: Arc<RestFunction>,
    pub(crate) brought: Brought,
    pub(crate) timeout_ms: Option<u32>,
    pub(crate) log_level: Option<LogLevel>,
    /// The key of the user who runs it; none of the operator.
    pub(crate) user: Option<Box<str>>,
    /// The table and key of the record that describes the call; empty where none does.
    pub(crate) source: (&'static str, Box<str>),
    /// By this the API knows a call that it has seen before.
    pub(crate) idempotency_key: Option<Box<str>>,
}

/// Which attempt it is, and how long it may go on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// Counted from 1.
    pub(crate) number: u32,
    /// Seconds since the first one began.
    pub(crate) elapsed: u32,
    /// Seconds after the first one in which the last one begins.
    pub(crate) longest: u32,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    /// 0 where no answer came.
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) built: Built,
    pub(crate) attempts: u32,
    /// Why no answer came: the reason, and its text.
    pub(crate) error: Option<(&'static str, String)>,
    /// Where a person's consent would mend it.
    pub(crate) initiator: Option<String>,
    pub(crate) took: Took,
}

/// How long it took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    /// From the first byte that was sent to the last that was read, over all attempts.
    pub(crate) away: Duration,
    /// What was done here besides, without the pauses between attempts.
    pub(crate) here: Duration,
}

impl Took {
    fn of(began: Instant, away: Duration) -> Self {
        let here = began.elapsed().saturating_sub(away);
        Self { away, here }
    }

    fn and(self, other: Self) -> Self {
        Self {
            away: self.away + other.away,
            here: self.here + other.here,
        }
    }
}

/// Why a call cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallFault {
    #[error(transparent)]
    Message(#[from] MessageFault),
    #[error(transparent)]
    Resolve(#[from] ResolveFault),
    #[error(transparent)]
    Broker(#[from] BrokerFault),
    #[error(transparent)]
    Send(#[from] SendFault),
    #[error("the Basic profile is gone, or has no password")]
    BasicProfile,
    #[error("the credential is personal, and nobody in particular makes this call")]
    Nobody,
    #[error("a header's name or value is none")]
    Header,
}

impl CallFault {
    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Message(fault) => fault.code(),
            Self::Resolve(fault) => fault.code(),
            Self::Broker(fault) => fault.code(),
            Self::Send(fault) => fault.code(),
            Self::BasicProfile => "basic_profile_missing",
            Self::Nobody => "outbound_personal_without_user",
            Self::Header => "rest_header_invalid",
        }
    }

    /// Tells whether another attempt may do better.
    fn is_passing(&self) -> bool {
        match self {
            Self::Send(fault) => fault.is_passing(),
            Self::Broker(fault) => fault.is_passing(),
            _ => false,
        }
    }

    /// Tells whether the API may have got the request.
    fn was_sent(&self) -> bool {
        matches!(self, Self::Send(fault) if fault.was_sent())
    }
}

/// Finds a message by its name and a function of it.
pub(crate) fn find(
    registry: &Registry,
    message: &str,
    function: &str,
) -> Result<(Arc<RestMessage>, Arc<RestFunction>), MessageFault> {
    let message = registry.message(message)?;
    let function = message.function(function)?;
    Ok((Arc::clone(message), Arc::clone(function)))
}

/// Runs a message while somebody waits for the answer.
pub(crate) async fn run(app: &App, run: Run) -> Result<Done, CallFault> {
    let began = clock::machine();
    let mut number = 0;
    let mut took = Took::default();
    loop {
        number += 1;
        let turn = Turn {
            number,
            elapsed: seconds_since(began, clock::machine()),
            longest: LONGEST,
        };
        let (done, again) = attempt(app, &run, turn).await?;
        took = took.and(done.took);
        let Some(seconds) = again else {
            return Ok(Done { took, ..done });
        };
        tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    }
}

/// Makes one attempt, and tells after how many seconds there is another, if there is.
pub(crate) async fn attempt(
    app: &App,
    run: &Run,
    turn: Turn,
) -> Result<(Done, Option<u32>), CallFault> {
    let begun = Instant::now();
    let mut way = Way::of(app, run)?;
    let mut built = run
        .message
        .build(&run.function, &run.brought, way.base.as_deref())?;
    if let Some(key) = &run.idempotency_key {
        carry(key, &mut built);
    }
    let began = clock::machine();
    let sent = way.send(app, &built, run.timeout_ms).await;
    log::note(app, run, &built, (&way, &sent), began);
    let policy = way.policy.take();
    let again = policy.and_then(|policy| {
        let judged = Judged::of(app, &sent)?;
        policy.wait(&judged.attempt(run, &built, turn), turn.longest)
    });
    let initiator = way.consent_for(&sent).map(|requestor| {
        let href = initiator_href(requestor);
        format!("{}{href}", app.issuer)
    });
    let done = Done {
        initiator,
        took: Took::of(begun, way.away),
        ..done(sent, built, turn.number)
    };
    Ok((done, again))
}

/// The message's own key, if it has one, is left alone.
fn carry(key: &str, built: &mut Built) {
    let has = |(name, _): &(Box<str>, String)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY);
    if !built.headers.iter().any(has) {
        built.headers.push((IDEMPOTENCY_KEY.into(), key.to_owned()));
    }
}

/// What a retry policy looks at; nothing where no attempt would do better.
struct Judged {
    status: u16,
    error: &'static str,
    headers: String,
    body: String,
    retry_after: Option<u32>,
    sent: bool,
}

impl Judged {
    fn of(app: &App, sent: &Result<Reply, CallFault>) -> Option<Self> {
        match sent {
            Ok(reply) => Some(Self {
                status: reply.status,
                error: "",
                headers: log::lines(&reply.headers),
                body: String::from_utf8_lossy(&reply.body).into_owned(),
                retry_after: retry_after(&reply.headers, app.now()),
                sent: true,
            }),
            Err(fault) if fault.is_passing() => Some(Self {
                status: 0,
                error: fault.code(),
                headers: String::new(),
                body: String::new(),
                retry_after: None,
                sent: fault.was_sent(),
            }),
            Err(_) => None,
        }
    }

    fn attempt<'a>(&'a self, run: &Run, built: &'a Built, turn: Turn) -> Attempt<'a> {
        Attempt {
            number: turn.number,
            elapsed: turn.elapsed,
            method: &built.method,
            status: self.status,
            error: self.error,
            headers: &self.headers,
            body: &self.body,
            retry_after: self.retry_after,
            harmless: !self.sent || run.idempotency_key.is_some(),
        }
    }
}

/// RFC 9110 §10.2.3: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: UnixMillis) -> Option<u32> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(seconds_since(now, UnixMillis(at.as_millisecond())))
}

fn done(sent: Result<Reply, CallFault>, built: Built, attempts: u32) -> Done {
    let nothing = Done {
        status: 0,
        headers: HeaderMap::new(),
        body: String::new(),
        built,
        attempts,
        error: None,
        initiator: None,
        took: Took::default(),
    };
    match sent {
        Ok(reply) => Done {
            status: reply.status,
            headers: reply.headers,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
            ..nothing
        },
        Err(fault) => Done {
            error: Some((fault.code(), fault.to_string())),
            ..nothing
        },
    }
}

/// Whole seconds between two times; none where the first is the later.
pub(crate) fn seconds_since(began: UnixMillis, now: UnixMillis) -> u32 {
    u32::try_from(now.since(began).max(0) / 1000).unwrap_or(u32::MAX)
}

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Somebody waits: what takes longer is tried by whoever called, or runs asynchronously.
const LONGEST: u32 = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc9110_10_2_3_retry_after_is_seconds_or_a_date() {
        let now = UnixMillis(784_111_767_000); // ten seconds before RFC 9110's date
        for (text, seconds) in [
            ("7", Some(7)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().expect("a header"));
            assert_eq!(retry_after(&headers, now), seconds, "{text}");
        }
    }
}
