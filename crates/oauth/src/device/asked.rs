//! What a person is asked about a device, and what they say.

use super::UserCodeFault;
use crate::{
    account::UserNo,
    client::{Client, ClientNo},
    grants::{Context, device_code},
    login::Proof,
    scope::ScopeNo,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};

/// A device that a user code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its number: that of the device code.
    pub id: TokenId,
    /// The client that asks.
    pub client: ClientNo,
    /// For what.
    pub scope: ScopeNo,
    /// When the codes end.
    pub expires: UnixSeconds,
    /// Whether somebody has said yes or no.
    pub answered: bool,
}

/// A person's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Who.
    pub user: UserNo,
    /// When they said so.
    pub at: UnixMillis,
    /// When they proved who they are.
    pub authenticated_at: UnixSeconds,
    /// What they proved then.
    pub proof: Proof,
}

impl Asked {
    /// Checks that the person can be asked; once when they come with the code, and again when they decide.
    ///
    /// # Errors
    /// [`UserCodeFault`] when there is nothing to decide any more.
    pub fn check(
        &self,
        client: Option<&Client>,
        context: &Context<'_>,
    ) -> Result<(), UserCodeFault> {
        if !self.expires.is_after(context.now) {
            return Err(UserCodeFault::Expired);
        }
        if self.answered {
            return Err(UserCodeFault::Answered);
        }
        let client = client.filter(|client| client.active && client.no == self.client);
        let permitted = client.map(|client| device_code::permitted(client, context));
        match permitted {
            Some(Ok(())) => Ok(()),
            _ => Err(UserCodeFault::Client),
        }
    }
}
