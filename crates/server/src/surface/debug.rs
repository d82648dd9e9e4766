//! Session debug messages in an answer (`rest-and-records.md` §1.4): `X-WantSessionDebugMessages: true`, where the
//! property `glide.rest.debug` turns debugging on.

use std::time::Instant;

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, header},
    response::Response,
};
use serde_json::json;

use crate::app::App;

/// A call whose answer is to tell how it was answered.
pub(super) struct Watched {
    line: String,
    since: Instant,
}

const WANTED: HeaderName = HeaderName::from_static("x-wantsessiondebugmessages");

impl Watched {
    /// Looks whether a call asks for messages, and may have them.
    pub(super) fn of(app: &App, request: &Request) -> Option<Self> {
        let wants = |headers: &HeaderMap| {
            let value = headers.get(WANTED);
            value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
        };
        if !wants(request.headers()) || !app.store.properties().flag("glide.rest.debug", false) {
            return None;
        }
        Some(Self {
            line: format!("{} {}", request.method(), request.uri()),
            since: Instant::now(),
        })
    }

    /// Adds the messages to an object of JSON. A list that is sent piece by piece stays as it is.
    pub(super) async fn tell(self, app: &App, response: Response) -> Response {
        let headers = response.headers();
        let kind = headers.get(header::CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if !is_json || response.body().size_hint().exact().is_none() {
            return response;
        }
        let status = response.status().as_u16();
        let (mut parts, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let Some(object) = bytes.strip_suffix(b"}") else {
            return Response::from_parts(parts, Body::from(bytes));
        };
        let told = self.messages(app, status).to_string();
        let mut whole = object.to_vec();
        if !object.ends_with(b"{") {
            whole.push(b',');
        }
        whole.extend_from_slice(b"\"session\":");
        whole.extend_from_slice(told.as_bytes());
        whole.push(b'}');
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(whole))
    }

    fn messages(&self, app: &App, status: u16) -> serde_json::Value {
        let now = app.clock.now().strftime("%H:%M:%S%.3f");
        let took = self.since.elapsed();
        let line = format!(
            "{now}: Time: {took:.3?} for: {} answered: {status}",
            self.line
        );
        json!({"debug_logs": [{
            "type": "log",
            "customerUpdate": false,
            "line": line,
            "debugClassSet": "",
        }]})
    }
}
