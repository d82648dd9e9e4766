//! What an instance remembers of its requests: the last refusals, for `snowglobe explain`, and in development the
//! last requests of any kind. In memory of the node that answered: a restart forgets, the log does not.

use std::{
    borrow::Cow,
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::Method;
use snowglobe_oauth::{account::UserNo, time::UnixMillis};

use crate::{observe::RequestId, records::Question, refusal::Why};

/// How many refusals are kept; some three megabytes.
pub(crate) const REFUSALS: usize = 10_000;
/// How many requests are kept.
pub(crate) const REQUESTS: usize = 1_000;

/// A request that was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) id: RequestId,
    pub(crate) at: UnixMillis,
    pub(crate) method: Method,
    pub(crate) route: &'static str,
    /// What was asked for, without its query, in which secrets may be.
    pub(crate) path: Cow<'static, str>,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) reason: Option<&'static str>,
}

/// A request that was refused.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) request: Arc<Answered>,
    pub(crate) refusal: Why,
    /// The `client_id` of a registered client.
    pub(crate) client: Option<Box<str>>,
    /// The name of a user.
    pub(crate) user: Option<Box<str>>,
}

/// A request for records.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) request: Arc<Answered>,
    pub(crate) user: Option<UserNo>,
    pub(crate) question: Arc<Question>,
}

/// The last of each.
#[derive(Debug, Default)]
pub(crate) struct Events {
    questions: Mutex<VecDeque<Asked>>,
    refusals: Mutex<VecDeque<Refused>>,
    requests: Mutex<VecDeque<Arc<Answered>>>,
}

impl Events {
    /// Keeps a refusal.
    pub(crate) fn refused(&self, refused: Refused) {
        push(&self.refusals, REFUSALS, refused);
    }

    /// Keeps a request for records.
    pub(crate) fn asked(&self, asked: Asked) {
        push(&self.questions, REQUESTS, asked);
    }

    /// Returns what the request with this id asked of records.
    pub(crate) fn question(&self, id: &str) -> Option<Asked> {
        let questions = lock(&self.questions);
        let mut newest_first = questions.iter().rev();
        newest_first
            .find(|asked| asked.request.id.as_str() == id)
            .cloned()
    }

    /// Returns the ids of the requests for records that are kept.
    pub(crate) fn questions(&self) -> HashSet<RequestId> {
        let questions = lock(&self.questions);
        questions.iter().map(|asked| asked.request.id).collect()
    }

    /// Keeps a request.
    pub(crate) fn answered(&self, answered: Arc<Answered>) {
        push(&self.requests, REQUESTS, answered);
    }

    /// Returns the refusal of the request with this id.
    pub(crate) fn refusal(&self, id: &str) -> Option<Refused> {
        let refusals = lock(&self.refusals);
        let mut newest_first = refusals.iter().rev();
        newest_first
            .find(|refused| refused.request.id.as_str() == id)
            .cloned()
    }

    /// Returns the last requests that were refused, the newest first.
    pub(crate) fn refusals(&self, most: usize) -> Vec<Arc<Answered>> {
        let refusals = lock(&self.refusals);
        let newest_first = refusals.iter().rev().take(most);
        newest_first
            .map(|refused| refused.request.clone())
            .collect()
    }

    /// Returns the kept requests, the newest first.
    pub(crate) fn requests(&self) -> Vec<Arc<Answered>> {
        lock(&self.requests).iter().rev().cloned().collect()
    }
}

fn push<T>(kept: &Mutex<VecDeque<T>>, most: usize, new: T) {
    let mut kept = lock(kept);
    if kept.len() >= most {
        kept.pop_front();
    }
    kept.push_back(new);
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Observer;

    #[test]
    fn only_the_last_are_kept() {
        let (events, observer) = (Events::default(), Observer::new(1));
        let mut first = None;
        for at in 0..=REFUSALS {
            let request = Arc::new(Answered {
                id: observer.next_id(),
                at: UnixMillis(i64::try_from(at).expect("small")),
                method: Method::GET,
                route: "/",
                path: "/".into(),
                status: 400,
                took: Duration::ZERO,
                reason: Some("x"),
            });
            first.get_or_insert(request.id);
            events.answered(request.clone());
            events.refused(Refused {
                request,
                refusal: Why::new("x"),
                client: None,
                user: None,
            });
        }
        let first = first.expect("an id");
        assert!(events.refusal(first.as_str()).is_none());
        let requests = events.requests();
        assert_eq!(requests.len(), REQUESTS);
        let newest = requests.first().expect("a request");
        assert_eq!(newest.at, UnixMillis(10_000));
        assert!(events.refusal(newest.id.as_str()).is_some());
        let refusals = events.refusals(2);
        let at: Vec<UnixMillis> = refusals.iter().map(|refused| refused.at).collect();
        assert_eq!(at, [UnixMillis(10_000), UnixMillis(9_999)]);
    }
}
