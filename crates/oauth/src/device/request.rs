//! The device authorization request (RFC 8628 §3.1) and its answer (§3.2).

use serde_json::json;

use super::{INTERVAL, UserCode};
use crate::{
    account::UserNo,
    client::Client,
    client_auth::{AuthenticatedClient, Presented},
    error::TokenError,
    form::Form,
    grants::{Context, device_code},
    policy::Policy,
    resource::Resources,
    scope::NumberedScope,
    token::{IssuedToken, KeyRing, TokenClaims, TokenIds, TokenKind, TokenText},
};

/// A device authorization request, read but not yet believed.
#[derive(Debug, Clone)]
pub struct DeviceRequest<'r> {
    /// What it says about its client, which authenticates as at the token endpoint.
    pub presented: Presented<'r>,
    /// The scope asked for.
    pub scope: Option<&'r str>,
    /// The resource servers that tokens may be for (RFC 8707 §2).
    pub resources: Resources,
}

impl<'r> DeviceRequest<'r> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`TokenError`] when it is malformed or contradicts itself.
    pub fn parse(
        form: &'r Form<'_>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Result<Self, TokenError> {
        Ok(Self {
            presented: Presented::parse(form, authorization, policy)?,
            scope: form.get("scope")?,
            resources: Resources::parse(form)?,
        })
    }

    /// Decides whether this instance lets this client's devices ask at all.
    ///
    /// # Errors
    /// [`TokenError`] when it does not.
    pub fn permitted(&self, client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
        device_code::permitted(client, context)
    }
}

/// What codes are made from.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The scope that [`Scope::granted`](crate::Scope::granted) allows, with its number.
    pub scope: &'a NumberedScope,
    /// Makes the device code's number.
    pub ids: &'a TokenIds,
    /// Proves the device code.
    pub keys: &'a KeyRing,
    /// Makes the user code.
    pub random: [u8; 8],
}

/// A device that waits for its person.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// What the device code says.
    pub token: IssuedToken,
    /// The device code.
    pub device_code: TokenText,
    /// What the person types.
    pub user_code: UserCode,
    /// Seconds both of them count.
    pub expires_in: u32,
}

/// Makes the two codes.
#[must_use]
pub fn begin(
    client: &AuthenticatedClient,
    grounds: &Grounds<'_>,
    context: &Context<'_>,
) -> NewDevice {
    let expires_in = context.policy.device_code_seconds;
    let (token, device_code) = grounds.keys.mint(TokenClaims {
        kind: TokenKind::Device,
        id: grounds.ids.next(context.now),
        family: None,
        client: client.no,
        // Nobody's yet.
        user: UserNo(0),
        scope: grounds.scope.no,
        expires: context.now.after(expires_in),
        generation: 0,
    });
    NewDevice {
        token,
        device_code,
        user_code: UserCode::generate(grounds.random),
        expires_in,
    }
}

impl NewDevice {
    /// Returns the answer (RFC 8628 §3.2); `page` is the address that the person opens.
    #[must_use]
    pub fn json(&self, page: &str) -> String {
        let user_code = self.user_code.to_string();
        json!({
            "device_code": self.device_code.expose(),
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": format!("{page}?user_code={user_code}"),
            "expires_in": self.expires_in,
            "interval": INTERVAL,
        })
        .to_string()
    }
}
