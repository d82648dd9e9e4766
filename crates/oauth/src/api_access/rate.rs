//! Rate limits (`rest-and-records.md` §12.1): how many calls of an API somebody may send in an hour. A rule for one
//! user is stronger than one for a role, and that one than one for everybody; of several the lowest counts.

use std::sync::Arc;

use super::{ApiCall, Pattern};

/// A record of `sys_rate_limit_rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRule {
    /// Its key.
    pub sys_id: Box<str>,
    /// What the API is called where a caller is refused.
    pub api: Box<str>,
    /// The calls that it counts.
    pub calls: Pattern,
    /// The table that it is for, if not all.
    pub table: Option<Box<str>>,
    /// Whom it counts.
    pub applies: Applies,
    /// Calls in an hour.
    pub per_hour: u32,
}

/// Whom a rule counts, each on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applies {
    /// The user with this key.
    User(Box<str>),
    /// Users with the role of this name.
    Role(Box<str>),
    /// Everybody.
    All,
}

/// Every rule in force.
#[derive(Debug, Clone, Default)]
pub struct RateRules(Arc<[RateRule]>);

impl RateRules {
    /// Keeps these rules.
    #[must_use]
    pub fn new(rules: Vec<RateRule>) -> Self {
        Self(rules.into())
    }

    /// Tells whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the rule that a call of this user falls under.
    #[must_use]
    pub fn of(
        &self,
        call: &ApiCall<'_>,
        user: &str,
        has_role: impl Fn(&str) -> bool,
    ) -> Option<&RateRule> {
        let strength = |rule: &RateRule| match &rule.applies {
            Applies::User(own) => own.eq_ignore_ascii_case(user).then_some(0),
            Applies::Role(role) => has_role(role).then_some(1),
            Applies::All => Some(2),
        };
        let of_table = |rule: &RateRule| {
            let table = rule.table.as_deref();
            table.is_none_or(|own| call.table().is_some_and(|it| it.eq_ignore_ascii_case(own)))
        };
        let fitting = self
            .0
            .iter()
            .filter(|rule| rule.calls.fits(call) && of_table(rule));
        let counted = fitting.filter_map(|rule| Some((strength(rule)?, rule.per_hour, rule)));
        counted
            .min_by_key(|(strength, per_hour, _)| (*strength, *per_hour))
            .map(|(_, _, rule)| rule)
    }
}

/// Seconds of the window in which calls are counted: the hours of the clock.
pub const WINDOW: i64 = 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, applies: Applies, per_hour: u32) -> RateRule {
        RateRule {
            sys_id: name.into(),
            api: "Table API".into(),
            calls: Pattern::of_api("now/table").unwrap_or_default(),
            table: None,
            applies,
            per_hour,
        }
    }

    #[test]
    fn rest_12_1_one_user_is_stronger_than_a_role_than_all_and_the_lowest_counts() {
        let rules = RateRules::new(vec![
            rule("all", Applies::All, 1),
            rule("high", Applies::Role("itil".into()), 20),
            rule("low", Applies::Role("catalog".into()), 10),
            rule("one", Applies::User("U1".into()), 100),
            RateRule {
                table: Some("incident".into()),
                ..rule("table", Applies::User("u2".into()), 5)
            },
        ]);
        let of = |user: &str, roles: &[&str], path: &str| {
            let call = ApiCall::of("GET", path);
            let rule = rules.of(&call, user, |role| roles.contains(&role));
            rule.map(|rule| rule.sys_id.to_string())
        };
        let table = "/api/now/table/incident";
        assert_eq!(of("u1", &["itil"], table).as_deref(), Some("one"));
        assert_eq!(of("x", &["itil", "catalog"], table).as_deref(), Some("low"));
        assert_eq!(of("x", &["itil"], table).as_deref(), Some("high"));
        assert_eq!(of("x", &[], table).as_deref(), Some("all"));
        assert_eq!(
            of("u2", &[], "/api/now/v2/table/incident/1").as_deref(),
            Some("table")
        );
        assert_eq!(
            of("u2", &[], "/api/now/table/problem").as_deref(),
            Some("all")
        );
        assert_eq!(of("u1", &[], "/api/now/stats/incident"), None);
    }
}
