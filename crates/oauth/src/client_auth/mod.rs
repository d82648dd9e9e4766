//! Client authentication (RFC 6749 §2.3): who a request says it is, and the proof.
//!
//! A request names its client in the `Authorization` header, in the body, or (a public client) by
//! `client_id` alone; [`Presented`] is what it says. Only [`check`] makes an [`AuthenticatedClient`], and
//! only such a client gets tokens.

mod presented;

use std::{ops::Deref, sync::Arc};

pub use presented::{Presented, used_basic};

use crate::{
    assertion::{AssertionFault, AssertionId, Recipients, check_client},
    check::{Check, SlowCheck},
    client::Client,
    error::{ClientFault, TokenError},
    jose::{Algorithm, ClaimFault, KeySet},
    secret::{PresentedSecret, SecretHash},
    time::UnixMillis,
};

/// A client that proved itself, or a public one that named itself; made by [`check`] alone.
///
/// ```compile_fail
/// # fn forge(client: std::sync::Arc<snowglobe_oauth::Client>) {
/// snowglobe_oauth::client_auth::AuthenticatedClient { client, has_proved: true };
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AuthenticatedClient {
    client: Arc<Client>,
    has_proved: bool,
}

impl AuthenticatedClient {
    /// Tells whether it proved who it is: a public client that came without a JWT only named itself.
    #[must_use]
    pub fn has_proved(&self) -> bool {
        self.has_proved
    }
}

impl Deref for AuthenticatedClient {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The methods that clients authenticate with at the strict endpoints, as metadata names them (RFC 8414 §2).
/// `private_key_jwt` rests on a client's certificates or key set, `client_secret_jwt` on its secret where its record asks
/// for that (`token_endpoint_auth_method`; other secrets are stored as hashes, and no hash is a key for HMAC), or on
/// the shared key of a verifier map.
pub const METHODS: [&str; 5] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "client_secret_jwt",
    "none",
];

/// Checks the JWT that a request authenticates its client with (RFC 7523 §2.2, OpenID Connect Core §9), with keys of
/// the client's. What comes beside the client must be on disk before anything is done for it.
///
/// # Errors
/// [`TokenError::InvalidClient`] says what fails.
pub fn check_assertion(
    presented: &Presented<'_>,
    client: Option<&Arc<Client>>,
    keys: &KeySet,
    recipients: Recipients<'_>,
    now: UnixMillis,
) -> Result<(AuthenticatedClient, AssertionId), TokenError> {
    let refused = |fault: AssertionFault| TokenError::InvalidClient(ClientFault::Assertion(fault));
    let named = |client: &&Arc<Client>| presented.client_ids().any(|id| *id == *client.client_id);
    let (Some(client), Some(jwt)) = (client.filter(named), presented.assertion()) else {
        return Err(unknown(presented));
    };
    let allowed: Vec<_> = Algorithm::all().collect();
    let verified = jwt.clone().verify(keys, &allowed);
    let verified = verified.map_err(|fault| refused(fault.into()))?;
    let accepted = check_client(&verified, client, recipients, now).map_err(refused)?;
    let once = accepted
        .once
        .ok_or_else(|| refused(ClaimFault::Missing("jti").into()))?;
    Ok((accept(client, true)?, once))
}

/// Checks what a request presents against the client it names (`None`: there is no such client).
///
/// An unknown client, a wrong secret and an inactive client look alike; the log tells them apart. A client that
/// comes with a JWT is for [`check_assertion`].
#[must_use]
pub fn check(
    presented: &Presented<'_>,
    client: Option<&Arc<Client>>,
) -> Check<AuthenticatedClient> {
    if presented.assertion().is_some() {
        return Check::Done(refuse(ClientFault::UnsupportedMethod));
    }
    let Some(client) = client else {
        return Check::Done(Err(unknown(presented)));
    };
    let mut named = false;
    let mut secrets = Vec::new();
    for reading in presented
        .readings()
        .filter(|reading| *reading.client_id == *client.client_id)
    {
        named = true;
        secrets.extend(&reading.secret);
    }
    match (named, secrets.as_slice()) {
        (false, _) => Check::Done(Err(unknown(presented))),
        (true, []) if client.public => Check::Done(accept(client, false)),
        (true, []) => Check::Done(refuse(ClientFault::SecretMissing)),
        (true, secrets) => check_secrets(secrets, client),
    }
}

/// Compares generated secrets at once, and leaves overwritten ones to a job.
fn check_secrets(
    presented: &[&PresentedSecret<'_>],
    client: &Arc<Client>,
) -> Check<AuthenticatedClient> {
    let (slow, fast): (Vec<_>, Vec<_>) = client.secrets.iter().partition(|hash| hash.is_slow());
    // Every pair is compared: the time tells nothing about which one was right.
    let mut right = false;
    for secret in presented {
        for hash in &fast {
            right |= hash.verify(secret.expose());
        }
    }
    match (right, slow.is_empty()) {
        (true, _) => Check::Done(accept(client, true)),
        (false, true) => Check::Done(refuse(ClientFault::SecretWrong)),
        (false, false) => Check::Slow(SlowCheck {
            presented: presented.iter().map(|secret| secret.to_secret()).collect(),
            hashes: slow.into_iter().cloned().collect(),
            if_right: accept(client, true),
            if_wrong: TokenError::InvalidClient(ClientFault::SecretWrong),
        }),
    }
}

fn accept(client: &Arc<Client>, has_proved: bool) -> Result<AuthenticatedClient, TokenError> {
    if client.active {
        Ok(AuthenticatedClient {
            client: Arc::clone(client),
            has_proved,
        })
    } else {
        refuse(ClientFault::Inactive)
    }
}

fn refuse<T>(fault: ClientFault) -> Result<T, TokenError> {
    Err(TokenError::InvalidClient(fault))
}

/// Does the work a known client's secret would cost, then refuses.
fn unknown(presented: &Presented<'_>) -> TokenError {
    let mut named = false;
    for reading in presented.readings() {
        named = true;
        let secret = reading.secret.as_ref().map_or("", PresentedSecret::expose);
        std::hint::black_box(SecretHash::fast_decoy().verify(secret));
    }
    let fault = if named {
        ClientFault::Unknown
    } else {
        ClientFault::Missing
    };
    TokenError::InvalidClient(fault)
}
