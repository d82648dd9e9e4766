//! `/_sg/clock`: tells a development instance's time, and moves it.
//!
//! Tokens, sessions, lock-outs, JWT checks, record timestamps and the background jobs all follow, on every node,
//! and a restart changes nothing. In production there is nothing here.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use jiff::{Span, SpanRelativeTo, Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_store::{ClockSetting, backend::ApplyError};

use super::guard;
use crate::{
    app::{App, Mode},
    clock::{machine, timestamp},
    error::{RestError, json},
    router,
};

/// A move, as `{"advance":"31m"}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Move {
    /// So much later; a minus makes it earlier.
    Advance(String),
    /// Stop the clock, or let it run on from where it stands.
    Freeze(bool),
    /// To a moment; UTC where it names no zone.
    Set(String),
    /// Back to the machine's time.
    Reset(bool),
}

/// The largest body that is read.
const MAX_BODY: usize = 1024;
/// Token ids count from here ([`snowglobe_oauth::token::TokenId`]).
const EARLIEST: UnixMillis = UnixMillis(1_577_836_800_000);
/// 2089-01-01: token ids end a little later.
const LATEST: UnixMillis = UnixMillis(3_755_289_600_000);

/// `GET` or `POST /_sg/clock`
pub(crate) async fn respond(State(app): State<App>, request: Request) -> Response {
    if app.mode != Mode::Development {
        return router::unknown(request.uri());
    }
    let moved = answer(&app, request).await;
    moved.unwrap_or_else(RestError::into_response)
}

async fn answer(app: &App, request: Request) -> Result<Response, RestError> {
    guard::operator(app, request.headers()).await?;
    match *request.method() {
        Method::GET | Method::HEAD => Ok(told(app.store.clock(), None)),
        Method::POST => {
            let body = to_bytes(request.into_body(), MAX_BODY).await;
            let body = body.map_err(|error| RestError::UnreadableBody(error.to_string()))?;
            let wanted: Move = serde_json::from_slice(&body)
                .map_err(|error| RestError::UnreadableBody(error.to_string()))?;
            apply(app, &wanted).await
        }
        _ => Err(RestError::Method),
    }
}

async fn apply(app: &App, wanted: &Move) -> Result<Response, RestError> {
    loop {
        let (seen, machine) = (app.store.clock(), machine());
        let to = wanted.of(seen, machine).map_err(RestError::BadParameter)?;
        match app.store.move_clock(seen, to).await {
            Ok(()) => {
                let back = to.tell(machine) < seen.tell(machine);
                tracing::info!(now = %timestamp(to.tell(machine)), "the clock was moved");
                return Ok(told(to, back.then_some(WENT_BACK)));
            }
            // Another node was faster: this one sees it now or within a moment.
            Err(ApplyError::Conflict) => app.store.poll().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

const WENT_BACK: &str = "The clock went back. Records and tokens from later than now stay as they are, and \
     what expired and was swept meanwhile does not come back.";

impl Move {
    /// Returns what the clock does after this move.
    fn of(&self, seen: ClockSetting, machine: UnixMillis) -> Result<ClockSetting, String> {
        let now = seen.tell(machine);
        let at = |moment: UnixMillis| match seen {
            ClockSetting::Frozen(_) => ClockSetting::Frozen(moment),
            ClockSetting::Ahead(_) => ClockSetting::Ahead(moment.since(machine)),
        };
        match self {
            Self::Advance(by) => {
                let later = UnixMillis(now.0.saturating_add(millis(by)?));
                Ok(at(in_range(later)?))
            }
            Self::Set(to) => Ok(at(in_range(moment(to)?)?)),
            Self::Freeze(true) => Ok(ClockSetting::Frozen(now)),
            Self::Freeze(false) => Ok(ClockSetting::Ahead(now.since(machine))),
            Self::Reset(true) => Ok(ClockSetting::TRUE),
            Self::Reset(false) => Err("reset takes true".to_owned()),
        }
    }
}

/// `31m`, `1d 12h`, `PT31M`; a day has 24 hours.
fn millis(span: &str) -> Result<i64, String> {
    let parsed: Result<Span, _> = span.parse();
    let duration = parsed.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
    let millis = duration.map(|duration| duration.as_millis());
    let millis =
        millis.map_err(|error| format!("'{span}' is no span such as 31m or 99d: {error}"))?;
    i64::try_from(millis).map_err(|_| format!("'{span}' is too long"))
}

fn moment(text: &str) -> Result<UnixMillis, String> {
    let zoned: Result<Timestamp, _> = text.parse();
    let moment = zoned.or_else(|_| {
        let civil: DateTime = text.parse()?;
        civil.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp())
    });
    moment
        .map(|moment| UnixMillis(moment.as_millisecond()))
        .map_err(|error: jiff::Error| {
            format!("'{text}' is no time such as 2027-01-01T00:00:00Z: {error}")
        })
}

fn in_range(moment: UnixMillis) -> Result<UnixMillis, String> {
    if (EARLIEST..LATEST).contains(&moment) {
        Ok(moment)
    } else {
        Err("the clock moves between 2020 and 2089 only".to_owned())
    }
}

fn told(setting: ClockSetting, warning: Option<&str>) -> Response {
    let machine = machine();
    let now = setting.tell(machine);
    let mut told = serde_json::json!({
        "now": timestamp(now).to_string(),
        "machine": timestamp(machine).to_string(),
        "offset_ms": now.since(machine),
        "frozen": matches!(setting, ClockSetting::Frozen(_)),
    });
    if let Some(warning) = warning {
        told["warning"] = warning.into();
    }
    json(StatusCode::OK, told.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: UnixMillis = UnixMillis(1_800_000_000_000);
    const HALF: i64 = 31 * 60_000;

    fn read(text: &str) -> Move {
        serde_json::from_str(text).expect("a move")
    }

    #[test]
    fn a_running_clock_runs_on() {
        let seen = ClockSetting::Ahead(1000);
        for (text, to) in [
            (r#"{"advance":"31m"}"#, ClockSetting::Ahead(1000 + HALF)),
            (r#"{"advance":"-31m"}"#, ClockSetting::Ahead(1000 - HALF)),
            (r#"{"advance":"PT31M"}"#, ClockSetting::Ahead(1000 + HALF)),
            (
                r#"{"advance":"1d 1s"}"#,
                ClockSetting::Ahead(2000 + 86_400_000),
            ),
            (
                r#"{"set":"2027-01-15T08:00:05Z"}"#,
                ClockSetting::Ahead(5000),
            ),
            (
                r#"{"set":"2027-01-15 08:00:05"}"#,
                ClockSetting::Ahead(5000),
            ),
            (
                r#"{"set":"2027-01-15T09:00:05+01:00"}"#,
                ClockSetting::Ahead(5000),
            ),
            (
                r#"{"freeze":true}"#,
                ClockSetting::Frozen(UnixMillis(MACHINE.0 + 1000)),
            ),
            (r#"{"freeze":false}"#, seen),
            (r#"{"reset":true}"#, ClockSetting::TRUE),
        ] {
            assert_eq!(read(text).of(seen, MACHINE), Ok(to), "{text}");
        }
    }

    #[test]
    fn a_frozen_clock_moves_and_stands_still_again() {
        let at = UnixMillis(MACHINE.0 + 60_000);
        let seen = ClockSetting::Frozen(at);
        for (text, to) in [
            (
                r#"{"advance":"31m"}"#,
                ClockSetting::Frozen(UnixMillis(at.0 + HALF)),
            ),
            (
                r#"{"set":"2027-01-15T08:00:05Z"}"#,
                ClockSetting::Frozen(UnixMillis(MACHINE.0 + 5000)),
            ),
            (r#"{"freeze":true}"#, seen),
            (r#"{"freeze":false}"#, ClockSetting::Ahead(60_000)),
            (r#"{"reset":true}"#, ClockSetting::TRUE),
        ] {
            assert_eq!(read(text).of(seen, MACHINE), Ok(to), "{text}");
        }
    }

    #[test]
    fn what_is_no_move_moves_nothing() {
        for text in [
            "{}",
            r#"{"advance":31}"#,
            r#"{"advance":"1m","freeze":true}"#,
            r#"{"stop":true}"#,
            "[]",
        ] {
            assert!(serde_json::from_str::<Move>(text).is_err(), "{text}");
        }
        for text in [
            r#"{"advance":"1mo"}"#,
            r#"{"advance":"soon"}"#,
            r#"{"advance":"19998y"}"#,
            r#"{"advance":"99999d"}"#,
            r#"{"set":"tomorrow"}"#,
            r#"{"set":"2019-12-31T23:59:59Z"}"#,
            r#"{"set":"2089-01-01T00:00:00Z"}"#,
            r#"{"reset":false}"#,
        ] {
            assert!(
                read(text).of(ClockSetting::TRUE, MACHINE).is_err(),
                "{text}"
            );
        }
    }
}
