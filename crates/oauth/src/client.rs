//! A client: the inside of an application registry record (`oauth_entity`, `inbound-oauth.md` §3).

use std::sync::Arc;

use crate::{
    account::UserNo,
    assertion::{AssertionRules, IdentityProvider},
    jose::{Algorithm, KeySet},
    policy::{Dialect, Policy, Rotation},
    redirect_uri::RedirectUri,
    resource::Resources,
    scope::Scope,
    secret::SecretHash,
    signing,
};

/// The number of a client, as its tokens carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientNo(pub u32);

/// What the registry says about a client.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are columns of oauth_entity"
)]
pub struct Client {
    /// The number its tokens carry.
    pub no: ClientNo,
    /// The `sys_id` of its record.
    pub sys_id: Box<str>,
    /// `client_id`, compared byte by byte.
    pub client_id: Box<str>,
    /// What people call it.
    pub name: Box<str>,
    /// Which kind of record it is.
    pub kind: ClientKind,
    /// The secret, and the one before it while both count.
    pub secrets: Vec<SecretHash>,
    /// The same as keys for HMAC, where its record asks for `client_secret_jwt`.
    pub secret_keys: KeySet,
    /// Whether it may do anything at all; its tokens die with it.
    pub active: bool,
    /// `public_client`: it can keep no secret (RFC 6749 §2.1).
    pub public: bool,
    /// `redirect_url`: where authorization responses may go. Texts that are not sound are left out.
    pub redirect_uris: Vec<RedirectUri>,
    /// `post_logout_redirect_url`: where a person may be sent after a logout.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// `use_pkce`: it must prove its codes (RFC 7636), as public clients always must.
    pub use_pkce: bool,
    /// `code_challenge_method`: `plain` counts only where the policy knows it.
    pub code_challenge_method: CodeChallengeMethod,
    /// `token_format`: how its access tokens are written.
    pub token_format: TokenFormat,
    /// `sub_claim`: the column of `sys_user` that `sub` of its JWT tokens shows.
    pub sub_claim: Box<str>,
    /// `client_type`: what kind of sessions its tokens make, if that is set.
    pub client_type: Option<ClientType>,
    /// `logo_url`, if there is one.
    pub logo_url: Option<Box<str>>,
    /// `login_url`: the page that people log in on for it, if it is not ours.
    pub login_url: Option<Box<str>>,
    /// `skip_consent`: an administrator has consented for everybody.
    pub skip_consent: bool,
    /// `user`, the OAuth Application User: who its client-credentials tokens act as.
    pub application_user: Option<UserNo>,
    /// Seconds; the default on a new record is 1800.
    pub access_token_lifespan: u32,
    /// Seconds; the default on a new record is 8,640,000.
    pub refresh_token_lifespan: u32,
    /// What it may ask for: the names of its auth scopes and its classic scopes; `None` when there are none.
    pub scope: Option<Scope>,
    /// The auth scopes mapped to it, which decide which APIs its tokens open (§5.1).
    pub auth_scopes: Vec<AuthScope>,
    /// `scope_restriction_status`: whether its tokens open APIs that no auth scope speaks of.
    pub scope_restriction: ScopeRestriction,
    /// `enforce_token_restrictions`: its tokens open only APIs whose access policy admits them (§5.3).
    pub enforce_token_restrictions: bool,
    /// `inbound_grant_type`: which grants it may use.
    pub inbound_grant_type: InboundGrantType,
    /// The dialect it is served in wherever it calls, if that is set.
    pub dialect: Option<Dialect>,
    /// Whether its refresh tokens are rotated, if that is set.
    pub rotation: Option<Rotation>,
    /// `resource_uris`: the resource servers it is, so that tokens can be asked for them (RFC 8707) and it may
    /// introspect such tokens (RFC 7662).
    pub resources: Resources,
    /// `token_signing_alg`: what its JWTs are signed with, one of [`signing::ALGORITHMS`].
    pub signing_algorithm: Algorithm,
    /// `oauth_jwt`: how its assertions are checked.
    pub assertions: Option<Arc<AssertionRules>>,
    /// `oauth_oidc_entity`: whose tokens are accepted in its name.
    pub provider: Option<Arc<IdentityProvider>>,
}

/// The kind of a record: the class of its row (§3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientKind {
    /// `oauth_entity`: an OAuth API endpoint for external clients.
    #[default]
    Client,
    /// `oauth_jwt`: it comes with assertions (§6.1).
    JwtBearer,
    /// `oauth_oidc_entity`: tokens of another party are accepted in its name (§6.2).
    ThirdParty,
    /// `oauth_entity_cimd`: its id is the URL of its metadata (§2.9).
    MetadataDocument,
}

/// What kind of sessions a client's tokens make (`inbound-oauth.md` §3.1, §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    /// `iframe_embedded`
    IframeEmbedded,
    /// `integration_as_a_user`
    IntegrationAsAUser,
    /// `integration_as_a_service`
    IntegrationAsAService,
}

impl ClientType {
    /// Parses the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "iframe_embedded" => Some(Self::IframeEmbedded),
            "integration_as_a_user" => Some(Self::IntegrationAsAUser),
            "integration_as_a_service" => Some(Self::IntegrationAsAService),
            _ => None,
        }
    }

    /// Returns the property that says how many minutes such a session lasts.
    #[must_use]
    pub fn session_timeout(self) -> &'static str {
        match self {
            Self::IframeEmbedded => "glide.session_timeout.iframe_embedded",
            Self::IntegrationAsAUser => "glide.session_timeout.integration_as_a_user",
            Self::IntegrationAsAService => "glide.session_timeout.integration_as_a_service",
        }
    }
}

/// How a code challenge is made from its verifier (RFC 7636 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CodeChallengeMethod {
    /// `S256`
    #[default]
    S256,
    /// `plain`
    Plain,
}

/// How access tokens are written (§4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenFormat {
    /// 86 characters that say nothing to others.
    #[default]
    Opaque,
    /// A signed JWT (RFC 9068).
    Jwt,
}

/// An auth scope that is mapped to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthScope {
    /// The key of its record, which is what decisions compare (§5.1).
    pub sys_id: Box<str>,
    /// Its name, which is what requests ask for.
    pub name: Box<str>,
    /// What it opens, in words for the person who is asked.
    pub description: Box<str>,
}

/// What a client's tokens open where no auth scope speaks of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeRestriction {
    /// Broadly scoped: everything.
    #[default]
    Unrestricted,
    /// Securely scoped: nothing.
    Restricted,
}

impl Client {
    /// Starts a client as a new record has it: active, confidential, without secret, scope or redirect URI.
    #[must_use]
    pub fn new(no: ClientNo, sys_id: &str, client_id: &str, name: &str) -> Self {
        Self {
            no,
            sys_id: sys_id.into(),
            client_id: client_id.into(),
            name: name.into(),
            kind: ClientKind::default(),
            secrets: Vec::new(),
            secret_keys: KeySet::default(),
            active: true,
            public: false,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            use_pkce: false,
            code_challenge_method: CodeChallengeMethod::default(),
            token_format: TokenFormat::default(),
            sub_claim: "sys_id".into(),
            client_type: None,
            logo_url: None,
            login_url: None,
            skip_consent: false,
            application_user: None,
            access_token_lifespan: 1800,
            refresh_token_lifespan: 8_640_000,
            scope: None,
            auth_scopes: Vec::new(),
            scope_restriction: ScopeRestriction::default(),
            enforce_token_restrictions: false,
            inbound_grant_type: InboundGrantType::default(),
            dialect: None,
            rotation: None,
            resources: Resources::NONE,
            signing_algorithm: signing::ALGORITHMS[0],
            assertions: None,
            provider: None,
        }
    }

    /// Returns the dialect of an endpoint for this client: a pinned one wins.
    #[must_use]
    pub fn dialect(&self, endpoint: Dialect) -> Dialect {
        self.dialect.unwrap_or(endpoint)
    }

    /// Returns whether its refresh tokens are rotated where the policy says `by_policy`.
    ///
    /// The record may decide either way, except that a public client's tokens stay rotated where the policy
    /// rotates: "Refresh tokens for public clients MUST be sender-constrained or use refresh token rotation"
    /// (RFC 9700 §2.2.2).
    #[must_use]
    pub fn rotation(&self, by_policy: Rotation) -> Rotation {
        if self.public && by_policy == Rotation::Always {
            return Rotation::Always;
        }
        self.rotation.unwrap_or(by_policy)
    }
}

impl CodeChallengeMethod {
    /// Iterates over the methods that are taken where a policy rules.
    pub fn offered(policy: &Policy) -> impl Iterator<Item = Self> {
        let plain = policy.plain_challenge.then_some(Self::Plain);
        std::iter::once(Self::S256).chain(plain)
    }

    /// Reads the name on the wire and in the registry.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "S256" => Some(Self::S256),
            "plain" => Some(Self::Plain),
            _ => None,
        }
    }

    /// Returns the name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
        }
    }
}

/// The grants a record was made for (§2.8, §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InboundGrantType {
    /// Every grant: the field is blank (old form) or `multiple`.
    #[default]
    Any,
    /// Authorization code, and refresh.
    AuthorizationCode,
    /// Client credentials only.
    ClientCredentials,
    /// JWT bearer only.
    JwtBearer,
}

impl InboundGrantType {
    /// Reads the field. Not every value ServiceNow writes is public; an unknown one restricts nothing.
    #[must_use]
    pub fn parse(field: &str) -> Self {
        match field {
            "authz_code" => Self::AuthorizationCode,
            "client_credential" | "client_credentials" => Self::ClientCredentials,
            "jwt" => Self::JwtBearer,
            _ => Self::Any,
        }
    }

    /// Tells whether a record of this kind may use the grant with this `grant_type`.
    #[must_use]
    pub fn allows(self, grant_type: &str) -> bool {
        match self {
            Self::Any => true,
            Self::AuthorizationCode => matches!(grant_type, "authorization_code" | "refresh_token"),
            Self::ClientCredentials => grant_type == "client_credentials",
            Self::JwtBearer => grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }
}
