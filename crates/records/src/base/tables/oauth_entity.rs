//! The Application Registry: clients, their scopes and profiles (`inbound-oauth.md` §3, §5.1, §6).

use crate::base::spec::{
    Choice, Column, Table,
    column::{boolean, integer, password2, rare_reference, reference, string, typed, url},
};

const TYPE: &[Choice] = &[
    ("client", "OAuth Client"),
    // A provider that this instance is a client of (`outbound-oauth.md` §1.2).
    ("consumer", "Third party OAuth Provider"),
    ("provider", "OAuth Provider"),
    ("oidc_provider", "External OIDC Provider"),
];
const TOKEN_FORMAT: &[Choice] = &[("opaque", "Opaque"), ("jwt", "JWT")];
const CLIENT_TYPE: &[Choice] = &[
    ("iframe_embedded", "Iframe Embedded"),
    ("integration_as_a_user", "Integration as a User"),
    ("integration_as_a_service", "Integration as a Service"),
];
const GRANT_TYPE: &[Choice] = &[
    ("authorization_code", "Authorization Code"),
    ("client_credentials", "Client Credentials"),
    ("password", "Resource Owner Password Credentials"),
    ("urn:ietf:params:oauth:grant-type:jwt-bearer", "JWT Bearer"),
];
// Scripts write `client_credentials` for the second one, so other values are taken too (§3.1).
const INBOUND_GRANT_TYPE: &[Choice] = &[
    ("authz_code", "Authorization Code"),
    ("client_credential", "Client Credentials"),
    ("jwt", "JWT Bearer"),
    ("ropc", "Resource Owner Password Credentials"),
    ("multiple", "Multiple"),
];
const CODE_CHALLENGE_METHOD: &[Choice] = &[("S256", "S256"), ("plain", "plain")];
const SCOPE_RESTRICTION: &[Choice] = &[
    ("unrestricted", "Broadly scoped"),
    ("restricted", "Securely scoped"),
];
const SEND_CREDENTIALS_AS: &[Choice] = &[
    ("basic_auth_header", "As Basic Authorization Header"),
    (
        "request_body_parameter",
        "In Request Body (Form URL-Encoded)",
    ),
    ("private_key_jwt", "As Private Key JWT"),
];
const TOKEN_ENDPOINT_AUTH: &[Choice] = &[("client_secret_jwt", "Client secret JWT")];
const TOKEN_SIGNING_ALG: &[Choice] = &[("RS256", "RS256"), ("ES256", "ES256")];
const CLAIM_VALUE_TYPE: &[Choice] = &[
    ("string", "String"),
    ("boolean", "Boolean"),
    ("number", "Number"),
];
const DIALECT: &[Choice] = &[("servicenow", "ServiceNow"), ("strict", "RFC 9700")];

const OAUTH_ENTITY: &[Column] = &[
    string("name", "Name", 255)
        .mandatory()
        .unique()
        .indexed()
        .display(),
    string("client_id", "Client ID", 255).unique().indexed(),
    password2("client_secret", "Client Secret"),
    // Our own: the secret before the last change, still accepted while a client is moved to the new one.
    password2("client_secret_previous", "Previous Client Secret"),
    // Our own, named as RFC 7591 §2 names it: the secret of such a client is a key, too, and so it is sealed where others
    // are hashed.
    string(
        "token_endpoint_auth_method",
        "Token endpoint authentication",
        40,
    )
    .optional_choices(TOKEN_ENDPOINT_AUTH),
    string("redirect_url", "Redirect URL", 4000),
    // Our own: where a person may be sent after logging out (OpenID Connect RP-Initiated Logout §3).
    string("post_logout_redirect_url", "Post-logout redirect URL", 4000),
    url("logo_url", "Logo URL"),
    url("login_url", "Login URL"),
    boolean("active", "Active").default("true"),
    string("type", "Type", 40).default("client").choices(TYPE),
    // Seconds.
    integer("access_token_lifespan", "Access Token Lifespan").default("1800"),
    integer("refresh_token_lifespan", "Refresh Token Lifespan").default("8640000"),
    string("token_format", "Token Format", 40)
        .default("opaque")
        .choices(TOKEN_FORMAT),
    string("sub_claim", "Subject Claim", 80).default("sys_id"),
    string("client_type", "Client Type", 40).optional_choices(CLIENT_TYPE),
    string("comments", "Comments", 1000),
    reference("user", "OAuth Application User", "sys_user"),
    string("default_grant_type", "Default Grant Type", 100).suggestions(GRANT_TYPE),
    string("inbound_grant_type", "Inbound grant type", 40).suggestions(INBOUND_GRANT_TYPE),
    boolean("public_client", "Public Client"),
    boolean("use_pkce", "PKCE required"),
    string("code_challenge_method", "Code challenge method", 40)
        .default("S256")
        .choices(CODE_CHALLENGE_METHOD),
    // A script that is known to work writes a scope's name into it (§3.1).
    string("scope_restriction_status", "Scope restriction", 100)
        .default("unrestricted")
        .suggestions(SCOPE_RESTRICTION),
    string("send_client_credentials_as", "Send Credentials", 40)
        .optional_choices(SEND_CREDENTIALS_AS),
    boolean("enforce_token_restrictions", "Enforce Token Restrictions"),
    boolean("mobile_client", "Mobile Client"),
    // Our own: an administrator consents for everybody (§2.9 says that one can; the column is not public).
    boolean("skip_consent", "Skip consent"),
    // Our own: the resource servers (RFC 8707) that this application is, as absolute URIs separated by commas or blanks.
    // Clients may ask for tokens for them, and it may introspect such tokens (RFC 7662). To introspect what opens
    // the instance itself, name the instance's own URL.
    string("resource_uris", "Resource URIs", 4000),
    // Our own: what its JWT access tokens and ID tokens are signed with.
    string("token_signing_alg", "Token signing algorithm", 40)
        .default("RS256")
        .choices(TOKEN_SIGNING_ALG),
    // The other direction: what this instance has to know of a provider (`outbound-oauth.md` §2.1).
    url("auth_url", "Authorization URL"),
    url("token_url", "Token URL"),
    url("revoke_token_url", "Token Revocation URL"),
    rare_reference("jwt_provider", "JWT Provider", "jwt_provider"),
    boolean("extend_refresh_token_expiry", "Extend Refresh Token Expiry"),
    // Our own, in place of scripts (§8.4): more parameters, as in a query: `audience=…&resource=…`.
    string("auth_parameters", "Authorization parameters", 4000),
    string("token_parameters", "Token parameters", 4000),
    // Our own: pins the client to one dialect; empty lets the endpoint decide.
    string("dialect", "Dialect", 40).optional_choices(DIALECT),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("oauth_entity", "Application Registry")
        .extendable()
        .audited()
        .columns(OAUTH_ENTITY),
    Table::extending("oauth_jwt", "OAuth JWT", "oauth_entity").columns(&[
        string("user_field", "User field", 80).default("user_name"),
        boolean("enable_jti_verification", "Enable JTI verification").default("true"),
        string("jti_claim", "JTI claim", 80).default("jti"),
        url("jwks_url", "JWKS URL"),
        // Minutes.
        integer("jwks_cache_lifespan", "JWKS cache lifespan").default("720"),
        // Seconds.
        integer("clock_skew", "Clock skew").default("300"),
    ]),
    Table::extending("oauth_oidc_entity", "OAuth OIDC Entity", "oauth_entity").columns(&[
        rare_reference(
            "oidc_provider_configuration",
            "OAuth OIDC Provider Configuration",
            "oidc_provider_configuration",
        ),
        integer("oidc_clock_skew", "Clock skew").default("300"),
    ]),
    Table::extending("oauth_entity_cimd", "OAuth CIMD Client", "oauth_entity"),
    Table::root("oidc_provider_configuration", "OIDC Provider Configuration").columns(&[
        string("oidc_provider", "OIDC Provider", 255)
            .mandatory()
            .unique()
            .display(),
        url("oidc_url", "OIDC Metadata URL"),
        // Hours.
        integer(
            "oidc_config_cache_life_span",
            "OIDC Configuration Cache Life Span",
        )
        .default("120"),
        string("user_claim", "User claim", 80).default("sub"),
        string("user_field", "User field", 80).default("user_name"),
        boolean("enable_jti_verification", "Enable JTI claim verification"),
        string("jti_claim", "JTI claim", 80).default("jti"),
    ]),
    Table::root("jwt_verifier_map", "JWT Verifier Map").columns(&[
        string("name", "Name", 255).display(),
        reference("oauth_jwt", "OAuth JWT", "oauth_jwt"),
        string("kid", "Kid", 255).indexed(),
        rare_reference("sys_certificate", "Sys certificate", "sys_certificate"),
        password2("shared_key", "Shared key"),
    ]),
    // Its name is not public; the documentation names the list and its fields (§6.1).
    Table::root("oauth_jwt_claim_validation", "OAuth JWT Claim Validation").columns(&[
        reference("oauth_jwt", "OAuth JWT", "oauth_jwt").mandatory(),
        string("claim_name", "Claim Name", 255)
            .mandatory()
            .display(),
        string("claim_value", "Claim Value", 1000),
        string("claim_value_type", "Claim Value Type", 40)
            .default("string")
            .choices(CLAIM_VALUE_TYPE),
    ]),
    Table::extending("sys_certificate", "X.509 Certificate", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        boolean("active", "Active").default("true"),
        string("format", "Format", 40).default("pem"),
        string("type", "Type", 40).default("trust_store"),
        string("issuer", "Issuer", 1024),
        string("subject", "Subject", 1024),
        typed("valid_from", "Valid from", "glide_date_time", 40),
        typed("expires", "Expires", "glide_date_time", 40),
        string("pem_certificate", "PEM Certificate", 8000),
        string("short_description", "Short description", 255),
        string("key_store", "Key store", 255),
        password2("key_store_password", "Key store password"),
    ]),
    Table::root("oauth_entity_profile", "OAuth Entity Profile").columns(&[
        string("name", "Name", 255).display(),
        reference("oauth_entity", "OAuth provider", "oauth_entity"),
        string("grant_type", "Grant type", 100).suggestions(GRANT_TYPE),
        boolean("default", "Is default"),
        rare_reference("jwt_provider", "JWT Provider", "jwt_provider"),
    ]),
    Table::root("oauth_entity_scope", "OAuth Entity Scope").columns(&[
        string("name", "Name", 255).display(),
        string("oauth_entity_scope", "OAuth scope", 1000),
        reference("oauth_entity", "OAuth provider", "oauth_entity"),
    ]),
    Table::root("oauth_entity_profile_scope", "OAuth Entity Profile Scope").columns(&[
        reference(
            "oauth_entity_profile",
            "OAuth Entity Profile",
            "oauth_entity_profile",
        ),
        rare_reference(
            "oauth_entity_scope",
            "OAuth Entity Scope",
            "oauth_entity_scope",
        ),
    ]),
    Table::root("sys_auth_scope", "Auth Scope").columns(&[
        string("name", "Name", 100)
            .mandatory()
            .unique()
            .indexed()
            .display(),
        string("description", "Description", 1000),
    ]),
    Table::root("oauth_entity_auth_scope_mapping", "OAuth Entity Auth Scope").columns(&[
        reference("oauth_entity", "OAuth entity", "oauth_entity").mandatory(),
        reference("auth_scope", "Auth Scope", "sys_auth_scope").mandatory(),
    ]),
    Table::root("sys_api_access_scope", "REST API Auth Scope").columns(&[
        string("name", "Name", 100).display(),
        boolean("active", "Active").default("true"),
        reference("auth_scope", "Auth Scope", "sys_auth_scope").mandatory(),
        string("api", "REST API", 100),
        string("api_path", "REST API path", 255),
        string("http_method", "HTTP method", 40),
        string("version", "Version", 40),
        string("resource", "Resource", 255),
        boolean("apply_all_methods", "Apply to all methods").default("true"),
        boolean("apply_all_versions", "Apply to all versions").default("true"),
        boolean("apply_all_resources", "Apply to all resources").default("true"),
        boolean("disable_client_restriction", "Disable client restriction"),
    ]),
];
