//! Tasks of all kinds.

use super::{Layout, Related, Section};

const JOURNAL: Section = Section {
    title: "Notes",
    fields: &["comments", "work_notes", "watch_list", "work_notes_list"],
};

pub(super) const LAYOUTS: &[Layout] = &[
    Layout {
        table: "task",
        list: &[
            "number",
            "short_description",
            "priority",
            "state",
            "assignment_group",
            "assigned_to",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &[
                    "number",
                    "state",
                    "priority",
                    "impact",
                    "urgency",
                    "assignment_group",
                    "assigned_to",
                    "cmdb_ci",
                    "opened_by",
                    "opened_at",
                    "active",
                    "short_description",
                    "description",
                ],
            },
            JOURNAL,
        ],
        related: &[Related {
            table: "task",
            column: "parent",
            title: "Tasks below",
        }],
    },
    Layout {
        table: "incident",
        list: &[
            "number",
            "opened_at",
            "short_description",
            "caller_id",
            "priority",
            "state",
            "category",
            "assignment_group",
            "assigned_to",
            "sys_updated_on",
        ],
        form: &[
            Section {
                title: "",
                fields: &[
                    "number",
                    "state",
                    "caller_id",
                    "contact_type",
                    "category",
                    "impact",
                    "subcategory",
                    "urgency",
                    "business_service",
                    "priority",
                    "cmdb_ci",
                    "assignment_group",
                    "hold_reason",
                    "assigned_to",
                    "short_description",
                    "description",
                ],
            },
            JOURNAL,
            Section {
                title: "Related records",
                fields: &["parent_incident", "problem_id", "rfc", "caused_by"],
            },
            Section {
                title: "Resolution",
                fields: &["close_code", "resolved_by", "resolved_at", "close_notes"],
            },
        ],
        related: &[
            Related {
                table: "incident",
                column: "parent_incident",
                title: "Child incidents",
            },
            Related {
                table: "incident_task",
                column: "incident",
                title: "Incident tasks",
            },
        ],
    },
    Layout {
        table: "problem",
        list: &[
            "number",
            "short_description",
            "problem_state",
            "priority",
            "assignment_group",
            "assigned_to",
            "sys_updated_on",
        ],
        form: &[],
        related: &[
            Related {
                table: "incident",
                column: "problem_id",
                title: "Incidents",
            },
            Related {
                table: "problem_task",
                column: "problem",
                title: "Problem tasks",
            },
        ],
    },
    Layout {
        table: "change_request",
        list: &[
            "number",
            "short_description",
            "type",
            "state",
            "risk",
            "assignment_group",
            "assigned_to",
            "sys_updated_on",
        ],
        form: &[],
        related: &[
            Related {
                table: "change_task",
                column: "change_request",
                title: "Change tasks",
            },
            Related {
                table: "incident",
                column: "rfc",
                title: "Incidents pending this change",
            },
        ],
    },
    Layout {
        table: "sc_request",
        list: &[
            "number",
            "short_description",
            "requested_for",
            "request_state",
            "opened_at",
            "sys_updated_on",
        ],
        form: &[],
        related: &[Related {
            table: "sc_req_item",
            column: "request",
            title: "Requested items",
        }],
    },
];
