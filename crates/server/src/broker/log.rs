//! The outbound HTTP log: one row for each call, more of it at higher levels, and never what proves it
//! (`outbound-oauth.md` §6.7).

use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderMap},
};
use snowglobe_oauth::{
    outbound::{Built, LogLevel},
    secret::Secret,
    time::UnixMillis,
};

use super::{
    call::{CallFault, Run},
    way::Way,
};
use crate::{app::App, clock, outbound::Reply};

/// Notes a call.
pub(super) fn note(
    app: &App,
    run: &Run,
    built: &Built,
    (way, sent): (&Way, &Result<Reply, CallFault>),
    began: UnixMillis,
) {
    let properties = app.store.properties();
    if !properties.flag("glide.outbound_http.db.log", true) {
        return;
    }
    let overridden = properties.flag("glide.outbound_http_log.override", false);
    let level = match properties.text("glide.outbound_http_log.override.level") {
        Some(level) if overridden => LogLevel::parse(level),
        _ => run.log_level.unwrap_or(run.function.log_level),
    };
    let most = properties.number("glide.outbound_http.content.max_limit", BODY);
    let most = usize::try_from(most.clamp(0, MOST)).unwrap_or_default();
    let entry = Entry {
        built,
        secrets: secrets(built, way, sent),
        sent,
        level,
        most,
    };
    let mut values = entry.values();
    let took = clock::machine().since(began).max(0);
    values.extend([
        ("response_time", took.to_string()),
        ("source_table", run.source.0.to_owned()),
        ("source_record", run.source.1.to_string()),
        ("user", run.user.as_deref().unwrap_or_default().to_owned()),
    ]);
    app.store
        .note_outbound_call(&values, clock::timestamp(app.now()));
}

struct Entry<'a> {
    built: &'a Built,
    /// What proves the call, and what headers with telling names hold.
    secrets: Vec<Secret>,
    sent: &'a Result<Reply, CallFault>,
    level: LogLevel,
    /// Characters of a body.
    most: usize,
}

type Values = Vec<(&'static str, String)>;

impl Entry<'_> {
    fn values(&self) -> Values {
        let url = Url::parse(&self.built.url).ok();
        let mut values = self.basic(url.as_ref());
        if self.level >= LogLevel::Elevated {
            values.extend(self.elevated(url.as_ref()));
        }
        if self.level == LogLevel::All {
            values.extend(self.bodies());
        }
        values
    }

    fn basic(&self, url: Option<&Url>) -> Values {
        let Self { built, sent, .. } = self;
        let of_url = |part: fn(&Url) -> &str| url.map_or("", part);
        let bare = url.cloned().map(|mut url| {
            url.set_query(None);
            url.to_string()
        });
        let reply = sent.as_ref().ok();
        let asked = built.body.as_deref().map_or(0, str::len);
        let error = sent.as_ref().err().map_or("", CallFault::code);
        vec![
            ("url", self.clean(&bare.unwrap_or_default(), 1024)),
            ("method", built.method.to_string()),
            (
                "hostname",
                of_url(|url| url.host_str().unwrap_or_default()).to_owned(),
            ),
            ("url_path", self.clean(of_url(Url::path), 1024)),
            (
                "response_status",
                reply.map_or(0, |it| it.status).to_string(),
            ),
            ("request_length", asked.to_string()),
            (
                "response_length",
                reply.map_or(0, |it| it.body.len()).to_string(),
            ),
            ("error", error.to_owned()),
            ("log_level", self.level.name().to_owned()),
        ]
    }

    fn elevated(&self, url: Option<&Url>) -> Values {
        let request = self.built.headers.iter();
        let request: String = request.map(|(name, value)| line(name, value)).collect();
        let answer = self.sent.as_ref().map(|it| lines(&it.headers));
        let query = url.and_then(Url::query).unwrap_or_default();
        vec![
            ("url_query", self.clean(query, 1000)),
            ("request_headers", self.clean(&request, 4000)),
            (
                "response_headers",
                self.clean(&answer.unwrap_or_default(), 4000),
            ),
        ]
    }

    fn bodies(&self) -> Values {
        let body = self.built.body.as_deref().unwrap_or_default();
        let answer = self.sent.as_ref().map(shown);
        vec![
            ("request_body", self.clean(body, self.most)),
            (
                "response_body",
                self.clean(&answer.unwrap_or_default(), self.most),
            ),
        ]
    }

    /// Without what proves the call, wherever somebody echoes it, and cut.
    fn clean(&self, text: &str, most: usize) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if secret.expose().len() >= SHORTEST && text.contains(secret.expose()) {
                text = text.replace(secret.expose(), HIDDEN);
            }
        }
        // PostgreSQL keeps no NUL.
        let text = text.chars().filter(|c| *c != '\0');
        text.take(most).collect()
    }
}

/// A body, if it is of a kind that people read.
fn shown(reply: &Reply) -> String {
    let kind = reply.headers.get(CONTENT_TYPE);
    let kind = kind
        .and_then(|it| it.to_str().ok())
        .unwrap_or("text/plain")
        .to_ascii_lowercase();
    let is_text = ["text/", "application/json", "application/xml"]
        .iter()
        .any(|it| kind.starts_with(it))
        || kind.contains("+json")
        || kind.contains("+xml");
    if is_text {
        String::from_utf8_lossy(&reply.body).into_owned()
    } else {
        String::new()
    }
}

/// Headers as lines.
pub(super) fn lines(headers: &HeaderMap) -> String {
    let all = headers.iter();
    all.map(|(name, value)| line(name.as_str(), &String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

fn secrets(built: &Built, way: &Way, sent: &Result<Reply, CallFault>) -> Vec<Secret> {
    let asked = built.headers.iter();
    let asked = asked.map(|(name, value)| (&**name, value.clone()));
    let answered = sent.as_ref().ok().map(|reply| {
        let headers = reply.headers.iter();
        headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str(), value.into_owned())
        })
    });
    let told = asked.chain(answered.into_iter().flatten());
    let told = told.filter(|(name, _)| is_secret(name));
    let told = told.map(|(_, value)| Secret::new(value));
    way.secrets.iter().cloned().chain(told).collect()
}

/// What is known to be secret is not shown at any level.
fn line(name: &str, value: &str) -> String {
    let shown = if is_secret(name) { HIDDEN } else { value };
    format!("{name}: {shown}\n")
}

fn is_secret(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    let telling = [
        "authorization",
        "cookie",
        "token",
        "secret",
        "api-key",
        "apikey",
    ];
    telling.iter().any(|part| header.contains(part))
}

const HIDDEN: &str = "***";
/// Shorter ones would tear words apart.
const SHORTEST: usize = 4;
/// `outbound-oauth.md` §6.7: characters of a body, and how many they may be made.
const BODY: i64 = 100;
const MOST: i64 = 1000;

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn outbound_6_7_what_proves_a_call_is_not_logged() {
        for name in ["Authorization", "Set-Cookie", "X-Api-Key", "X-Auth-Token"] {
            assert_eq!(line(name, "hush"), format!("{name}: ***\n"));
        }
        assert_eq!(line("Accept", "*/*"), "Accept: */*\n");
    }
}
