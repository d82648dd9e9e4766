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
