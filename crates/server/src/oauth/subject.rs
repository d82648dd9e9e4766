//! Whom a token speaks for, read from the user's record where the client picks a field of it.

use snowglobe_oauth::{account::Account, client::Client, subject, token::TokenClaims};
use snowglobe_store::backend::StoreError;

use crate::app::App;

/// Returns the subject of a token. The two fields that clients usually pick cost no query.
pub(crate) async fn subject(
    app: &App,
    claims: &TokenClaims,
    client: &Client,
    account: &Account,
) -> Result<String, StoreError> {
    let field = field(app, client, account).await?;
    Ok(subject::of(claims, client, account, field.as_deref()).into_owned())
}

/// Returns the subject of a person at a client.
pub(crate) async fn subject_of_user(
    app: &App,
    client: &Client,
    account: &Account,
) -> Result<String, StoreError> {
    let field = field(app, client, account).await?;
    Ok(subject::of_user(account, field.as_deref()).to_owned())
}

async fn field(
    app: &App,
    client: &Client,
    account: &Account,
) -> Result<Option<Box<str>>, StoreError> {
    match &*client.sub_claim {
        "" | "sys_id" => Ok(None),
        "user_name" => Ok(Some(account.user_name.clone())),
        field => app.store.user_field(account.no, field).await,
    }
}
