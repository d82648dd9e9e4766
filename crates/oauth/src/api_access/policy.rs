//! REST API access policies (`inbound-oauth.md` §5.2): how a caller of an API must have proved who they are.
//!
//! The narrowest policy that fits a call decides alone: one of its profiles must take the way in which the caller proved
//! who they are, and, where the profile has authentication policies, one of those must hold for the caller.

use std::sync::Arc;

use super::{
    ApiCall, Pattern,
    criteria::{AuthPolicy, Circumstances},
};
use crate::client::{Client, ClientKind};

/// A record of `sys_api_access_policy` with its profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicy {
    /// What people call it.
    pub name: Box<str>,
    /// The calls that it is for.
    pub calls: Pattern,
    /// The table of the Table API that it is for, if not all.
    pub table: Option<Box<str>>,
    /// Any of these lets a caller in; the most recently mapped comes first.
    pub profiles: Vec<Profile>,
    /// Whether a refusal names the schemes of all profiles.
    pub advertise_all: bool,
}

/// A record of `std_http_auth`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The way to prove who one is.
    pub kind: ProfileKind,
    /// The `sys_id` of the one client whose tokens count, if not every client's.
    pub client: Option<Box<str>>,
    /// What must hold of the caller as well: one of these, if there are any.
    pub policies: Vec<AuthPolicy>,
}

/// A way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// Name and password.
    Basic,
    /// A token of this instance.
    OauthToken,
    /// A token of a third party.
    IdToken,
    /// An API key.
    ApiKey,
}

/// An authentication scheme, as `WWW-Authenticate` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 7617.
    Basic,
    /// RFC 6750.
    Bearer,
    /// The header `x-sn-apikey`; the name is ours, for RFC 9110 §11.6.1 wants one.
    ApiKey,
}

/// How a caller proved who they are.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'c> {
    /// With a name and a password.
    Password,
    /// With a token of this client, or of the third party that it stands for.
    Token(&'c Client),
    /// With an API key.
    ApiKey {
        /// Whether a key needs a policy that admits it, as on a real instance (`inbound-oauth.md` §5.5).
        policy_required: bool,
    },
}

/// Every policy in force, the narrowest first.
#[derive(Debug, Clone, Default)]
pub struct ApiPolicies(Arc<[AccessPolicy]>);

/// Why a caller who is known may not call (401).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// No profile of the policy takes the way in which the caller proved who they are.
    #[error("no profile of the access policy '{policy}' takes this way to authenticate")]
    NotAdmitted {
        /// The policy's name.
        policy: Box<str>,
    },
    /// The way to authenticate is right, and the address, the roles or the groups of the caller are not.
    #[error("no authentication policy behind the access policy '{policy}' holds for this caller")]
    CriteriaNotMet {
        /// The access policy's name.
        policy: Box<str>,
    },
    /// The client's tokens are for APIs with a policy that admits them, and this one has none.
    #[error("tokens of this client open only APIs whose access policy admits them")]
    TokenRestricted,
    /// API keys open only APIs that have a policy which admits them, and this one has none.
    #[error("API keys open only APIs whose access policy admits them")]
    ApiKeyWithoutPolicy,
}

impl PolicyFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAdmitted { .. } => "access_policy_not_satisfied",
            Self::CriteriaNotMet { .. } => "access_policy_criteria_not_met",
            Self::TokenRestricted => "token_restricted",
            Self::ApiKeyWithoutPolicy => "api_key_without_policy",
        }
    }
}

impl Profile {
    fn admits(&self, proof: Proof<'_>) -> bool {
        match (self.kind, proof) {
            (ProfileKind::Basic, Proof::Password) | (ProfileKind::ApiKey, Proof::ApiKey { .. }) => {
                true
            }
            (ProfileKind::OauthToken, Proof::Token(client)) => {
                client.kind != ClientKind::ThirdParty && self.is_for(client)
            }
            (ProfileKind::IdToken, Proof::Token(client)) => {
                client.kind == ClientKind::ThirdParty && self.is_for(client)
            }
            _ => false,
        }
    }

    fn holds(&self, of: &Circumstances<'_>) -> bool {
        self.policies.is_empty() || self.policies.iter().any(|policy| policy.holds(of))
    }

    fn is_for(&self, client: &Client) -> bool {
        let only = self.client.as_ref();
        only.is_none_or(|only| *only == client.sys_id)
    }

    fn scheme(&self) -> Scheme {
        match self.kind {
            ProfileKind::Basic => Scheme::Basic,
            ProfileKind::OauthToken | ProfileKind::IdToken => Scheme::Bearer,
            ProfileKind::ApiKey => Scheme::ApiKey,
        }
    }
}

impl AccessPolicy {
    fn admits(&self, proof: Proof<'_>) -> bool {
        // §5.2: profiles for API keys may not be used in a global policy.
        let is_key = matches!(proof, Proof::ApiKey { .. });
        !(is_key && self.calls.is_for_every_api())
            && self.profiles.iter().any(|it| it.admits(proof))
    }

    fn fits(&self, call: &ApiCall<'_>) -> bool {
        let of_table = |table: &str| {
            let called = call.table();
            called.is_some_and(|called| called.eq_ignore_ascii_case(table))
        };
        self.calls.fits(call) && self.table.as_deref().is_none_or(of_table)
    }

    fn check(&self, proof: Proof<'_>, of: &Circumstances<'_>) -> Result<(), PolicyFault> {
        let policy = self.name.clone();
        if !self.admits(proof) {
            return Err(PolicyFault::NotAdmitted { policy });
        }
        let mut right = self.profiles.iter().filter(|it| it.admits(proof));
        if right.any(|profile| profile.holds(of)) {
            return Ok(());
        }
        Err(PolicyFault::CriteriaNotMet { policy })
    }

    /// Returns the schemes that a refusal names: the most recently mapped profile's, or each once.
    #[must_use]
    pub fn challenges(&self, first_only: bool) -> Vec<Scheme> {
        let mut schemes = Vec::new();
        for profile in &self.profiles {
            if !schemes.contains(&profile.scheme()) {
                schemes.push(profile.scheme());
            }
        }
        if first_only && !self.advertise_all {
            schemes.truncate(1);
        }
        schemes
    }
}

impl ApiPolicies {
    /// Keeps these policies. One without a profile is not finished, and not in force: it would shut its API to those
    /// who are about to add one.
    #[must_use]
    pub fn new(policies: Vec<AccessPolicy>) -> Self {
        let mut policies: Vec<_> = policies
            .into_iter()
            .filter(|policy| !policy.profiles.is_empty())
            .collect();
        // A policy for one table is narrower than its like for all; that place in the order is ours.
        policies.sort_by_key(|policy| (policy.calls.rank(), policy.table.is_none()));
        Self(policies.into())
    }

    /// Returns the policy that decides about a call, if there is one.
    #[must_use]
    pub fn of(&self, call: &ApiCall<'_>) -> Option<&AccessPolicy> {
        self.0.iter().find(|policy| policy.fits(call))
    }

    /// Checks how the caller of a call proved who they are, and who and where they are.
    ///
    /// # Errors
    /// [`PolicyFault`] when that is not what the API asks for.
    pub fn check(
        &self,
        call: &ApiCall<'_>,
        proof: Proof<'_>,
        of: &Circumstances<'_>,
    ) -> Result<(), PolicyFault> {
        match self.of(call) {
            Some(policy) => policy.check(proof, of),
            // §5.3: such tokens work only on APIs that have a policy whose profile admits their client.
            None => match proof {
                Proof::Token(client) if client.enforce_token_restrictions => {
                    Err(PolicyFault::TokenRestricted)
                }
                Proof::ApiKey {
                    policy_required: true,
                } => Err(PolicyFault::ApiKeyWithoutPolicy),
                Proof::Token(_) | Proof::Password | Proof::ApiKey { .. } => Ok(()),
            },
        }
    }
}
