//! The consent form's `sysparm_ck`: the request it is about, sealed, for one session, some minutes and one use.
//!
//! The form carries nothing else (`inbound-oauth.md` §8.2), so what a person allows is what the page showed them,
//! whatever the browser is made to send.

use snowglobe_oauth::{TokenId, policy::Dialect};
use snowglobe_store::backend::StoreError;

use super::path::Path;
use crate::{
    app::App,
    identity::{
        seal::{self, Purpose},
        session::Session,
        user_token::CsrfFault,
    },
};

/// What the form is about.
#[derive(Debug)]
pub(super) struct Ticket {
    id: TokenId,
    dialect: Dialect,
    /// The `sysparm_ck` of the session that was asked.
    ck: String,
    query: String,
}

impl Ticket {
    pub(super) fn new(app: &App, session: &Session, path: &Path<'_>) -> Self {
        Self {
            id: app.store.ids().tokens().next(app.now()),
            dialect: path.dialect(),
            ck: session.ck(),
            query: path.whole_query(),
        }
    }

    pub(super) fn seal(&self, app: &App) -> Result<String, StoreError> {
        let dialect = match self.dialect {
            Dialect::ServiceNow => 0,
            Dialect::Strict => 1,
        };
        let text = format!("{dialect} {} {} {}", self.id, self.ck, self.query);
        seal::seal(app, Purpose::Consent, text.as_bytes(), OPEN_FOR)
    }

    /// Opens a form's ticket, for the session it was made for.
    pub(super) fn open(app: &App, session: &Session, sealed: &str) -> Result<Self, CsrfFault> {
        let bytes = seal::open(app, Purpose::Consent, sealed).ok_or(CsrfFault::Wrong)?;
        let text = String::from_utf8(bytes).map_err(|_| CsrfFault::Wrong)?;
        let ticket = Self::read(&text).ok_or(CsrfFault::Wrong)?;
        session.check_ck(&ticket.ck)?;
        Ok(ticket)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let dialect = match parts.next()? {
            "0" => Dialect::ServiceNow,
            _ => Dialect::Strict,
        };
        Some(Self {
            id: TokenId::from_i64(parts.next()?.parse().ok()?)?,
            dialect,
            ck: parts.next()?.to_owned(),
            query: parts.next()?.to_owned(),
        })
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) fn query(&self) -> &str {
        &self.query
    }

    /// Returns what makes it count once.
    pub(super) fn once(&self, app: &App) -> snowglobe_store::Ticket {
        snowglobe_store::Ticket {
            id: self.id,
            expires: app.now().after(OPEN_FOR),
        }
    }
}

/// Seconds that a consent page may stay open.
const OPEN_FOR: u32 = 1_800;
