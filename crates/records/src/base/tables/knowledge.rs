//! Knowledge articles, and the one chart table that clients ask for (`rest-and-records.md` §15.4, §16.6).

use crate::base::spec::{
    Choice, Table,
    column::{
        CALLER, NEXT_NUMBER, boolean, date, integer, list, rare_reference, reference, string,
        table_name, typed,
    },
};

const WORKFLOW: &[Choice] = &[
    ("draft", "Draft"),
    ("review", "Review"),
    ("published", "Published"),
    ("pending_retirement", "Pending retirement"),
    ("retired", "Retired"),
    ("outdated", "Outdated"),
];

const ARTICLE_TYPE: &[Choice] = &[("text", "HTML"), ("wiki", "Wiki")];

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
            reference("kb_knowledge_base", "Knowledge base", "kb_knowledge_base"),
            reference("kb_category", "Category (of the base)", "kb_category"),
            string("article_type", "Article type", 40)
                .default("text")
                .choices(ARTICLE_TYPE),
            typed("wiki", "Wiki", "html", 65_000),
            string("description", "Description", 4000),
            string("meta", "Meta", 4000),
            string("language", "Language", 40).default("en"),
            boolean("latest", "Latest").default("true"),
            boolean("flagged", "Flagged"),
            boolean("disable_commenting", "Disable commenting"),
            integer("use_count", "Used as solution").default("0"),
            date("retired", "Retired"),
            // One article through all its versions; there is one version of each here.
            string("article_id", "Article ID", 32),
            string("version", "Version", 40).default("1.0"),
            string("display_number", "Display number", 40),
        ]),
    Table::extending("kb_knowledge_base", "Knowledge Base", "sys_metadata").columns(&[
        string("title", "Title", 100)
            .mandatory()
            .indexed()
            .display(),
        string("description", "Description", 1000),
        rare_reference("owner", "Owner", "sys_user").default(CALLER),
        list("kb_managers", "Managers", "sys_user"),
        string("workflow", "Publish workflow", 100),
        string("retire_workflow", "Retire workflow", 100),
        boolean("active", "Active").default("true"),
        boolean("disable_commenting", "Disable commenting"),
        boolean("disable_suggesting", "Disable suggesting"),
        boolean("disable_category_editing", "Disable category editing"),
        boolean("disable_rating", "Disable rating"),
    ]),
    Table::root("kb_category", "Knowledge Category").columns(&[
        string("label", "Label", 100).mandatory().display(),
        string("value", "Value", 100),
        string("full_category", "Full category", 1000),
        // A knowledge base or another category: `parent_table` tells which.
        typed("parent_id", "Parent ID", "document_id", 32).indexed(),
        table_name("parent_table", "Parent table"),
        string("description", "Description", 1000),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("kb_feedback", "Knowledge Feedback").columns(&[
        reference("article", "Article", "kb_knowledge"),
        rare_reference("user", "User", "sys_user").default(CALLER),
        string("comments", "Comments", 4000),
        string("useful", "Useful", 40),
        integer("rating", "Rating"),
        boolean("flagged", "Flagged"),
    ]),
    Table::extending("bsm_chart", "BSM Map", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("description", "Description", 1000),
        boolean("active", "Active").default("true"),
    ]),
];
