//! Writing: one record changed or deleted; [`super::making`] makes them.
//!
//! ```text
//! pairs --Draft--> references found --acl--> Permitted<Update> --secrets hashed--> store
//! ```

use std::sync::Arc;

use snowglobe_records::{
    Table,
    acl::Access,
    dictionary::Column,
    write::{Draft, Mode, RowCells},
};
use snowglobe_store::backend::ApplyError;

use super::{RecordError, Session, outbound, read::names_a_row, rules, secrets};

/// How often a write is decided again when others change the row meanwhile.
const ATTEMPTS: usize = 16;

/// What a caller wants written: elements and texts, and how they are to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) pairs: &'a [(&'a str, &'a str)],
    pub(crate) mode: Mode<'a>,
}

/// Changes a record, if it is still in the state `expected`; without one, again from its new state when somebody
/// else was faster.
pub(crate) async fn update(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    input: Input<'_>,
    expected: Option<i64>,
) -> Result<(), RecordError> {
    let context = session.context();
    let access = session.access(&context);
    let store = &session.app.store;
    let stamp = session.stamp();
    let mut draft = Draft::for_update(table, input.pairs.iter().copied(), input.mode);
    resolve(session, &mut draft).await?;
    let mut kept = None;
    for _ in 0..ATTEMPTS {
        let row = row(session, &access, table, sys_id).await?;
        if expected.is_some_and(|expected| expected != row.mod_count()) {
            return Err(RecordError::Stale);
        }
        let Some(mut update) = access.permit_update(&row, draft.clone(), &stamp)? else {
            return Ok(());
        };
        rules::check(&update.table, &update.changes)?;
        let changes = &update.changes;
        let proposed = outbound::Proposed::new(&update.table, update.sys_id, Some(&row), changes);
        proposed.check(session).await?;
        let key = (update.sys_id, proposed.uses_secret());
        let secrets = update.take_secrets();
        if kept.is_none() {
            kept = Some(secrets::keep(&session.app, key, secrets).await?);
        }
        for (column, text) in kept.iter().flatten() {
            update.keep_secret(Arc::clone(column), text.clone());
        }
        match store.update(&update, &stamp).await {
            Ok(()) => return Ok(()),
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(RecordError::Contended)
}

/// Deletes a record.
pub(crate) async fn delete(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
) -> Result<(), RecordError> {
    let context = session.context();
    let access = session.access(&context);
    let store = &session.app.store;
    for _ in 0..ATTEMPTS {
        let row = row(session, &access, table, sys_id).await?;
        match store
            .delete(
                &access.permit_delete(&row, &session.stamp())?,
                &session.stamp(),
            )
            .await
        {
            Ok(()) => return Ok(()),
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(RecordError::Contended)
}

/// Returns the row that a write is about; one that the caller may not read is not there.
pub(crate) async fn row(
    session: &Session,
    access: &Access<'_>,
    table: &Arc<Table>,
    sys_id: &str,
) -> Result<RowCells, RecordError> {
    names_a_row(sys_id)?;
    let row = session
        .app
        .store
        .row(&session.dictionary, table, sys_id)
        .await?;
    row.filter(|row| access.may_read_row(row))
        .ok_or(RecordError::Missing)
}

/// Finds the rows that a draft names by their display values.
pub(super) async fn resolve(session: &Session, draft: &mut Draft) -> Result<(), RecordError> {
    let lookups: Vec<(Arc<Column>, Box<str>)> = draft.lookups().to_vec();
    for (column, text) in lookups {
        let found = session
            .app
            .store
            .find_by_display(&session.dictionary, &column, &text)
            .await?;
        draft.resolve(&column.element, found);
    }
    Ok(())
}
