//! Scope texts, with the resource servers they are for (RFC 8707), and the numbers that tokens carry for them. A text
//! gets its number the first time it is granted.

use std::collections::HashMap;

use snowglobe_oauth::{
    resource::Resources,
    scope::{NumberedScope, Scope, ScopeNo},
};
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    sql::{Batch, Statement},
};

/// The scopes that have a number, each with the resources it is for.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    by_no: HashMap<ScopeNo, NumberedScope>,
    by_text: HashMap<(Scope, Resources), ScopeNo>,
}

impl Scopes {
    fn no_of(&self, scope: &Scope, resources: &Resources) -> Option<ScopeNo> {
        let key = (scope.clone(), resources.clone());
        self.by_text.get(&key).copied()
    }
}

impl Store {
    /// Returns the scope that a token's number stands for.
    #[must_use]
    pub fn scope(&self, no: ScopeNo) -> Option<Scope> {
        self.numbered_scope(no).map(|numbered| numbered.scope)
    }

    /// Returns the scope and the resources that a token's number stands for.
    #[must_use]
    pub fn numbered_scope(&self, no: ScopeNo) -> Option<NumberedScope> {
        if no == ScopeNo::USERACCOUNT {
            return Some(NumberedScope::USERACCOUNT);
        }
        self.snapshots.scopes.load().by_no.get(&no).cloned()
    }

    /// Returns what a number stands for that is not known here yet.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn find_scope(&self, no: ScopeNo) -> Result<Option<NumberedScope>, ApplyError> {
        Box::pin(self.reload(Topic::Scopes)).await?;
        Ok(self.numbered_scope(no))
    }

    /// Returns the scope with its number, for this instance.
    ///
    /// # Errors
    /// As [`Self::number_scope_for`].
    pub async fn number_scope(&self, scope: Scope) -> Result<NumberedScope, ApplyError> {
        self.number_scope_for(scope, Resources::NONE).await
    }

    /// Returns the scope and the resources it is for with their number; a new one is on disk before a token carries
    /// it.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn number_scope_for(
        &self,
        scope: Scope,
        resources: Resources,
    ) -> Result<NumberedScope, ApplyError> {
        if scope == Scope::USERACCOUNT && resources.is_empty() {
            return Ok(NumberedScope::USERACCOUNT);
        }
        loop {
            if let Some(no) = self.snapshots.scopes.load().no_of(&scope, &resources) {
                return Ok(NumberedScope {
                    no,
                    scope,
                    resources,
                });
            }
            let insert = Statement::new(
                "INSERT INTO sg_scope (no, scope, resources) \
                 SELECT COALESCE(max(no), 0) + 1, $1, $2 FROM sg_scope",
                [
                    Value::text(scope.as_str()),
                    // Empty text is no NULL here: the column is part of a key.
                    Value::Text(resources.as_str().into()),
                ],
            );
            let mut commit = Commit::of(Batch::one(insert));
            commit.touch(Topic::Scopes);
            // Boxed: it happens once, and its state would make the future of every request for a token larger.
            match Box::pin(self.commit(commit)).await {
                Ok(()) => {}
                // Another request numbered it, or took the number: the next look sees what is there.
                Err(ApplyError::Duplicate { .. }) => Box::pin(self.reload(Topic::Scopes)).await?,
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) async fn load_scopes(&self) -> Result<Scopes, StoreError> {
        let statement = Statement::new("SELECT no, scope, resources FROM sg_scope", []);
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let mut scopes = Scopes::default();
        for row in rows.iter().flat_map(crate::sql::Rows::iter) {
            let (Ok(no), Ok(scope)) = (u32::try_from(row.int(0)), Scope::parse(row.text(1))) else {
                continue;
            };
            let no = ScopeNo(no);
            let resources = Resources::of(row.text(2).split(' '));
            let key = (scope.clone(), resources.clone());
            scopes.by_text.insert(key, no);
            let numbered = NumberedScope {
                no,
                scope,
                resources,
            };
            scopes.by_no.insert(no, numbered);
        }
        Ok(scopes)
    }
}
