//! The device access token request (RFC 8628 §3.4): a device polls until its person has said yes or no.
//!
//! ```text
//! Pending ──┬─ authorization_pending, or slow_down for a poll that comes too early
//!           ├─ Denied ── access_denied
//!           └─ Allowed ── Issue ── Consumed: a second use ends what the first one gave
//! ```
//! Only the client that a code was made for learns how it stands. The session in which the person said yes need not
//! last until the device asks: they may have been at somebody else's computer, and log out at once.

use super::{Context, CurrentTokens, Decision, registered, required};
use crate::{
    account::{Account, AccountFault},
    change::Change,
    client::Client,
    client_auth::AuthenticatedClient,
    device::Allowed,
    error::{DeviceFault, GrantFault, GrantTypeFault, TokenError},
    form::Form,
    issue::{Issue, OneTime},
    revoke::end_of_family,
    scope::NumberedScope,
    secret::PresentedSecret,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, KeyRing, TokenId, TokenKind},
};

/// The parameters of the grant.
#[derive(Debug, Clone)]
pub struct DeviceCode<'r> {
    /// The code.
    pub device_code: PresentedSecret<'r>,
}

impl<'r> DeviceCode<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        let device_code = PresentedSecret::new(required(form, "device_code")?);
        Ok(Self { device_code })
    }

    /// Verifies the code and returns what it says, which tells the server what to read.
    ///
    /// # Errors
    /// [`TokenError::InvalidGrant`] when it is no device code of this instance.
    pub fn verify(&self, keys: &KeyRing) -> Result<IssuedToken, TokenError> {
        let code = keys.recover(self.device_code.expose());
        let code = code.map_err(|fault| deny(DeviceFault::Token(fault)))?;
        match code.claims.kind {
            TokenKind::Device => Ok(code),
            TokenKind::Access | TokenKind::Refresh | TokenKind::Code => {
                Err(deny(DeviceFault::NotADeviceCode))
            }
        }
    }
}

/// What is stored of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredDevice {
    /// Seconds it has to wait between two polls.
    pub interval: u32,
    /// When it polled last.
    pub polled_at: Option<UnixMillis>,
    /// What its person said.
    pub state: DeviceState,
}

/// What became of a device's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody said anything.
    Pending,
    /// Somebody said no.
    Denied,
    /// Somebody said yes.
    Allowed(Allowed),
    /// It has its tokens.
    Consumed {
        /// The family.
        gave: TokenId,
        /// After this second nothing of that lives.
        until: UnixSeconds,
    },
}

impl StoredDevice {
    /// Returns whoever said yes.
    #[must_use]
    pub fn allowed(&self) -> Option<Allowed> {
        match self.state {
            DeviceState::Allowed(allowed) => Some(allowed),
            _ => None,
        }
    }
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The code presented, as [`DeviceCode::verify`] found it.
    pub presented: IssuedToken,
    /// What is stored of it.
    pub stored: Option<&'a StoredDevice>,
    /// Whoever said yes.
    pub account: Option<&'a Account>,
    /// The scope of the code, for its resources or those of them that the request names (RFC 8707 §2.2).
    pub scope: &'a NumberedScope,
}

/// Decides the grant.
#[must_use]
pub fn decide(
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Decision {
    let claims = &material.presented.claims;
    let stored = match issued_to(client, material, context) {
        Ok(stored) => stored,
        Err(error) => return Err(error).into(),
    };
    let denied = |error, change| Decision::Deny {
        error,
        changes: vec![change],
    };
    match stored.state {
        // A device code leaves its device on the way here only: whoever comes second with it, somebody took it. A
        // device whose answer got lost begins again either way.
        DeviceState::Consumed { gave, until } => denied(
            deny(DeviceFault::Used),
            Change::RevokeFamily {
                id: gave,
                forget_after: end_of_family(gave, until, Some(client), context.now),
            },
        ),
        // RFC 8628 §3.5: expired_token.
        _ if !claims.expires.is_after(context.now) => Err(TokenError::ExpiredToken).into(),
        DeviceState::Denied => Err(TokenError::AccessDenied).into(),
        DeviceState::Pending => {
            let (error, interval) = poll(stored, context.now);
            let (id, at) = (claims.id, context.now);
            denied(error, Change::NotePoll { id, at, interval })
        }
        DeviceState::Allowed(allowed) => issue(client, allowed, material, context).into(),
    }
}

/// The code is this client's: until here nothing of it is told or changed.
fn issued_to<'a>(
    client: &Client,
    material: &Material<'a>,
    context: &Context<'_>,
) -> Result<&'a StoredDevice, TokenError> {
    permitted(client, context)?;
    if material.presented.claims.client != client.no {
        return Err(deny(DeviceFault::OtherClient));
    }
    material.stored.ok_or(deny(DeviceFault::Unknown))
}

/// RFC 8628 §3.5: `slow_down` is "a variant of `authorization_pending`", and "the interval MUST be increased by 5
/// seconds for this and all subsequent requests".
fn poll(stored: &StoredDevice, now: UnixMillis) -> (TokenError, u32) {
    let wait = i64::from(stored.interval) * 1000 - EARLY_MS;
    let too_early = stored.polled_at.is_some_and(|last| now.since(last) < wait);
    if too_early {
        let interval = stored.interval.saturating_add(SLOWER);
        (TokenError::SlowDown, interval.min(SLOWEST))
    } else {
        (TokenError::AuthorizationPending, stored.interval)
    }
}

fn issue(
    client: &AuthenticatedClient,
    allowed: Allowed,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Result<Issue, TokenError> {
    let claims = &material.presented.claims;
    let owner = owner(allowed, material.account);
    let owner = owner.map_err(|fault| deny(DeviceFault::Owner(fault)))?;
    let mut issue = Issue::new(
        client,
        owner.no,
        material.scope,
        context.now,
        context.policy,
    );
    issue.consumes = Some(OneTime::DeviceCode(claims.id));
    issue.granted = claims.scope;
    // Never somebody else's tokens: a device is another place.
    CurrentTokens::default().reuse_pair(&mut issue, client, owner, context);
    Ok(issue)
}

/// Whoever was blocked, or signed out everywhere, after saying yes gives nothing.
fn owner(allowed: Allowed, account: Option<&Account>) -> Result<&Account, AccountFault> {
    let account = account
        .filter(|account| account.no == allowed.user)
        .ok_or(AccountFault::Unknown)?;
    account.may_log_in()?;
    if allowed.at < account.tokens_valid_from {
        return Err(AccountFault::TokensEnded);
    }
    Ok(account)
}

pub(crate) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)?;
    if context.policy.device_grant && context.properties.devices_allowed {
        return Ok(());
    }
    Err(TokenError::UnsupportedGrantType(
        GrantTypeFault::SwitchedOff,
    ))
}

fn deny(fault: DeviceFault) -> TokenError {
    TokenError::InvalidGrant(GrantFault::Device(fault))
}

pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Timers and networks are not exact.
const EARLY_MS: i64 = 500;
/// Seconds.
const SLOWER: u32 = 5;
/// Seconds: a device that polls wildly is still let in within a minute of its person's yes.
const SLOWEST: u32 = 60;
