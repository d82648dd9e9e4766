//! Tokens of third parties at the API (`inbound-oauth.md` §2.7, §6.2): a JWT that no key of ours made, by a provider
//! that an administrator configured.

use std::sync::Arc;

use snowglobe_oauth::{
    account::AccountFault,
    assertion::{Accepted, AssertionFault, IdentityProvider, check_third_party},
    change::Change,
    client::Client,
    jose::{Algorithm, Audience, Jwt},
};
use snowglobe_store::{
    User,
    backend::{ApplyError, StoreError},
};

use crate::app::App;

/// Whom a third party's token speaks for, and the entity (`oauth_oidc_entity`) it was accepted by, whose auth scopes
/// count.
#[derive(Debug)]
pub(crate) struct ThirdParty {
    pub(crate) user: Arc<User>,
    pub(crate) client: Arc<Client>,
}

/// Why a third party's token opens nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("{0}")]
    Assertion(#[from] AssertionFault),
    #[error("{0}")]
    Account(#[from] AccountFault),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl Refused {
    /// Returns the fault's name in logs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Assertion(fault) => fault.code(),
            Self::Account(fault) => fault.code(),
            Self::Store(_) | Self::Apply(_) => "unavailable",
        }
    }
}

/// Tells whether a bearer that is no token of ours could be one of a third party's: a JWT has two dots.
pub(crate) fn may_be(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Accepts a token of a third party's.
pub(crate) async fn accept(app: &App, token: &str) -> Result<ThirdParty, Refused> {
    let jwt = Jwt::parse(token).map_err(AssertionFault::from)?;
    let entities = entities(app, &jwt)?;
    let mut refused = AssertionFault::Audience;
    for (client, provider) in entities {
        match verify(app, jwt.clone(), &client, &provider).await {
            Ok(accepted) => return speak(app, client, &provider, &accepted).await,
            Err(fault) => refused = fault,
        }
    }
    Err(refused.into())
}

/// An entity that accepts tokens, and whose.
type Entity = (Arc<Client>, Arc<IdentityProvider>);

/// The entities that the token says it is for; unproven, it only says whose keys are tried.
fn entities(app: &App, jwt: &Jwt<'_>) -> Result<Vec<Entity>, AssertionFault> {
    let clients = app.store.clients();
    let audience = jwt.unproven_claims().audience()?;
    let names = match &audience {
        Audience::One(one) => std::slice::from_ref(one),
        Audience::Many(many) => many,
    };
    let entity = |name: &&str| {
        let client = clients.by_id(name).filter(|client| client.active)?;
        Some((Arc::clone(client), Arc::clone(client.provider.as_ref()?)))
    };
    Ok(names
        .iter()
        .take(MOST_AUDIENCES)
        .filter_map(entity)
        .collect())
}

async fn verify(
    app: &App,
    jwt: Jwt<'_>,
    client: &Client,
    provider: &IdentityProvider,
) -> Result<Accepted, AssertionFault> {
    let (keys, now) = (&app.trusted_keys, app.now());
    let metadata = keys.metadata(provider, now).await?;
    let keys = keys
        .of_provider(provider, &metadata, jwt.header(), now)
        .await?;
    let verified = jwt.verify(&keys, &Algorithm::PUBLIC)?;
    check_third_party(&verified, client, provider, &metadata.issuer, now)
}

/// Finds the one user, and notes the token as used where it counts once.
async fn speak(
    app: &App,
    client: Arc<Client>,
    provider: &IdentityProvider,
    accepted: &Accepted,
) -> Result<ThirdParty, Refused> {
    let users = app
        .store
        .users_by_field(&provider.user_field, &accepted.subject);
    let users = users.await?.ok_or(AssertionFault::UserField)?;
    let user = match <[_; 1]>::try_from(users) {
        Ok([user]) => user,
        Err(none) if none.is_empty() => return Err(AssertionFault::UserUnknown.into()),
        Err(_) => return Err(AssertionFault::UserAmbiguous.into()),
    };
    user.account.in_use()?;
    if let Some(once) = accepted.once {
        let used = [Change::UseAssertion(once)];
        match app.store.apply_changes(&used, None, app.now()).await {
            Err(ApplyError::Conflict) => return Err(AssertionFault::Replayed.into()),
            applied => applied?,
        }
    }
    Ok(ThirdParty { user, client })
}

/// A token for more recipients than these is looked at for the first of them.
const MOST_AUDIENCES: usize = 8;
