//! Devices without a browser: what they wait for, and what their people said. Each step counts once, by a guard on
//! the row.

use snowglobe_oauth::{
    account::UserNo,
    client::ClientNo,
    device::{Allowed, Asked, INTERVAL, NewDevice, UserCode},
    grants::device_code::{DeviceState, StoredDevice},
    login::Proof,
    scope::ScopeNo,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::{Value, ValueRef};

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Row, Rows, Statement},
};

impl Store {
    /// Keeps a device that asks.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another one has its user code.
    pub async fn insert_device(&self, device: &NewDevice) -> Result<(), ApplyError> {
        let claims = device.token.claims;
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "INSERT INTO sg_device (id, user_code, client_no, scope_no, expires, poll_seconds) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_code) DO NOTHING",
            [
                Value::Int(claims.id.as_i64()),
                self.proof_of(device.user_code),
                Value::Int(claims.client.0.into()),
                Value::Int(claims.scope.0.into()),
                Value::Int(claims.expires.0.into()),
                Value::Int(INTERVAL.into()),
            ],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Returns the device that a user code names.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn device_of(&self, code: &UserCode) -> Result<Option<Asked>, StoreError> {
        let statement = Statement::new(
            "SELECT id, client_no, scope_no, expires, answered_at FROM sg_device WHERE user_code = $1",
            [self.proof_of(*code)],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.and_then(asked))
    }

    /// Returns what is stored of the device with this number.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn device(&self, id: TokenId) -> Result<Option<StoredDevice>, StoreError> {
        let statement = Statement::new(
            "SELECT poll_seconds, polled_at, answered_at, user_no, authenticated_at, gave, gave_until, amr \
             FROM sg_device WHERE id = $1",
            [Value::Int(id.as_i64())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        row.map(|row| stored(row, id)).transpose()
    }

    /// Keeps what a person said about a device: whom it acts as from now on, or that they said no.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody answered before, or the time is over.
    pub async fn answer_device(
        &self,
        id: TokenId,
        allowed: Option<Allowed>,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sg_device SET answered_at = $1, user_no = $2, authenticated_at = $3, amr = $4 \
             WHERE id = $5 AND answered_at IS NULL AND expires > $6",
            [
                Value::Int(now.0),
                allowed.map(|it| i64::from(it.user.0)).into(),
                allowed.map(|it| i64::from(it.authenticated_at.0)).into(),
                allowed.map_or(Value::Null, |it| Value::text(it.proof.text())),
                Value::Int(id.as_i64()),
                Value::Int(now.seconds().0.into()),
            ],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Whoever reads the table lets no device in.
    fn proof_of(&self, code: UserCode) -> Value {
        Value::text(&self.handles.proof("user code", code.letters()))
    }
}

/// Marks a device as let in, if its person said yes and it was not (`Change::ConsumeDeviceCode`).
pub(super) fn consume(
    id: TokenId,
    gave: TokenId,
    gave_until: UnixSeconds,
    at: UnixMillis,
) -> Statement {
    Statement::new(
        "UPDATE sg_device SET consumed_at = $1, gave = $2, gave_until = $3 \
         WHERE id = $4 AND consumed_at IS NULL AND user_no IS NOT NULL",
        [
            Value::Int(at.0),
            Value::Int(gave.as_i64()),
            Value::Int(gave_until.0.into()),
            Value::Int(id.as_i64()),
        ],
    )
}

/// Notes a poll (`Change::NotePoll`).
pub(super) fn note_poll(id: TokenId, at: UnixMillis, interval: u32) -> Statement {
    Statement::new(
        "UPDATE sg_device SET polled_at = $1, poll_seconds = $2 WHERE id = $3",
        [
            Value::Int(at.0),
            Value::Int(interval.into()),
            Value::Int(id.as_i64()),
        ],
    )
}

fn asked(row: Row<'_>) -> Option<Asked> {
    let number = |at| u32::try_from(row.int(at)).ok();
    Some(Asked {
        id: TokenId::from_i64(row.int(0))?,
        client: ClientNo(number(1)?),
        scope: ScopeNo(number(2)?),
        expires: UnixSeconds(number(3)?),
        answered: row.get(4) != ValueRef::Null,
    })
}

fn stored(row: Row<'_>, id: TokenId) -> Result<StoredDevice, StoreError> {
    let number = |at, column: &str| {
        u32::try_from(row.int(at)).map_err(|_| StoreError::Corrupt {
            table: "sg_device".into(),
            row: id.to_string().into(),
            column: column.into(),
        })
    };
    let moment = |at| (row.get(at) != ValueRef::Null).then(|| UnixMillis(row.int(at)));
    let state = match (TokenId::from_i64(row.int(5)), moment(2)) {
        (Some(gave), _) => DeviceState::Consumed {
            gave,
            until: UnixSeconds(number(6, "gave_until")?),
        },
        (None, None) => DeviceState::Pending,
        (None, Some(_)) if row.get(3) == ValueRef::Null => DeviceState::Denied,
        (None, Some(at)) => DeviceState::Allowed(Allowed {
            user: UserNo(number(3, "user_no")?),
            at,
            authenticated_at: UnixSeconds(number(4, "authenticated_at")?),
            proof: Proof::parse(row.text(7)),
        }),
    };
    Ok(StoredDevice {
        interval: number(0, "poll_seconds")?,
        polled_at: moment(1),
        state,
    })
}
