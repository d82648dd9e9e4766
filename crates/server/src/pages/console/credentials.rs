//! Manage Tokens (`inbound-oauth.md` §4.2): what became of each token, and taking one away.

use std::collections::HashMap;

use axum::response::Response;
use snowglobe_oauth::account::Account;
use snowglobe_store::{TokenRow, User, backend::StoreError};

use super::{
    form::Record,
    frame::Visit,
    list::{Cell, Header, Line},
    registry,
};
use crate::{pages::fault::PageFault, records::Session};

/// The table of tokens.
pub(super) const TABLE: &str = "oauth_credential";

/// Tells whether a record is a token that this person may take away.
pub(super) fn is_token(record: &Record) -> bool {
    *record.table.name() == *TABLE && record.row.is_some() && record.may_delete
}

/// Adds a column to a list of tokens that says whether each still opens anything, and if not, why.
pub(super) async fn add_standing(
    session: &Session,
    headers: &mut Vec<Header>,
    lines: &mut [Line],
) -> Result<(), StoreError> {
    let keys: Vec<&str> = lines.iter().map(|line| &*line.sys_id).collect();
    let rows = session.app.store.token_rows(&keys).await?;
    let mut users: HashMap<Box<str>, Option<std::sync::Arc<User>>> = HashMap::new();
    for row in &rows {
        if !users.contains_key(&row.user) {
            let user = session.app.store.user_by_sys_id(&row.user).await?;
            users.insert(row.user.clone(), user);
        }
    }
    headers.push(Header {
        label: "Status".to_owned(),
        href: None,
        sorted: "none",
    });
    for line in lines {
        let row = rows.iter().find(|row| *row.sys_id == *line.sys_id);
        let user = row
            .and_then(|row| users.get(&row.user))
            .and_then(Option::as_ref);
        let account = user.map(|user| &*user.account);
        let text = row.map_or("", |row| standing(session, row, account));
        line.cells.push(Cell {
            text: text.to_owned(),
            href: None,
        });
    }
    Ok(())
}

/// Says whether a token opens anything, by the rules that a request with it meets (`oauth::bearer::check`).
fn standing(session: &Session, row: &TokenRow, account: Option<&Account>) -> &'static str {
    let app = &session.app;
    let revoked = |id| app.store.is_revoked_id(id);
    let clients = app.store.clients();
    if revoked(row.id) || row.family.is_some_and(revoked) {
        "Revoked"
    } else if !row.expires.is_empty() && *row.expires <= *now(session) {
        "Expired"
    } else if row.is_received {
        "Held for calls"
    } else if !clients
        .by_sys_id(&row.client)
        .is_some_and(|client| client.active)
    {
        "Application inactive"
    } else if account.is_none_or(|account| account.in_use().is_err()) {
        "User inactive"
    } else if account.is_some_and(|account| account.honours(row.family.unwrap_or(row.id)).is_err())
    {
        "Ended with the password"
    } else {
        "Active"
    }
}

fn now(session: &Session) -> String {
    session
        .stamp()
        .now
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// Takes a token away.
pub(super) async fn revoke(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let app = &visit.records.app;
    let rows = app.store.token_rows(&[&record.sys_id()]).await?;
    let row = rows.first().ok_or(PageFault::NotFound)?;
    app.store.revoke_token_row(row, app.now()).await?;
    tracing::info!(token.id = %row.id, "a token was revoked");
    let text = "Access is revoked: this token, and what came from the same refresh token, opens nothing any more.";
    registry::done(visit, record, text).await
}
