//! Holding callers to the rate limits of APIs (`rest-and-records.md` §12.1, E15).

use snowglobe_oauth::api_access::{ApiCall, RateRules, rate::WINDOW};
use snowglobe_store::User;

use super::violation;
use crate::{
    app::App,
    error::RestError,
    refusal::{self, Limited},
};

/// Counts a call, and refuses it when there were enough in this hour. The answer says which rule counted, either way.
pub(super) async fn admit(
    app: &App,
    rules: &RateRules,
    call: &ApiCall<'_>,
    user: &User,
    asked: (&str, &str),
) -> Result<(), RestError> {
    if rules.is_empty() {
        return Ok(());
    }
    let caller = &user.caller;
    let sys_id = &user.account.sys_id;
    let Some(rule) = rules.of(call, sys_id, |role| caller.has_role(role)) else {
        return Ok(());
    };
    let now = app.now();
    // Boxed: most calls are not counted, and would carry its future along.
    let calls = Box::pin(app.store.count_call(rule, sys_id, now)).await?;
    let seconds = now.0 / 1000;
    let reset = (seconds / WINDOW + 1) * WINDOW;
    refusal::limited(Limited {
        limit: rule.per_hour,
        reset,
        rule: rule.sys_id.clone(),
    });
    if calls <= u64::from(rule.per_hour) {
        return Ok(());
    }
    // One row tells of an hour's refusals: a caller who goes on is not to fill the table.
    if calls == u64::from(rule.per_hour) + 1 {
        Box::pin(violation::note(app, rule, asked, user)).await;
    }
    Err(RestError::RateLimited {
        limit: rule.per_hour,
        api: rule.api.to_string(),
        retry_after: reset - seconds,
    })
}
