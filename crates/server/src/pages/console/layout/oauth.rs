//! The Application Registry and what hangs from it (`inbound-oauth.md` §3, §4.1, §5.1).

use super::{Layout, Related, Section};

const NAMES: &[&str] = &[
    "name",
    "client_id",
    "client_secret",
    "active",
    "public_client",
    "comments",
];
const REDIRECT: &[&str] = &[
    "redirect_url",
    "use_pkce",
    "code_challenge_method",
    "skip_consent",
    "login_url",
    "logo_url",
    "post_logout_redirect_url",
];
const GRANTS: &[&str] = &[
    "inbound_grant_type",
    "default_grant_type",
    "token_endpoint_auth_method",
    "user",
    "client_type",
    "mobile_client",
];
const TOKENS: &[&str] = &[
    "access_token_lifespan",
    "refresh_token_lifespan",
    "token_format",
    "token_signing_alg",
    "sub_claim",
    "scope_restriction_status",
    "enforce_token_restrictions",
    "resource_uris",
    "dialect",
];

const SCOPES: Related = Related {
    table: "oauth_entity_scope",
    column: "oauth_entity",
    title: "OAuth Entity Scopes",
};
const AUTH_SCOPES: Related = Related {
    table: "oauth_entity_auth_scope_mapping",
    column: "oauth_entity",
    title: "Auth Scopes",
};
const ISSUED: Related = Related {
    table: "oauth_credential",
    column: "peer",
    title: "Tokens",
};
const PROFILES: Related = Related {
    table: "oauth_entity_profile",
    column: "oauth_entity",
    title: "OAuth Entity Profiles",
};
const HISTORY: Related = Related {
    table: "sys_audit",
    column: "documentkey",
    title: "History",
};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "oauth_entity",
        list: &[
            "name",
            "client_id",
            "type",
            "active",
            "public_client",
            "redirect_url",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: NAMES,
            },
            Section {
                title: "Authorization",
                fields: REDIRECT,
            },
            Section {
                title: "Grants",
                fields: GRANTS,
            },
            Section {
                title: "Tokens and scopes",
                fields: TOKENS,
            },
        ],
        related: &[ISSUED, SCOPES, AUTH_SCOPES, PROFILES, HISTORY],
    },
    Layout {
        table: "oauth_jwt",
        list: &[],
        form: &[
            Section {
                title: "",
                fields: NAMES,
            },
            Section {
                title: "JWT",
                fields: &[
                    "user_field",
                    "jwks_url",
                    "jwks_cache_lifespan",
                    "clock_skew",
                    "enable_jti_verification",
                    "jti_claim",
                ],
            },
            Section {
                title: "Tokens and scopes",
                fields: TOKENS,
            },
        ],
        related: &[
            Related {
                table: "jwt_verifier_map",
                column: "oauth_jwt",
                title: "JWT Verifier Maps",
            },
            Related {
                table: "oauth_jwt_claim_validation",
                column: "oauth_jwt",
                title: "OAuth JWT Claim Validations",
            },
            ISSUED,
            SCOPES,
            AUTH_SCOPES,
            HISTORY,
        ],
    },
    Layout {
        table: "oauth_oidc_entity",
        list: &[],
        form: &[
            Section {
                title: "",
                fields: &[
                    "name",
                    "client_id",
                    "oidc_provider_configuration",
                    "oidc_clock_skew",
                    "active",
                    "comments",
                ],
            },
            Section {
                title: "Scopes",
                fields: &["scope_restriction_status", "enforce_token_restrictions"],
            },
        ],
        related: &[AUTH_SCOPES, HISTORY],
    },
    Layout {
        table: "oauth_credential",
        list: &["name", "type", "user", "peer", "scope", "expires"],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "type",
                "user",
                "peer",
                "scope",
                "expires",
                "sys_created_on",
                "revoked_at",
            ],
        }],
        related: &[],
    },
    Layout {
        table: "oidc_provider_configuration",
        list: &[
            "oidc_provider",
            "oidc_url",
            "user_claim",
            "user_field",
            "sys_updated_on",
        ],
        form: &[],
        related: &[Related {
            table: "oauth_oidc_entity",
            column: "oidc_provider_configuration",
            title: "OAuth OIDC Entities",
        }],
    },
    Layout {
        table: "jwt_verifier_map",
        list: &[
            "name",
            "oauth_jwt",
            "kid",
            "sys_certificate",
            "sys_updated_on",
        ],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_auth_scope",
        list: &["name", "description", "sys_updated_on"],
        form: &[],
        related: &[
            Related {
                table: "sys_api_access_scope",
                column: "auth_scope",
                title: "REST API Auth Scopes",
            },
            Related {
                table: "oauth_entity_auth_scope_mapping",
                column: "auth_scope",
                title: "Applications with this scope",
            },
        ],
    },
    Layout {
        table: "oauth_entity_auth_scope_mapping",
        list: &["oauth_entity", "auth_scope", "sys_created_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "oauth_entity_scope",
        list: &[
            "name",
            "oauth_entity_scope",
            "oauth_entity",
            "sys_updated_on",
        ],
        form: &[],
        related: &[],
    },
];
