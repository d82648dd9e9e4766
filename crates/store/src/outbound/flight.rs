//! The two writes around a request to a provider, and forgetting.

use snowglobe_oauth::{
    outbound::{Held, Settled, Step},
    secret::Secret,
    time::UnixMillis,
};
use snowglobe_records::{SysId, Value};

use super::grant::{HeldGrant, Parties, TOKEN};
use crate::{
    Store,
    backend::{ApplyError, StoreError},
    oauth::date_time,
    sql::{Batch, Statement},
};

/// A request to the provider that may begin.
#[derive(Debug, Clone, Copy)]
pub struct TakeOff {
    /// What is asked for.
    pub step: Step,
    /// Tells it from every other of this process.
    pub nonce: u64,
    /// The machine's time at which nobody waits for it any more.
    pub until: UnixMillis,
    /// The instance's time.
    pub now: UnixMillis,
}

/// Tokens that came, with the nonces that seal them.
#[derive(Debug)]
pub struct NewTokens<'a> {
    /// The access token.
    pub access: (&'a Secret, [u8; 24]),
    /// The refresh token, if it is another one.
    pub refresh: Option<(&'a Secret, [u8; 24])>,
    /// What was granted.
    pub scope: &'a str,
}

impl Store {
    /// Notes that a request is under way, if nobody else's is, and returns its name. For a requestor that was never seen
    /// it makes the record that people see.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else was faster: read again.
    pub async fn take_off(
        &self,
        parties: Parties<'_>,
        seen: Option<&HeldGrant>,
        take_off: TakeOff,
    ) -> Result<Box<str>, ApplyError> {
        let in_flight = seen.and_then(|it| it.held.flight);
        if in_flight.is_some_and(|it| it.live) {
            return Err(ApplyError::Conflict);
        }
        let name: Box<str> = format!("{}{:x}", self.flight_prefix(), take_off.nonce).into();
        let mut batch = Batch::default();
        match seen {
            Some(seen) => batch.push_guarded(fly(seen, &name, take_off)),
            None => self.push_first(parties, &name, take_off, &mut batch)?,
        }
        self.backend.apply(batch).await?;
        Ok(name)
    }

    fn push_first(
        &self,
        parties: Parties<'_>,
        flight: &str,
        take_off: TakeOff,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let requestor = parties.requestor;
        let sys_id = self.ids.record(take_off.now);
        let user = requestor.user.as_deref();
        let statement = Statement::new(
            "INSERT INTO sg_grant (id, key, context, requestor, profile, user_id, generation, failures, retry_at, \
             answer_lost, flight, flight_step, flight_until) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, $7, $8, $9) ON CONFLICT DO NOTHING",
            [
                sys_id.into(),
                Value::text(&requestor.key()),
                Value::text(&requestor.context),
                Value::text(&requestor.id),
                Value::text(&requestor.profile),
                user.map_or(Value::Null, Value::text),
                Value::text(flight),
                Value::text(step(take_off.step)),
                Value::Int(take_off.until.0),
            ],
        );
        batch.push_guarded(statement);
        batch.push(self.requestor_row(parties, sys_id, take_off.now)?);
        Ok(())
    }

    fn requestor_row(
        &self,
        parties: Parties<'_>,
        sys_id: SysId,
        now: UnixMillis,
    ) -> Result<Statement, StoreError> {
        let Parties {
            requestor,
            profile,
            provider,
        } = parties;
        let user = requestor.user.as_deref().unwrap_or_default();
        let values = [
            ("name", &*provider.name),
            ("requestor_context", &requestor.context),
            ("requestor_id", &requestor.id),
            ("oauth_entity_profile", &profile.sys_id),
            ("oauth_entity", &provider.sys_id),
            ("personal", if user.is_empty() { "false" } else { "true" }),
            ("user", user),
        ];
        self.system_row("oauth_requestor_profile", &values, sys_id, now)
    }

    /// Stores what came of a request. Tokens are on disk when this returns; only then may anybody use them.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when newer tokens were stored, or a refusal came from whom nobody waits for any more.
    pub async fn settle_grant(
        &self,
        parties: Parties<'_>,
        (seen, flight): (&HeldGrant, &str),
        (settled, tokens): (&Settled, Option<&NewTokens<'_>>),
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        let held = &settled.held;
        let mut rows = Rows {
            access: seen.access.as_ref().map(|it| it.row),
            refresh: seen.refresh.as_ref().map(|it| it.row),
        };
        let mut scope: Box<str> = seen.scope.clone();
        let guard = match tokens {
            Some(tokens) => {
                scope = tokens.scope.into();
                self.push_tokens(parties, (held, tokens), &mut rows, now, &mut batch)?;
                Guard::Generation(seen.held.generation)
            }
            None => Guard::Flight(flight),
        };
        if held.refresh.is_none()
            && let Some(dead) = rows.refresh.take()
        {
            batch.push(delete_token(dead));
        }
        batch.push_guarded(settle(&seen.id, held, &rows, (&scope, &guard)));
        batch.push(self.show(&seen.id, held));
        self.backend.apply(batch).await?;
        Ok(())
    }

    fn push_tokens(
        &self,
        parties: Parties<'_>,
        (held, tokens): (&Held, &NewTokens<'_>),
        rows: &mut Rows,
        now: UnixMillis,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let access = TokenRow {
            kind: "access_token",
            expires: held.access.map(|it| it.expires),
            token: tokens.access,
        };
        let new = self.push_token(parties, (&access, tokens.scope), now, batch)?;
        if let Some(old) = rows.access.replace(new) {
            batch.push(delete_token(old));
        }
        if let Some(token) = tokens.refresh {
            let refresh = TokenRow {
                kind: "refresh_token",
                expires: held.refresh.and_then(|it| it.expires),
                token,
            };
            let new = self.push_token(parties, (&refresh, tokens.scope), now, batch)?;
            if let Some(old) = rows.refresh.replace(new) {
                batch.push(delete_token(old));
            }
        }
        Ok(())
    }

    fn push_token(
        &self,
        parties: Parties<'_>,
        (row, scope): (&TokenRow<'_>, &str),
        now: UnixMillis,
        batch: &mut Batch,
    ) -> Result<i64, StoreError> {
        let id = self.ids.tokens().next(now).as_i64();
        let sys_id = SysId::in_order(id.cast_unsigned(), 0);
        let (secret, nonce) = row.token;
        let sealed = self.seal_at(TOKEN, sys_id, secret, nonce);
        let sealed = sealed.ok_or_else(|| StoreError::Driver("a token cannot be sealed".into()))?;
        let created = date_time(now);
        batch.push(Statement::new(
            "INSERT INTO oauth_credential (sys_row, sys_id, name, type, expires, peer, scope, token_id, token_received, \
             sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            [
                Value::Int(id),
                sys_id.into(),
                Value::text(&parties.provider.name),
                Value::text(row.kind),
                row.expires.map_or(Value::Null, date_time),
                Value::text(&parties.provider.sys_id),
                Value::text(scope),
                Value::Int(id),
                Value::Text(sealed.into()),
                created.clone(),
                Value::text("system"),
                created,
                Value::text("system"),
                Value::Int(0),
            ],
        ));
        Ok(id)
    }

    /// Ends a request that changes nothing of what is held.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails; the flight ends by itself then.
    pub async fn land(&self, seen: &HeldGrant, flight: &str) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "UPDATE sg_grant SET flight = NULL, flight_step = NULL, flight_until = NULL WHERE id = $1 AND flight = $2",
            [Value::text(&seen.id), Value::text(flight)],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// What people see of it.
    fn show(&self, id: &str, held: &Held) -> Statement {
        let dialect = self.backend.dialect();
        let mut sql = String::from(
            "UPDATE oauth_requestor_profile SET state = $1, reason = $2, detail = $3, expires = $4, \
             refresh_expires = $5, obtained = $6, failures = $7, sys_mod_count = sys_mod_count + 1 WHERE ",
        );
        dialect.push_comparable("sys_id", false, &mut sql);
        sql.push_str(" = $8");
        let trouble = held.standing.trouble();
        let text = |text: &str| {
            Some(text)
                .filter(|it| !it.is_empty())
                .map_or(Value::Null, Value::text)
        };
        let at = |at: Option<UnixMillis>| at.map_or(Value::Null, date_time);
        Statement::new(
            sql,
            [
                text(held.standing.name()),
                text(trouble.map_or("", |it| &it.code)),
                text(trouble.map_or("", |it| &it.detail)),
                at(held.access.map(|it| it.expires)),
                at(held.refresh.and_then(|it| it.expires)),
                at(held.access.map(|it| it.obtained)),
                Value::Int(trouble.map_or(0, |it| it.failures).into()),
                Value::Text(dialect.comparable(id)),
            ],
        )
    }
}

/// The rows of the tokens.
struct Rows {
    access: Option<i64>,
    refresh: Option<i64>,
}

struct TokenRow<'a> {
    kind: &'static str,
    expires: Option<UnixMillis>,
    token: (&'a Secret, [u8; 24]),
}

enum Guard<'a> {
    Generation(u32),
    Flight(&'a str),
}

fn fly(seen: &HeldGrant, flight: &str, take_off: TakeOff) -> Statement {
    Statement::new(
        "UPDATE sg_grant SET flight = $1, flight_step = $2, flight_until = $3, answer_lost = $4 \
         WHERE id = $5 AND generation = $6 AND COALESCE(flight, '') = $7",
        [
            Value::text(flight),
            Value::text(step(take_off.step)),
            Value::Int(take_off.until.0),
            Value::Int(seen.held.answer_lost.into()),
            Value::text(&seen.id),
            Value::Int(seen.held.generation.into()),
            Value::Text(seen.flight.as_ref().into()),
        ],
    )
}

fn settle(id: &str, held: &Held, rows: &Rows, (scope, guard): (&str, &Guard<'_>)) -> Statement {
    let number = |number: Option<i64>| number.map_or(Value::Null, Value::Int);
    let text = |text: &str| {
        Some(text)
            .filter(|it| !it.is_empty())
            .map_or(Value::Null, Value::text)
    };
    let trouble = held.standing.trouble();
    let mut sql = String::from(
        "UPDATE sg_grant SET generation = $1, access_row = $2, refresh_row = $3, obtained = $4, access_expires = $5, \
         refresh_expires = $6, scope = $7, state = $8, code = $9, detail = $10, failures = $11, \
         retry_at = $12, answer_lost = $13, refresh_since = $14, flight = NULL, flight_step = NULL, \
         flight_until = NULL WHERE id = $15 AND ",
    );
    let guard = match guard {
        Guard::Generation(generation) => {
            sql.push_str("generation = $16");
            Value::Int((*generation).into())
        }
        Guard::Flight(flight) => {
            sql.push_str("flight = $16");
            Value::text(flight)
        }
    };
    Statement::new(
        sql,
        [
            Value::Int(held.generation.into()),
            number(rows.access),
            number(rows.refresh),
            number(held.access.map(|it| it.obtained.0)),
            number(held.access.map(|it| it.expires.0)),
            number(held.refresh.and_then(|it| it.expires).map(|it| it.0)),
            text(scope),
            text(held.standing.name()),
            text(trouble.map_or("", |it| &it.code)),
            text(trouble.map_or("", |it| &it.detail)),
            Value::Int(trouble.map_or(0, |it| it.failures).into()),
            Value::Int(trouble.map_or(0, |it| it.retry_at.0)),
            Value::Int(held.answer_lost.into()),
            number(held.refresh.map(|it| it.since.0)),
            Value::text(id),
            guard,
        ],
    )
}

fn delete_token(row: i64) -> Statement {
    Statement::new(
        "DELETE FROM oauth_credential WHERE sys_row = $1",
        [Value::Int(row)],
    )
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Refresh => "refresh",
        Step::Obtain => "obtain",
    }
}
