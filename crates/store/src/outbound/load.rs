//! From the records of outbound calls to what the protocol reads, and nowhere else.

use std::collections::{BTreeMap, HashMap};

use snowglobe_oauth::{
    client::CodeChallengeMethod,
    outbound::{
        Alias, AliasKind, Claim, ClaimKind, Connection, Credential, CredentialKind, JwtProvider,
        KeyPlace, Profile, Provider, Registry, RetryPolicy, RetryStrategy, SendCredentials,
        SigningAlgorithm, SigningConfiguration, TokenAccess,
    },
};
use snowglobe_records::{Dictionary, Value};

use super::secrets::{Outbound, SecretOf};
use crate::{
    Store,
    backend::StoreError,
    records::Find,
    sql::{Row, Rows},
};

pub(super) type Sealed = HashMap<(SecretOf, Box<str>), Box<str>>;

impl Store {
    pub(crate) async fn load_outbound(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Outbound, StoreError> {
        let load = Load {
            store: self,
            dictionary,
        };
        let mut sealed = Sealed::new();
        let registry = Registry {
            providers: load.providers(&mut sealed).await?,
            profiles: load.profiles().await?,
            jwt_providers: load.jwt_providers(&mut sealed).await?,
            credentials: load.credentials(&mut sealed).await?,
            connections: load.connections().await?,
            aliases: load.aliases().await?,
            messages: load.messages().await?,
            basic_profiles: load.basic_profiles(&mut sealed).await?,
            token_access: load.token_access().await?,
            retry_policies: load.retry_policies().await?,
        };
        Ok(Outbound::new(registry, sealed))
    }
}

impl Store {
    /// Returns the key of the provider that a scope's record belongs to.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn provider_of_scope(&self, sys_id: &str) -> Result<Option<Box<str>>, StoreError> {
        let find = Find::By("sys_id", Value::text(sys_id));
        let rows = self
            .select(
                &self.dictionary(),
                "oauth_entity_scope",
                find,
                &["oauth_entity"],
            )
            .await?;
        Ok(rows.first().map(|row| row.text(0).into()))
    }
}

/// Reads the tables.
pub(super) struct Load<'a> {
    store: &'a Store,
    dictionary: &'a Dictionary,
}

type Map<T> = BTreeMap<Box<str>, T>;

impl Load<'_> {
    pub(super) async fn all(&self, table: &str, fields: &[&str]) -> Result<Rows, StoreError> {
        self.store
            .select(self.dictionary, table, Find::All, fields)
            .await
    }

    async fn providers(&self, sealed: &mut Sealed) -> Result<Map<Provider>, StoreError> {
        let fields = [
            "sys_id",
            "type",
            "name",
            "active",
            "client_id",
            "client_secret",
            "public_client",
            "send_client_credentials_as",
            "jwt_provider",
            "auth_url",
            "token_url",
            "revoke_token_url",
            "redirect_url",
            "default_grant_type",
            "refresh_token_lifespan",
            "extend_refresh_token_expiry",
            "code_challenge_method",
            "auth_parameters",
            "token_parameters",
        ];
        let rows = self.all("oauth_entity", &fields).await?;
        let consumers = rows.iter().filter(|row| row.text(1) == "consumer");
        Ok(keyed(consumers, |row| {
            keep(sealed, SecretOf::Provider, row, 5);
            provider(row)
        }))
    }

    async fn profiles(&self) -> Result<Map<Profile>, StoreError> {
        let fields = [
            "oauth_entity_profile",
            "oauth_entity_scope.oauth_entity_scope",
        ];
        let rows = self.all("oauth_entity_profile_scope", &fields).await?;
        let mut scopes: HashMap<&str, Vec<Box<str>>> = HashMap::new();
        for row in rows.iter().filter(|row| !row.text(1).is_empty()) {
            let of_profile = scopes.entry(row.text(0)).or_default();
            of_profile.push(row.text(1).into());
        }
        for of_profile in scopes.values_mut() {
            of_profile.sort();
            of_profile.dedup();
        }
        let fields = [
            "sys_id",
            "name",
            "oauth_entity",
            "grant_type",
            "default",
            "jwt_provider",
        ];
        let rows = self.all("oauth_entity_profile", &fields).await?;
        Ok(keyed(rows.iter(), |row| Profile {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            provider: row.text(2).into(),
            grant_type: row.text(3).into(),
            default: flag(row, 4),
            jwt_provider: optional(row, 5),
            scopes: scopes.remove(row.text(0)).unwrap_or_default(),
        }))
    }

    async fn jwt_providers(&self, sealed: &mut Sealed) -> Result<Map<JwtProvider>, StoreError> {
        let fields = [
            "sys_id",
            "active",
            "kid",
            "signing_algorithm",
            "signing_key",
        ];
        let rows = self.all("jwt_keystore_aliases", &fields).await?;
        let mut keys: HashMap<&str, SigningConfiguration> = HashMap::new();
        for row in rows.iter().filter(|row| flag(*row, 1)) {
            if let Some(algorithm) = SigningAlgorithm::parse(row.text(3)) {
                keep(sealed, SecretOf::JwtKey, row, 4);
                let key = SigningConfiguration {
                    sys_id: row.text(0).into(),
                    kid: row.text(2).into(),
                    algorithm,
                };
                keys.insert(row.text(0), key);
            }
        }
        let fields = ["jwt_provider", "name", "value", "data_type"];
        let rows = self.all("jwt_claim_validation", &fields).await?;
        let mut claims: HashMap<&str, Vec<Claim>> = HashMap::new();
        for row in rows.iter() {
            claims.entry(row.text(0)).or_default().push(claim(row));
        }
        let fields = ["sys_id", "name", "expiry_interval", "jwt_keystore_aliases"];
        let rows = self.all("jwt_provider", &fields).await?;
        Ok(keyed(rows.iter(), |row| {
            let mut claims = claims.remove(row.text(0)).unwrap_or_default();
            claims.sort_by(|one, other| one.name.cmp(&other.name));
            JwtProvider {
                sys_id: row.text(0).into(),
                name: row.text(1).into(),
                expiry_interval: number(row, 2),
                key: keys.get(row.text(3)).cloned(),
                claims,
            }
        }))
    }

    async fn credentials(&self, sealed: &mut Sealed) -> Result<Map<Credential>, StoreError> {
        let mut kinds = self.credential_kinds(sealed).await?;
        let fields = [
            "sys_id",
            "name",
            "active",
            "order",
            "credential_alias",
            "sys_class_name",
        ];
        let rows = self.all("discovery_credentials", &fields).await?;
        Ok(keyed(rows.iter(), |row| Credential {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            active: flag(row, 2),
            order: row.int(3),
            aliases: row
                .text(4)
                .split(',')
                .map(str::trim)
                .filter(|key| !key.is_empty())
                .map(Into::into)
                .collect(),
            kind: kinds
                .remove(row.text(0))
                .unwrap_or_else(|| CredentialKind::Other(row.text(5).into())),
        }))
    }

    async fn credential_kinds(
        &self,
        sealed: &mut Sealed,
    ) -> Result<Map<CredentialKind>, StoreError> {
        let mut kinds = Map::new();
        let fields = ["sys_id", "oauth_entity_profile", "integration_type"];
        let rows = self.all("oauth_2_0_credentials", &fields).await?;
        kinds.extend(keyed(rows.iter(), |row| CredentialKind::OAuth {
            profile: row.text(1).into(),
            personal: row.text(2) == "personal",
        }));
        let fields = ["sys_id", "user_name", "password"];
        let rows = self.all("basic_auth_credentials", &fields).await?;
        kinds.extend(keyed(rows.iter(), |row| {
            keep(sealed, SecretOf::BasicPassword, row, 2);
            CredentialKind::Basic {
                user_name: row.text(1).into(),
            }
        }));
        let fields = ["sys_id", "key_place", "key_name", "api_key"];
        let rows = self.all("api_key_credentials", &fields).await?;
        kinds.extend(keyed(rows.iter(), |row| {
            keep(sealed, SecretOf::ApiKey, row, 3);
            CredentialKind::ApiKey {
                place: match row.text(1) {
                    "query" => KeyPlace::Query,
                    _ => KeyPlace::Header,
                },
                name: row.text(2).into(),
            }
        }));
        Ok(kinds)
    }

    async fn connections(&self) -> Result<Map<Connection>, StoreError> {
        let fields = [
            "sys_id",
            "name",
            "active",
            "order",
            "connection_alias",
            "credential",
            "connection_url",
            "connection_timeout",
            "additional_http_headers",
        ];
        let rows = self.all("http_connection", &fields).await?;
        Ok(keyed(rows.iter(), |row| Connection {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            active: flag(row, 2),
            order: row.int(3),
            alias: optional(row, 4),
            credential: optional(row, 5),
            url: row.text(6).into(),
            timeout_ms: number(row, 7),
            headers: row.text(8).split(';').filter_map(header).collect(),
        }))
    }

    async fn aliases(&self) -> Result<Map<Alias>, StoreError> {
        let fields = [
            "sys_id",
            "name",
            "id",
            "type",
            "parent",
            "multiple_connections",
            "retry_policy",
        ];
        let rows = self.all("sys_alias", &fields).await?;
        Ok(keyed(rows.iter(), |row| Alias {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            id: row.text(2).into(),
            kind: match row.text(3) {
                "credential" => AliasKind::Credential,
                _ => AliasKind::Connection,
            },
            parent: optional(row, 4),
            multiple: flag(row, 5),
            retry_policy: optional(row, 6),
        }))
    }

    async fn token_access(&self) -> Result<Vec<TokenAccess>, StoreError> {
        let fields = ["alias", "active", "user", "role", "role.name"];
        let rows = self.all("sys_alias_access", &fields).await?;
        // A role whose record is gone is nobody's.
        let sound =
            |row: &Row<'_>| flag(*row, 1) && row.text(3).is_empty() == row.text(4).is_empty();
        let access = |row: Row<'_>| TokenAccess {
            alias: row.text(0).into(),
            user: optional(row, 2),
            role: optional(row, 4),
        };
        Ok(rows.iter().filter(sound).map(access).collect())
    }

    async fn retry_policies(&self) -> Result<Map<RetryPolicy>, StoreError> {
        let fields = [
            "sys_id",
            "name",
            "active",
            "retry_strategy",
            "count",
            "interval",
            "max_elapsed_time",
            "condition",
        ];
        let rows = self.all("sys_retry_policy", &fields).await?;
        let active = rows.iter().filter(|row| flag(*row, 2));
        Ok(keyed(active, |row| RetryPolicy {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            strategy: match row.text(3) {
                "retry_after" => RetryStrategy::RetryAfter,
                "exponential_backoff" => RetryStrategy::Exponential(number(row, 5)),
                _ => RetryStrategy::Fixed(number(row, 5)),
            },
            count: number(row, 4),
            max_elapsed: number(row, 6),
            condition: row.text(7).into(),
        }))
    }
}

fn provider(row: Row<'_>) -> Provider {
    Provider {
        sys_id: row.text(0).into(),
        name: row.text(2).into(),
        active: flag(row, 3),
        client_id: row.text(4).into(),
        public: flag(row, 6),
        send_credentials: match row.text(7) {
            "basic_auth_header" => SendCredentials::Basic,
            "private_key_jwt" => SendCredentials::PrivateKeyJwt,
            _ => SendCredentials::Body,
        },
        jwt_provider: optional(row, 8),
        auth_url: row.text(9).into(),
        token_url: row.text(10).into(),
        revoke_token_url: row.text(11).into(),
        redirect_url: row.text(12).into(),
        default_grant_type: row.text(13).into(),
        refresh_token_lifespan: number(row, 14),
        extend_refresh_token_expiry: flag(row, 15),
        code_challenge_method: CodeChallengeMethod::parse(row.text(16)).unwrap_or_default(),
        auth_parameters: row.text(17).into(),
        token_parameters: row.text(18).into(),
    }
}

fn claim(row: Row<'_>) -> Claim {
    Claim {
        name: row.text(1).into(),
        value: row.text(2).into(),
        kind: match row.text(3) {
            "boolean" => ClaimKind::Boolean,
            "number" => ClaimKind::Number,
            _ => ClaimKind::String,
        },
    }
}

/// `Name: value`
fn header(text: &str) -> Option<(Box<str>, Box<str>)> {
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty()).then(|| (name.into(), value.into()))
}

/// By the key, which is the first cell of each.
fn keyed<'r, T>(rows: impl Iterator<Item = Row<'r>>, mut read: impl FnMut(Row<'r>) -> T) -> Map<T> {
    rows.map(|row| (row.text(0).into(), read(row))).collect()
}

pub(super) fn keep(sealed: &mut Sealed, of: SecretOf, row: Row<'_>, at: usize) {
    if let Some(text) = row.get(at).as_text() {
        sealed.insert((of, row.text(0).into()), text.into());
    }
}

fn flag(row: Row<'_>, at: usize) -> bool {
    row.int(at) != 0
}

fn number(row: Row<'_>, at: usize) -> u32 {
    u32::try_from(row.int(at).max(0)).unwrap_or(u32::MAX)
}

pub(super) fn optional(row: Row<'_>, at: usize) -> Option<Box<str>> {
    Some(row.text(at))
        .filter(|text| !text.is_empty())
        .map(Into::into)
}
