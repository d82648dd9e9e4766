//! The effects of the protocol's decisions as statements on `oauth_credential` and `sg_revocation`.
//!
//! A token's row has the token's id as its row key, so rows arrive in key order and a token finds its row without
//! an index. Rows may arrive late or twice (a token proves itself; its row is written behind), so inserts
//! yield to what is there.

use std::{
    fmt::Write as _,
    sync::{Arc, PoisonError},
};

use jiff::Timestamp;
use snowglobe_oauth::{
    account::Account,
    assertion::AssertionId,
    change::{Change, RotateFamily},
    client::Client,
    grants::refresh_token::Family,
    scope::{NumberedScope, ScopeNo},
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenClaims, TokenId, TokenKind},
};
use snowglobe_records::{SysId, Value};

use super::{codes::consume, devices};
use crate::{
    Store,
    backend::ApplyError,
    commit::Commit,
    sql::{Batch, Dialect, Statement},
};

/// Whom the tokens of a change belong to.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The client.
    pub client: &'a Client,
    /// The user.
    pub user: &'a Account,
}

/// What a token's row says of whom it belongs to. Empty where that is not known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Names<'a> {
    pub(super) client: &'a str,
    /// The key of the client's record.
    pub(super) peer: &'a str,
    /// The key of the user's record.
    pub(super) user: &'a str,
    pub(super) user_name: &'a str,
}

impl<'a> From<Owner<'a>> for Names<'a> {
    fn from(owner: Owner<'a>) -> Self {
        Self {
            client: &owner.client.name,
            peer: &owner.client.sys_id,
            user: &owner.user.sys_id,
            user_name: &owner.user.user_name,
        }
    }
}

const INSERT: &str = "INSERT INTO oauth_credential (sys_row, sys_id, name, type, expires, \"user\", peer, scope, \
     resource, token_id, family, generation, rotated_at, key_id, sys_created_on, sys_created_by, sys_updated_on, \
     sys_updated_by, sys_mod_count) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";

/// Rows are written at most some 50 ms behind; a machine in trouble takes longer.
const SWALLOWED_MS: i64 = 60_000;

impl Store {
    /// Makes changes that must be on disk before the answer, together with everything else the decision asks for.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when a rotation lost against another one: read again and decide again. Where an
    /// assertion is used, it means that it was used before.
    pub async fn apply_changes(
        &self,
        changes: &[Change],
        owner: Option<Owner<'_>>,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut commit = Commit::default();
        self.push_changes(changes, owner, now, &mut commit);
        self.commit(commit).await
    }

    pub(super) fn push_changes(
        &self,
        changes: &[Change],
        owner: Option<Owner<'_>>,
        now: UnixMillis,
        commit: &mut Commit,
    ) {
        // Whoever looks for what a code gave looks for its row.
        let may_note = owner.is_some() && !changes.iter().any(consumes);
        // What may turn out to be done already comes first: then there is nothing to undo.
        let once = changes.iter().filter(|change| happens_once(change));
        let rest = changes.iter().filter(|change| !happens_once(change));
        for change in once.chain(rest) {
            match change {
                Change::InsertToken(token) => {
                    let note = may_note.then(|| self.note_token(token)).flatten();
                    let alone = changes.len() == 1 && commit.batch.statements.is_empty();
                    commit.batch.folds = alone && note.is_some();
                    let row = || self.insert_token(token, owner);
                    commit.batch.push(note.unwrap_or_else(row));
                }
                Change::RotateFamily(step) => {
                    commit.batch.push_guarded(self.rotate(step, owner));
                    commit.rotate(step.id, stored(step));
                }
                Change::UseAssertion(id) => commit.batch.push_guarded(use_assertion(id)),
                Change::RevokeFamily { id, forget_after }
                | Change::RevokeToken { id, forget_after } => {
                    revoke(*id, *forget_after, now, commit);
                }
                Change::ConsumeDeviceCode {
                    id,
                    gave,
                    gave_until,
                    at,
                } => {
                    let consumed = devices::consume(*id, *gave, *gave_until, *at);
                    commit.batch.push_guarded(consumed);
                }
                Change::NotePoll { id, at, interval } => {
                    commit.batch.push(devices::note_poll(*id, *at, *interval));
                }
                Change::ConsumeCode {
                    id,
                    gave,
                    gave_until,
                    at,
                } => {
                    let consumed = consume(*id, *gave, *gave_until, *at);
                    commit.batch.push_guarded(consumed);
                }
            }
        }
    }

    /// Leaves the rows of the tokens among these changes to a later group of writes.
    ///
    /// # Errors
    /// As [`Self::apply_changes`], when the disk does not keep up and the caller has to wait for it.
    pub async fn write_tokens_behind(
        &self,
        changes: &[Change],
        owner: Owner<'_>,
    ) -> Result<(), ApplyError> {
        for change in changes {
            if let Change::InsertToken(token) = change {
                let batch = match self.note_token(token) {
                    Some(note) => Batch::folding(note),
                    None => Batch::one(self.insert_token(token, Some(owner))),
                };
                if let Err(batch) = self.backend.write_behind(batch) {
                    Box::pin(self.backend.apply(batch)).await?;
                }
            }
        }
        Ok(())
    }

    /// Notes a token that was presented. A crash may have swallowed the row of a token issued just before this
    /// process started; it is written again.
    pub fn token_seen(&self, token: &IssuedToken, owner: Owner<'_>) {
        let age = self.opened_at.since(token.claims.id.issued_at());
        let may_be_lost = (0..SWALLOWED_MS).contains(&age);
        if may_be_lost
            && self
                .recovered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(token.claims.id)
        {
            let batch = Batch::one(self.insert_token(token, Some(owner)));
            if self.backend.write_behind(batch).is_err() {
                tracing::warn!(token.id = %token.claims.id, "the token's row is not written again now");
            }
        }
    }

    fn insert_token(&self, token: &IssuedToken, owner: Option<Owner<'_>>) -> Statement {
        let names = owner.map(Names::from).unwrap_or_default();
        let params = self.token_row(&token.claims, token.key_id, None, names);
        Statement::new(Arc::clone(&self.statements.insert_token), params)
    }

    /// A family whose first row is still on its way, or was swallowed by a crash, gets it here.
    fn rotate(&self, step: &RotateFamily, owner: Option<Owner<'_>>) -> Statement {
        let claims = TokenClaims {
            kind: TokenKind::Refresh,
            id: step.id,
            family: None,
            client: step.client,
            user: step.user,
            scope: step.scope,
            expires: step.expires,
            generation: step.to,
        };
        let key_id = self.keys().current();
        let names = owner.map(Names::from).unwrap_or_default();
        let mut params = self.token_row(&claims, key_id, Some(step.at), names);
        params.push(Value::Int(step.from.into()));
        Statement::new(Arc::clone(&self.statements.rotate_family), params)
    }

    /// The cells of a token's row, in the order of [`Statements::insert_token`].
    pub(super) fn token_row(
        &self,
        claims: &TokenClaims,
        key_id: u8,
        rotated_at: Option<UnixMillis>,
        names: Names<'_>,
    ) -> Vec<Value> {
        let id = claims.id.as_i64();
        let created = date_time(claims.id.issued_at());
        let numbered = if claims.scope == ScopeNo::USERACCOUNT {
            None
        } else {
            self.numbered_scope(claims.scope)
        };
        let numbered = numbered.as_ref().unwrap_or(&NumberedScope::USERACCOUNT);
        vec![
            Value::Int(id),
            SysId::in_order(id.cast_unsigned(), 0).into(),
            Value::text(names.client),
            Value::text(match claims.kind {
                TokenKind::Access => "access_token",
                TokenKind::Refresh => "refresh_token",
                TokenKind::Code => "authorization_code",
                TokenKind::Device => "device_code",
            }),
            date_time(claims.expires.millis()),
            Value::text(names.user),
            Value::text(names.peer),
            Value::text(numbered.scope.as_str()),
            Value::text(numbered.resources.as_str()),
            Value::Int(id),
            claims.family.map(TokenId::as_i64).into(),
            Value::Int(claims.generation.into()),
            rotated_at.map(date_time).unwrap_or_default(),
            Value::Int(key_id.into()),
            created.clone(),
            Value::text(names.user_name),
            created,
            Value::text(names.user_name),
            Value::Int(0),
        ]
    }
}

fn happens_once(change: &Change) -> bool {
    matches!(
        change,
        Change::RotateFamily(_)
            | Change::UseAssertion(_)
            | Change::ConsumeCode { .. }
            | Change::ConsumeDeviceCode { .. }
    )
}

fn consumes(change: &Change) -> bool {
    matches!(
        change,
        Change::ConsumeCode { .. } | Change::ConsumeDeviceCode { .. }
    )
}

/// Only the first of many that use one assertion touches a row.
fn use_assertion(id: &AssertionId) -> Statement {
    let mut digest = String::with_capacity(64);
    for byte in id.digest() {
        let _ = write!(digest, "{byte:02x}");
    }
    Statement::new(
        "INSERT INTO sg_assertion (digest, expires) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
        [
            Value::Text(digest.into()),
            Value::Int(id.forget_after().0.into()),
        ],
    )
}

/// What a row says of a family that has made this step; rows keep whole seconds.
fn stored(step: &RotateFamily) -> Family {
    Family {
        generation: step.to,
        rotated_at: step.at.seconds().millis(),
        expires: step.expires,
    }
}

const NOTE: &str = "INSERT INTO sg_token_note (newest, expires, tokens) VALUES ($1, $2, $3)";

/// The texts of the hot statements, made once.
#[derive(Debug)]
pub(crate) struct Statements {
    pub(super) insert_token: Arc<str>,
    pub(super) note_token: Arc<str>,
    rotate_family: Arc<str>,
    /// The newest token without a family: a refresh token, or an access token that came without one.
    pub(super) newest_alone: Arc<str>,
    /// The newest access token that came with a refresh token.
    pub(super) newest_of_family: Arc<str>,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let insert_token = format!("{INSERT} ON CONFLICT (sys_row) DO NOTHING");
        // A row that is not there counts as generation 0, as `Change::RotateFamily` says.
        let rotate_family = format!(
            "{INSERT} ON CONFLICT (sys_row) DO UPDATE SET generation = excluded.generation, \
             rotated_at = excluded.rotated_at, expires = excluded.expires, key_id = excluded.key_id, \
             sys_updated_on = excluded.sys_updated_on, sys_mod_count = oauth_credential.sys_mod_count + 1 \
             WHERE oauth_credential.generation = $20"
        );
        Self {
            insert_token: insert_token.into(),
            note_token: NOTE.into(),
            rotate_family: rotate_family.into(),
            newest_alone: newest_token(dialect, "family IS NULL").into(),
            newest_of_family: newest_token(dialect, "family IS NOT NULL").into(),
        }
    }
}

/// The newest token of a user and client: both databases walk the index of `user` backwards.
fn newest_token(dialect: Dialect, family: &str) -> String {
    let mut sql = String::from(
        "SELECT sys_row, family, generation, key_id, expires FROM oauth_credential WHERE ",
    );
    for (at, column) in ["\"user\"", "peer", "scope", "type"].iter().enumerate() {
        sql.push_str(if at == 0 { "" } else { " AND " });
        dialect.push_comparable(column, false, &mut sql);
        let _ = write!(sql, " = ${}", at + 1);
    }
    // A token for certain resources is never handed out again.
    let _ = write!(
        sql,
        " AND resource IS NULL AND {family} ORDER BY sys_row DESC LIMIT 1"
    );
    sql
}

/// Notes a revocation and marks the row, which the console and `oauth_credential` readers see as expired.
pub(crate) fn revoke(id: TokenId, forget_after: UnixSeconds, now: UnixMillis, commit: &mut Commit) {
    commit.end(id, forget_after);
    commit.batch.push(Statement::new(
        "INSERT INTO sg_revocation (token_id, expires, revoked_at) VALUES ($1, $2, $3) \
         ON CONFLICT (token_id) DO NOTHING",
        [
            Value::Int(id.as_i64()),
            Value::Int(forget_after.0.into()),
            Value::Int(now.0),
        ],
    ));
    let at = date_time(now);
    commit.batch.push(Statement::new(
        "UPDATE oauth_credential SET revoked_at = $1, expires = $2 WHERE sys_row = $3",
        [at.clone(), at, Value::Int(id.as_i64())],
    ));
}

/// A moment as date-time columns store it.
pub(crate) fn date_time(moment: UnixMillis) -> Value {
    Value::date_time(Timestamp::from_millisecond(moment.0).unwrap_or_default())
}
