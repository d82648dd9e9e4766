//! ID tokens (OpenID Connect Core §2): what a client learns of a person's log-in.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{
    login::Proof,
    scope::Scope,
    time::{UnixMillis, UnixSeconds},
    userinfo::{self, Person},
};

/// Seconds an ID token may be relied on.
pub const LIFESPAN: u32 = 3600;

/// How and when a person logged in, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authentication {
    /// When.
    pub auth_time: Option<UnixSeconds>,
    /// What the client sent to recognise its own request by.
    pub nonce: Option<Box<str>>,
    /// What was proved then.
    pub proof: Proof,
}

/// What an ID token says.
#[derive(Debug, Clone, Copy)]
pub struct IdToken<'a> {
    /// This instance.
    pub issuer: &'a str,
    /// The person.
    pub subject: &'a str,
    /// The client it is for.
    pub client_id: &'a str,
    /// The log-in.
    pub authentication: &'a Authentication,
    /// The access token it comes with.
    pub access_token: Option<&'a str>,
    /// Who the person is, as far as the scope opens it. Userinfo says the same (OpenID Connect Core §5.4); Auth.js,
    /// express-openid-connect and oidc-client-ts look here only.
    pub person: &'a Person,
    /// What the client may know and do.
    pub scope: &'a Scope,
    /// The time.
    pub now: UnixMillis,
}

impl IdToken<'_> {
    /// Returns the claims to be signed.
    #[must_use]
    pub fn claims(&self) -> Map<String, Value> {
        let mut claims = userinfo::claims(self.subject, self.person, self.scope);
        let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        claim("iss", self.issuer.into());
        claim("aud", self.client_id.into());
        claim("azp", self.client_id.into());
        claim("exp", self.now.after(LIFESPAN).0.into());
        claim("iat", self.now.seconds().0.into());
        if let Some(auth_time) = self.authentication.auth_time {
            claim("auth_time", auth_time.0.into());
        }
        if let Some(nonce) = &self.authentication.nonce {
            // "Authorization Servers MUST include a nonce Claim … with the Claim Value being the nonce value sent".
            claim("nonce", (&**nonce).into());
        }
        let amr = self.authentication.proof.amr();
        if !amr.is_empty() {
            claim("amr", amr.into());
        }
        if let Some(access_token) = self.access_token {
            claim("at_hash", at_hash(access_token).into());
        }
        claims
    }
}

/// OpenID Connect Core §3.1.3.6: the left half of the hash that the signature's algorithm uses; both of ours use
/// SHA-256.
fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of OpenID Connect Core, appendix A.4.
    #[test]
    fn oidc_core_3_1_3_6_at_hash_is_the_left_half_of_the_hash() {
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(at_hash(access_token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
