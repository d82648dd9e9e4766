//! What people were told of grants: each occasion once, whatever process noticed it, and kept until the webhook has it.

use std::collections::{HashMap, HashSet};

use snowglobe_oauth::{outbound::Notice, time::UnixMillis};
use snowglobe_records::Value;

use super::grant::HeldGrant;
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Row, Rows, Statement},
};

/// An alert that the webhook has not got yet.
#[derive(Debug, Clone)]
pub struct Alert {
    /// Its name, for whoever gets it twice.
    pub id: Box<str>,
    /// What is sent.
    pub body: Box<str>,
    /// How often it was tried.
    pub tries: u32,
    next_try: i64,
}

/// What people were told, by the keys of grants.
#[derive(Debug, Default)]
pub struct Told(HashMap<Box<str>, OfGrant>);

#[derive(Debug, Default)]
struct OfGrant {
    last: Box<str>,
    occasions: HashSet<Box<str>>,
}

impl Told {
    /// Returns the name of what was said last of a grant.
    #[must_use]
    pub fn last(&self, grant: &HeldGrant) -> Option<&str> {
        self.0.get(&grant.id).map(|it| &*it.last)
    }

    /// Tells whether a notice was given before.
    #[must_use]
    pub fn knows(&self, grant: &HeldGrant, notice: &Notice) -> bool {
        let of_grant = self.0.get(&grant.id);
        of_grant.is_some_and(|it| it.occasions.contains(&notice.occasion))
    }
}

impl Store {
    /// Returns what people were told so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn alerts_told(&self) -> Result<Told, StoreError> {
        let sql = "SELECT grant_id, event, occasion FROM sg_alert ORDER BY id";
        let read = [Statement::new(sql, [])];
        let rows = self.backend.read(Cost::Scan, &read).await?;
        let mut told = Told::default();
        for row in rows.iter().flat_map(Rows::iter) {
            let of_grant = told.0.entry(row.text(0).into()).or_default();
            of_grant.last = row.text(1).into();
            of_grant.occasions.insert(row.text(2).into());
        }
        Ok(told)
    }

    /// Notes that people are told; `false` if they were told of this occasion before, here or elsewhere. `body` is made
    /// of the alert's name, and waits for the webhook if there is one.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn raise_alert(
        &self,
        grant: &HeldGrant,
        notice: &Notice,
        body: Option<&(dyn Fn(&str) -> String + Sync)>,
        now: UnixMillis,
    ) -> Result<bool, ApplyError> {
        let id = self.ids.record(now);
        let text = body.map_or_else(String::new, |body| body(id.as_str()));
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "INSERT INTO sg_alert (id, grant_id, occasion, event, raised, body, tries, next_try) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT DO NOTHING",
            [
                id.into(),
                Value::text(&grant.id),
                Value::text(&notice.occasion),
                Value::text(notice.event.name()),
                Value::Int(now.0),
                Value::Text(text.into()),
                body.map_or(Value::Null, |_| Value::Int(0)),
            ],
        ));
        match self.backend.apply(batch).await {
            Ok(_) => Ok(true),
            Err(ApplyError::Conflict | ApplyError::Duplicate { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the alerts that the webhook is to get now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn alerts_to_send(&self, machine: UnixMillis) -> Result<Vec<Alert>, StoreError> {
        let read = Statement::new(
            "SELECT id, body, tries, next_try FROM sg_alert WHERE next_try <= $1 ORDER BY id LIMIT 100",
            [Value::Int(machine.0)],
        );
        let rows = self.backend.read(Cost::Scan, &[read]).await?;
        let alert = |row: Row<'_>| Alert {
            id: row.text(0).into(),
            body: row.text(1).into(),
            tries: u32::try_from(row.int(2)).unwrap_or(u32::MAX),
            next_try: row.int(3),
        };
        Ok(rows.iter().flat_map(Rows::iter).map(alert).collect())
    }

    /// Takes an alert to send it, so that no other process does before `until`; `false` if another one was faster.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn take_alert(&self, alert: &Alert, until: UnixMillis) -> Result<bool, ApplyError> {
        let sql =
            "UPDATE sg_alert SET next_try = $1, tries = tries + 1 WHERE id = $2 AND next_try = $3";
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            sql,
            [
                Value::Int(until.0),
                Value::text(&alert.id),
                Value::Int(alert.next_try),
            ],
        ));
        match self.backend.apply(batch).await {
            Ok(_) => Ok(true),
            Err(ApplyError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes that an alert is not to be sent again.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn end_alert(&self, alert: &Alert) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "UPDATE sg_alert SET next_try = NULL, body = '' WHERE id = $1",
            [Value::text(&alert.id)],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }
}
