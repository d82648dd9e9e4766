//! From an alias to the connection and credential of a call, by rules that tell what they did
//! (`outbound-oauth.md` §4.4).
//!
//! | step | rule |
//! |---|---|
//! | the alias | by key, by ID, by ID in any case; two that fit are none |
//! | candidates | active connections of the alias |
//! | several | `order`, then name, then key, lower first; a selector picks one |
//! | credential | the connection's own; of a credential alias, the active ones whose list has it, in the same order |
//!
//! There is one domain here, so the rules about domains have nothing to choose from. A child alias takes its parent's
//! place where a caller names it, and never falls back to the parent's connection: whoever overrides means it.

use super::registry::{
    Alias, AliasKind, Connection, Credential, CredentialKind, Profile, Registry,
};

/// Which of an alias's connections is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selector<'a> {
    /// The first.
    First,
    /// The one with this name or key.
    Named(&'a str),
}

/// What came of it, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution<'r> {
    /// What was looked at, in order.
    pub steps: Vec<Step>,
    /// What it led to.
    pub outcome: Result<Resolved<'r>, ResolveFault>,
}

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `alias`, `connection`, `credential`, `profile`
    pub of: &'static str,
    /// What was looked at.
    pub name: Box<str>,
    /// Whether it was taken.
    pub taken: bool,
    /// Why, or why not.
    pub why: &'static str,
}

/// The records that a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved<'r> {
    /// `sys_alias`
    pub alias: &'r Alias,
    /// `http_connection`; none of a credential alias.
    pub connection: Option<&'r Connection>,
    /// `discovery_credentials`; a connection may do without.
    pub credential: Option<&'r Credential>,
    /// `oauth_entity_profile`, of an OAuth 2.0 credential.
    pub profile: Option<&'r Profile>,
}

/// Why an alias leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResolveFault {
    /// Nothing is called that.
    #[error("no alias has this name")]
    AliasUnknown,
    /// Several are.
    #[error("several aliases have this name")]
    AliasAmbiguous,
    /// No active connection is for it.
    #[error("Connection not configured: no active connection is for this alias")]
    NoConnection,
    /// None of its connections is called that.
    #[error("no active connection of this alias has that name")]
    NoSuchConnection,
    /// Its connection's credential is not active, or gone.
    #[error("the connection's credential is inactive or gone")]
    CredentialInactive,
    /// No active credential is for it.
    #[error("no active credential is for this alias")]
    NoCredential,
    /// No call can use a credential of this kind.
    #[error("no call can use a credential of this kind")]
    CredentialUnusable,
    /// Its profile or provider is gone or not active.
    #[error("the credential's OAuth profile or provider is inactive or gone")]
    ProfileInactive,
}

impl ResolveFault {
    /// Returns the name of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AliasUnknown => "alias_unknown",
            Self::AliasAmbiguous => "alias_ambiguous",
            Self::NoConnection => "alias_without_connection",
            Self::NoSuchConnection => "alias_connection_unknown",
            Self::CredentialInactive => "connection_credential_inactive",
            Self::NoCredential => "alias_without_credential",
            Self::CredentialUnusable => "credential_unusable",
            Self::ProfileInactive => "outbound_profile_inactive",
        }
    }
}

impl Registry {
    /// Resolves an alias.
    ///
    /// # Errors
    /// [`ResolveFault`]
    pub fn resolve(
        &self,
        alias: &str,
        selector: Selector<'_>,
    ) -> Result<Resolved<'_>, ResolveFault> {
        let mut walk = Walk {
            registry: self,
            steps: None,
        };
        walk.resolve(alias, selector)
    }

    /// Resolves an alias and tells each step of the way.
    #[must_use]
    pub fn explain(&self, alias: &str, selector: Selector<'_>) -> Resolution<'_> {
        let mut walk = Walk {
            registry: self,
            steps: Some(Vec::new()),
        };
        let outcome = walk.resolve(alias, selector);
        let steps = walk.steps.unwrap_or_default();
        Resolution { steps, outcome }
    }

    /// Finds an alias by its key, its ID, or its ID in any case.
    ///
    /// # Errors
    /// [`ResolveFault::AliasUnknown`], [`ResolveFault::AliasAmbiguous`].
    pub fn alias(&self, name: &str) -> Result<&Alias, ResolveFault> {
        if let Some(alias) = self.aliases.get(name) {
            return Ok(alias);
        }
        let exact = |alias: &&Alias| *alias.id == *name;
        if let Some(alias) = self.aliases.values().find(exact) {
            return Ok(alias);
        }
        let alike = |alias: &&Alias| alias.id.eq_ignore_ascii_case(name);
        let mut alike = self.aliases.values().filter(alike);
        match (alike.next(), alike.next()) {
            (None, _) => Err(ResolveFault::AliasUnknown),
            (Some(alias), None) => Ok(alias),
            (Some(_), Some(_)) => Err(ResolveFault::AliasAmbiguous),
        }
    }
}

struct Walk<'r> {
    registry: &'r Registry,
    /// None where nobody reads them: calls resolve their alias each time.
    steps: Option<Vec<Step>>,
}

impl<'r> Walk<'r> {
    fn resolve(&mut self, name: &str, by: Selector<'_>) -> Result<Resolved<'r>, ResolveFault> {
        let alias = self.alias(name)?;
        let (connection, credential) = match alias.kind {
            AliasKind::Connection => {
                let connection = self.connection(alias, by)?;
                (Some(connection), self.credential_of(connection)?)
            }
            AliasKind::Credential => (None, Some(self.credential_for(alias)?)),
        };
        let profile = credential.map(|it| self.profile(it)).transpose()?.flatten();
        Ok(Resolved {
            alias,
            connection,
            credential,
            profile,
        })
    }

    fn note(&mut self, of: &'static str, name: &str, taken: bool, why: &'static str) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step {
                of,
                name: name.into(),
                taken,
                why,
            });
        }
    }

    fn alias(&mut self, name: &str) -> Result<&'r Alias, ResolveFault> {
        let found = self.registry.alias(name);
        match &found {
            Ok(alias) => self.note("alias", &alias.id, true, "it has this key or ID"),
            Err(ResolveFault::AliasAmbiguous) => {
                self.note("alias", name, false, "several have this ID in other case");
            }
            Err(_) => self.note("alias", name, false, "none has this key or ID"),
        }
        found
    }

    fn connection(
        &mut self,
        alias: &Alias,
        by: Selector<'_>,
    ) -> Result<&'r Connection, ResolveFault> {
        let of_alias = |it: &&'r Connection| it.alias.as_deref() == Some(&*alias.sys_id);
        let mut candidates: Vec<_> = self
            .registry
            .connections
            .values()
            .filter(of_alias)
            .collect();
        candidates
            .sort_by(|a, b| (a.order, &a.name, &a.sys_id).cmp(&(b.order, &b.name, &b.sys_id)));
        let mut taken: Option<&'r Connection> = None;
        let mut active = false;
        for it in candidates {
            active |= it.active;
            let (take, why) = match by {
                _ if !it.active => (false, "it is not active"),
                _ if taken.is_some() => (false, "another comes first: lower order, then name"),
                Selector::Named(name) if *it.name != *name && *it.sys_id != *name => {
                    (false, "another was asked for")
                }
                Selector::Named(_) => (true, "it was asked for"),
                Selector::First => (true, "it is active and comes first"),
            };
            self.note("connection", &it.name, take, why);
            taken = taken.or(take.then_some(it));
        }
        taken.ok_or(if active {
            ResolveFault::NoSuchConnection
        } else {
            ResolveFault::NoConnection
        })
    }

    fn credential_of(
        &mut self,
        connection: &Connection,
    ) -> Result<Option<&'r Credential>, ResolveFault> {
        let Some(key) = &connection.credential else {
            self.note(
                "credential",
                "",
                true,
                "the connection has none: no authentication",
            );
            return Ok(None);
        };
        match self.registry.credentials.get(key) {
            Some(it) if it.active => {
                self.note("credential", &it.name, true, "it is the connection’s");
                Ok(Some(it))
            }
            // Sending the call without what it should prove itself with would be worse than no call (§7.6).
            Some(it) => {
                self.note("credential", &it.name, false, "it is not active");
                Err(ResolveFault::CredentialInactive)
            }
            None => {
                self.note("credential", key, false, "its record is gone");
                Err(ResolveFault::CredentialInactive)
            }
        }
    }

    fn credential_for(&mut self, alias: &Alias) -> Result<&'r Credential, ResolveFault> {
        let serves = |it: &&'r Credential| it.aliases.contains(&alias.sys_id);
        let mut candidates: Vec<_> = self.registry.credentials.values().filter(serves).collect();
        candidates
            .sort_by(|a, b| (a.order, &a.name, &a.sys_id).cmp(&(b.order, &b.name, &b.sys_id)));
        let mut taken: Option<&'r Credential> = None;
        for it in candidates {
            let (take, why) = match taken {
                _ if !it.active => (false, "it is not active"),
                Some(_) => (false, "another comes first: lower order, then name"),
                None => (true, "it is active, serves the alias and comes first"),
            };
            self.note("credential", &it.name, take, why);
            taken = taken.or(take.then_some(it));
        }
        taken.ok_or(ResolveFault::NoCredential)
    }

    fn profile(&mut self, credential: &Credential) -> Result<Option<&'r Profile>, ResolveFault> {
        let key = match &credential.kind {
            CredentialKind::OAuth { profile, .. } => profile,
            CredentialKind::Basic { .. } | CredentialKind::ApiKey { .. } => return Ok(None),
            CredentialKind::Other(_) => {
                self.note(
                    "credential",
                    &credential.name,
                    false,
                    "no call can use its kind",
                );
                return Err(ResolveFault::CredentialUnusable);
            }
        };
        let profile = self.registry.profiles.get(key);
        let provider = profile.and_then(|it| self.registry.provider_of(it));
        match (profile, provider) {
            (Some(profile), Some(provider)) if provider.active => {
                self.note("profile", &profile.name, true, "it is the credential’s");
                Ok(Some(profile))
            }
            (Some(profile), _) => {
                self.note(
                    "profile",
                    &profile.name,
                    false,
                    "its provider is inactive or gone",
                );
                Err(ResolveFault::ProfileInactive)
            }
            (None, _) => {
                self.note("profile", key, false, "its record is gone");
                Err(ResolveFault::ProfileInactive)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::{Profile, Provider};

    fn alias(key: &str, id: &str, kind: AliasKind) -> Alias {
        Alias {
            sys_id: key.into(),
            name: id.into(),
            id: id.into(),
            kind,
            parent: None,
            multiple: false,
            retry_policy: None,
        }
    }

    fn connection(key: &str, alias: &str, order: i64) -> Connection {
        Connection {
            sys_id: key.into(),
            name: format!("name of {key}").into(),
            active: true,
            order,
            alias: Some(alias.into()),
            credential: None,
            url: "https://api.example".into(),
            timeout_ms: 10_000,
            headers: Vec::new(),
        }
    }

    fn credential(key: &str, aliases: &[&str], order: i64) -> Credential {
        Credential {
            sys_id: key.into(),
            name: key.into(),
            active: true,
            order,
            aliases: aliases.iter().map(|it| (*it).into()).collect(),
            kind: CredentialKind::OAuth {
                profile: "p".into(),
                personal: false,
            },
        }
    }

    fn registry() -> Registry {
        let mut registry = Registry::default();
        let provider = Provider {
            sys_id: "o".into(),
            active: true,
            ..Provider::default()
        };
        registry.providers.insert("o".into(), provider);
        let profile = Profile {
            sys_id: "p".into(),
            name: "p".into(),
            provider: "o".into(),
            grant_type: "client_credentials".into(),
            default: true,
            jwt_provider: None,
            scopes: Vec::new(),
        };
        registry.profiles.insert("p".into(), profile);
        for it in [
            alias("a", "orders", AliasKind::Connection),
            alias("k", "Keys", AliasKind::Credential),
        ] {
            registry.aliases.insert(it.sys_id.clone(), it);
        }
        registry
    }

    fn put(registry: &mut Registry, connections: &[Connection], credentials: &[Credential]) {
        for it in connections {
            registry.connections.insert(it.sys_id.clone(), it.clone());
        }
        for it in credentials {
            registry.credentials.insert(it.sys_id.clone(), it.clone());
        }
    }

    /// The keys of alias, connection, credential and profile.
    type Keys<'r> = [Option<&'r str>; 4];

    fn found<'r>(registry: &'r Registry, name: &str) -> Result<Keys<'r>, ResolveFault> {
        let resolved = registry.resolve(name, Selector::First)?;
        Ok([
            Some(&resolved.alias.sys_id),
            resolved.connection.map(|it| &*it.sys_id),
            resolved.credential.map(|it| &*it.sys_id),
            resolved.profile.map(|it| &*it.sys_id),
        ])
    }

    #[test]
    fn outbound_4_4_an_alias_leads_to_the_connection_and_its_credential() {
        let mut registry = registry();
        let with = Connection {
            credential: Some("c".into()),
            ..connection("1", "a", 1)
        };
        put(&mut registry, &[with], &[credential("c", &[], 1)]);
        let expected = [Some("a"), Some("1"), Some("c"), Some("p")];
        for name in ["a", "orders", "ORDERS"] {
            assert_eq!(found(&registry, name), Ok(expected), "{name}");
        }
        assert_eq!(found(&registry, "order"), Err(ResolveFault::AliasUnknown));
    }

    #[test]
    fn outbound_4_4_names_that_differ_in_case_are_told_apart_or_refused() {
        let mut registry = registry();
        let other = alias("b", "Orders", AliasKind::Connection);
        registry.aliases.insert("b".into(), other);
        put(
            &mut registry,
            &[connection("1", "a", 1), connection("2", "b", 1)],
            &[],
        );
        let connection = |name| found(&registry, name).map(|[_, connection, ..]| connection);
        assert_eq!(connection("orders"), Ok(Some("1")));
        assert_eq!(connection("Orders"), Ok(Some("2")));
        assert_eq!(connection("ORDERS"), Err(ResolveFault::AliasAmbiguous));
    }

    #[test]
    fn outbound_4_4_of_several_connections_the_lowest_order_comes_first() {
        let mut registry = registry();
        let off = Connection {
            active: false,
            ..connection("0", "a", 0)
        };
        put(
            &mut registry,
            &[
                off,
                connection("3", "a", 2),
                connection("2", "a", 2),
                connection("9", "a", 3),
            ],
            &[],
        );
        let resolution = registry.explain("a", Selector::First);
        let told: Vec<_> = resolution
            .steps
            .iter()
            .map(|it| (&*it.name, it.taken))
            .collect();
        assert_eq!(
            told,
            [
                ("orders", true),
                ("name of 0", false),
                ("name of 2", true),
                ("name of 3", false),
                ("name of 9", false),
                ("", true)
            ]
        );
        let by = |name| registry.resolve("a", Selector::Named(name));
        let named = by("name of 9").map(|it| it.connection.map(|it| &*it.sys_id));
        assert_eq!(named, Ok(Some("9")));
        assert_eq!(by("0"), Err(ResolveFault::NoSuchConnection));
    }

    #[test]
    fn outbound_7_6_a_call_is_never_sent_without_its_credential() {
        let mut registry = registry();
        let with = Connection {
            credential: Some("c".into()),
            ..connection("1", "a", 1)
        };
        put(&mut registry, std::slice::from_ref(&with), &[]);
        assert_eq!(found(&registry, "a"), Err(ResolveFault::CredentialInactive));
        let off = Credential {
            active: false,
            ..credential("c", &[], 1)
        };
        put(&mut registry, &[], &[off]);
        assert_eq!(found(&registry, "a"), Err(ResolveFault::CredentialInactive));
        let strange = Credential {
            kind: CredentialKind::Other("ssh".into()),
            ..credential("c", &[], 1)
        };
        put(&mut registry, &[], &[strange]);
        assert_eq!(found(&registry, "a"), Err(ResolveFault::CredentialUnusable));
        put(&mut registry, &[], &[credential("c", &[], 1)]);
        registry.providers.clear();
        assert_eq!(found(&registry, "a"), Err(ResolveFault::ProfileInactive));
    }

    #[test]
    fn outbound_4_4_a_credential_alias_takes_the_first_credential_that_lists_it() {
        let mut registry = registry();
        assert_eq!(found(&registry, "Keys"), Err(ResolveFault::NoCredential));
        put(
            &mut registry,
            &[],
            &[
                credential("z", &["k"], 1),
                credential("y", &["x", "k"], 1),
                credential("w", &["x"], 0),
            ],
        );
        let taken = [Some("k"), None, Some("y"), Some("p")];
        assert_eq!(found(&registry, "Keys"), Ok(taken));
        assert_eq!(found(&registry, "orders"), Err(ResolveFault::NoConnection));
    }
}
