//! What a field is for, in our own words, where its label does not say it.

/// Returns the help text of a field, by the table that declares it.
pub(in crate::pages::console) fn help(declared_in: &str, element: &str) -> Option<&'static str> {
    TEXTS
        .iter()
        .find(|(table, field, _)| (*table, *field) == (declared_in, element))
        .map(|(_, _, text)| *text)
}

const TEXTS: &[(&str, &str, &str)] = &[
    (
        "oauth_entity",
        "auth_url",
        "Where people are sent to consent: the provider’s authorization endpoint.",
    ),
    (
        "oauth_entity",
        "token_url",
        "The provider’s token endpoint; also where tokens are refreshed.",
    ),
    (
        "oauth_entity",
        "revoke_token_url",
        "The provider’s revocation endpoint. It is kept; nothing calls it yet: forgetting tokens here tells the provider nothing.",
    ),
    (
        "oauth_entity",
        "jwt_provider",
        "Signs the proof of this client where Send Credentials is As Private Key JWT.",
    ),
    (
        "oauth_entity",
        "extend_refresh_token_expiry",
        "Whether a refresh token that comes back unchanged lives its lifespan again from then on.",
    ),
    (
        "oauth_entity",
        "auth_parameters",
        "More parameters of the authorization request, written as in a query: prompt=consent&resource=…",
    ),
    (
        "oauth_entity",
        "token_parameters",
        "More parameters of every token request, written as in a query: audience=https%3A%2F%2Fapi.example",
    ),
    (
        "jwt_keystore_aliases",
        "signing_key",
        "A private key in PEM (PKCS #8), or the shared key of an HMAC. It is sealed, and never shown again.",
    ),
    (
        "jwt_claim_validation",
        "value",
        "An empty claim is left out. Left out, aud is the token endpoint and iss the client id.",
    ),
    (
        "oauth_2_0_credentials",
        "integration_type",
        "System: one token that all calls share. Personal: each user has their own.",
    ),
    (
        "discovery_credentials",
        "order",
        "Lower comes first; of equal ones the name decides.",
    ),
    (
        "sys_alias",
        "parent",
        "The alias that this one may take the place of. A new child starts with its parent’s settings; it is set once.",
    ),
    (
        "http_connection",
        "additional_http_headers",
        "Sent with every call: Name: value, several separated by semicolons.",
    ),
    (
        "sys_retry_policy",
        "condition",
        "When a call is tried again, over status_code, http_method, error, response_body, response_headers. Blank: 429 and 503; and where twice is the same as once also 408, other 5xx and no answer.",
    ),
    (
        "http_connection",
        "connection_timeout",
        "Milliseconds that a whole call may take, unless whoever calls says otherwise.",
    ),
    (
        "sys_rest_message",
        "rest_endpoint",
        "A URL; by an alias also a path under the connection’s URL. ${name} is a variable.",
    ),
    (
        "sys_rest_message",
        "retry_policy",
        "Left blank, the alias’s.",
    ),
    (
        "sys_rest_message_fn",
        "rest_endpoint",
        "Left blank, the message’s.",
    ),
    (
        "sys_rest_message_fn",
        "content",
        "The body, for methods that have one. ${name} is a variable.",
    ),
    (
        "sys_hub_flow",
        "run_as_user",
        "The steps may do what this user may.",
    ),
    (
        "sys_hub_trigger_instance",
        "run_start",
        "The first time of a schedule. Left blank, a repetition begins a period from now.",
    ),
    (
        "sys_hub_action_instance",
        "name",
        "Later steps name what this one gives by it: ${name.value}.",
    ),
    (
        "sys_hub_action_instance",
        "resource_path",
        "Under the connection’s URL: /orders/${trigger.number}. Values are percent-encoded.",
    ),
    (
        "sys_hub_action_instance",
        "headers",
        "One in a line: Name: value.",
    ),
    (
        "sys_hub_action_instance",
        "request_body",
        "Values are made safe for JSON, XML or a form, as the Content-Type says or the text looks.",
    ),
    (
        "sys_hub_action_instance",
        "variables",
        "One in a line: name=value. ${trigger.number} names a field of the record that started the flow.",
    ),
    (
        "sys_hub_action_instance",
        "record",
        "The key of the record to change: ${step.sys_id}. Left blank, with the table, the record that started the flow.",
    ),
    (
        "sys_hub_action_instance",
        "values",
        "One in a line: field=value. ${step.name} is what an earlier step gave.",
    ),
    (
        "sys_hub_action_instance",
        "mappings",
        "What later steps get of the answer, one in a line: id = $.order.id, etag = header:ETag, all = body. A ? at the end lets it be missing.",
    ),
    (
        "oauth_entity",
        "token_endpoint_auth_method",
        "Blank: the application sends its secret. Client secret JWT: it may sign with it instead (RFC 7523), so it is kept sealed, not hashed; one made before has to be made again.",
    ),
    (
        "oauth_entity",
        "name",
        "What people read on the consent page. No two applications have the same.",
    ),
    (
        "oauth_entity",
        "client_id",
        "What the application calls itself. Left blank, the instance makes one of 32 hex digits.",
    ),
    (
        "oauth_entity",
        "client_secret",
        "Left blank on a new record, the instance makes one and shows it once. What you type here replaces the present secret; leave it blank to keep that.",
    ),
    (
        "oauth_entity",
        "client_secret_previous",
        "Counts beside the present one until it is retired.",
    ),
    (
        "oauth_entity",
        "redirect_url",
        "Where people go back to with a code: full URLs, several of them with commas between. They are compared exactly; only the port of a loopback address may differ.",
    ),
    (
        "oauth_entity",
        "active",
        "An inactive application gets no tokens, and those it has open nothing.",
    ),
    (
        "oauth_entity",
        "public_client",
        "An application that can keep no secret, such as one in a browser or on a phone: PKCE takes the secret's place.",
    ),
    (
        "oauth_entity",
        "use_pkce",
        "Refuses authorization requests without a code challenge (RFC 7636). Public clients always need one.",
    ),
    (
        "oauth_entity",
        "code_challenge_method",
        "S256 unless a client cannot hash.",
    ),
    (
        "oauth_entity",
        "login_url",
        "The page of this instance on which people of this application log in.",
    ),
    (
        "oauth_entity",
        "logo_url",
        "A picture for the consent page.",
    ),
    (
        "oauth_entity",
        "inbound_grant_type",
        "Which grants the application may use. Blank or Multiple: every one that the instance allows.",
    ),
    (
        "oauth_entity",
        "default_grant_type",
        "The grant the application mostly uses. For information only.",
    ),
    (
        "oauth_entity",
        "user",
        "Whom client-credentials tokens act as. Without a user, that grant is refused.",
    ),
    (
        "oauth_entity",
        "access_token_lifespan",
        "Seconds. 1800 is half an hour.",
    ),
    (
        "oauth_entity",
        "refresh_token_lifespan",
        "Seconds. 8640000 is a hundred days.",
    ),
    (
        "oauth_entity",
        "token_format",
        "Opaque tokens are 86 characters that only this instance can read; a JWT can be checked by others with the keys at /api/now/oauth/jwks.",
    ),
    (
        "oauth_entity",
        "sub_claim",
        "The field of the user that becomes the sub of a JWT.",
    ),
    (
        "oauth_entity",
        "scope_restriction_status",
        "Broadly scoped: tokens reach whatever their user may. Securely scoped: only the APIs of the auth scopes below.",
    ),
    (
        "oauth_entity",
        "enforce_token_restrictions",
        "Tokens reach only APIs that an access policy names them for.",
    ),
    (
        "oauth_entity",
        "dialect",
        "Blank: each endpoint answers in its own dialect. RFC 9700: strictly by the standards, wherever the application calls.",
    ),
    (
        "oauth_entity",
        "skip_consent",
        "People are not asked: an administrator consents for everybody.",
    ),
    (
        "oauth_entity",
        "post_logout_redirect_url",
        "Where people may be sent after logging out for this application, with commas between. They are compared exactly.",
    ),
    (
        "oauth_entity",
        "token_signing_alg",
        "What JWT access tokens and ID tokens of this application are signed with.",
    ),
    (
        "oauth_entity",
        "resource_uris",
        "The resource servers that this application is, as absolute URIs: tokens can be asked for them, and it may introspect those.",
    ),
    (
        "sys_api_access_policy",
        "api_path",
        "The API, such as now/table. The console lists those there are under REST APIs.",
    ),
    (
        "sys_api_access_policy",
        "global",
        "For every API that has no policy of its own.",
    ),
    (
        "sys_api_access_policy",
        "advertise_all_auth_schemes",
        "A refusal names the schemes of all profiles, not only of the one that was mapped last.",
    ),
    (
        "std_http_auth",
        "oauth_entity",
        "Only tokens of this application count. Blank: those of every application.",
    ),
    (
        "sys_authentication_policy",
        "name",
        "Global Blocking Policy is the one that turns requests away before anything else looks at them.",
    ),
    (
        "sys_auth_policy_condition",
        "condition",
        "Filter criteria with what they must be, such as Office=true^Contractors=false. Conditions are alternatives.",
    ),
    (
        "sys_ip_address_range",
        "range_end",
        "Blank: the one address.",
    ),
    (
        "api_key",
        "auth_scope",
        "What the key opens. Blank: what its user may do.",
    ),
    ("api_key", "expires", "Blank: never."),
    (
        "oauth_jwt",
        "user_field",
        "The field of the user that the assertion's sub is compared with.",
    ),
    (
        "oauth_jwt",
        "jwks_url",
        "Where the issuer publishes its keys. Without it, the verifier maps below name them.",
    ),
    (
        "oauth_jwt",
        "jwks_cache_lifespan",
        "Minutes for which fetched keys are kept.",
    ),
    (
        "oauth_jwt",
        "clock_skew",
        "Seconds by which the issuer's clock may differ.",
    ),
    (
        "oauth_jwt",
        "enable_jti_verification",
        "Each assertion counts once.",
    ),
    (
        "oauth_jwt",
        "jti_claim",
        "The claim that tells assertions apart.",
    ),
    (
        "oauth_oidc_entity",
        "oidc_provider_configuration",
        "Who issues the ID tokens, and how their users are found here.",
    ),
    (
        "oauth_oidc_entity",
        "oidc_clock_skew",
        "Seconds by which the provider's clock may differ.",
    ),
    (
        "oidc_provider_configuration",
        "oidc_url",
        "The provider's metadata, such as https://idp.example/.well-known/openid-configuration.",
    ),
    (
        "oidc_provider_configuration",
        "oidc_config_cache_life_span",
        "Hours for which the metadata is kept.",
    ),
    (
        "oidc_provider_configuration",
        "user_claim",
        "The claim that names the user.",
    ),
    (
        "oidc_provider_configuration",
        "user_field",
        "The field of the user that it is compared with.",
    ),
    (
        "jwt_verifier_map",
        "kid",
        "The key id in the header of the assertions that this key signs.",
    ),
    (
        "jwt_verifier_map",
        "shared_key",
        "For HS256, HS384 and HS512. It is stored sealed and never shown.",
    ),
    ("sys_user", "user_name", "What the person logs in with."),
    (
        "sys_user",
        "user_password",
        "What you type here replaces the present password and ends the tokens that it got; leave it blank to keep it.",
    ),
    (
        "sys_user",
        "password_needs_reset",
        "The person has to choose a new password at the next log-in.",
    ),
    (
        "sys_user",
        "web_service_access_only",
        "For programs: no log-in on pages.",
    ),
];
