//! Authorization codes, and the forms that give them: both count once, by a guard on their row.

use snowglobe_oauth::{
    authorize::{EarlierConsent, NewCode},
    change::Change,
    client::{ClientNo, CodeChallengeMethod},
    grants::authorization_code::{CodeState, StoredCode},
    login::Proof,
    logout::SessionGrant,
    pkce::CodeChallenge,
    scope::OFFLINE_ACCESS,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::Value;

use crate::{
    Owner, Store,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    sql::{Batch, Row, Rows, Statement},
};

/// A form that does something once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub id: TokenId,
    /// When it is too old anyway.
    pub expires: UnixSeconds,
}

/// Everything that a person's *Allow* writes.
#[derive(Debug)]
pub struct Allowance<'a> {
    /// The client, and the person.
    pub owner: Owner<'a>,
    /// The code it gives.
    pub code: Option<&'a NewCode>,
    /// The token it gives, of the implicit grant.
    pub token: &'a [Change],
    /// All that the person allows the client from now on, if that is to be remembered.
    pub consent: Option<&'a EarlierConsent>,
    /// The form it was said with; none where nobody had to be asked.
    pub ticket: Option<Ticket>,
    /// When.
    pub now: UnixMillis,
}

impl Store {
    /// Puts an *Allow* on disk, all of it at once.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when the form was sent in before.
    pub async fn allow(&self, allowance: &Allowance<'_>) -> Result<(), ApplyError> {
        let mut commit = Commit::default();
        if let Some(ticket) = allowance.ticket {
            commit.batch.push_guarded(spend(ticket));
        }
        if let Some(code) = allowance.code {
            commit.batch.push_guarded(insert(code));
        }
        if let Some(consent) = allowance.consent {
            for statement in self.remember_consent(allowance.owner, consent, allowance.now) {
                commit.batch.push(statement);
            }
        }
        self.push_changes(
            allowance.token,
            Some(allowance.owner),
            allowance.now,
            &mut commit,
        );
        self.commit(commit).await
    }

    /// Notes that a form was sent in.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when it was sent in before.
    pub async fn spend(&self, ticket: Ticket) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(spend(ticket));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Returns what is stored of a code.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn code(&self, id: TokenId) -> Result<Option<StoredCode>, StoreError> {
        let statement = Statement::new(
            "SELECT c.redirect_uri, c.challenge, c.challenge_method, c.nonce, c.authenticated_at, \
             c.gave, c.gave_until, s.user_no, c.amr FROM sg_code c LEFT JOIN sg_session s ON s.hash = c.session WHERE c.id = $1",
            [Value::Int(id.as_i64())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        row.map(|row| stored(row, id)).transpose()
    }
}

impl Store {
    /// Returns what a client got in a session that is named by its key.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_grants(
        &self,
        session: &str,
        client: ClientNo,
    ) -> Result<Vec<SessionGrant>, StoreError> {
        let statement = Statement::new(
            "SELECT c.gave, c.gave_until, t.scope FROM sg_code c LEFT JOIN oauth_credential t ON t.sys_row = c.gave \
             WHERE c.session = $1 AND c.client_no = $2 AND c.gave IS NOT NULL",
            [Value::text(session), Value::Int(client.0.into())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let grants = rows.iter().flat_map(Rows::iter).filter_map(|row| {
            let mut scope = row.text(2).split(' ');
            Some(SessionGrant {
                gave: TokenId::from_i64(row.int(0))?,
                until: UnixSeconds(u32::try_from(row.int(1)).ok()?),
                offline: scope.any(|name| name == OFFLINE_ACCESS),
            })
        });
        Ok(grants.collect())
    }
}

/// Marks a code as used, if it was not (`Change::ConsumeCode`).
pub(super) fn consume(
    id: TokenId,
    gave: TokenId,
    gave_until: UnixSeconds,
    at: UnixMillis,
) -> Statement {
    Statement::new(
        // The row outlives what it gave, so that a logout finds it.
        "UPDATE sg_code SET consumed_at = $1, gave = $2, gave_until = $3, expires = $3 WHERE id = $4 AND consumed_at IS NULL",
        [
            Value::Int(at.0),
            Value::Int(gave.as_i64()),
            Value::Int(gave_until.0.into()),
            Value::Int(id.as_i64()),
        ],
    )
}

fn spend(ticket: Ticket) -> Statement {
    Statement::new(
        "INSERT INTO sg_ticket (id, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [
            Value::Int(ticket.id.as_i64()),
            Value::Int(ticket.expires.0.into()),
        ],
    )
}

fn insert(code: &NewCode) -> Statement {
    let optional = |text: Option<&str>| text.map_or(Value::Null, Value::text);
    let challenge = code.challenge.as_ref();
    Statement::new(
        "INSERT INTO sg_code (id, redirect_uri, challenge, challenge_method, nonce, authenticated_at, session, \
         expires, amr, client_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            Value::Int(code.token.claims.id.as_i64()),
            optional(code.redirect_uri.as_deref()),
            optional(challenge.map(CodeChallenge::as_str)),
            optional(challenge.map(|it| it.method().name())),
            optional(code.nonce.as_deref()),
            Value::Int(code.authenticated_at.0.into()),
            Value::text(&code.session),
            Value::Int(code.token.claims.expires.0.into()),
            Value::text(code.proof.text()),
            Value::Int(code.token.claims.client.0.into()),
        ],
    )
}

fn stored(row: Row<'_>, id: TokenId) -> Result<StoredCode, StoreError> {
    let corrupt = |column: &str| StoreError::Corrupt {
        table: "sg_code".into(),
        row: id.to_string().into(),
        column: column.into(),
    };
    let seconds = |at, column| u32::try_from(row.int(at)).map_err(|_| corrupt(column));
    let text = |at| row.get(at).as_text().map(Box::<str>::from);
    let challenge = |text: &str| {
        let method =
            CodeChallengeMethod::parse(row.text(2)).ok_or_else(|| corrupt("challenge_method"))?;
        CodeChallenge::new(method, text).map_err(|_| corrupt("challenge"))
    };
    Ok(StoredCode {
        redirect_uri: text(0),
        challenge: row.get(1).as_text().map(challenge).transpose()?,
        nonce: text(3),
        authenticated_at: UnixSeconds(seconds(4, "authenticated_at")?),
        proof: Proof::parse(row.text(8)),
        session_stands: row.int(7) != 0,
        state: match TokenId::from_i64(row.int(5)) {
            None => CodeState::Unused,
            Some(gave) => CodeState::Consumed {
                gave,
                until: UnixSeconds(seconds(6, "gave_until")?),
            },
        },
    })
}
