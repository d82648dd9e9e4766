//! What describes and protects the instance itself.

use super::{Layout, Related, Section};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "sys_db_object",
        list: &[
            "label",
            "name",
            "super_class",
            "is_extendable",
            "ws_access",
            "sys_updated_on",
        ],
        form: &[],
        related: &[],
    },
    Layout {
        table: "sys_dictionary",
        list: &[
            "name",
            "element",
            "column_label",
            "internal_type",
            "max_length",
            "reference",
            "mandatory",
            "active",
        ],
        form: &[Section {
            title: "",
            fields: &[
                "name",
                "element",
                "column_label",
                "internal_type",
                "max_length",
                "reference",
                "default_value",
                "mandatory",
                "read_only",
                "unique",
                "display",
                "active",
            ],
        }],
        related: &[],
    },
    Layout {
        table: "sys_properties",
        list: &["name", "value", "type", "description", "sys_updated_on"],
        form: &[Section {
            title: "",
            fields: &["name", "type", "value", "description"],
        }],
        related: &[],
    },
    Layout {
        table: "sys_script",
        list: &[
            "name",
            "collection",
            "when",
            "order",
            "active",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &["name", "active", "collection", "order", "when"],
            },
            Section {
                title: "When to run",
                fields: &[
                    "action_insert",
                    "action_update",
                    "action_delete",
                    "filter_condition",
                    "role_conditions",
                ],
            },
            Section {
                title: "Actions",
                fields: &["template", "abort_action", "add_message", "message"],
            },
        ],
        related: &[],
    },
    Layout {
        table: "sys_data_policy2",
        list: &["short_description", "model_table", "conditions", "active"],
        form: &[Section {
            title: "",
            fields: &[
                "short_description",
                "active",
                "model_table",
                "inherit",
                "apply_soap",
                "conditions",
            ],
        }],
        related: &[Related {
            table: "sys_data_policy_rule",
            column: "sys_data_policy",
            title: "Data Policy Rules",
        }],
    },
    Layout {
        table: "sys_security_acl",
        list: &[
            "name",
            "operation",
            "decision_type",
            "active",
            "condition",
            "description",
        ],
        form: &[],
        related: &[Related {
            table: "sys_security_acl_role",
            column: "sys_security_acl",
            title: "Requires role",
        }],
    },
    Layout {
        table: "sys_audit",
        list: &[
            "sys_created_on",
            "user",
            "tablename",
            "documentkey",
            "fieldname",
            "oldvalue",
            "newvalue",
        ],
        form: &[],
        related: &[],
    },
];
