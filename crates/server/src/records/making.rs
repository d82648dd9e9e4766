//! Making a record: decided first and then stored, so that it can be shown as it will be before anybody waits for the
//! disk.

use std::sync::Arc;

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Table,
    acl::Permitted,
    write::{Draft, Insert},
};

use super::{
    Input, RecordError, Session, outbound, rules,
    secrets::{self, Generated},
    standard_change,
    write::resolve,
};

/// A record that the caller may make, complete, and not stored yet.
#[derive(Debug)]
pub(crate) struct Making {
    row: Permitted<Insert>,
    secret: Option<Generated>,
}

/// A record that was made.
#[derive(Debug)]
pub(crate) struct Inserted {
    pub(crate) sys_id: String,
    /// The secret that a new client got because it came without one; nobody can read it again.
    pub(crate) secret: Option<Generated>,
}

/// Makes a record.
pub(crate) async fn insert(
    session: &Session,
    table: &Arc<Table>,
    input: Input<'_>,
) -> Result<Inserted, RecordError> {
    let making = prepare(session, table, input).await?;
    making.store(session).await
}

/// Decides about a new record.
pub(crate) async fn prepare(
    session: &Session,
    table: &Arc<Table>,
    input: Input<'_>,
) -> Result<Making, RecordError> {
    let pairs = input.pairs.iter().copied();
    let inherited = outbound::inherited(session, table, input.pairs);
    let inherited = inherited.iter().map(|(element, text)| (*element, &**text));
    let preset = match standard_change::named(table, input.pairs) {
        // Boxed: few need it, and its state would make the future of every insert larger.
        Some(key) => Box::pin(standard_change::preset(session, key)).await?,
        None => None,
    };
    let preset = preset.iter().flat_map(|preset| &preset.fields);
    let preset = preset.map(|(element, text)| (*element, &**text));
    let pairs = preset.chain(inherited).chain(pairs);
    let mut draft = Draft::for_insert(&session.dictionary, table, pairs, input.mode);
    resolve(session, &mut draft).await?;
    let store = &session.app.store;
    let stamp = session.stamp();
    let new_id = store.ids().record(UnixMillis(stamp.now.as_millisecond()));
    let context = session.context();
    let access = session.access(&context);
    let mut row = access.permit_insert(draft, new_id, &stamp)?;
    rules::check(&row.table, &row.values)?;
    let proposed = outbound::Proposed::new(&row.table, row.sys_id, None, &row.values);
    proposed.check(session).await?;
    let key = (row.sys_id, proposed.uses_secret());
    let secrets = row.take_secrets();
    for (column, kept) in secrets::keep(&session.app, key, secrets).await? {
        row.keep_secret(column, kept);
    }
    let secret = secrets::complete(&session.app, &mut row)?;
    store.complete(&mut row).await?;
    Ok(Making { row, secret })
}

impl Making {
    /// Returns the row as it will be stored.
    pub(crate) fn row(&self) -> &Insert {
        &self.row
    }

    /// Tells whether a secret was made for the record, which is told once.
    pub(crate) fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// Stores the record.
    pub(crate) async fn store(self, session: &Session) -> Result<Inserted, RecordError> {
        let Self { row, secret } = self;
        let sys_id = row.sys_id.to_string();
        session.app.store.insert(row, &session.stamp()).await?;
        Ok(Inserted { sys_id, secret })
    }
}
