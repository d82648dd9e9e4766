//! Rate limits: their rules, and how often callers have called in the present hour (`rest-and-records.md` §12.1).
//!
//! Each node counts in memory, and adds what it counted to the database's sum every 30 seconds, or sooner where a limit
//! is low. So the sum outlives a restart, and nodes know of each other's calls.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use snowglobe_oauth::{
    api_access::{
        RateRule, RateRules,
        rate::{Applies, WINDOW},
    },
    time::UnixMillis,
};
use snowglobe_records::{Dictionary, Value};

use super::cors::api;
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    records::Find,
    sql::{Batch, Row, Rows, Statement},
};

/// Seconds after which a node tells what it counted.
const TOLD_EVERY: i64 = 30;

/// What this node counted, by rule with its limit and caller: a changed limit starts anew.
#[derive(Debug, Default)]
pub(crate) struct RateCounts(Mutex<HashMap<(String, String), Count>>);

#[derive(Debug, Default, Clone)]
struct Count {
    hour: i64,
    /// The database's sum when it was last looked at.
    known: u64,
    /// What was counted since, here.
    own: u64,
    told_at: i64,
}

impl RateCounts {
    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Counts a call under a rule, and returns how many there were in this hour, with it.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn count_call(
        &self,
        rule: &RateRule,
        user: &str,
        now: UnixMillis,
    ) -> Result<u64, ApplyError> {
        let key = (
            format!("{} {}", rule.sys_id, rule.per_hour),
            user.to_owned(),
        );
        let now = now.0 / 1000;
        let hour = now / WINDOW;
        let (total, untold) = {
            let mut counts = self.rates.lock();
            let count = counts.entry(key.clone()).or_default();
            let is_new = count.hour != hour;
            if is_new {
                *count = Count {
                    hour,
                    told_at: now,
                    ..Count::default()
                };
            }
            count.own += 1;
            // The lower the limit, the fewer calls may be unknown to others.
            let many = count.own > u64::from(rule.per_hour / 20);
            let due = is_new || many || now - count.told_at >= TOLD_EVERY;
            let untold = due.then(|| std::mem::take(&mut count.own));
            (count.known + count.own, untold)
        };
        let Some(untold) = untold else {
            return Ok(total);
        };
        let known = self.tell(&key, hour, untold).await?;
        let mut counts = self.rates.lock();
        let count = counts.entry(key).or_default();
        count.known = count.known.max(known);
        count.told_at = now;
        Ok(count.known + count.own)
    }

    /// Adds to the sum of the hour, and returns it.
    async fn tell(
        &self,
        (rule, caller): &(String, String),
        hour: i64,
        calls: u64,
    ) -> Result<u64, ApplyError> {
        let calls = i64::try_from(calls).unwrap_or(i64::MAX);
        let key = [Value::text(rule), Value::text(caller), Value::Int(hour)];
        let mut added = key.to_vec();
        added.push(Value::Int(calls));
        let mut batch = Batch::one(Statement::new(
            "INSERT INTO sg_rate_count (rule, caller, hour, calls) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (rule, caller, hour) DO UPDATE SET calls = sg_rate_count.calls + excluded.calls",
            added,
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_rate_count WHERE hour < $1",
            [Value::Int(hour)],
        ));
        self.backend.apply(batch).await?;
        let sum = Statement::new(
            "SELECT calls FROM sg_rate_count WHERE rule = $1 AND caller = $2 AND hour = $3",
            key,
        );
        let rows = self.backend.read(Cost::Point, &[sum]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.map_or(0, |row| row.int(0).unsigned_abs()))
    }

    pub(crate) async fn load_rate_rules(
        &self,
        dictionary: &Dictionary,
    ) -> Result<RateRules, StoreError> {
        let fields = [
            "sys_id",
            "active",
            "rest_api",
            "http_method",
            "version",
            "resource",
            "table",
            "user",
            "role.name",
            "rate_limit",
        ];
        let rows = self
            .select(dictionary, "sys_rate_limit_rules", Find::All, &fields)
            .await?;
        if rows.is_empty() {
            return Ok(RateRules::default());
        }
        let apis = self.load_web_services(dictionary).await?;
        let rule = |row: Row<'_>| {
            let given = |at: usize| Some(row.text(at).trim()).filter(|text| !text.is_empty());
            let mut calls = api(row.text(2), &apis)?;
            if let Some(method) = given(3) {
                calls = calls.method(method);
            }
            if let Some(version) = given(4) {
                calls = calls.version(version);
            }
            if let Some(resource) = given(5) {
                calls = calls.resource(resource);
            }
            let applies = match (given(7), given(8)) {
                (Some(user), _) => Applies::User(user.into()),
                (None, Some(role)) => Applies::Role(role.into()),
                (None, None) => Applies::All,
            };
            Some(RateRule {
                sys_id: row.text(0).into(),
                api: row.text(2).into(),
                calls,
                table: given(6).map(Into::into),
                applies,
                per_hour: u32::try_from(row.int(9)).ok().filter(|limit| *limit > 0)?,
            })
        };
        let active = rows.iter().filter(|row| row.int(1) != 0);
        Ok(RateRules::new(active.filter_map(rule).collect()))
    }
}
