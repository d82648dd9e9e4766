//! Auth scopes and access policies of REST APIs, from their records to what the rules ask for (`inbound-oauth.md`
//! §5.1, §5.2).

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use snowglobe_oauth::{
    api_access::{
        AccessPolicy, ApiPolicies, ApiScopes, Binding, CorsRules, Pattern, Profile, ProfileKind,
        RateRules, criteria::AuthPolicy,
    },
    api_key::ApiKeys,
};
use snowglobe_records::Dictionary;

use super::filter_criteria::AuthPolicies;
use crate::{Store, backend::StoreError, records::Find, sql::Row};

/// The lists.
#[derive(Debug, Clone, Default)]
pub struct ApiAccess {
    /// The auth scopes that APIs ask for.
    pub scopes: ApiScopes,
    /// The policies that APIs have.
    pub policies: ApiPolicies,
    /// Which pages of other origins may call what.
    pub cors: CorsRules,
    /// The API keys.
    pub keys: ApiKeys,
    /// How often who may call what.
    pub rates: RateRules,
    /// The Global Blocking Policy: what it holds for is turned away.
    pub blocking: Option<AuthPolicy>,
}

/// What both kinds of record say about their calls, in this order.
const CALLS: [&str; 8] = [
    "api_path",
    "api",
    "http_method",
    "version",
    "resource",
    "apply_all_methods",
    "apply_all_versions",
    "apply_all_resources",
];

impl Store {
    /// Returns the auth scopes and policies of this moment.
    #[must_use]
    pub fn api_access(&self) -> arc_swap::Guard<Arc<ApiAccess>> {
        self.snapshots.api_access.load()
    }

    pub(crate) async fn load_api_access(
        &self,
        dictionary: &Dictionary,
    ) -> Result<ApiAccess, StoreError> {
        let AuthPolicies {
            of_profiles,
            blocking,
        } = self.load_auth_policies(dictionary).await?;
        Ok(ApiAccess {
            scopes: self.load_bindings(dictionary).await?,
            policies: self.load_policies(dictionary, of_profiles).await?,
            blocking,
            cors: self.load_cors_rules(dictionary).await?,
            keys: self.load_api_keys(dictionary).await?,
            rates: self.load_rate_rules(dictionary).await?,
        })
    }

    async fn load_bindings(&self, dictionary: &Dictionary) -> Result<ApiScopes, StoreError> {
        let own = ["name", "active", "auth_scope", "auth_scope.name"];
        let fields = [CALLS.as_slice(), &own].concat();
        let rows = self
            .select(dictionary, "sys_api_access_scope", Find::All, &fields)
            .await?;
        let binding = |row: Row<'_>| {
            let calls = pattern(row);
            if calls.is_none() {
                tracing::warn!(name = row.text(8), "a REST API auth scope names no API");
            }
            Some(Binding {
                calls: calls?,
                scope: row.text(10).into(),
                name: row.text(11).into(),
            })
        };
        let active = rows.iter().filter(|row| row.int(9) != 0);
        Ok(ApiScopes::new(active.filter_map(binding).collect()))
    }

    async fn load_policies(
        &self,
        dictionary: &Dictionary,
        of_profiles: HashMap<Box<str>, Vec<AuthPolicy>>,
    ) -> Result<ApiPolicies, StoreError> {
        let profiles = self.load_mapped_profiles(dictionary, of_profiles).await?;
        let own = [
            "sys_id",
            "name",
            "active",
            "global",
            "apply_all_tables",
            "table",
            "advertise_all_auth_schemes",
        ];
        let fields = [CALLS.as_slice(), &own].concat();
        let rows = self
            .select(dictionary, "sys_api_access_policy", Find::All, &fields)
            .await?;
        let policy = |row: Row<'_>| {
            let is_global = row.int(11) != 0;
            let calls = if is_global {
                Some(narrowed(Pattern::everything(), row))
            } else {
                pattern(row)
            };
            if calls.is_none() {
                tracing::warn!(name = row.text(9), "a REST API access policy names no API");
            }
            let table = Some(row.text(13)).filter(|table| row.int(12) == 0 && !table.is_empty());
            Some(AccessPolicy {
                name: row.text(9).into(),
                calls: calls?,
                table: table.map(Into::into),
                profiles: profiles.get(row.text(8)).cloned().unwrap_or_default(),
                advertise_all: row.int(14) != 0,
            })
        };
        let active = rows.iter().filter(|row| row.int(10) != 0);
        Ok(ApiPolicies::new(active.filter_map(policy).collect()))
    }

    /// The active profiles of each policy, the most recently mapped first.
    async fn load_mapped_profiles(
        &self,
        dictionary: &Dictionary,
        mut policies: HashMap<Box<str>, Vec<AuthPolicy>>,
    ) -> Result<HashMap<Box<str>, Vec<Profile>>, StoreError> {
        let fields = ["sys_id", "active", "type", "oauth_entity"];
        let rows = self
            .select(dictionary, "std_http_auth", Find::All, &fields)
            .await?;
        let active = rows.iter().filter(|row| row.int(1) != 0);
        let profiles: HashMap<&str, Profile> = active
            .filter_map(|row| {
                let policies = policies.remove(row.text(0)).unwrap_or_default();
                Some((row.text(0), profile(row, policies)?))
            })
            .collect();
        let fields = ["api_access_policy", "inbound_auth_profile"];
        let rows = self
            .select(dictionary, "sys_auth_profile_mapping", Find::All, &fields)
            .await?;
        let mut mappings: Vec<Row<'_>> = rows.iter().collect();
        // Rows are numbered as they are made.
        mappings.sort_by_key(|row| Reverse(row.int(fields.len())));
        let mut mapped: HashMap<Box<str>, Vec<Profile>> = HashMap::new();
        for row in mappings {
            if let Some(profile) = profiles.get(row.text(1)) {
                let of_policy = mapped.entry(row.text(0).into()).or_default();
                of_policy.push(profile.clone());
            }
        }
        Ok(mapped)
    }
}

fn profile(row: Row<'_>, policies: Vec<AuthPolicy>) -> Option<Profile> {
    let kind = match row.text(2) {
        "basic_auth" => ProfileKind::Basic,
        "oauth" => ProfileKind::OauthToken,
        "id_token" => ProfileKind::IdToken,
        "api_key" => ProfileKind::ApiKey,
        _ => return None,
    };
    let client = Some(row.text(3)).filter(|client| !client.is_empty());
    Some(Profile {
        kind,
        client: client.map(Into::into),
        policies,
    })
}

/// The calls of a record whose first fields are [`CALLS`]. Some records name the API's path, some the API.
fn pattern(row: Row<'_>) -> Option<Pattern> {
    let api = Pattern::of_api(row.text(0)).or_else(|| match row.text(1) {
        name if name.eq_ignore_ascii_case("Table API") => Pattern::of_api("now/table"),
        path => Pattern::of_api(path),
    });
    Some(narrowed(api?, row))
}

fn narrowed(mut calls: Pattern, row: Row<'_>) -> Pattern {
    let only = |at: usize, all: usize| {
        let text = row.text(at).trim();
        (row.int(all) == 0 && !text.is_empty()).then_some(text)
    };
    if let Some(method) = only(2, 5) {
        calls = calls.method(method);
    }
    if let Some(version) = only(3, 6) {
        calls = calls.version(version);
    }
    if let Some(resource) = only(4, 7) {
        calls = calls.resource(resource);
    }
    calls
}
