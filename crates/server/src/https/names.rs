//! Which instance a request came to. The certificate is good for several names, and a client that was told one of them
//! looks for it in links, redirects and tokens.
//!
//! A real instance writes its configured URL into links whatever the `Host` says (`rest-and-records.md` §1.1). Here the
//! names are those of the certificate, and none else: a `Host` that is made up gets the first of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::Request,
    http::{HeaderMap, header},
};
use snowglobe_oauth::header::host::{self, Own};

use crate::{
    app::App,
    identity::peer::Peer,
    observe::Observed,
    serve::{Answering, Answers},
};

/// Answers each request as the instance of the name that it came to.
#[derive(Debug)]
pub(crate) struct ByName {
    app: App,
    port: u16,
    routers: Mutex<HashMap<String, Arc<Observed>>>,
}

impl ByName {
    pub(crate) fn new(app: &App, port: u16) -> Self {
        Self {
            app: app.clone(),
            port,
            routers: Mutex::default(),
        }
    }

    fn router(&self, request: &Request) -> Arc<Observed> {
        let authority = request
            .uri()
            .authority()
            .map(axum::http::uri::Authority::as_str);
        let authority = authority.or_else(|| sent(request.headers()));
        let issuer = issuer(authority.unwrap_or_default(), self.port);
        let mut routers = self.routers.lock().unwrap_or_else(PoisonError::into_inner);
        let issuer = if routers.len() < MOST_NAMES || routers.contains_key(&issuer) {
            issuer
        } else {
            default_issuer(self.port)
        };
        let make = || Arc::new(Observed::new(self.app.named(&issuer), Arc::from([])));
        Arc::clone(routers.entry(issuer.clone()).or_insert_with(make))
    }
}

impl Answers for ByName {
    fn answer(&self, peer: Peer, request: Request) -> Answering {
        self.router(&request).answer(peer, request)
    }
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Returns the URL of the instance that goes by this name, or by its first one.
fn issuer(authority: &str, port: u16) -> String {
    match host::own(authority) {
        None => default_issuer(port),
        Some(Own { name, port: None }) => format!("https://{name}"),
        Some(Own {
            name,
            port: Some(given),
        }) => format!("https://{name}:{given}"),
    }
}

/// Returns the instance's first name.
pub(crate) fn default_issuer(port: u16) -> String {
    format!("https://localhost:{port}")
}

/// More names than a developer has use for: each keeps a router.
const MOST_NAMES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_certificate_are_the_instance_s() {
        for (authority, expected) in [
            ("localhost:8443", "https://localhost:8443"),
            ("LocalHost", "https://localhost"),
            ("127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("[::1]:8443", "https://[::1]:8443"),
            (
                "dev12345.service-now.com",
                "https://dev12345.service-now.com",
            ),
            (
                "dev12345.service-now.com:443",
                "https://dev12345.service-now.com",
            ),
        ] {
            assert_eq!(issuer(authority, 8443), expected, "{authority}");
        }
    }

    #[test]
    fn sr_47_a_name_that_is_made_up_is_not_believed() {
        for authority in [
            "",
            "evil.example",
            "service-now.com",
            ".service-now.com",
            "a.b.service-now.com",
            "evil.example/.service-now.com",
            "dev12345.service-now.com.evil.example",
            "dev12345.service-now.com@evil.example",
            "\"><script>.service-now.com",
            "localhost:8443:1",
        ] {
            assert_eq!(
                issuer(authority, 8443),
                "https://localhost:8443",
                "{authority}"
            );
        }
    }
}
