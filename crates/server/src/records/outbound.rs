//! What holds between the records of outbound calls (`outbound-oauth.md` §2.2, §2.3, §4.2 to §4.4): a write that would
//! leave a call without one clear way to go is refused, and says why.

use std::{borrow::Cow, sync::Arc};

use snowglobe_oauth::outbound::Registry;
use snowglobe_records::{Column, SysId, Table, Value, ValueRef, write::RowCells};

use super::{RecordError, Session, secrets};

/// A row as it would be after the write.
pub(super) struct Proposed<'w> {
    table: &'w Table,
    sys_id: SysId,
    before: Option<&'w RowCells>,
    values: &'w [(Arc<Column>, Value)],
}

/// What a write may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    TypeFixed,
    Url,
    SecondDefault,
    OtherProvider,
    SecondConnection,
    CredentialTaken,
    ParentFixed,
    ParentKind,
    FunctionTaken,
}

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Self::TypeFixed => "provider_type_fixed",
            Self::Url => "outbound_url_invalid",
            Self::SecondDefault => "default_profile_second",
            Self::OtherProvider => "profile_scope_of_other_provider",
            Self::SecondConnection => "alias_connection_second",
            Self::CredentialTaken => "connection_credential_taken",
            Self::ParentFixed => "alias_parent_fixed",
            Self::ParentKind => "alias_parent_kind",
            Self::FunctionTaken => "rest_function_taken",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::TypeFixed => {
                "A provider does not become a client, nor a client a provider: their secrets are kept in different ways. Make a new record."
            }
            Self::Url => {
                "It must be a URL such as https://api.example/v1, without a user name and without a fragment."
            }
            Self::SecondDefault => "The provider has a default profile already.",
            Self::OtherProvider => "The scope belongs to another provider than the profile.",
            Self::SecondConnection => {
                "The alias has an active connection already, and does not support multiple active connections."
            }
            Self::CredentialTaken => "Another active connection uses this credential.",
            Self::ParentFixed => "The parent of an alias is set when it is made.",
            Self::ParentKind => {
                "Only an alias of connections has a parent, and only such an alias can be one."
            }
            Self::FunctionTaken => "The REST message has a function of this name already.",
        }
    }

    /// The rule, and the field it is about.
    fn rule(self) -> (&'static str, &'static str) {
        match self {
            Self::TypeFixed => ("Keep the type of an application", "type"),
            Self::Url => ("Validate URLs", "connection_url"),
            Self::SecondDefault => ("One default profile", "default"),
            Self::OtherProvider => ("Profile scope of the same provider", "oauth_entity_scope"),
            Self::SecondConnection => ("One active connection per alias", "connection_alias"),
            Self::CredentialTaken => ("Unique credential of active connections", "credential"),
            Self::ParentFixed | Self::ParentKind => ("Parent alias", "parent"),
            Self::FunctionTaken => ("Unique function of a REST message", "function_name"),
        }
    }
}

impl<'w> Proposed<'w> {
    pub(super) fn new(
        table: &'w Table,
        sys_id: SysId,
        before: Option<&'w RowCells>,
        values: &'w [(Arc<Column>, Value)],
    ) -> Self {
        Self {
            table,
            sys_id,
            before,
            values,
        }
    }

    /// Tells whether it is a provider that this instance is a client of.
    fn is_provider(&self) -> bool {
        self.table.name() == "oauth_entity" && self.text("type") == "consumer"
    }

    /// Tells whether the instance itself uses the secret of the application: as a provider's client, or to verify the
    /// application's JWTs.
    pub(super) fn uses_secret(&self) -> bool {
        self.is_provider() || secrets::is_key(self.text("token_endpoint_auth_method"))
    }

    /// Checks it against the other records.
    pub(super) async fn check(&self, session: &Session) -> Result<(), RecordError> {
        let outbound = session.app.store.outbound();
        let registry = outbound.registry();
        match self.table.name().as_str() {
            "oauth_entity" => self.check_provider(),
            "oauth_entity_profile" => self.check_profile(registry),
            "oauth_entity_profile_scope" => self.check_scope(session, registry).await,
            "http_connection" => self.check_connection(registry),
            "sys_alias" => self.check_alias(registry),
            "sys_rest_message_fn" => self.check_function(registry),
            _ => Ok(()),
        }
    }

    fn value(&self, element: &str) -> ValueRef<'_> {
        let new = self.values.iter().find(|(it, _)| it.element == *element);
        match (new, self.before) {
            (Some((_, value)), _) => value.as_ref(),
            (None, Some(before)) => before.value(element),
            (None, None) => ValueRef::Null,
        }
    }

    fn text(&self, element: &str) -> &str {
        self.value(element).as_text().unwrap_or_default()
    }

    fn flag(&self, element: &str) -> bool {
        self.value(element) == ValueRef::Int(1)
    }

    fn is_written(&self, element: &str) -> bool {
        self.values.iter().any(|(it, _)| it.element == *element)
    }

    fn refuse(&self, fault: Fault) -> RecordError {
        let (rule, element) = fault.rule();
        self.refuse_at(fault, (rule, element))
    }

    fn refuse_at(
        &self,
        fault: Fault,
        (rule, element): (&'static str, &'static str),
    ) -> RecordError {
        RecordError::Refused {
            table: self.table.name().to_string(),
            rule,
            element,
            code: fault.code(),
            why: fault.why().to_owned(),
        }
    }

    fn check_provider(&self) -> Result<(), RecordError> {
        if let Some(before) = self.before {
            let was = before.value("type").as_text() == Some("consumer");
            if was != self.is_provider() {
                return Err(self.refuse(Fault::TypeFixed));
            }
        }
        let urls = ["auth_url", "token_url", "revoke_token_url"];
        let wrong = urls
            .into_iter()
            .find(|url| self.is_written(url) && !is_url(self.text(url)));
        match wrong {
            Some(element) => Err(self.refuse_at(Fault::Url, ("Validate URLs", element))),
            None => Ok(()),
        }
    }

    fn check_profile(&self, registry: &Registry) -> Result<(), RecordError> {
        let other = registry
            .default_profile(self.text("oauth_entity"))
            .filter(|other| *other.sys_id != *self.sys_id.as_str());
        match other {
            Some(_) if self.flag("default") => Err(self.refuse(Fault::SecondDefault)),
            _ => Ok(()),
        }
    }

    async fn check_scope(&self, session: &Session, registry: &Registry) -> Result<(), RecordError> {
        let profile = registry.profiles.get(self.text("oauth_entity_profile"));
        let scope = self.text("oauth_entity_scope");
        let provider = session.app.store.provider_of_scope(scope).await?;
        match (profile, provider) {
            (Some(profile), Some(provider)) if profile.provider != provider => {
                Err(self.refuse(Fault::OtherProvider))
            }
            _ => Ok(()),
        }
    }

    fn check_connection(&self, registry: &Registry) -> Result<(), RecordError> {
        if self.is_written("connection_url") && !is_url(self.text("connection_url")) {
            return Err(self.refuse(Fault::Url));
        }
        if !self.flag("active") {
            return Ok(());
        }
        let (alias, credential) = (self.text("connection_alias"), self.text("credential"));
        let several = registry.aliases.get(alias).is_some_and(|it| it.multiple);
        let others = || {
            let active = registry.connections.values().filter(|it| it.active);
            active.filter(|it| *it.sys_id != *self.sys_id.as_str())
        };
        let same = |one: &Option<Box<str>>, other: &str| {
            !other.is_empty() && one.as_deref() == Some(other)
        };
        if !several && others().any(|it| same(&it.alias, alias)) {
            return Err(self.refuse(Fault::SecondConnection));
        }
        if others().any(|it| same(&it.credential, credential)) {
            return Err(self.refuse(Fault::CredentialTaken));
        }
        Ok(())
    }

    /// §6.1
    fn check_function(&self, registry: &Registry) -> Result<(), RecordError> {
        let message = registry.messages.get(self.text("rest_message"));
        let named = message.and_then(|it| it.function(self.text("function_name")).ok());
        match named {
            Some(other) if *other.sys_id != *self.sys_id.as_str() => {
                Err(self.refuse(Fault::FunctionTaken))
            }
            _ => Ok(()),
        }
    }

    fn check_alias(&self, registry: &Registry) -> Result<(), RecordError> {
        if self.before.is_some() && self.is_written("parent") {
            return Err(self.refuse(Fault::ParentFixed));
        }
        let parent = registry.aliases.get(self.text("parent"));
        let is_credential = self.text("type") == "credential";
        let of_credential = |it: &snowglobe_oauth::outbound::Alias| {
            it.kind == snowglobe_oauth::outbound::AliasKind::Credential
        };
        match parent {
            Some(parent) if is_credential || of_credential(parent) => {
                Err(self.refuse(Fault::ParentKind))
            }
            _ => Ok(()),
        }
    }
}

/// What a new child alias takes from its parent where the write does not say it (`outbound-oauth.md` §4.3).
pub(super) fn inherited(
    session: &Session,
    table: &Table,
    pairs: &[(&str, &str)],
) -> Vec<(&'static str, Cow<'static, str>)> {
    let said = |element: &str| pairs.iter().find(|(name, _)| *name == element);
    let parent = (table.name() == "sys_alias").then(|| said("parent"));
    let Some(Some((_, parent))) = parent else {
        return Vec::new();
    };
    let outbound = session.app.store.outbound();
    let Ok(parent) = outbound.registry().alias(parent) else {
        return Vec::new();
    };
    let policy = parent.retry_policy.as_deref().unwrap_or_default();
    let taken: [(&'static str, Cow<'static, str>); 2] = [
        (
            "multiple_connections",
            if parent.multiple { "true" } else { "false" }.into(),
        ),
        ("retry_policy", policy.to_owned().into()),
    ];
    taken
        .into_iter()
        .filter(|(element, _)| said(element).is_none())
        .collect()
}

/// An empty one is none; whether it may be reached is asked when it is.
fn is_url(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    reqwest::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn only_a_url_of_the_web_is_one() {
        for (text, expected) in [
            ("", true),
            ("https://api.example/v1", true),
            ("http://127.0.0.1:9/x?y=1", true),
            ("api.example", false),
            ("ftp://api.example", false),
            ("https://u:p@api.example", false),
            ("https://api.example/#x", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_url(text), expected, "{text}");
        }
    }
}
