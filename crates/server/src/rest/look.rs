//! Looking for records by their values: what the APIs beside the Table API want to know of other rows.

use std::sync::Arc;

use snowglobe_records::{
    Table,
    acl::{Permitted, Reason},
    plan::{Plan, Window},
    query::{Comparison, Path, Predicate, Query},
};

use crate::{
    error::RestError,
    records::{self, Session},
};

/// Fields of a row, as they are stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Found(Vec<(Arc<str>, String)>);

impl Found {
    /// Returns a field; what the caller may not read is as empty as what is not there.
    pub(super) fn text(&self, field: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| **name == *field);
        found.map_or("", |(_, text)| text)
    }

    /// Tells whether a field is true.
    pub(super) fn is(&self, field: &str) -> bool {
        self.text(field) == "true"
    }
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    /// The caller, and no more than they may read.
    Caller,
    /// The instance, for what it needs to know to do what the caller may do.
    Instance,
}

/// Returns a table that the instance itself works with.
pub(super) fn table(session: &Session, name: &str) -> Result<Arc<Table>, RestError> {
    let table = session.dictionary.table(name).map(Arc::clone);
    table.ok_or_else(|| {
        tracing::error!(table = name, "a built-in table is gone");
        RestError::Internal
    })
}

/// Selects the rows whose fields have these values.
pub(super) fn equal(table: &Table, pairs: &[(&str, &str)]) -> Query {
    let mut predicate = Predicate::True;
    for (element, text) in pairs {
        let compared = table.column(element).and_then(|column| {
            let value = column.kind.parse(text).ok()?;
            let path = Path {
                table: 0,
                column: Arc::clone(column),
            };
            Some(Predicate::Compare(path, Comparison::Equal, value))
        });
        predicate = predicate.and(compared.unwrap_or(Predicate::False));
    }
    Query {
        predicate,
        ..Query::default()
    }
}

/// Reads fields of the rows that a query selects.
pub(super) async fn rows(
    session: &Session,
    (table, query): (&Arc<Table>, Query),
    fields: &[&str],
    window: Window,
    whom: As,
) -> Result<Vec<Found>, RestError> {
    let names = fields.iter().copied();
    let plan = Plan::new(&session.dictionary, table, query, Some(names), window);
    let plan = match whom {
        As::Caller => records::permit(session, plan)?,
        As::Instance => Permitted::as_system(plan, Reason::Consequence),
    };
    let page = session.app.store.read(&plan).await?;
    let found = page.rows.iter().map(|row| {
        let cells = plan.outputs.iter().enumerate();
        Found(
            cells
                .map(|(at, output)| {
                    let mut text = String::new();
                    output.path.column.kind.write(row.get(at), &mut text);
                    (Arc::clone(&output.key), text)
                })
                .collect(),
        )
    });
    Ok(found.collect())
}

/// Reads fields of the rows whose fields have these values, as the instance.
pub(super) async fn known(
    session: &Session,
    table_name: &str,
    pairs: &[(&str, &str)],
    fields: &[&str],
) -> Result<Vec<Found>, RestError> {
    let table = table(session, table_name)?;
    let query = equal(&table, pairs);
    rows(
        session,
        (&table, query),
        fields,
        Window::DEFAULT,
        As::Instance,
    )
    .await
}

/// Refuses a caller who has none of these roles; an administrator has them all.
pub(super) fn needs(session: &Session, roles: &'static [&'static str]) -> Result<(), RestError> {
    let caller = &session.user.caller;
    if caller.is_admin() || roles.iter().any(|role| caller.has_role(role)) {
        Ok(())
    } else {
        Err(RestError::RoleMissing(roles))
    }
}
