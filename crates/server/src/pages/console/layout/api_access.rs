//! Access policies of REST APIs, the ways to authenticate that they take, and where and who callers must be
//! (`inbound-oauth.md` §5).

use super::{Layout, Related, Section};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "sys_api_access_policy",
        list: &[
            "name",
            "active",
            "global",
            "api_path",
            "http_method",
            "table",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &["name", "active", "global", "advertise_all_auth_schemes"],
            },
            Section {
                title: "REST API",
                fields: &[
                    "api",
                    "api_path",
                    "apply_all_methods",
                    "http_method",
                    "apply_all_resources",
                    "resource",
                    "apply_all_versions",
                    "version",
                    "apply_all_tables",
                    "table",
                ],
            },
        ],
        related: &[Related {
            table: "sys_auth_profile_mapping",
            column: "api_access_policy",
            title: "Authentication Profiles",
        }],
    },
    Layout {
        table: "inbound_auth_profile",
        list: &[
            "name",
            "sys_class_name",
            "active",
            "short_description",
            "sys_updated_on",
        ],
        form: &[],
        related: OF_A_PROFILE,
    },
    Layout {
        table: "std_http_auth",
        list: &["name", "type", "oauth_entity", "active", "sys_updated_on"],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "type",
                "oauth_entity",
                "active",
                "short_description",
            ],
        }],
        related: OF_A_PROFILE,
    },
    Layout {
        table: "sys_auth_profile_mapping",
        list: &[
            "api_access_policy",
            "inbound_auth_profile",
            "sys_created_on",
        ],
        form: &[],
        related: &[],
    },
    Layout {
        table: "auth_policy_mapping",
        list: &["inbound_auth_profile", "policy", "sys_created_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_authentication_policy",
        list: &["name", "active", "description", "sys_updated_on"],
        form: &[Section {
            title: "",
            fields: &["name", "active", "description"],
        }],
        related: &[
            Related {
                table: "sys_authentication_policy_criteria_m2m",
                column: "policy",
                title: "Filter Criteria",
            },
            Related {
                table: "sys_auth_policy_condition",
                column: "policy",
                title: "Policy Conditions",
            },
            Related {
                table: "auth_policy_mapping",
                column: "policy",
                title: "Authentication Profiles",
            },
        ],
    },
    Layout {
        table: "sys_authentication_policy_criteria_m2m",
        list: &["policy", "sys_auth_filter_criteria", "sys_created_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_auth_policy_condition",
        list: &["label", "policy", "condition", "sys_updated_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_auth_filter_criteria",
        list: &["name", "sys_class_name", "description", "sys_updated_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_ip_filter_criteria",
        list: &["name", "description", "sys_updated_on"],
        form: &[],
        related: &[
            Related {
                table: "sys_ip_address_range",
                column: "criteria",
                title: "IP Ranges",
            },
            Related {
                table: "sys_ip_address_subnet",
                column: "criteria",
                title: "Subnets (CIDR)",
            },
            Related {
                table: "sys_authentication_policy_criteria_m2m",
                column: "sys_auth_filter_criteria",
                title: "Policies",
            },
        ],
    },
    Layout {
        table: "sys_role_filter_criteria",
        list: &["name", "description", "sys_updated_on"],
        form: &[],
        related: &[
            Related {
                table: "sys_auth_policy_criteria_role",
                column: "criteria",
                title: "Roles",
            },
            Related {
                table: "sys_authentication_policy_criteria_m2m",
                column: "sys_auth_filter_criteria",
                title: "Policies",
            },
        ],
    },
    Layout {
        table: "sys_group_filter_criteria",
        list: &["name", "description", "sys_updated_on"],
        form: &[],
        related: &[
            Related {
                table: "sys_auth_policy_criteria_group",
                column: "criteria",
                title: "Groups",
            },
            Related {
                table: "sys_authentication_policy_criteria_m2m",
                column: "sys_auth_filter_criteria",
                title: "Policies",
            },
        ],
    },
    Layout {
        table: "api_key",
        list: &[
            "name",
            "user",
            "active",
            "auth_scope",
            "expires",
            "sys_updated_on",
        ],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "user",
                "active",
                "auth_scope",
                "expires",
                "description",
            ],
        }],
        related: &[],
    },
    Layout {
        table: "sys_api_access_scope",
        list: &[
            "name",
            "auth_scope",
            "api_path",
            "http_method",
            "active",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &["name", "auth_scope", "active"],
            },
            Section {
                title: "REST API",
                fields: &[
                    "api",
                    "api_path",
                    "apply_all_methods",
                    "http_method",
                    "apply_all_resources",
                    "resource",
                    "apply_all_versions",
                    "version",
                ],
            },
        ],
        related: &[],
    },
];

/// What names an authentication profile, of whichever kind.
const OF_A_PROFILE: &[Related] = &[
    Related {
        table: "sys_auth_profile_mapping",
        column: "inbound_auth_profile",
        title: "REST API Access Policies",
    },
    Related {
        table: "auth_policy_mapping",
        column: "inbound_auth_profile",
        title: "API Authentication Policies",
    },
];
