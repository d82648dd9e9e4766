//! The records of outbound calls as values: providers, profiles, credentials, connections, aliases
//! (`outbound-oauth.md` §1.2). Their secrets are not here.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    claims::JwtProvider,
    message::{MessageFault, RestFunction, RestMessage},
};
use crate::client::CodeChallengeMethod;

/// A record's key.
type Key = Box<str>;

/// All of them, by the keys of their records.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// `oauth_entity` of the type `consumer`
    pub providers: BTreeMap<Key, Provider>,
    /// `oauth_entity_profile`
    pub profiles: BTreeMap<Key, Profile>,
    /// `jwt_provider`, each with its key and claims
    pub jwt_providers: BTreeMap<Key, JwtProvider>,
    /// `discovery_credentials` and what extends it
    pub credentials: BTreeMap<Key, Credential>,
    /// `http_connection`
    pub connections: BTreeMap<Key, Connection>,
    /// `sys_alias`
    pub aliases: BTreeMap<Key, Alias>,
    /// `sys_rest_message`
    pub messages: BTreeMap<Key, Arc<RestMessage>>,
    /// `sys_auth_profile_basic`
    pub basic_profiles: BTreeMap<Key, BasicProfile>,
    /// `sys_alias_access`
    pub token_access: Vec<TokenAccess>,
    /// `sys_retry_policy`
    pub retry_policies: BTreeMap<Key, RetryPolicy>,
}

/// Another's authorization server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name, which is unique.
    pub name: Box<str>,
    /// An inactive one is asked for nothing.
    pub active: bool,
    /// What it calls this instance.
    pub client_id: Box<str>,
    /// A client without a secret: PKCE instead.
    pub public: bool,
    /// How this instance proves who it is.
    pub send_credentials: SendCredentials,
    /// What signs the client assertion.
    pub jwt_provider: Option<Key>,
    /// RFC 6749 §3.1
    pub auth_url: Box<str>,
    /// RFC 6749 §3.2
    pub token_url: Box<str>,
    /// RFC 7009 §2
    pub revoke_token_url: Box<str>,
    /// Where the provider sends people back to; empty: `/oauth_redirect.do` of this instance.
    pub redirect_url: Box<str>,
    /// The grant of the default profile.
    pub default_grant_type: Box<str>,
    /// Seconds that a refresh token is taken to live where the provider does not say; 0: nobody knows.
    pub refresh_token_lifespan: u32,
    /// Whether a refresh that gives the same refresh token again prolongs it.
    pub extend_refresh_token_expiry: bool,
    /// RFC 7636 §4.2
    pub code_challenge_method: CodeChallengeMethod,
    /// More parameters of the authorization request, form-encoded.
    pub auth_parameters: Box<str>,
    /// More parameters of the token request, form-encoded.
    pub token_parameters: Box<str>,
}

/// How a provider learns which client asks (`outbound-oauth.md` §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SendCredentials {
    /// As form fields; what most providers take, and the default (§10, 4).
    #[default]
    Body,
    /// In the `Authorization` header (RFC 6749 §2.3.1).
    Basic,
    /// As a signed JWT (RFC 7523 §2.2).
    PrivateKeyJwt,
}

/// One grant and its scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name.
    pub name: Box<str>,
    /// The provider's key.
    pub provider: Key,
    /// As the record has it.
    pub grant_type: Box<str>,
    /// Taken where nobody names one.
    pub default: bool,
    /// What signs the assertion of the JWT bearer grant.
    pub jwt_provider: Option<Key>,
    /// The wire strings, in the order of their names.
    pub scopes: Vec<Box<str>>,
}

/// What REST messages prove themselves with by Basic; its password is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicProfile {
    /// Its name.
    pub name: Box<str>,
    /// Who calls.
    pub user_name: Box<str>,
}

/// A grant that this instance asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboundGrant {
    /// RFC 6749 §4.1: a person consents once.
    AuthorizationCode,
    /// RFC 6749 §4.3: a person types a password once.
    Password,
    /// RFC 6749 §4.4
    ClientCredentials,
    /// RFC 7523 §2.1
    JwtBearer,
}

/// What a call proves itself with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name.
    pub name: Box<str>,
    /// An inactive one is passed over.
    pub active: bool,
    /// Lower first.
    pub order: i64,
    /// The aliases that it serves.
    pub aliases: Vec<Key>,
    /// Its kind.
    pub kind: CredentialKind,
}

/// The kinds of credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialKind {
    /// `oauth_2_0_credentials`
    OAuth {
        /// The profile's key.
        profile: Key,
        /// One token for each user, instead of one that all share.
        personal: bool,
    },
    /// `basic_auth_credentials`
    Basic {
        /// The secret is elsewhere.
        user_name: Box<str>,
    },
    /// `api_key_credentials`
    ApiKey {
        /// Where it goes.
        place: KeyPlace,
        /// The header or parameter.
        name: Box<str>,
    },
    /// One that no call here can use: the class of its record.
    Other(Box<str>),
}

/// Where an API key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// A header of the request.
    Header,
    /// A parameter of the query.
    Query,
}

/// Where a call goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name, which is unique.
    pub name: Box<str>,
    /// An inactive one is passed over.
    pub active: bool,
    /// Lower first.
    pub order: i64,
    /// The alias it is for.
    pub alias: Option<Key>,
    /// The credential it uses.
    pub credential: Option<Key>,
    /// The base of its calls.
    pub url: Box<str>,
    /// Milliseconds.
    pub timeout_ms: u32,
    /// Headers that every call carries.
    pub headers: Vec<(Box<str>, Box<str>)>,
}

/// What calls name instead of a connection or credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name.
    pub name: Box<str>,
    /// `<scope>.<name>`
    pub id: Box<str>,
    /// What it stands for.
    pub kind: AliasKind,
    /// The alias that this one may take the place of.
    pub parent: Option<Key>,
    /// Whether several connections may be active.
    pub multiple: bool,
    /// How its calls are tried again.
    pub retry_policy: Option<Key>,
}

/// What an alias stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasKind {
    /// A connection, with the credential that it has.
    Connection,
    /// Credentials alone.
    Credential,
}

/// Who may take the tokens of an alias away as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenAccess {
    /// The alias's key.
    pub alias: Key,
    /// The key of a user.
    pub user: Option<Key>,
    /// The name of a role.
    pub role: Option<Box<str>>,
}

/// How a call is tried again (`outbound-oauth.md` §4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The key of its record.
    pub sys_id: Key,
    /// Its name.
    pub name: Box<str>,
    /// How long to wait.
    pub strategy: RetryStrategy,
    /// How often at most.
    pub count: u32,
    /// Seconds in all; 0: the instance's limit.
    pub max_elapsed: u32,
    /// When: an encoded query over `status_code`, `http_method`, `error` and so on; empty: 429 and 5xx, and no answer.
    pub condition: Box<str>,
}

/// How long to wait before a call is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStrategy {
    /// So many seconds each time.
    Fixed(u32),
    /// So many seconds, twice as many the next time.
    Exponential(u32),
    /// What `Retry-After` says.
    RetryAfter,
}

impl OutboundGrant {
    /// Reads a grant type as profiles have it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "authorization_code" => Self::AuthorizationCode,
            "password" => Self::Password,
            "client_credentials" => Self::ClientCredentials,
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => Self::JwtBearer,
            _ => return None,
        })
    }

    /// Tells whether a person is needed to begin it.
    #[must_use]
    pub fn needs_person(self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::Password)
    }
}

impl Profile {
    /// Returns the grant; `None` for one that is not asked for here.
    #[must_use]
    pub fn grant(&self) -> Option<OutboundGrant> {
        OutboundGrant::parse(&self.grant_type)
    }

    /// Returns the scope of a request (RFC 6749 §3.3); a record may hold several names.
    #[must_use]
    pub fn scope(&self) -> String {
        self.scopes.join(" ")
    }
}

impl Registry {
    /// Returns the profile that a provider's callers get who name none: the default one (`outbound-oauth.md` §2.4).
    #[must_use]
    pub fn default_profile(&self, provider: &str) -> Option<&Profile> {
        self.profiles
            .values()
            .find(|profile| profile.default && *profile.provider == *provider)
    }

    /// Returns the key of the only OAuth profile with this name; a key stays what it is, and so does what nothing has.
    #[must_use]
    pub fn profile_key<'a>(&'a self, name: &'a str) -> &'a str {
        let named = self.profiles.iter().filter(|(_, it)| *it.name == *name);
        only(named.map(|(key, _)| &**key)).unwrap_or(name)
    }

    /// Returns the key of the only Basic profile with this name, likewise.
    #[must_use]
    pub fn basic_profile_key<'a>(&'a self, name: &'a str) -> &'a str {
        let named = self.basic_profiles.iter();
        let named = named.filter(|(_, it)| *it.name == *name);
        only(named.map(|(key, _)| &**key)).unwrap_or(name)
    }

    /// Finds a REST message by its name, or by its key.
    ///
    /// # Errors
    /// [`MessageFault::MessageUnknown`], and [`MessageFault::MessageAmbiguous`] where a real instance takes any.
    pub fn message(&self, name: &str) -> Result<&Arc<RestMessage>, MessageFault> {
        if let Some(message) = self.messages.get(name) {
            return Ok(message);
        }
        let mut named = self.messages.values().filter(|it| *it.name == *name);
        match (named.next(), named.next()) {
            (None, _) => Err(MessageFault::MessageUnknown),
            (Some(message), None) => Ok(message),
            (Some(_), Some(_)) => Err(MessageFault::MessageAmbiguous),
        }
    }

    /// Finds a function of a REST message by its key.
    ///
    /// # Errors
    /// [`MessageFault::FunctionUnknown`]
    pub fn rest_function(
        &self,
        sys_id: &str,
    ) -> Result<(&Arc<RestMessage>, &Arc<RestFunction>), MessageFault> {
        let mut all = self.messages.values().flat_map(|message| {
            let functions = message.functions.iter();
            functions.map(move |function| (message, function))
        });
        let found = all.find(|(_, function)| *function.sys_id == *sys_id);
        found.ok_or(MessageFault::FunctionUnknown)
    }

    /// Tells whether somebody may take the tokens of an alias: a row must say so, for administrators too. A row that
    /// names a user and a role asks for both.
    #[must_use]
    pub fn may_take_token(&self, alias: &str, user: &str, has_role: impl Fn(&str) -> bool) -> bool {
        let admits = |it: &TokenAccess| {
            let is_user = it.user.as_deref().is_none_or(|it| it == user);
            let is_role = it.role.as_deref().is_none_or(&has_role);
            *it.alias == *alias && (it.user.is_some() || it.role.is_some()) && is_user && is_role
        };
        self.token_access.iter().any(admits)
    }

    /// Returns the provider of a profile.
    #[must_use]
    pub fn provider_of(&self, profile: &Profile) -> Option<&Provider> {
        self.providers.get(&profile.provider)
    }
}

/// Several are none.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
