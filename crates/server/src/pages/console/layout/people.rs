//! Users, groups and what they hold.

use super::{Layout, Related, Section};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "sys_user",
        list: &[
            "user_name",
            "name",
            "email",
            "active",
            "locked_out",
            "department",
            "last_login_time",
        ],
        form: &[
            Section {
                title: "",
                fields: &[
                    "user_name",
                    "first_name",
                    "last_name",
                    "title",
                    "department",
                    "manager",
                    "email",
                    "phone",
                    "mobile_phone",
                    "company",
                    "location",
                ],
            },
            Section {
                title: "Access",
                fields: &[
                    "active",
                    "locked_out",
                    "user_password",
                    "password_needs_reset",
                    "web_service_access_only",
                    "internal_integration_user",
                    "identity_type",
                    "enable_multifactor_authn",
                    "failed_attempts",
                    "last_login_time",
                ],
            },
            Section {
                title: "Language and formats",
                fields: &[
                    "time_zone",
                    "date_format",
                    "time_format",
                    "preferred_language",
                ],
            },
        ],
        related: &[
            Related {
                table: "sys_user_has_role",
                column: "user",
                title: "Roles",
            },
            Related {
                table: "sys_user_grmember",
                column: "user",
                title: "Groups",
            },
            Related {
                table: "oauth_credential",
                column: "user",
                title: "Tokens",
            },
        ],
    },
    Layout {
        table: "sys_user_group",
        list: &[
            "name",
            "description",
            "active",
            "manager",
            "parent",
            "sys_updated_on",
        ],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "manager",
                "email",
                "parent",
                "active",
                "description",
            ],
        }],
        related: &[
            Related {
                table: "sys_user_grmember",
                column: "group",
                title: "Members",
            },
            Related {
                table: "sys_group_has_role",
                column: "group",
                title: "Roles",
            },
            Related {
                table: "sys_user_group",
                column: "parent",
                title: "Groups below",
            },
        ],
    },
    Layout {
        table: "sys_user_role",
        list: &[
            "name",
            "description",
            "elevated_privilege",
            "sys_updated_on",
        ],
        form: &[],
        related: &[
            Related {
                table: "sys_user_role_contains",
                column: "role",
                title: "Contains roles",
            },
            Related {
                table: "sys_user_has_role",
                column: "role",
                title: "Users with this role",
            },
            Related {
                table: "sys_group_has_role",
                column: "role",
                title: "Groups with this role",
            },
            Related {
                table: "sys_security_acl_role",
                column: "sys_user_role",
                title: "Access controls",
            },
        ],
    },
    Layout {
        table: "sys_user_has_role",
        list: &["user", "role", "granted_by", "inherited", "state"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_user_grmember",
        list: &["user", "group", "sys_created_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_group_has_role",
        list: &["group", "role", "sys_created_on"],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_user_role_contains",
        list: &["role", "contains", "sys_created_on"],
        form: &[],
        related: &[],
    },
];
