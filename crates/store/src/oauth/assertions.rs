//! Whose JWTs count, and how they are checked: from `oauth_jwt`, its verifier maps and claim validations, and from
//! `oauth_oidc_entity` and its provider, to what the protocol reads (`inbound-oauth.md` §6).

use std::{collections::HashMap, sync::Arc};

use snowglobe_oauth::{
    assertion::{AssertionRules, ClaimValidation, IdentityProvider, RemoteKeys},
    client::Client,
    jose::{Certificate, KeyFault, KeySet, VerifyingKey},
};
use snowglobe_records::Dictionary;

use crate::{
    Store,
    backend::StoreError,
    records::Find,
    sql::{Row, Rows},
};

/// What is said of clients' JWTs, by the key of the client's record.
pub(super) struct Trust {
    assertions: HashMap<Box<str>, AssertionRules>,
    providers: HashMap<Box<str>, IdentityProvider>,
}

impl Trust {
    /// Gives a client what is said of its JWTs.
    pub(super) fn give(&mut self, client: &mut Client) {
        client.assertions = self.assertions.remove(&client.sys_id).map(Arc::new);
        client.provider = self.providers.remove(&client.sys_id).map(Arc::new);
    }
}

const JWT: [&str; 7] = [
    "sys_id",
    "user_field",
    "enable_jti_verification",
    "jti_claim",
    "jwks_url",
    "jwks_cache_lifespan",
    "clock_skew",
];
const MAP: [&str; 8] = [
    "sys_id",
    "name",
    "oauth_jwt",
    "kid",
    "shared_key",
    "sys_certificate",
    "sys_certificate.pem_certificate",
    "sys_certificate.active",
];
const VALIDATION: [&str; 4] = ["oauth_jwt", "claim_name", "claim_value", "claim_value_type"];
const PROVIDER: [&str; 8] = [
    "sys_id",
    "oidc_clock_skew",
    "oidc_provider_configuration.oidc_url",
    "oidc_provider_configuration.oidc_config_cache_life_span",
    "oidc_provider_configuration.user_claim",
    "oidc_provider_configuration.user_field",
    "oidc_provider_configuration.enable_jti_verification",
    "oidc_provider_configuration.jti_claim",
];

impl Store {
    pub(super) async fn load_trust(&self, dictionary: &Dictionary) -> Result<Trust, StoreError> {
        let select = |table, fields| self.select(dictionary, table, Find::All, fields);
        let jwt = select("oauth_jwt", &JWT).await?;
        let mut assertions: HashMap<Box<str>, AssertionRules> = HashMap::new();
        if !jwt.is_empty() {
            let mut keys = self.verifier_maps(&select("jwt_verifier_map", &MAP).await?);
            let validations = select("oauth_jwt_claim_validation", &VALIDATION).await?;
            let mut validations = by_client(&validations);
            for row in jwt.iter() {
                let keys = keys.remove(row.text(0)).unwrap_or_default();
                let validations = validations.remove(row.text(0)).unwrap_or_default();
                assertions.insert(row.text(0).into(), rules(row, keys, validations));
            }
        }
        let providers = select("oauth_oidc_entity", &PROVIDER).await?;
        let providers = providers.iter().filter(|row| !row.text(2).is_empty());
        Ok(Trust {
            assertions,
            providers: providers
                .map(|row| (row.text(0).into(), provider(row)))
                .collect(),
        })
    }

    /// The keys of each client's verifier maps. A map that cannot be used harms no other.
    fn verifier_maps(&self, rows: &Rows) -> HashMap<Box<str>, Vec<Arc<VerifyingKey>>> {
        let mut keys: HashMap<Box<str>, Vec<_>> = HashMap::new();
        // One with neither is not finished.
        let has_key = |row: &Row<'_>| !row.text(4).is_empty() || !row.text(5).is_empty();
        for row in rows.iter().filter(has_key) {
            match self.verifying_key(row) {
                Ok(key) => keys
                    .entry(row.text(2).into())
                    .or_default()
                    .push(Arc::new(key)),
                Err(fault) => tracing::warn!(
                    fault = fault.code(),
                    verifier_map = row.text(0),
                    name = row.text(1),
                    "a JWT verifier map has no key that can be used"
                ),
            }
        }
        keys
    }

    fn verifying_key(&self, row: Row<'_>) -> Result<VerifyingKey, KeyFault> {
        let kid = Some(row.text(3)).filter(|kid| !kid.is_empty());
        if !row.text(5).is_empty() {
            if row.int(7) == 0 {
                return Err(KeyFault::Refused);
            }
            let certificate = Certificate::from_pem(row.text(6))?;
            return VerifyingKey::certified(kid, &certificate);
        }
        let place = ("jwt_verifier_map", "shared_key");
        let shared = self.open_secret(place, row.text(0), row.text(4));
        VerifyingKey::shared(kid, &shared.ok_or(KeyFault::Malformed)?)
    }
}

fn rules(
    row: Row<'_>,
    keys: Vec<Arc<VerifyingKey>>,
    validations: Vec<ClaimValidation>,
) -> AssertionRules {
    let minutes = u32::try_from(row.int(5)).unwrap_or_default();
    let remote_keys = (!row.text(4).is_empty()).then(|| RemoteKeys {
        url: row.text(4).into(),
        lifespan: minutes.saturating_mul(60),
    });
    AssertionRules {
        user_field: or(row.text(1), "user_name"),
        jti_claim: (row.int(2) != 0).then(|| or(row.text(3), "jti")),
        clock_skew: skew(row.int(6)),
        keys: KeySet::of(keys),
        remote_keys,
        validations,
    }
}

fn provider(row: Row<'_>) -> IdentityProvider {
    let hours = u32::try_from(row.int(3)).unwrap_or_default();
    IdentityProvider {
        metadata: RemoteKeys {
            url: row.text(2).into(),
            lifespan: hours.saturating_mul(3600),
        },
        user_claim: or(row.text(4), "sub"),
        user_field: or(row.text(5), "user_name"),
        jti_claim: (row.int(6) != 0).then(|| or(row.text(7), "jti")),
        clock_skew: skew(row.int(1)),
    }
}

fn by_client(rows: &Rows) -> HashMap<Box<str>, Vec<ClaimValidation>> {
    let mut validations: HashMap<Box<str>, Vec<_>> = HashMap::new();
    for row in rows.iter() {
        let of_client = validations.entry(row.text(0).into()).or_default();
        of_client.push(ClaimValidation::new(row.text(1), row.text(3), row.text(2)));
    }
    validations
}

fn or(text: &str, default: &str) -> Box<str> {
    if text.is_empty() { default } else { text }.into()
}

/// More than an hour is no skew: it would keep every expired assertion alive.
fn skew(seconds: i64) -> u32 {
    u32::try_from(seconds.clamp(0, 3600)).unwrap_or_default()
}
