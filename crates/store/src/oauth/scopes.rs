//! Scope texts and the numbers that tokens carry for them. A text gets its number the first time it is granted.

use std::{collections::HashMap, sync::Arc};

use snowglobe_oauth::scope::{NumberedScope, Scope, ScopeNo};
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    sql::{Batch, Statement},
};

/// The scopes that have a number.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    by_no: HashMap<ScopeNo, Scope>,
    by_text: HashMap<Arc<str>, ScopeNo>,
}

impl Store {
    /// Returns the scope that a token's number stands for.
    #[must_use]
    pub fn scope(&self, no: ScopeNo) -> Option<Scope> {
        if no == ScopeNo::USERACCOUNT {
            return Some(Scope::USERACCOUNT);
        }
        self.snapshots.scopes.load().by_no.get(&no).cloned()
    }

    /// Returns the scope with its number; a new one is on disk before a token carries it.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn number_scope(&self, scope: Scope) -> Result<NumberedScope, ApplyError> {
        if scope == Scope::USERACCOUNT {
            return Ok(NumberedScope::USERACCOUNT);
        }
        loop {
            if let Some(no) = self.snapshots.scopes.load().by_text.get(scope.as_str()) {
                return Ok(NumberedScope { no: *no, scope });
            }
            let insert = Statement::new(
                "INSERT INTO sg_scope (no, scope) SELECT COALESCE(max(no), 0) + 1, $1 FROM sg_scope",
                [Value::text(scope.as_str())],
            );
            let mut commit = Commit::of(Batch::one(insert));
            commit.touch(Topic::Scopes);
            match self.commit(commit).await {
                Ok(()) => {}
                // Another request numbered it, or took the number: the next look sees what is there.
                Err(ApplyError::Duplicate { .. }) => self.reload(Topic::Scopes).await?,
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) async fn load_scopes(&self) -> Result<Scopes, StoreError> {
        let statement = Statement::new("SELECT no, scope FROM sg_scope", []);
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let mut scopes = Scopes::default();
        for row in rows.iter().flat_map(crate::sql::Rows::iter) {
            let (Ok(no), Ok(scope)) = (u32::try_from(row.int(0)), Scope::parse(row.text(1))) else {
                continue;
            };
            scopes.by_text.insert(scope.as_str().into(), ScopeNo(no));
            scopes.by_no.insert(ScopeNo(no), scope);
        }
        Ok(scopes)
    }
}
