//! `sub`: whom a token speaks for, in ID tokens, JWT access tokens, userinfo and introspection alike.
//!
//! A person is named by the field of `sys_user` that the client's record picks (`oauth_entity.sub_claim`,
//! `inbound-oauth.md` §3.1), a client that acts in its own name by its `client_id` behind a mark that no person's
//! name begins with (RFC 9700 §4.15, security.md §2, 44).

use std::borrow::Cow;

use crate::{account::Account, client::Client, token::TokenClaims};

/// Begins the subject of every token that a client got for itself.
pub const CLIENT: &str = "client:";

/// Tells whether a token was got by client credentials: it came without a refresh token, and acts as the
/// client's own application user (RFC 6749 §4.4).
#[must_use]
pub fn is_application(claims: &TokenClaims, client: &Client) -> bool {
    claims.family_id().is_none() && client.application_user == Some(claims.user)
}

/// Returns the subject of a token; `field` is what the user's record has in the field that the client's picks.
#[must_use]
pub fn of<'a>(
    claims: &TokenClaims,
    client: &Client,
    account: &'a Account,
    field: Option<&'a str>,
) -> Cow<'a, str> {
    if is_application(claims, client) {
        // RFC 9068 §2.2: where there is no resource owner, `sub` identifies the client.
        return Cow::Owned(format!("{CLIENT}{}", client.client_id));
    }
    Cow::Borrowed(of_user(account, field))
}

/// Returns the subject of a person. Who has nothing in the field, or something that reads as a client, is named by
/// the `sys_id`.
#[must_use]
pub fn of_user<'a>(account: &'a Account, field: Option<&'a str>) -> &'a str {
    field
        .filter(|value| !value.is_empty() && !value.starts_with(CLIENT))
        .unwrap_or(&account.sys_id)
}
