//! What is held of a grant at another provider: read in one look, written in guarded batches.
//!
//! ```text
//! held ── take_off (guard: nobody else is in flight) ── the provider ── settle (guard: see below)
//! ```
//! An answer with tokens is stored unless newer tokens were: whoever was thought dead and comes back with the answer
//! has the only copy of it. A refusal is stored only by whoever is still in flight.

use snowglobe_oauth::{
    outbound::{Flight, Held, HeldAccess, HeldRefresh, Profile, Provider, Standing, Step, Trouble},
    secret::Secret,
    time::UnixMillis,
};
use snowglobe_records::ValueRef;

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Row, Rows, Statement},
};
use snowglobe_records::Value;

/// Who wants tokens of a profile (`outbound-oauth.md` §7.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Requestor {
    /// The table of the record that asks.
    pub context: Box<str>,
    /// Its key.
    pub id: Box<str>,
    /// The key of the profile.
    pub profile: Box<str>,
    /// The key of the user whose tokens they are; none of tokens that all share.
    pub user: Option<Box<str>>,
}

/// What is held, with the tokens still sealed.
#[derive(Debug, Clone)]
pub struct HeldGrant {
    /// What decisions are made on.
    pub held: Held,
    /// The scope that was granted.
    pub scope: Box<str>,
    pub(super) id: Box<str>,
    pub(super) flight: Box<str>,
    pub(super) access: Option<SealedToken>,
    pub(super) refresh: Option<SealedToken>,
}

/// A token in its row.
#[derive(Debug, Clone)]
pub(super) struct SealedToken {
    pub(super) row: i64,
    sys_id: Box<str>,
    sealed: Box<str>,
}

/// Whom a grant concerns, beside the requestor.
#[derive(Debug, Clone, Copy)]
pub struct Parties<'a> {
    /// Who asks.
    pub requestor: &'a Requestor,
    /// With what.
    pub profile: &'a Profile,
    /// Whom.
    pub provider: &'a Provider,
}

impl Requestor {
    pub(super) fn key(&self) -> String {
        let user = self.user.as_deref().unwrap_or_default();
        format!("{} {} {} {user}", self.context, self.id, self.profile)
    }
}

const COLUMNS: &str = "g.id, g.generation, g.obtained, g.access_expires, g.refresh_expires, g.state, g.code, g.detail, \
     g.failures, g.retry_at, g.flight, g.flight_step, g.flight_until, g.answer_lost, g.scope, \
     g.access_row, a.sys_id, a.token_received, g.refresh_row, r.sys_id, r.token_received, g.refresh_since";
/// A token that a person revoked in Manage Tokens, or whose row they deleted, is held no more.
const TABLES: &str = "sg_grant g \
     LEFT JOIN oauth_credential a ON a.sys_row = g.access_row AND a.revoked_at IS NULL \
     LEFT JOIN oauth_credential r ON r.sys_row = g.refresh_row AND r.revoked_at IS NULL";

impl Store {
    /// Returns what is held for a requestor. `machine` is the machine's time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn held(
        &self,
        requestor: &Requestor,
        machine: UnixMillis,
    ) -> Result<Option<HeldGrant>, StoreError> {
        let statement = Statement::new(
            format!("SELECT {COLUMNS} FROM {TABLES} WHERE g.key = $1"),
            [Value::text(&requestor.key())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.map(|row| self.held_grant(row, machine)))
    }

    /// Returns every grant that has a refresh token, with its requestor.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn held_grants(
        &self,
        machine: UnixMillis,
    ) -> Result<Vec<(Requestor, HeldGrant)>, StoreError> {
        self.grants("g.refresh_row IS NOT NULL", machine).await
    }

    /// Returns every grant, with its requestor.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all_grants(
        &self,
        machine: UnixMillis,
    ) -> Result<Vec<(Requestor, HeldGrant)>, StoreError> {
        self.grants("TRUE", machine).await
    }

    async fn grants(
        &self,
        which: &str,
        machine: UnixMillis,
    ) -> Result<Vec<(Requestor, HeldGrant)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, g.context, g.requestor, g.profile, g.user_id FROM {TABLES} \
             WHERE {which} ORDER BY g.id"
        );
        let rows = self
            .backend
            .read(Cost::Scan, &[Statement::new(sql, [])])
            .await?;
        let grant = |row: Row<'_>| {
            let requestor = Requestor {
                context: row.text(22).into(),
                id: row.text(23).into(),
                profile: row.text(24).into(),
                user: row.get(25).as_text().map(Into::into),
            };
            (requestor, self.held_grant(row, machine))
        };
        Ok(rows.iter().flat_map(Rows::iter).map(grant).collect())
    }

    /// Opens the access token; `None` if there is none, or it was sealed under another master key.
    #[must_use]
    pub fn held_access(&self, grant: &HeldGrant) -> Option<Secret> {
        self.open_token(grant.access.as_ref()?)
    }

    /// Opens the refresh token, likewise.
    #[must_use]
    pub fn held_refresh(&self, grant: &HeldGrant) -> Option<Secret> {
        self.open_token(grant.refresh.as_ref()?)
    }

    fn open_token(&self, token: &SealedToken) -> Option<Secret> {
        let opened = self.open_secret(TOKEN, &token.sys_id, &token.sealed)?;
        String::from_utf8(opened).ok().map(Secret::new)
    }

    fn held_grant(&self, row: Row<'_>, machine: UnixMillis) -> HeldGrant {
        let millis = |at| match row.get(at) {
            ValueRef::Int(at) => Some(UnixMillis(at)),
            _ => None,
        };
        let (access, refresh) = (sealed(row, 15), sealed(row, 18));
        let obtained = millis(2).unwrap_or(UnixMillis(0));
        let flight = self.flight(row, machine);
        let was_lost = flight.is_some_and(|it| !it.live && it.step == Step::Refresh);
        let trouble = Trouble {
            code: row.text(6).into(),
            detail: row.text(7).into(),
            failures: u32::try_from(row.int(8)).unwrap_or_default(),
            retry_at: UnixMillis(row.int(9)),
        };
        let access_expires = millis(3).filter(|_| access.is_some());
        HeldGrant {
            held: Held {
                generation: u32::try_from(row.int(1)).unwrap_or_default(),
                access: access_expires.map(|expires| HeldAccess { obtained, expires }),
                refresh: refresh.as_ref().map(|_| HeldRefresh {
                    expires: millis(4),
                    // One that was stored by an earlier version.
                    since: millis(21).unwrap_or(obtained),
                }),
                standing: Standing::of(row.text(5), trouble),
                flight,
                answer_lost: row.int(13) != 0 || was_lost,
            },
            scope: row.text(14).into(),
            id: row.text(0).into(),
            flight: row.text(10).into(),
            access,
            refresh,
        }
    }

    /// A flight of another process is alive until its time is over. One of this process's number, made by an earlier
    /// process, is dead at once: no two that run have one number.
    fn flight(&self, row: Row<'_>, machine: UnixMillis) -> Option<Flight> {
        let name = row.get(10).as_text()?;
        let of_earlier = name.starts_with(&format!("{}.", self.backend.node()))
            && !name.starts_with(&self.flight_prefix());
        Some(Flight {
            step: step(row.text(11)),
            live: !of_earlier && row.int(12) > machine.0,
        })
    }

    /// What the names of this process's flights begin with.
    pub(super) fn flight_prefix(&self) -> String {
        format!("{}.{:x}.", self.backend.node(), self.boot)
    }
}

fn sealed(row: Row<'_>, at: usize) -> Option<SealedToken> {
    Some(SealedToken {
        row: row.int(at),
        sys_id: row.text(at + 1).into(),
        sealed: row.get(at + 2).as_text()?.into(),
    })
}

fn step(text: &str) -> Step {
    match text {
        "refresh" => Step::Refresh,
        _ => Step::Obtain,
    }
}

/// Where tokens of others lie.
pub(super) const TOKEN: (&str, &str) = ("oauth_credential", "token_received");
