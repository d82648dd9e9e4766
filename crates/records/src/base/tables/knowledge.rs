//! Knowledge articles, and the one chart table that clients ask for (`rest-and-records.md` §15.4, §16.6).

use crate::base::spec::{
    Choice, Table,
    column::{NEXT_NUMBER, boolean, date, integer, rare_reference, string, typed},
};

const WORKFLOW: &[Choice] = &[
    ("draft", "Draft"),
    ("review", "Review"),
    ("published", "Published"),
    ("pending_retirement", "Pending retirement"),
    ("retired", "Retired"),
    ("outdated", "Outdated"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("kb_knowledge", "Knowledge")
        .extendable()
        .audited()
        .numbered("KB", 10_000)
        .columns(&[
            string("number", "Number", 40)
                .default(NEXT_NUMBER)
                .indexed()
                .display(),
            string("short_description", "Short description", 100),
            typed("text", "Article body", "html", 65_000),
            string("topic", "Topic", 40),
            string("category", "Category", 40),
            string("workflow_state", "Workflow", 40)
                .default("draft")
                .choices(WORKFLOW)
                .indexed(),
            rare_reference("author", "Author", "sys_user"),
            date("published", "Published"),
            date("valid_to", "Valid to"),
            boolean("active", "Active").default("true"),
            integer("sys_view_count", "View count").default("0"),
            typed("rating", "Rating", "decimal", 15),
            rare_reference("cmdb_ci", "Configuration item", "cmdb_ci"),
            rare_reference("source", "Source Task", "task"),
        ]),
    Table::extending("bsm_chart", "BSM Map", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("description", "Description", 1000),
        boolean("active", "Active").default("true"),
    ]),
];
