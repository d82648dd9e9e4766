//! What a verified JWT must claim, by what it is meant to prove.

use super::{AssertionFault, AssertionId, AssertionRules, IdentityProvider};
use crate::{
    client::Client,
    jose::{Audience, ClaimFault, Claims, Verified},
    policy::AssertionAudience,
    time::UnixMillis,
};

/// The names this instance goes by in `aud`: its issuer, and its token endpoints.
#[derive(Debug, Clone, Copy)]
pub struct Recipients<'a> {
    /// The names.
    pub names: &'a [&'a str],
    /// How strict `aud` is read.
    pub audience: AssertionAudience,
}

/// What an assertion that passed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The user or client it is about.
    pub subject: Box<str>,
    /// How it is remembered, where it counts once.
    pub once: Option<AssertionId>,
}

/// Checks an assertion that speaks for a user (`inbound-oauth.md` §6.1, RFC 7523 §3).
///
/// # Errors
/// [`AssertionFault`] names the first check that fails.
pub fn check_bearer(
    assertion: &Verified,
    client: &Client,
    rules: &AssertionRules,
    recipients: Recipients<'_>,
    now: UnixMillis,
) -> Result<Accepted, AssertionFault> {
    let claims = &assertion.claims;
    check_key(assertion, now)?;
    let exp = claims.check_times(now, rules.clock_skew)?;
    let aud = claims.audience()?;
    let client_id = &*client.client_id;
    // RFC 7523 §3 wants the server in `aud`; ServiceNow's form wants the client id there (§6.1).
    let for_the_client =
        recipients.audience == AssertionAudience::ClientIdToo && aud.names(client_id);
    if !for_the_client && !recipients.are_meant(&aud) {
        return Err(AssertionFault::Audience);
    }
    if !rules.may_issue(claims.required_text("iss")?, client_id) {
        return Err(AssertionFault::Issuer);
    }
    let subject = claims.required_text("sub")?;
    if !rules.hold(claims) {
        return Err(AssertionFault::ClaimValue);
    }
    let dead_from = exp.saturating_add(rules.clock_skew.into());
    Ok(Accepted {
        subject: subject.into(),
        once: once(rules.jti_claim.as_deref(), claims, client, dead_from)?,
    })
}

/// Checks an assertion that proves its client (RFC 7523 §3, OpenID Connect Core §9). It counts once, whatever the
/// record says about others, and for minutes only (security.md 43).
///
/// # Errors
/// [`AssertionFault`] names the first check that fails.
pub fn check_client(
    assertion: &Verified,
    client: &Client,
    recipients: Recipients<'_>,
    now: UnixMillis,
) -> Result<Accepted, AssertionFault> {
    let claims = &assertion.claims;
    check_key(assertion, now)?;
    let exp = claims.check_times(now, CLIENT_SKEW)?;
    let exp = short(exp, claims.issued_at()?, now)?;
    let skew = i64::from(CLIENT_SKEW);
    if !recipients.are_meant(&claims.audience()?) {
        return Err(AssertionFault::Audience);
    }
    if claims.required_text("iss")? != &*client.client_id {
        return Err(AssertionFault::Issuer);
    }
    if claims.required_text("sub")? != &*client.client_id {
        return Err(AssertionFault::Subject);
    }
    Ok(Accepted {
        subject: client.client_id.clone(),
        once: once(Some("jti"), claims, client, exp.saturating_add(skew))?,
    })
}

/// Checks a token of a third party's that is used at the API (§6.2, OpenID Connect Core §3.1.3.7); `issuer` is what
/// the provider's metadata says.
///
/// # Errors
/// [`AssertionFault`] names the first check that fails.
pub fn check_third_party(
    token: &Verified,
    client: &Client,
    provider: &IdentityProvider,
    issuer: &str,
    now: UnixMillis,
) -> Result<Accepted, AssertionFault> {
    let claims = &token.claims;
    let exp = claims.check_times(now, provider.clock_skew)?;
    if claims.required_text("iss")? != issuer {
        return Err(AssertionFault::Issuer);
    }
    if !claims.audience()?.names(&client.client_id) {
        return Err(AssertionFault::Audience);
    }
    let subject = claims
        .value(&provider.user_claim)
        .and_then(|it| it.as_str());
    let subject = subject.filter(|subject| !subject.is_empty());
    let dead_from = exp.saturating_add(provider.clock_skew.into());
    Ok(Accepted {
        subject: subject.ok_or(ClaimFault::Missing("user claim"))?.into(),
        once: once(provider.jti_claim.as_deref(), claims, client, dead_from)?,
    })
}

impl Recipients<'_> {
    fn are_meant(&self, aud: &Audience<'_>) -> bool {
        match (self.audience, aud) {
            // rfc7523bis §3: an assertion for several servers could be replayed by one at another. Several names of
            // this one are one recipient: openid-client 5 sends the issuer and the token endpoint.
            (AssertionAudience::ServerAlone, Audience::Many(many)) => {
                !many.is_empty() && many.iter().all(|aud| self.names.contains(aud))
            }
            _ => self.names.iter().any(|name| aud.names(name)),
        }
    }
}

/// Returns when an assertion of a client ends: with its `exp`, and minutes after its `iat` at the latest. Libraries give
/// them an hour (Authlib) or ten minutes (pyoidc) where nobody asks for less; an assertion that says when it was made
/// is as short as any, whatever its `exp` says.
fn short(exp: i64, made: Option<i64>, now: UnixMillis) -> Result<i64, AssertionFault> {
    let (now, skew) = (now.0.div_euclid(1000), i64::from(CLIENT_SKEW));
    let ends = made.map_or(exp, |made| exp.min(made.saturating_add(CLIENT_LIFETIME)));
    let is_short = ends.saturating_sub(now) <= CLIENT_LIFETIME + skew;
    if is_short && now < ends.saturating_add(skew) {
        Ok(ends)
    } else {
        Err(AssertionFault::Lifetime)
    }
}

fn check_key(assertion: &Verified, now: UnixMillis) -> Result<(), AssertionFault> {
    match assertion.key.validity() {
        Some(validity) if !validity.holds_at(now) => Err(AssertionFault::CertificateExpired),
        _ => Ok(()),
    }
}

fn once(
    claim: Option<&str>,
    claims: &Claims,
    client: &Client,
    dead_from: i64,
) -> Result<Option<AssertionId>, ClaimFault> {
    let Some(claim) = claim else { return Ok(None) };
    let jti = claims.value(claim).and_then(|jti| jti.as_str());
    let jti = jti.filter(|jti| !jti.is_empty());
    let jti = jti.ok_or(ClaimFault::Missing("jti"))?;
    Ok(Some(AssertionId::new(client.no, jti, dead_from)))
}

/// Seconds that the clocks of a client and of this instance may differ.
const CLIENT_SKEW: u32 = 30;
/// Seconds that a client's proof may live.
const CLIENT_LIFETIME: i64 = 300;
