//! Access tokens in JWT format (RFC 9068, `inbound-oauth.md` §4.4).
//!
//! It is the same token as the opaque one, in another envelope: `jti` holds all that the opaque token says, and the
//! instance's signature stands in place of its MAC. So it is checked, revoked and introspected as every token is,
//! and handed out again it is the same token; by RS256, whose signatures do not vary, the very same text while the
//! key and the person's field stay as they are.

use serde_json::{Map, Value, json};

use crate::{
    introspect::Audience,
    jose::{Jwt, Verified},
    resource::Resources,
    scope::Scope,
    signing::SigningKeys,
    time::{UnixMillis, UnixSeconds},
    token::{TokenClaims, TokenFault, TokenKind},
};

/// The `typ` that tells these JWTs from all others (RFC 9068 §2.1).
pub const TYP: &str = "at+jwt";

/// What a token says beside its own claims.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// This instance.
    pub issuer: &'a str,
    /// Who it is for: its resources, or else this instance.
    pub audience: &'a Resources,
    /// Whom it speaks for ([`crate::subject`]).
    pub subject: &'a str,
    /// The client it is issued to.
    pub client_id: &'a str,
    /// What it may be used for.
    pub scope: &'a Scope,
    /// When the person logged in, where that is known.
    pub auth_time: Option<UnixSeconds>,
}

/// Returns the claims to be signed (RFC 9068 §2.2).
#[must_use]
pub fn claims(token: &TokenClaims, contents: &Contents<'_>) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("iss", contents.issuer.into());
    claim("sub", contents.subject.into());
    claim("aud", json!(Audience(contents.audience)));
    claim("exp", token.expires.0.into());
    claim("iat", token.id.issued_at().seconds().0.into());
    claim("jti", token.jti().into());
    claim("client_id", contents.client_id.into());
    claim("scope", contents.scope.as_str().into());
    if let Some(auth_time) = contents.auth_time {
        claim("auth_time", auth_time.0.into());
    }
    claims
}

/// Tells whether a text has the look of a JWT, which no opaque token has.
#[must_use]
pub fn looks_like_one(text: &str) -> bool {
    text.contains('.')
}

/// Verifies a text and returns what the token says.
///
/// # Errors
/// [`TokenFault`] when it is no access token of this instance; an expired one still is.
pub fn verify(
    text: &str,
    keys: &SigningKeys,
    issuer: &str,
    now: UnixMillis,
) -> Result<TokenClaims, TokenFault> {
    let jwt = Jwt::parse(text)?;
    read(&keys.verify(jwt, now)?, issuer)
}

fn read(jwt: &Verified, issuer: &str) -> Result<TokenClaims, TokenFault> {
    // RFC 9068 §4: "MUST verify that the typ header value is at+jwt or application/at+jwt and reject tokens
    // carrying any other value": an ID token by the same key is no access token.
    let typ = jwt.header.typ.as_deref().unwrap_or_default();
    let typ = typ
        .get(..PREFIX.len())
        .filter(|it| it.eq_ignore_ascii_case(PREFIX))
        .map_or(typ, |_| &typ[PREFIX.len()..]);
    if !typ.eq_ignore_ascii_case(TYP) {
        return Err(TokenFault::NotAnAccessToken);
    }
    let text = |name| jwt.claims.text(name).ok().flatten();
    if text("iss") != Some(issuer) {
        return Err(TokenFault::OtherIssuer);
    }
    let claims = TokenClaims::from_jti(text("jti").unwrap_or_default())?;
    let exp = jwt.claims.seconds("exp").ok().flatten();
    if claims.kind != TokenKind::Access || exp != Some(claims.expires.0.into()) {
        return Err(TokenFault::Malformed);
    }
    Ok(claims)
}

const PREFIX: &str = "application/";
