//! What this instance proves itself with as a client of a provider (`outbound-oauth.md` §3.3).

use snowglobe_oauth::{
    outbound::{ClientProof, JwtProvider, Provider, SendCredentials},
    secret::Secret,
};
use snowglobe_store::SecretOf;

use super::{BrokerFault, sign};
use crate::{app::App, entropy};

/// A proof.
pub(super) enum Proof {
    /// None: a public client.
    None,
    /// Its secret.
    Secret(Secret),
    /// A JWT that it signed.
    Assertion(Secret),
}

impl Proof {
    /// Returns the proof that the provider's record asks for; without a secret there may be none where that will do.
    pub(super) fn of(
        app: &App,
        provider: &Provider,
        none_will_do: bool,
    ) -> Result<Self, BrokerFault> {
        if provider.send_credentials == SendCredentials::PrivateKeyJwt {
            let assertion = signed(app, provider.jwt_provider.as_deref(), |by, jti| {
                by.client_assertion(provider, jti, app.now())
            });
            return assertion.map(Self::Assertion);
        }
        match app
            .store
            .outbound_secret(SecretOf::Provider, &provider.sys_id)
        {
            Some(secret) => Ok(Self::Secret(secret)),
            None if none_will_do => Ok(Self::None),
            None => Err(BrokerFault::NoSecret),
        }
    }

    pub(super) fn as_client(&self) -> ClientProof<'_> {
        match self {
            Self::None => ClientProof::None,
            Self::Secret(secret) => ClientProof::Secret(secret),
            Self::Assertion(assertion) => ClientProof::Assertion(assertion),
        }
    }
}

/// Signs the claims that a JWT provider makes for a new `jti`.
pub(super) fn signed(
    app: &App,
    by: Option<&str>,
    claims: impl FnOnce(&JwtProvider, &str) -> serde_json::Map<String, serde_json::Value>,
) -> Result<Secret, BrokerFault> {
    let outbound = app.store.outbound();
    let by = by.and_then(|key| outbound.registry().jwt_providers.get(key));
    let by = by.ok_or(BrokerFault::NoJwtKey)?;
    let random: [u8; 32] = entropy::random().map_err(|_| BrokerFault::NoRandomness)?;
    let jti = Secret::generate(random);
    sign::sign(app, by, &claims(by, jti.expose()))
}
