//! Why a request is refused: said once, where it is known, and taken up by the observer when the answer is ready.
//!
//! ```text
//! say(fault.code()) ─┐
//! acting_as(user) ───┴─> Said of this request ─> audit line, `snowglobe explain`, and a header in development
//! ```
//! The answer itself says no more than its dialect does. What is said first stays: it is nearest to the cause, and
//! what is said further out (that nobody is authenticated, say) only names the kind of answer.

use std::{cell::RefCell, fmt::Display, net::IpAddr, pin::pin, sync::Arc};

use snowglobe_oauth::{account::UserNo, client::ClientNo};

use crate::records::Question;

/// Why, and what would have been right. Never a secret, a token or a password: what is received is shown to whoever
/// runs the instance, and the code goes to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why {
    /// One of [`snowglobe_oauth::reason::all`].
    pub(crate) code: &'static str,
    /// For the log: what the real thing's log shows, where that is known.
    pub(crate) text: Option<Box<str>>,
    pub(crate) expected: Option<Box<str>>,
    pub(crate) received: Option<Box<str>>,
}

impl Why {
    pub(crate) fn new(code: &'static str) -> Self {
        Self {
            code,
            text: None,
            expected: None,
            received: None,
        }
    }

    /// Adds the text for the log.
    pub(crate) fn text(self, text: impl Display) -> Self {
        Self {
            text: Some(text.to_string().into()),
            ..self
        }
    }

    /// Adds what would have been right.
    pub(crate) fn expected(self, expected: impl Display) -> Self {
        Self {
            expected: Some(shown(&expected)),
            ..self
        }
    }

    /// Adds what came instead.
    pub(crate) fn received(self, received: impl Display) -> Self {
        Self {
            received: Some(shown(&received)),
            ..self
        }
    }
}

impl From<&'static str> for Why {
    fn from(code: &'static str) -> Self {
        Self::new(code)
    }
}

/// Cut to what a person reads, on one line.
fn shown(value: &impl Display) -> Box<str> {
    const LONGEST: usize = 400;
    let text = value.to_string();
    if text.len() <= LONGEST
        && !text
            .bytes()
            .any(|byte| byte.is_ascii_control() || byte >= 0x80)
    {
        return text.into();
    }
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(LONGEST).collect::<String>().into()
}

/// What was said while a request was answered.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) refusal: Option<Box<Why>>,
    pub(crate) client: Option<ClientNo>,
    pub(crate) user: Option<UserNo>,
    /// What was asked of records, of several questions the first.
    pub(crate) question: Option<Arc<Question>>,
    /// The limit that the request counts for.
    pub(crate) limited: Option<Box<Limited>>,
}

/// A rate limit, as an answer tells it (`rest-and-records.md` §12.1).
#[derive(Debug)]
pub(crate) struct Limited {
    pub(crate) limit: u32,
    /// When the next hour begins, in seconds.
    pub(crate) reset: i64,
    /// The rule's key.
    pub(crate) rule: Box<str>,
}

/// What is known of the present request, and was said of it so far.
struct Present {
    address: Option<IpAddr>,
    said: RefCell<Said>,
}

tokio::task_local! {
    static PRESENT: Present;
}

/// Returns where the present request comes from; `None` when that cannot be known.
pub(crate) fn address() -> Option<IpAddr> {
    PRESENT.try_with(|present| present.address).ok().flatten()
}

/// Says why the present request is refused.
pub(crate) fn say(refusal: impl Into<Why>) {
    note(|said| {
        if said.refusal.is_none() {
            said.refusal = Some(Box::new(refusal.into()));
        }
    });
}

/// Says whom the present request acts as.
pub(crate) fn acting_as(user: UserNo) {
    note(|said| said.user = Some(user));
}

/// Says what the present request asks of records.
pub(crate) fn asks(question: Question) {
    note(|said| {
        if said.question.is_none() {
            said.question = Some(Arc::new(question));
        }
    });
}

/// Says which client sent the present request.
pub(crate) fn sent_by(client: ClientNo) {
    note(|said| said.client = Some(client));
}

/// Says which limit the present request counts for.
pub(crate) fn limited(limited: Limited) {
    note(|said| said.limited = Some(Box::new(limited)));
}

/// Outside of a request there is nobody to tell.
fn note(add: impl FnOnce(&mut Said)) {
    let _ = PRESENT.try_with(|present| add(&mut present.said.borrow_mut()));
}

/// Answers a request that comes from this address, and returns what was said meanwhile.
pub(crate) async fn listening<T>(
    address: Option<IpAddr>,
    answer: impl Future<Output = T>,
) -> (T, Said) {
    let said = RefCell::default();
    let present = Present { address, said };
    let mut answer = pin!(PRESENT.scope(present, answer));
    let answered = answer.as_mut().await;
    let said = answer.take_value().map(|present| present.said.into_inner());
    (answered, said.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_cause_is_kept_and_what_is_said_further_out_is_not() {
        let ((), said) = listening(None, async {
            say(Why::new("password_wrong").received("a\nb"));
            acting_as(UserNo(7));
            say("not_authenticated");
        })
        .await;
        let refusal = said.refusal.expect("a refusal");
        assert_eq!(
            (refusal.code, refusal.received.as_deref(), said.user),
            ("password_wrong", Some("a b"), Some(UserNo(7)))
        );
        let ((), said) = listening(None, async {}).await;
        assert!(said.refusal.is_none() && said.client.is_none());
    }

    #[test]
    fn outside_of_a_request_nobody_listens() {
        say("not_authenticated");
    }

    #[test]
    fn what_is_shown_is_short() {
        let refusal = Why::new("x").expected("é".repeat(1000));
        assert_eq!(refusal.expected.map(|it| it.chars().count()), Some(400));
    }
}
