//! Where the two dialects part, one field for each difference.
//!
//! ServiceNow's endpoints (`.do`) answer as ServiceNow does; the standard ones answer by the RFCs and
//! RFC 9700. No grant asks which dialect it speaks: it asks the field. Sections such as §2.0 are those of
//! `inbound-oauth.md`, which names the public page for each.

/// The dialect of an endpoint; an application may pin its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// As ServiceNow answers.
    ServiceNow,
    /// As the RFCs and RFC 9700 ask.
    Strict,
}

/// The rules that differ between the dialects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches, each with a page or section that asks for it"
)]
pub struct Policy {
    /// How a refusal looks: RFC 6749 §5.2 against §9.1.
    pub errors: ErrorStyle,
    /// What a request that authenticates its client in two ways gets: RFC 6749 §2.3 against §2.0.
    pub two_methods: TwoMethods,
    /// Whether a new grant returns the token that still lives: §2.0, "Same-token rule".
    pub token_reuse: TokenReuse,
    /// Whether a refresh replaces the refresh token: RFC 9700 §4.14.2 against §2.5.
    pub rotation: Rotation,
    /// How long after a rotation the token before it is answered with the same successor, in milliseconds:
    /// the retry of a client whose answer got lost is no theft. Not in an RFC; 0 switches it off.
    pub rotation_grace_ms: u32,
    /// Seconds a rotated refresh token lives unless used, within the lifespan of its family
    /// (RFC 9700 §4.14.2: "if the refresh token has been inactive for some time"); `None`: the whole lifespan.
    pub refresh_idle_seconds: Option<u32>,
    /// What a request without a scope gets: RFC 6749 §3.3 against §2.0.
    pub default_scope: DefaultScope,
    /// What a refresh for less than the grant's scope gets: RFC 6749 §6 against §2.5.
    pub refresh_scope: RefreshScope,
    /// How `expires_in` is counted: RFC 6749 §5.1 against §2.0.
    pub expires_in: ExpiresIn,
    /// Whether the password grant exists at all: RFC 9700 §2.4 ("MUST NOT be used") against §2.3.
    pub password_grant: bool,
    /// Whether people who have a second factor may use the password grant, which asks for none: §2.3 ("not asked")
    /// against security.md §2, 25.
    pub password_without_second_factor: bool,
    /// Where an answer goes when the request does not say: RFC 6749 §3.1.2.3 against §2.1.
    pub redirect_fallback: RedirectFallback,
    /// Whether `glide.oauth.state.parameter.required` is asked: §2.1. By the RFCs PKCE does as well (RFC 9700 §4.7).
    pub state_by_property: bool,
    /// Whether authorization answers carry `iss`: RFC 9207 against §10.
    pub answers_name_issuer: bool,
    /// Whether devices without a browser may ask (RFC 8628). ServiceNow documents no such thing: §1, "Not found".
    pub device_grant: bool,
    /// Seconds that a device and its person have to come together (RFC 8628 §3.2, `expires_in`).
    pub device_code_seconds: u32,
    /// Whether `response_type=token` exists at all: RFC 9700 §2.1.2 ("SHOULD NOT") against §2.2.
    pub implicit_grant: bool,
    /// Seconds the token of an implicit grant lives at most.
    pub implicit_seconds: u32,
    /// Whether `code_challenge_method=plain` is taken from clients registered for it: RFC 9700 §2.1.1 against §2.1.
    pub plain_challenge: bool,
    /// Seconds a code lives. "A maximum authorization code lifetime of 10 minutes is RECOMMENDED" (RFC 6749
    /// §4.1.2); ServiceNow's is not public.
    pub code_seconds: u32,
    /// Whether a person is asked again what they allowed before: RFC 8252 §8.6 against §2.1, "Consent memory".
    pub remembered_consent: RememberedConsent,
    /// Who may revoke a token: RFC 7009 §2.1 against §4.2.
    pub revocation: RevocationBy,
    /// Whom an assertion must name as its recipient: RFC 7523 §3 against §6.1.
    pub assertion_audience: AssertionAudience,
    /// Whether clients may authenticate with a JWT (RFC 7523 §2.2). §2.0: "documented only for outbound", and
    /// parameters nobody documents are ignored.
    pub client_assertions: bool,
}

/// How a refusal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStyle {
    /// 401 `server_error`/`access_denied` whatever the cause; the cause is in the log (§9.1).
    CatchAll,
    /// The codes and statuses of RFC 6749 §5.2.
    Rfc6749,
}

/// What a request that authenticates its client in the header and in the body gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoMethods {
    /// An error: "The client MUST NOT use more than one authentication method" (RFC 6749 §2.3).
    Refused,
    /// The body is the documented place (§2.0), so it decides; the header must name the same client. Headers
    /// of other schemes are not looked at.
    BodyDecides,
}

/// Which token a new grant returns while one for the same client, user and scope still lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenReuse {
    /// The same access and refresh token, with less time left.
    ///
    /// The documentation stops at "the same"; KB0791140 adds that its life is prolonged. A token here carries
    /// its own end, so the same text cannot live longer: we follow the documentation, and an instance that
    /// needs full lifespans picks [`TokenReuse::Fresh`].
    Current,
    /// A new token for each grant.
    Fresh,
}

/// Whether a refresh replaces the refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The same refresh token comes back (§2.5).
    Never,
    /// Each use gives the next generation, and the use of an old one ends the family (RFC 9700 §4.14.2).
    Always,
}

/// What a request without a scope gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultScope {
    /// `useraccount`, which every client may ask for.
    UserAccount,
    /// The scopes registered for the client; `useraccount` if there are none.
    Registered,
}

/// What a refresh for less than the grant's scope gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshScope {
    /// The scope of the grant.
    AsGranted,
    /// What it asks for.
    AsRequested,
}

/// How `expires_in` is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiresIn {
    /// The whole seconds before the last one: a fresh token of 1,800 s shows 1799.
    Remaining,
    /// The seconds from the present one to the end: a fresh token of 1,800 s shows 1800.
    Lifetime,
}

/// Where an authorization answer goes when the request names no redirection URI.
///
/// ServiceNow's form says that the first registered URL is used "if nothing matches" (§2.1). We follow it where the
/// request names none at all. A URL that is named and not registered gets an error page in both dialects: answering
/// somewhere else than asked would hide a mistake or an attack from the person, and send a code to a page that does
/// not expect it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectFallback {
    /// To the first one registered.
    WhenAbsent,
    /// Nowhere: the person sees an error.
    Never,
}

/// Whether a person is asked again what they allowed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RememberedConsent {
    /// Not while they stay logged in (§2.1: "not asked again in the same browser session"; how long it is kept beyond
    /// that is not public).
    CountsInItsSession,
    /// Not unless another program may pose as the client: it has no secret, and its redirection URI is not `https`
    /// (RFC 8252 §8.6: "MUST NOT process authorization requests automatically").
    CountsUnlessImpersonable,
}

/// Who may revoke a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationBy {
    /// Whoever holds it.
    Anyone,
    /// The client it was issued to, authenticated.
    Client,
}

/// Whom an assertion must name as its recipient (`aud`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionAudience {
    /// The client id, as ServiceNow's form wants it, or this instance.
    ClientIdToo,
    /// This instance and nobody else: its issuer or a token endpoint, as a single value (rfc7523bis §3).
    ServerAlone,
}

impl Policy {
    /// Returns ServiceNow's rules.
    #[must_use]
    pub const fn servicenow() -> Self {
        Self {
            errors: ErrorStyle::CatchAll,
            two_methods: TwoMethods::BodyDecides,
            token_reuse: TokenReuse::Current,
            rotation: Rotation::Never,
            rotation_grace_ms: 10_000,
            refresh_idle_seconds: None,
            default_scope: DefaultScope::UserAccount,
            refresh_scope: RefreshScope::AsGranted,
            expires_in: ExpiresIn::Remaining,
            password_grant: true,
            password_without_second_factor: true,
            redirect_fallback: RedirectFallback::WhenAbsent,
            state_by_property: true,
            answers_name_issuer: false,
            device_grant: false,
            device_code_seconds: 600,
            implicit_grant: true,
            implicit_seconds: 1800,
            plain_challenge: true,
            code_seconds: 60,
            remembered_consent: RememberedConsent::CountsInItsSession,
            revocation: RevocationBy::Anyone,
            assertion_audience: AssertionAudience::ClientIdToo,
            client_assertions: false,
        }
    }

    /// Returns the rules of the RFCs and RFC 9700.
    #[must_use]
    pub const fn strict() -> Self {
        Self {
            errors: ErrorStyle::Rfc6749,
            two_methods: TwoMethods::Refused,
            token_reuse: TokenReuse::Fresh,
            rotation: Rotation::Always,
            rotation_grace_ms: 10_000,
            refresh_idle_seconds: Some(30 * 24 * 60 * 60),
            default_scope: DefaultScope::Registered,
            refresh_scope: RefreshScope::AsRequested,
            expires_in: ExpiresIn::Lifetime,
            password_grant: false,
            password_without_second_factor: false,
            redirect_fallback: RedirectFallback::Never,
            state_by_property: false,
            answers_name_issuer: true,
            device_grant: true,
            device_code_seconds: 600,
            implicit_grant: false,
            implicit_seconds: 1800,
            plain_challenge: false,
            code_seconds: 60,
            remembered_consent: RememberedConsent::CountsUnlessImpersonable,
            revocation: RevocationBy::Client,
            assertion_audience: AssertionAudience::ServerAlone,
            client_assertions: true,
        }
    }

    /// Returns the rules of a dialect.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::ServiceNow => Self::servicenow(),
            Dialect::Strict => Self::strict(),
        }
    }
}
