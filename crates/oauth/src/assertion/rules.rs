//! What the registry says about the JWTs of a client: `oauth_jwt`, its verifier maps and claim validations, and
//! `oauth_oidc_entity` with its provider (`inbound-oauth.md` §6).

use serde_json::Value;

use crate::jose::{Claims, KeySet};

/// The rules of an `oauth_jwt` record.
#[derive(Debug, Clone)]
pub struct AssertionRules {
    /// `user_field`: the column of `sys_user` that `sub` is looked up in.
    pub user_field: Box<str>,
    /// The claim that makes an assertion count once; `None` where JTI verification is off.
    pub jti_claim: Option<Box<str>>,
    /// Seconds that two clocks may differ.
    pub clock_skew: u32,
    /// The keys of the verifier maps.
    pub keys: KeySet,
    /// `jwks_url`: keys to be fetched.
    pub remote_keys: Option<RemoteKeys>,
    /// What further claims must say.
    pub validations: Vec<ClaimValidation>,
}

/// A document to be fetched, and for how long it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteKeys {
    /// Where it is.
    pub url: Box<str>,
    /// Seconds.
    pub lifespan: u32,
}

/// A row of *OAuth JWT Claim Validations*. Several rows for one claim are alternatives.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimValidation {
    /// The claim.
    pub claim: Box<str>,
    /// The value it must have, or hold among others where it is a list.
    pub value: Value,
}

/// The rules of an `oauth_oidc_entity` record and its `oidc_provider_configuration`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// `oidc_url`: the provider's metadata, which names its issuer and its keys.
    pub metadata: RemoteKeys,
    /// `user_claim`: the claim that says who the user is.
    pub user_claim: Box<str>,
    /// `user_field`: the column of `sys_user` it is looked up in.
    pub user_field: Box<str>,
    /// The claim that makes a token count for one call; `None` where JTI verification is off.
    pub jti_claim: Option<Box<str>>,
    /// Seconds that two clocks may differ.
    pub clock_skew: u32,
}

impl AssertionRules {
    /// Tells whether every claim that rows speak of has one of its values. `iss` is not asked here.
    pub(super) fn hold(&self, claims: &Claims) -> bool {
        let asked = self.validations.iter().filter(|row| &*row.claim != "iss");
        asked.into_iter().all(|row| {
            let alternatives = self.validations.iter().filter(|it| it.claim == row.claim);
            alternatives.into_iter().any(|row| row.holds(claims))
        })
    }

    /// Tells whether `iss` is the client, or one of those that rows name instead (§6.1: "if different, add the
    /// value as a claim validation row").
    pub(super) fn may_issue(&self, iss: &str, client_id: &str) -> bool {
        let mut rows = self.validations.iter().filter(|row| &*row.claim == "iss");
        let mut named = rows.clone();
        if named.next().is_none() {
            return iss == client_id;
        }
        rows.any(|row| row.value == iss)
    }
}

impl ClaimValidation {
    /// Reads a row. A text that is no value of its type stays text, which no claim of that type equals.
    #[must_use]
    pub fn new(claim: &str, value_type: &str, value: &str) -> Self {
        let typed = match value_type {
            "boolean" | "number" => serde_json::from_str(value).ok(),
            _ => None,
        };
        Self {
            claim: claim.into(),
            value: typed.unwrap_or_else(|| Value::String(value.to_owned())),
        }
    }

    fn holds(&self, claims: &Claims) -> bool {
        match claims.value(&self.claim) {
            Some(Value::Array(many)) => many.contains(&self.value),
            Some(one) => *one == self.value,
            None => false,
        }
    }
}
