//! Makes the rows of tokens that have only been noted ([`super::notes`]).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_oauth::{account::UserNo, token::IssuedToken};
use snowglobe_records::Value;

use super::{changes::Names, current::Key};
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    records::{Find, Look},
    sql::{Batch, Columns, Dialect, Row, RowInsert, Rows, Statement},
};

/// How many rows one statement makes.
const MANY: usize = 32;
/// How many rows one transaction makes, or a few more: some milliseconds.
const TOKENS: usize = 1024;

/// What rows say of users, by their numbers: key and name.
type Users = HashMap<i64, (Box<str>, Box<str>)>;

impl Store {
    /// Waits until every token that was issued so far has its row in `oauth_credential`. Whether all have is asked of
    /// the database: what is counted here may be on its way there still.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn enter_tokens(&self) -> Result<(), StoreError> {
        if self.backend.dialect() == Dialect::Postgres {
            return self.backend.flush().await;
        }
        let _turn = self.notes.turn.lock().await;
        self.notes.begin();
        self.backend.flush().await?;
        let mut notes = 4;
        while let Some(entered) = self.enter_some(notes).await? {
            // A row of notes holds one token or hundreds.
            if entered < TOKENS / 2 {
                notes = (notes * 2).min(TOKENS);
            }
        }
        self.notes.end();
        Ok(())
    }

    /// As [`Self::enter_tokens`], where a token of this client, user and scope may be missing.
    pub(super) async fn enter_tokens_of(&self, key: &Key) -> Result<(), StoreError> {
        if self.notes.may_hold(key) {
            Box::pin(self.enter_tokens()).await?;
        }
        Ok(())
    }

    /// Makes the rows that nobody asked for, unless so many tokens are issued that it would be in their way. To be
    /// called every few seconds.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn enter_tokens_at_leisure(&self) -> Result<(), StoreError> {
        if self.notes.at_leisure() {
            self.enter_tokens().await?;
        }
        Ok(())
    }

    /// Makes the rows of so many of the oldest notes at most, and says of how many tokens; `None` when there are no
    /// notes.
    async fn enter_some(&self, notes: usize) -> Result<Option<usize>, StoreError> {
        let limit = i64::try_from(notes).unwrap_or(i64::MAX);
        let oldest = Statement::new(
            "SELECT id, tokens FROM sg_token_note ORDER BY id LIMIT $1",
            [Value::Int(limit)],
        );
        let answers = self.backend.read(Cost::Scan, &[oldest]).await?;
        let (mut last, mut tokens) = (None, Vec::with_capacity(TOKENS));
        for row in answers.iter().flat_map(Rows::iter) {
            if tokens.len() >= TOKENS {
                break;
            }
            last = Some(row.int(0));
            tokens.extend(noted(row));
        }
        let Some(last) = last else {
            return Ok(None);
        };
        // Newer notes have greater ids, and only whoever has the turn removes any.
        let mut batch = Batch::one(Statement::new(
            "DELETE FROM sg_token_note WHERE id <= $1",
            [Value::Int(last)],
        ));
        self.push_rows(&tokens, &mut batch).await?;
        match self.backend.apply(batch).await {
            Ok(_) => Ok(Some(tokens.len())),
            Err(ApplyError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Driver(error.to_string())),
        }
    }

    async fn push_rows(&self, tokens: &[IssuedToken], batch: &mut Batch) -> Result<(), StoreError> {
        let users = self.users_of(tokens).await?;
        let rows: Vec<Vec<Value>> = tokens
            .iter()
            .map(|token| self.row_of(token, &users))
            .collect();
        self.push_inserts(&rows, batch);
        let ids = || tokens.iter().map(|token| token.claims.id.as_i64());
        if let (Some(first), Some(last)) = (ids().min(), ids().max()) {
            batch.push(mark_revoked(first, last));
        }
        Ok(())
    }

    /// What the rows have in common is handed over once for each [`MANY`] of them.
    fn push_inserts(&self, rows: &[Vec<Value>], batch: &mut Batch) {
        let insert = &self.statements.insert_token;
        let shared = Columns::shared(rows.iter().map(|row| &**row));
        let many = RowInsert::parse(insert).map(|insert| insert.of_rows(MANY, shared));
        let many: Arc<str> = many.unwrap_or_default().into();
        let (chunks, rest) = rows.as_chunks::<MANY>();
        for [first, others @ ..] in chunks {
            let others = others.iter().flat_map(|row| shared.own(row));
            let params: Vec<Value> = first.iter().chain(others).cloned().collect();
            batch.push(Statement::new(Arc::clone(&many), params));
        }
        for row in rest {
            batch.push(Statement::new(Arc::clone(insert), row.clone()));
        }
    }

    fn row_of(&self, token: &IssuedToken, users: &Users) -> Vec<Value> {
        let user = users.get(&token.claims.user.0.into());
        let clients = self.clients();
        let client = clients.by_no(token.claims.client);
        let names = Names {
            client: client.map_or("", |client| &client.name),
            peer: client.map_or("", |client| &client.sys_id),
            user: user.map_or("", |(sys_id, _)| sys_id),
            user_name: user.map_or("", |(_, name)| name),
        };
        self.token_row(&token.claims, token.key_id, None, names)
    }

    async fn users_of(&self, tokens: &[IssuedToken]) -> Result<Users, StoreError> {
        let numbers: HashSet<UserNo> = tokens.iter().map(|token| token.claims.user).collect();
        let look = |no: UserNo| Look {
            table: "sys_user",
            find: Find::Row(no.0.into()),
            fields: &["sys_id", "user_name"],
        };
        let looks: Vec<Look<'_>> = numbers.into_iter().map(look).collect();
        let answers = self.look_up(&self.dictionary(), &looks).await?;
        let rows = answers.iter().flat_map(Rows::iter);
        Ok(rows
            .map(|row| (row.int(2), (row.text(0).into(), row.text(1).into())))
            .collect())
    }
}

/// The tokens of one row of notes. What cannot be read must not keep the others from their rows.
fn noted(row: Row<'_>) -> impl Iterator<Item = IssuedToken> {
    let notes = row.text(1).as_bytes().chunks(IssuedToken::NOTE);
    notes.filter_map(move |note| {
        let token = std::str::from_utf8(note).ok();
        let token = token.and_then(|note| IssuedToken::from_note(note).ok());
        if token.is_none() {
            tracing::error!(id = row.int(0), "the note of a token is damaged");
        }
        token
    })
}

/// A token may have been revoked before it had a row to say so.
fn mark_revoked(first: i64, last: i64) -> Statement {
    Statement::new(
        "UPDATE oauth_credential SET revoked_at = revoked.at, expires = revoked.at FROM \
         (SELECT token_id, strftime('%Y-%m-%d %H:%M:%S', revoked_at / 1000, 'unixepoch') AS at \
         FROM sg_revocation WHERE token_id >= $1 AND token_id <= $2) AS revoked \
         WHERE sys_row = revoked.token_id AND oauth_credential.revoked_at IS NULL",
        [Value::Int(first), Value::Int(last)],
    )
}
