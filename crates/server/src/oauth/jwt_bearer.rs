//! The JWT bearer grant's flow (`inbound-oauth.md` §2.6, §6.1): whose keys, what the assertion says, which user.

use std::sync::Arc;

use snowglobe_oauth::{
    assertion::{AssertionFault, Recipients},
    client_auth::Presented,
    error::{GrantFault, TokenError},
    grants::{Grant, JwtBearer, jwt_bearer},
    jose::Jwt,
    policy::Policy,
    response::TokenResponse,
};
use snowglobe_store::User;

use super::{answer::Failure, token::Flow};
use crate::app::App;

/// Returns the client that a request without a `client_id` means: one that its assertion names (§2.6).
pub(super) fn client_of_assertion(
    app: &App,
    grant: &Grant<'_>,
    authentication: Option<&str>,
    policy: &Policy,
) -> Option<String> {
    let Grant::JwtBearer(grant) = grant else {
        return None;
    };
    let jwt = grant.assertion(authentication, policy.assertion_audience);
    let jwt = jwt.ok()?;
    let clients = app.store.clients();
    let mut ids = jwt_bearer::client_ids(&jwt);
    ids.find(|id| clients.by_id(id).is_some())
        .map(str::to_owned)
}

/// Returns what a request presents, or else the client that its assertion names.
pub(super) fn presented<'r>(
    presented: Presented<'r>,
    by_assertion: Option<&'r str>,
) -> Presented<'r> {
    let named = presented.client_ids().next().is_some();
    match by_assertion {
        Some(client_id) if !named => Presented::named(client_id),
        _ => presented,
    }
}

impl Flow<'_> {
    pub(super) async fn jwt_bearer(
        &self,
        grant: &JwtBearer<'_>,
        authentication: Option<&str>,
    ) -> Result<TokenResponse, Failure> {
        let jwt = grant.assertion(authentication, self.policy.assertion_audience)?;
        let accepted = self.accept(jwt).await?;
        let rules = jwt_bearer::rules(self.client)?;
        let user = one_user(self.app, &rules.user_field, &accepted.subject).await?;
        let scope = self.granted_scope(grant.scope).await?;
        self.attempt(&scope, Some(&user.account), |current| {
            let material = jwt_bearer::Material {
                scope: &scope,
                accepted: &accepted,
                user: &user.account,
                administrator: user.caller.is_admin(),
                current,
            };
            jwt_bearer::decide(self.client, &material, &self.context())
        })
        .await
    }

    async fn accept(&self, jwt: Jwt<'_>) -> Result<snowglobe_oauth::assertion::Accepted, Failure> {
        let rules = jwt_bearer::rules(self.client)?;
        let keys = self
            .app
            .trusted_keys
            .of_client(rules, jwt.header(), self.now);
        let keys = keys.await.map_err(refused)?;
        let names = self.app.names_in_aud();
        let names = names.each_ref().map(String::as_str);
        let recipients = Recipients {
            names: &names,
            audience: self.policy.assertion_audience,
        };
        Ok(jwt_bearer::accept(
            jwt,
            &keys,
            self.client,
            recipients,
            &self.context(),
        )?)
    }
}

async fn one_user(app: &App, field: &str, subject: &str) -> Result<Arc<User>, Failure> {
    let users = app.store.users_by_field(field, subject).await?;
    let users = users.ok_or_else(|| refused(AssertionFault::UserField))?;
    match <[_; 1]>::try_from(users) {
        Ok([user]) => Ok(user),
        Err(none) if none.is_empty() => Err(refused(AssertionFault::UserUnknown).into()),
        Err(_) => Err(refused(AssertionFault::UserAmbiguous).into()),
    }
}

fn refused(fault: AssertionFault) -> TokenError {
    TokenError::InvalidGrant(GrantFault::Assertion(fault))
}
