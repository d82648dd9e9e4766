//! Rotating a client's secret: the new one counts at once, and the one before it until it is retired, so that a
//! client can be moved while it runs (security.md §2, 45).

use std::sync::Arc;

use snowglobe_records::{
    Table,
    acl::Denied,
    write::{Draft, Mode},
};

use super::{Generated, RecordError, Session, row, secrets};

/// Gives a client a new secret, keeps the present one beside it, and forgets the one before that.
pub(crate) async fn rotate_secret(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    expected: i64,
) -> Result<Generated, RecordError> {
    let context = session.context();
    let access = session.access(&context);
    let row = row(session, &access, table, sys_id).await?;
    if row.mod_count() != expected {
        return Err(RecordError::Stale);
    }
    let method = row.value("token_endpoint_auth_method");
    let is_key = method.as_text().is_some_and(secrets::is_key);
    let column = row.table().column("client_secret").map(Arc::clone);
    let column = column.ok_or(Denied::Update)?;
    let cell = (&*column, row.sys_id());
    let (generated, kept) = Generated::of_client(&session.app, cell, is_key)?;
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let pair = [("client_secret", generated.expose())];
    let draft = Draft::for_update(row.table(), pair, mode);
    let stamp = session.stamp();
    let update = access.permit_update(&row, draft, &stamp)?;
    let mut update = update.ok_or(Denied::Update)?;
    let mut secrets = update.take_secrets().into_iter();
    let (column, _) = secrets.next().ok_or(Denied::Update)?;
    update.keep_secret(column, kept);
    let before = row.value("client_secret").as_text();
    let previous = row.table().column("client_secret_previous");
    if let (Some(column), Some(hash)) = (previous, before) {
        update.keep_secret(Arc::clone(column), hash.into());
    }
    session.app.store.update(&update, &stamp).await?;
    Ok(generated)
}
