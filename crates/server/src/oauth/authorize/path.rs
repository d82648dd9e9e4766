//! The address of an authorization request: where a person comes back to from the login page.

use std::fmt;

use axum::response::Response;
use snowglobe_oauth::{goto, policy::Dialect, time::UnixSeconds};

use crate::{
    app::App,
    identity::session::{self, see_other},
};

/// An endpoint and a query. When the client asked for a new login, the query ends with when the login page was
/// shown, and a proof of that: a login before that moment does not count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'q> {
    dialect: Dialect,
    query: &'q str,
    marker: Option<&'q str>,
}

impl<'q> Path<'q> {
    pub(super) fn new(dialect: Dialect, query: &'q str) -> Self {
        let (query, marker) = match query.rsplit_once(MARKER) {
            Some((query, marker)) => (query, Some(marker)),
            None => (query, None),
        };
        Self {
            dialect,
            query,
            marker,
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) fn query(&self) -> &'q str {
        self.query
    }

    /// Returns the query with the mark of a login that was asked for.
    pub(super) fn whole_query(&self) -> String {
        match self.marker {
            Some(marker) => format!("{}{MARKER}{marker}", self.query),
            None => self.query.to_owned(),
        }
    }

    /// Returns the path of the endpoint, without the query.
    pub(crate) fn endpoint(&self) -> &'static str {
        match self.dialect {
            Dialect::ServiceNow => "/oauth_auth.do",
            Dialect::Strict => "/oauth2/authorize",
        }
    }

    /// Returns when this very request showed the login page, if it did.
    pub(super) fn asked_at(&self, app: &App) -> Option<UnixSeconds> {
        let (seconds, proof) = self.marker?.split_once('.')?;
        let asked = UnixSeconds(seconds.parse().ok()?);
        let proved = app
            .store
            .handles()
            .proves(PURPOSE, &self.claim(asked), proof);
        proved.then_some(asked)
    }

    /// Sends the person to log in, and back.
    pub(super) fn to_login(self, app: &App, again: bool, login: &Login) -> Response {
        let mut back = self.to_string();
        if again {
            let asked = app.now().seconds();
            let proof = app.store.handles().proof(PURPOSE, &self.claim(asked));
            back = format!("{back}{MARKER}{}.{proof}", asked.0);
        }
        see_other(&session::login_address(
            login.page(),
            &back,
            login.hint.as_deref(),
        ))
    }

    fn claim(&self, asked: UnixSeconds) -> Vec<u8> {
        format!("{} {self}", asked.0).into_bytes()
    }
}

/// Writes the address with every byte escaped that a `Location` does not hold, and that nothing but a plain path
/// on this instance may hold (`oauth::goto`).
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?", self.endpoint())?;
        for byte in self.query.bytes() {
            if byte.is_ascii_graphic() && byte != b'\\' {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// What a client says of the log-in of its people.
#[derive(Debug, Default)]
pub(super) struct Login {
    /// Its record's Login URL.
    pub(super) url: Option<Box<str>>,
    /// The name that it thinks the person has.
    pub(super) hint: Option<Box<str>>,
}

impl Login {
    /// Returns the page to log in on. A Login URL counts if it is on this instance: no other place may ask for its
    /// people's passwords, or could begin their session.
    fn page(&self) -> &str {
        let own = self.url.as_deref().and_then(goto::allowed);
        own.unwrap_or(session::LOGIN)
    }
}

const MARKER: &str = "&sg_login_asked=";
const PURPOSE: &str = "login asked";
