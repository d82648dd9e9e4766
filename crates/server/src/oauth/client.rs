//! Who a request's client is: by its secret, by its name alone where it is public, or by a JWT of its own.

use std::sync::Arc;

use snowglobe_oauth::{
    assertion::{AssertionFault, Recipients},
    change::Change,
    client::Client,
    client_auth::{self, AuthenticatedClient, Presented},
    error::{ClientFault, TokenError},
    jose::{Jwt, KeySet},
    policy::Policy,
};
use snowglobe_store::backend::ApplyError;

use super::{answer::Failure, token::settle};
use crate::app::App;

/// Returns the record that a request means; nothing of it is proven.
pub(super) fn named(app: &App, presented: &Presented<'_>) -> Option<Arc<Client>> {
    let clients = app.store.clients();
    let mut ids = presented.client_ids();
    ids.find_map(|id| clients.by_id(id).map(Arc::clone))
}

/// Authenticates the client of a request (RFC 6749 §2.3, RFC 7523 §2.2).
pub(super) async fn authenticate(
    app: &App,
    presented: &Presented<'_>,
    named: Option<&Arc<Client>>,
    policy: &Policy,
) -> Result<AuthenticatedClient, Failure> {
    match presented.assertion() {
        None => settle(app, client_auth::check(presented, named)).await,
        Some(jwt) => Box::pin(by_assertion(app, presented, jwt, named, policy)).await,
    }
}

async fn by_assertion(
    app: &App,
    presented: &Presented<'_>,
    jwt: &Jwt<'_>,
    named: Option<&Arc<Client>>,
    policy: &Policy,
) -> Result<AuthenticatedClient, Failure> {
    let refused = |fault| TokenError::InvalidClient(ClientFault::Assertion(fault));
    let keys = keys(app, jwt, named).await.map_err(refused)?;
    let names = app.names_in_aud();
    let names = names.each_ref().map(String::as_str);
    let recipients = Recipients {
        names: &names,
        audience: policy.assertion_audience,
    };
    let (client, once) =
        client_auth::check_assertion(presented, named, &keys, recipients, app.now())?;
    let used = [Change::UseAssertion(once)];
    match app.store.apply_changes(&used, None, app.now()).await {
        Ok(()) => Ok(client),
        Err(ApplyError::Conflict) => Err(refused(AssertionFault::Replayed).into()),
        Err(error) => Err(error.into()),
    }
}

/// The keys that the client may prove itself with: those of its record, and its secret where that is one.
async fn keys(
    app: &App,
    jwt: &Jwt<'_>,
    named: Option<&Arc<Client>>,
) -> Result<KeySet, AssertionFault> {
    let Some(client) = named else {
        return Ok(KeySet::default());
    };
    let Some(rules) = &client.assertions else {
        return Ok(client.secret_keys.clone());
    };
    let registered = app.trusted_keys.of_client(rules, jwt.header(), app.now());
    let registered = registered.await?;
    let both = registered.iter().chain(client.secret_keys.iter());
    Ok(KeySet::of(both.map(Arc::clone)))
}
