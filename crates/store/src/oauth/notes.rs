//! Access tokens are noted first, and get their rows when somebody looks.
//!
//! A row of `oauth_credential`, with its indexes, takes SQLite a third as long as all else that issuing a token takes,
//! and few rows are ever looked at. A note is 54 characters, and those of many tokens become one row of
//! `sg_token_note`. Whoever reads `oauth_credential` has the rows made first ([`super::enter`]); else they are made at
//! leisure, and the notes of tokens that are long dead are swept as they are.
//!
//! PostgreSQL keeps no notes: there the rows of many tokens are one statement, and every process would have to make
//! the rows of all others.

use std::{
    collections::HashSet,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use foldhash::fast::RandomState;
use snowglobe_oauth::{
    time::UnixMillis,
    token::{IssuedToken, TokenKind},
};
use snowglobe_records::Value;

use super::current::Key;
use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Dialect, Rows, Statement},
};

/// The tokens that have notes and no rows.
#[derive(Debug, Default)]
pub(crate) struct TokenNotes {
    noted: Mutex<Noted>,
    /// Rows are made, and notes swept, by one at a time.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Noted {
    whose: HashSet<Key, RandomState>,
    /// How many tokens.
    count: usize,
    /// How many they were when it was last asked whether this is a time of leisure.
    counted: usize,
    /// Whose rows are being made; or were, when somebody stopped in the middle of it.
    entering: Option<HashSet<Key, RandomState>>,
    /// An earlier start of the process left some behind. They may be anybody's.
    left_over: bool,
}

/// The most tokens that are noted: it takes some seconds to make their rows.
const MOST: usize = 1_000_000;
/// The most that their clients, users and scopes may be.
const MOST_KEYS: usize = 16_384;
/// How many new ones between two looks, some seconds apart, are so few that nobody waits for the writer.
const FEW: usize = 1_000;

impl TokenNotes {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a token; `false` when its row is to be made at once.
    fn take(&self, key: Key) -> bool {
        let mut noted = self.lock();
        let full = noted.count >= MOST || noted.left_over;
        if full || noted.whose.len() >= MOST_KEYS && !noted.whose.contains(&key) {
            return false;
        }
        noted.whose.insert(key);
        noted.count += 1;
        true
    }

    pub(super) fn may_hold(&self, key: &Key) -> bool {
        let noted = self.lock();
        let entering = noted.entering.as_ref();
        noted.left_over
            || noted.whose.contains(key)
            || entering.is_some_and(|whose| whose.contains(key))
    }

    /// Sets apart what was noted so far.
    pub(super) fn begin(&self) {
        let mut noted = self.lock();
        let mut entering = noted.entering.take().unwrap_or_default();
        entering.extend(mem::take(&mut noted.whose));
        noted.entering = Some(entering);
        (noted.count, noted.counted) = (0, 0);
    }

    /// Forgets what was set apart: it has its rows.
    pub(super) fn end(&self) {
        let mut noted = self.lock();
        (noted.entering, noted.left_over) = (None, false);
    }

    /// Tells whether few were noted since this was last asked. Of very many, rows are made in any case.
    pub(super) fn at_leisure(&self) -> bool {
        let mut noted = self.lock();
        let count = noted.count;
        let before = mem::replace(&mut noted.counted, count);
        count.saturating_sub(before) < FEW || count > MOST / 2
    }
}

impl Store {
    /// Returns the statement that notes a token; `None` where its row is to be made at once.
    pub(super) fn note_token(&self, token: &IssuedToken) -> Option<Statement> {
        let claims = &token.claims;
        let noted = self.backend.dialect() == Dialect::Sqlite
            && claims.kind == TokenKind::Access
            && self.notes.take((claims.client, claims.user, claims.scope));
        noted.then(|| {
            let params = [
                Value::Int(claims.id.as_i64()),
                Value::Int(claims.expires.0.into()),
                Value::Text(token.note().into()),
            ];
            Statement::new(Arc::clone(&self.statements.note_token), params)
        })
    }

    /// Looks for notes that an earlier start of the process left behind.
    pub(crate) async fn find_notes(&self) -> Result<(), StoreError> {
        let one = Statement::new("SELECT id FROM sg_token_note LIMIT 1", []);
        let rows = self.backend.read(Cost::Point, &[one]).await?;
        self.notes.lock().left_over = rows.first().and_then(Rows::first).is_some();
        Ok(())
    }
}

/// The notes that hold nothing but tokens that were dead by then, among the oldest.
pub(super) fn sweep_notes(dead_since: UnixMillis, slice: i64) -> Statement {
    Statement::new(
        "DELETE FROM sg_token_note WHERE id IN (SELECT id FROM \
         (SELECT id, expires FROM sg_token_note ORDER BY id LIMIT $1) AS oldest WHERE expires < $2)",
        [Value::Int(slice), Value::Int(dead_since.seconds().0.into())],
    )
}

#[cfg(test)]
mod tests {
    use snowglobe_oauth::{account::UserNo, client::ClientNo, scope::ScopeNo};

    use super::*;

    fn key(user: u32) -> Key {
        (ClientNo(1), UserNo(user), ScopeNo(0))
    }

    #[test]
    fn what_is_noted_while_rows_are_made_waits_for_the_next_time() {
        let notes = TokenNotes::default();
        assert!(notes.take(key(1)));
        notes.begin();
        assert!(notes.take(key(2)));
        assert!(notes.may_hold(&key(1)) && notes.may_hold(&key(2)));
        notes.end();
        assert!(!notes.may_hold(&key(1)) && notes.may_hold(&key(2)));
        notes.begin();
        notes.end();
        assert!(!notes.may_hold(&key(2)));
    }

    #[test]
    fn who_stops_in_the_middle_leaves_the_rest_to_the_next() {
        let notes = TokenNotes::default();
        assert!(notes.take(key(1)));
        notes.begin();
        notes.begin();
        assert!(notes.may_hold(&key(1)));
        notes.end();
        assert!(!notes.may_hold(&key(1)));
    }

    #[test]
    fn what_was_left_over_may_be_anybodys() {
        let notes = TokenNotes::default();
        notes.lock().left_over = true;
        assert!(!notes.take(key(1)));
        assert!(notes.may_hold(&key(9)));
        notes.begin();
        notes.end();
        assert!(notes.take(key(1)));
    }

    #[test]
    fn neither_tokens_nor_their_keys_are_noted_without_end() {
        let notes = TokenNotes::default();
        let mut users = 0..;
        assert_eq!(
            users
                .by_ref()
                .take_while(|user| notes.take(key(*user)))
                .count(),
            MOST_KEYS
        );
        assert!(notes.take(key(0)));
        notes.lock().count = MOST;
        assert!(!notes.take(key(0)));
    }

    #[test]
    fn leisure_is_when_few_are_noted_or_very_many() {
        let notes = TokenNotes::default();
        assert!(notes.at_leisure());
        for (count, at_leisure) in [(FEW, false), (2 * FEW - 1, true), (MOST, true)] {
            notes.lock().count = count;
            assert_eq!(notes.at_leisure(), at_leisure, "{count}");
        }
    }
}
