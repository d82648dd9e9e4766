//! Providers that this instance is a client of, and what its calls use (`outbound-oauth.md` §2 to §5).

use super::{Layout, Related, Section};

const HISTORY: Related = Related {
    table: "sys_audit",
    column: "documentkey",
    title: "History",
};
const PROFILES: Related = Related {
    table: "oauth_entity_profile",
    column: "oauth_entity",
    title: "OAuth Entity Profiles",
};
const REQUESTORS: Related = Related {
    table: "oauth_requestor_profile",
    column: "oauth_entity",
    title: "Held tokens",
};

/// "Connect to a third party OAuth Provider": the other form of `oauth_entity`.
pub(super) const PROVIDER: Layout = Layout {
    table: "oauth_entity",
    list: &[],
    form: &[
        Section {
            title: "",
            fields: &["name", "client_id", "client_secret", "active", "comments"],
        },
        Section {
            title: "Provider",
            fields: &[
                "auth_url",
                "token_url",
                "revoke_token_url",
                "redirect_url",
                "logo_url",
            ],
        },
        Section {
            title: "Requests",
            fields: &[
                "default_grant_type",
                "send_client_credentials_as",
                "jwt_provider",
                "public_client",
                "code_challenge_method",
                "auth_parameters",
                "token_parameters",
            ],
        },
        Section {
            title: "Tokens",
            fields: &["refresh_token_lifespan", "extend_refresh_token_expiry"],
        },
    ],
    related: &[
        PROFILES,
        Related {
            table: "oauth_entity_scope",
            column: "oauth_entity",
            title: "OAuth Entity Scopes",
        },
        REQUESTORS,
        HISTORY,
    ],
};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "oauth_entity_profile",
        list: &["name", "oauth_entity", "grant_type", "default"],
        form: &[],
        related: &[
            Related {
                table: "oauth_entity_profile_scope",
                column: "oauth_entity_profile",
                title: "Scopes",
            },
            Related {
                table: "oauth_2_0_credentials",
                column: "oauth_entity_profile",
                title: "Credentials",
            },
        ],
    },
    Layout {
        table: "oauth_requestor_profile",
        list: &[
            "name",
            "state",
            "expires",
            "refresh_expires",
            "reason",
            "user",
            "oauth_entity_profile",
        ],
        form: &[
            Section {
                title: "",
                fields: &["name", "state", "reason", "detail", "failures"],
            },
            Section {
                title: "Tokens",
                fields: &["obtained", "expires", "refresh_expires"],
            },
            Section {
                title: "For whom",
                fields: &[
                    "requestor_context",
                    "requestor_id",
                    "oauth_entity_profile",
                    "oauth_entity",
                    "personal",
                    "user",
                ],
            },
        ],
        related: &[],
    },
    Layout {
        table: "jwt_keystore_aliases",
        list: &[
            "name",
            "active",
            "kid",
            "signing_algorithm",
            "sys_updated_on",
        ],
        form: &[],
        related: &[HISTORY],
    },
    Layout {
        table: "jwt_provider",
        list: &["name", "jwt_keystore_aliases", "expiry_interval"],
        form: &[],
        related: &[Related {
            table: "jwt_claim_validation",
            column: "jwt_provider",
            title: "Claims",
        }],
    },
    Layout {
        table: "jwt_claim_validation",
        list: &["name", "value", "data_type", "is_standard"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "discovery_credentials",
        list: &["name", "sys_class_name", "active", "order"],
        form: &[],
        related: &[
            Related {
                table: "sys_connection",
                column: "credential",
                title: "Connections",
            },
            HISTORY,
        ],
    },
    Layout {
        table: "http_connection",
        list: &[
            "name",
            "connection_url",
            "connection_alias",
            "credential",
            "active",
        ],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "connection_url",
                "connection_alias",
                "credential",
                "active",
                "order",
                "connection_timeout",
                "additional_http_headers",
            ],
        }],
        related: &[HISTORY],
    },
    Layout {
        table: "sys_alias",
        list: &[
            "name",
            "type",
            "connection_type",
            "parent",
            "sys_updated_on",
        ],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "id",
                "type",
                "connection_type",
                "parent",
                "multiple_connections",
                "retry_policy",
                "description",
            ],
        }],
        related: &[
            Related {
                table: "http_connection",
                column: "connection_alias",
                title: "HTTP(s) Connections",
            },
            Related {
                table: "sys_alias",
                column: "parent",
                title: "Child aliases",
            },
            Related {
                table: "sys_alias_access",
                column: "alias",
                title: "Token access",
            },
            Related {
                table: "sys_alias_hand_out",
                column: "alias",
                title: "Token hand-outs",
            },
            HISTORY,
        ],
    },
    Layout {
        table: "oauth_2_0_credentials",
        list: &["name", "oauth_entity_profile", "integration_type", "active"],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "oauth_entity_profile",
                "integration_type",
                "active",
                "order",
                "credential_alias",
            ],
        }],
        related: &[
            Related {
                table: "oauth_requestor_profile",
                column: "requestor_id",
                title: "Held tokens",
            },
            Related {
                table: "sys_connection",
                column: "credential",
                title: "Connections",
            },
            HISTORY,
        ],
    },
    Layout {
        table: "sys_rest_message",
        list: &[
            "name",
            "rest_endpoint",
            "authentication_type",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &["name", "rest_endpoint", "description"],
            },
            Section {
                title: "Authentication",
                fields: &[
                    "authentication_type",
                    "basic_auth_profile",
                    "oauth2_profile",
                    "connection_alias",
                    "retry_policy",
                ],
            },
        ],
        related: &[
            Related {
                table: "sys_rest_message_fn",
                column: "rest_message",
                title: "HTTP Methods",
            },
            Related {
                table: "sys_rest_message_headers",
                column: "rest_message",
                title: "HTTP Headers",
            },
            HISTORY,
        ],
    },
    Layout {
        table: "sys_rest_message_fn",
        list: &[
            "function_name",
            "http_method",
            "rest_endpoint",
            "rest_message",
        ],
        form: &[
            Section {
                title: "",
                fields: &[
                    "function_name",
                    "rest_message",
                    "http_method",
                    "rest_endpoint",
                    "content",
                    "log_level",
                ],
            },
            Section {
                title: "Authentication",
                fields: &[
                    "authentication_type",
                    "basic_auth_profile",
                    "oauth2_profile",
                    "connection_alias",
                ],
            },
        ],
        related: &[
            Related {
                table: "sys_rest_message_fn_headers",
                column: "rest_message_function",
                title: "HTTP Headers",
            },
            Related {
                table: "sys_rest_message_fn_param_defs",
                column: "rest_message_function",
                title: "HTTP Query Parameters",
            },
            Related {
                table: "sys_rest_message_fn_parameters",
                column: "rest_message_function",
                title: "Variable Substitutions",
            },
            Related {
                table: "sys_rest_execution",
                column: "rest_message_function",
                title: "Executions",
            },
            Related {
                table: "sys_outbound_http_log",
                column: "source_record",
                title: "Outbound HTTP Log",
            },
            HISTORY,
        ],
    },
    Layout {
        table: "sys_rest_execution",
        list: &[
            "name",
            "state",
            "attempts",
            "next_attempt",
            "response_status",
            "reason",
            "sys_created_on",
        ],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_outbound_http_log",
        list: &[
            "sys_created_on",
            "method",
            "url",
            "response_status",
            "response_time",
            "error",
            "user",
        ],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_alias_access",
        list: &["alias", "user", "role", "active"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_alias_hand_out",
        list: &["sys_created_on", "alias", "user", "by_operator", "refused"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_retry_policy",
        list: &["name", "retry_strategy", "count", "interval", "active"],
        form: &[],
        related: &[HISTORY],
    },
];
