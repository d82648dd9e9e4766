//! The claims of the JWTs that this instance signs for others: assertions of the JWT bearer grant, and proofs of itself
//! as a client (`outbound-oauth.md` §3.3, §5; RFC 7523).

use serde_json::{Map, Value};

use super::registry::Provider;
use crate::{jose::Algorithm, time::UnixMillis};

/// Who signs, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtProvider {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Seconds that a JWT lives.
    pub expiry_interval: u32,
    /// The record of its key; `None` where that is inactive or gone.
    pub key: Option<SigningConfiguration>,
    /// In the order of their names.
    pub claims: Vec<Claim>,
}

/// A JWT key without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningConfiguration {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// `kid`; empty: none in the header.
    pub kid: Box<str>,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
}

/// `signing_algorithm` of a JWT key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningAlgorithm(pub Algorithm);

/// A claim that a provider's JWTs carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name.
    pub name: Box<str>,
    /// Its text; an empty one is left out.
    pub value: Box<str>,
    /// What it becomes.
    pub kind: ClaimKind,
}

/// What a claim's text becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    /// A text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
}

impl SigningAlgorithm {
    /// Reads a choice: `rsa_256`, and what follows its pattern.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (family, bits) = text.split_once('_')?;
        let family = match family {
            "rsa" => "RS",
            "ps" => "PS",
            "es" => "ES",
            "hmac" => "HS",
            _ => return None,
        };
        Algorithm::parse(&format!("{family}{bits}")).map(Self)
    }
}

impl JwtProvider {
    /// Returns the claims of an assertion for the JWT bearer grant. What the record leaves out is filled: `aud` with the
    /// token endpoint, `iss` with the client's id (RFC 7523 §3).
    #[must_use]
    pub fn assertion(&self, provider: &Provider, jti: &str, now: UnixMillis) -> Map<String, Value> {
        let mut claims = self.own(jti, now);
        fill(&mut claims, "iss", &provider.client_id);
        fill(&mut claims, "aud", &provider.token_url);
        claims
    }

    /// Returns the claims of a client assertion: `iss` and `sub` are the client whatever the record says
    /// (OpenID Connect Core §9); `aud` is the token endpoint unless the record names another.
    #[must_use]
    pub fn client_assertion(
        &self,
        provider: &Provider,
        jti: &str,
        now: UnixMillis,
    ) -> Map<String, Value> {
        let mut claims = self.own(jti, now);
        for name in ["iss", "sub"] {
            claims.insert(name.to_owned(), provider.client_id.as_ref().into());
        }
        fill(&mut claims, "aud", &provider.token_url);
        claims
    }

    fn own(&self, jti: &str, now: UnixMillis) -> Map<String, Value> {
        let mut claims = Map::new();
        for claim in self.claims.iter().filter(|claim| !claim.value.is_empty()) {
            claims.insert(claim.name.to_string(), claim.json());
        }
        let issued = now.seconds().0;
        claims.insert("iat".to_owned(), issued.into());
        claims.insert(
            "exp".to_owned(),
            issued.saturating_add(self.expiry_interval.max(1)).into(),
        );
        claims.insert("jti".to_owned(), jti.into());
        claims
    }
}

impl Claim {
    fn json(&self) -> Value {
        let text = || Value::from(&*self.value);
        match self.kind {
            ClaimKind::String => text(),
            ClaimKind::Boolean => self.value.eq_ignore_ascii_case("true").into(),
            ClaimKind::Number => match self.value.parse::<serde_json::Number>() {
                Ok(number) => Value::Number(number),
                Err(_) => text(),
            },
        }
    }
}

fn fill(claims: &mut Map<String, Value>, name: &str, value: &str) {
    if !claims.contains_key(name) {
        claims.insert(name.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt_provider(claims: &[(&str, &str, ClaimKind)]) -> JwtProvider {
        JwtProvider {
            sys_id: "1".into(),
            name: "p".into(),
            expiry_interval: 60,
            key: None,
            claims: claims
                .iter()
                .map(|(name, value, kind)| Claim {
                    name: (*name).into(),
                    value: (*value).into(),
                    kind: *kind,
                })
                .collect(),
        }
    }

    fn provider() -> Provider {
        Provider {
            client_id: "me".into(),
            token_url: "https://as/token".into(),
            ..Provider::default()
        }
    }

    const NOW: UnixMillis = UnixMillis(1_800_000_000_500);

    #[test]
    fn outbound_5_an_assertion_has_the_records_claims_and_generated_ones() {
        let own = jwt_provider(&[
            ("sub", "jo", ClaimKind::String),
            ("aud", "", ClaimKind::String),
            ("level", "3", ClaimKind::Number),
            ("ok", "True", ClaimKind::Boolean),
        ]);
        let claims = own.assertion(&provider(), "j1", NOW);
        assert_eq!(
            Value::Object(claims),
            serde_json::json!({
                "sub": "jo", "level": 3, "ok": true, "iss": "me", "aud": "https://as/token",
                "iat": 1_800_000_000, "exp": 1_800_000_060, "jti": "j1"
            })
        );
    }

    #[test]
    fn a_client_assertion_is_about_the_client() {
        let own = jwt_provider(&[
            ("sub", "jo", ClaimKind::String),
            ("aud", "https://as", ClaimKind::String),
        ]);
        let claims = own.client_assertion(&provider(), "j1", NOW);
        assert_eq!(
            (&claims["iss"], &claims["sub"]),
            (&"me".into(), &"me".into())
        );
        assert_eq!(claims["aud"], "https://as");
    }

    #[test]
    fn algorithms_are_read_from_choices() {
        let parsed = |text| SigningAlgorithm::parse(text).map(|it| it.0);
        assert_eq!(parsed("rsa_256"), Some(Algorithm::Rs256));
        assert_eq!(parsed("es_384"), Some(Algorithm::Es384));
        assert_eq!(parsed("hmac_256"), Some(Algorithm::Hs256));
        assert_eq!(parsed("none"), None);
        assert_eq!(parsed("rsa_1"), None);
    }
}
