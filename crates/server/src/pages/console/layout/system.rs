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
        table: "sys_hub_flow",
        list: &["name", "active", "run_as_user", "sys_updated_on"],
        form: &[Section {
            title: "",
            fields: &["name", "active", "description", "run_as_user"],
        }],
        related: &[
            Related {
                table: "sys_hub_trigger_instance",
                column: "flow",
                title: "Triggers",
            },
            Related {
                table: "sys_hub_action_instance",
                column: "flow",
                title: "Steps",
            },
            Related {
                table: "sys_flow_context",
                column: "flow",
                title: "Runs",
            },
        ],
    },
    Layout {
        table: "sys_hub_trigger_instance",
        list: &["name", "flow", "trigger_type", "table", "condition"],
        form: &[
            Section {
                title: "",
                fields: &["name", "flow", "trigger_type"],
            },
            Section {
                title: "Record",
                fields: &["table", "condition"],
            },
            Section {
                title: "Schedule",
                fields: &["run_start", "run_period"],
            },
        ],
        related: &[],
    },
    Layout {
        table: "sys_hub_action_instance",
        list: &["order", "name", "action_type", "display_text", "flow"],
        form: &[
            Section {
                title: "",
                fields: &[
                    "display_text",
                    "flow",
                    "order",
                    "active",
                    "name",
                    "action_type",
                    "retry_policy",
                    "on_failure",
                ],
            },
            Section {
                title: "REST by alias",
                fields: &[
                    "connection_alias",
                    "http_method",
                    "resource_path",
                    "headers",
                    "request_body",
                ],
            },
            Section {
                title: "REST message",
                fields: &["rest_message_function", "variables"],
            },
            Section {
                title: "Answer",
                fields: &["mappings"],
            },
            Section {
                title: "Record",
                fields: &["table", "record", "values"],
            },
        ],
        related: &[],
    },
    Layout {
        table: "sys_flow_context",
        list: &[
            "name",
            "state",
            "operation",
            "source_table",
            "source_record",
            "reason",
            "sys_created_on",
        ],
        form: &[],
        related: &[Related {
            table: "sys_flow_context_step",
            column: "context",
            title: "Steps",
        }],
    },
    Layout {
        table: "sys_flow_context_step",
        list: &[
            "order",
            "name",
            "state",
            "attempts",
            "response_status",
            "reason",
            "detail",
        ],
        form: &[],
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
