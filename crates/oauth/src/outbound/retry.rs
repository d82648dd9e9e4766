//! Whether a call is tried again, and when (`outbound-oauth.md` §4.6).

use std::cmp::Ordering;

use super::registry::{RetryPolicy, RetryStrategy};

/// What came of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Counted from 1.
    pub number: u32,
    /// Seconds since the first one began.
    pub elapsed: u32,
    /// `http_method`
    pub method: &'a str,
    /// `status_code`; 0 where no answer came.
    pub status: u16,
    /// `error`: what went wrong on the way.
    pub error: &'a str,
    /// `response_headers`: one in a line.
    pub headers: &'a str,
    /// `response_body`
    pub body: &'a str,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u32>,
    /// Sent twice it does the same as once: the API never got it, or it carries an idempotency key.
    pub harmless: bool,
}

impl RetryPolicy {
    /// Returns the seconds to wait before the next attempt; `None` if there is none. It begins within so many seconds of
    /// the first, whatever the policy says.
    #[must_use]
    pub fn wait(&self, attempt: &Attempt<'_>, longest: u32) -> Option<u32> {
        if !self.applies(attempt) {
            return None;
        }
        let wait = match self.strategy {
            RetryStrategy::RetryAfter => attempt.retry_after?,
            _ if attempt.number > self.count => return None,
            RetryStrategy::Fixed(seconds) => seconds,
            RetryStrategy::Exponential(seconds) => {
                seconds.saturating_mul(1 << attempt.number.saturating_sub(1).min(16))
            }
        };
        let most = match self.max_elapsed {
            0 => longest,
            most => most.min(longest),
        };
        (attempt.elapsed.saturating_add(wait) <= most).then_some(wait)
    }

    fn applies(&self, attempt: &Attempt<'_>) -> bool {
        let condition = self.condition.trim_end_matches("^EQ");
        if condition.is_empty() {
            return attempt.may_go_better();
        }
        condition.split("^NQ").any(|part| {
            let mut all = part.split('^').peekable();
            let mut holds = true;
            // `^OR` binds to the term before it.
            while let Some(term) = all.next() {
                let mut any = attempt.meets(term);
                while let Some(or) = all.next_if(|next| next.starts_with("OR")) {
                    any |= attempt.meets(&or[2..]);
                }
                holds &= any;
            }
            holds
        })
    }
}

impl Attempt<'_> {
    /// A call that may have been carried out is not sent again, unless twice is the same as once.
    fn may_go_better(&self) -> bool {
        let idempotent = matches!(self.method, "GET" | "HEAD" | "PUT" | "DELETE");
        match self.status {
            429 | 503 => true,
            0 | 408 | 500.. => self.harmless || idempotent,
            _ => false,
        }
    }

    /// Tells whether a term such as `status_code>=500` holds; one that is not understood does not.
    fn meets(&self, term: &str) -> bool {
        let status = self.status.to_string();
        let fields = [
            ("http_method", self.method),
            ("status_code", &status),
            ("error", self.error),
            ("response_headers", self.headers),
            ("response_body", self.body),
        ];
        let named = fields
            .iter()
            .find_map(|(name, value)| Some((term.strip_prefix(name)?, *value)));
        named.is_some_and(|(rest, value)| {
            let operator = OPERATORS
                .iter()
                .find_map(|(operator, holds)| Some((rest.strip_prefix(operator)?, holds)));
            operator.is_some_and(|(other, holds)| holds(value, other))
        })
    }
}

type Holds = fn(&str, &str) -> bool;

/// The longer spelling first: `NOT LIKE` before `LIKE`, `!=` before `=`.
const OPERATORS: [(&str, Holds); 10] = [
    ("NOT LIKE", |value, other| !contains(value, other)),
    ("LIKE", contains),
    ("NOT IN", |value, other| !is_among(value, other)),
    ("IN", is_among),
    ("!=", |value, other| !is(value, other)),
    (">=", |value, other| {
        compare(value, other).is_some_and(Ordering::is_ge)
    }),
    ("<=", |value, other| {
        compare(value, other).is_some_and(Ordering::is_le)
    }),
    (">", |value, other| {
        compare(value, other).is_some_and(Ordering::is_gt)
    }),
    ("<", |value, other| {
        compare(value, other).is_some_and(Ordering::is_lt)
    }),
    ("=", is),
];

fn is(value: &str, other: &str) -> bool {
    value.eq_ignore_ascii_case(other.trim())
}

fn is_among(value: &str, others: &str) -> bool {
    others.split(',').any(|other| is(value, other))
}

fn contains(value: &str, other: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.contains(&other.to_ascii_lowercase())
}

fn compare(value: &str, other: &str) -> Option<Ordering> {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    Some(number(value)?.cmp(&number(other)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(strategy: RetryStrategy, condition: &str) -> RetryPolicy {
        RetryPolicy {
            sys_id: "1".into(),
            name: "p".into(),
            strategy,
            count: 3,
            max_elapsed: 0,
            condition: condition.into(),
        }
    }

    fn attempt(number: u32, method: &'static str, status: u16) -> Attempt<'static> {
        Attempt {
            number,
            elapsed: 0,
            method,
            status,
            error: "",
            headers: "",
            body: "try later",
            retry_after: Some(7),
            harmless: false,
        }
    }

    #[test]
    fn outbound_4_6_strategies_wait_as_they_say() {
        let waits = |strategy| {
            let policy = policy(strategy, "");
            [1, 2, 3, 4].map(|number| policy.wait(&attempt(number, "GET", 503), 120))
        };
        assert_eq!(
            waits(RetryStrategy::Fixed(5)),
            [Some(5), Some(5), Some(5), None]
        );
        let doubled = [Some(10), Some(20), Some(40), None];
        assert_eq!(waits(RetryStrategy::Exponential(10)), doubled);
        assert_eq!(waits(RetryStrategy::RetryAfter), [Some(7); 4]);
    }

    #[test]
    fn outbound_4_6_there_is_an_end() {
        let policy = RetryPolicy {
            max_elapsed: 30,
            ..policy(RetryStrategy::Fixed(20), "")
        };
        let late = Attempt {
            elapsed: 11,
            ..attempt(1, "GET", 503)
        };
        assert_eq!(policy.wait(&late, 120), None);
        let early = Attempt {
            elapsed: 10,
            ..late
        };
        assert_eq!(policy.wait(&early, 120), Some(20));
        assert_eq!(policy.wait(&early, 29), None);
    }

    #[test]
    fn what_may_have_been_done_is_not_done_twice() {
        let policy = policy(RetryStrategy::Fixed(1), "");
        for (method, status, again) in [
            ("GET", 0, true),
            ("POST", 0, false),
            ("POST", 503, true),
            ("POST", 502, false),
            ("DELETE", 504, true),
            ("GET", 200, false),
            ("GET", 401, false),
        ] {
            let wait = policy.wait(&attempt(1, method, status), 120);
            assert_eq!(wait.is_some(), again, "{method} {status}");
        }
        let keyed = Attempt {
            harmless: true,
            ..attempt(1, "POST", 502)
        };
        assert_eq!(policy.wait(&keyed, 120), Some(1));
    }

    #[test]
    fn outbound_4_6_a_condition_decides() {
        for (condition, holds) in [
            ("status_code=503", true),
            ("status_code!=503", false),
            ("status_codeIN500,503", true),
            ("status_code=500^ORstatus_code=503", true),
            ("status_code=503^http_method=GET", false),
            ("status_code=503^response_bodyLIKELATER", true),
            ("response_bodyNOT LIKElater", false),
            ("status_code=1^NQhttp_method=POST", true),
            ("status_code>=500^EQ", true),
            ("status_code>503", false),
            ("status_code<600^http_method!=GET", true),
            ("no_such_field=1", false),
        ] {
            let policy = policy(RetryStrategy::Fixed(1), condition);
            let wait = policy.wait(&attempt(1, "POST", 503), 120);
            assert_eq!(wait.is_some(), holds, "{condition}");
        }
    }
}
