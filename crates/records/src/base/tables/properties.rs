//! System properties and business rules (`rest-and-records.md` §13.8; `inbound-oauth.md` §7).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, conditions, integer, script, string, table_name, typed},
};

const PROPERTY_TYPE: &[Choice] = &[
    ("string", "string"),
    ("integer", "integer"),
    ("boolean", "true | false"),
    ("choicelist", "choice list"),
    ("password2", "password2"),
    ("timezone", "timezone"),
    ("date_format", "date_format"),
    ("time_format", "time_format"),
];
const WHEN: &[Choice] = &[
    ("before", "before"),
    ("after", "after"),
    ("async", "async"),
    ("before_display", "display"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sys_properties", "System Property", "sys_metadata").columns(&[
        string("name", "Name", 100)
            .mandatory()
            .unique()
            .indexed()
            .display(),
        string("value", "Value", 4000),
        string("type", "Type", 40)
            .default("string")
            .choices(PROPERTY_TYPE),
        string("suffix", "Suffix", 100),
        string("description", "Description", 512),
        string("choices", "Choices", 4000),
        typed("read_roles", "Read roles", "user_roles", 255),
        typed("write_roles", "Write roles", "user_roles", 255),
        boolean("private", "Private"),
        boolean("ignore_cache", "Ignore cache"),
    ]),
    // The declarative part of a business rule works; its script is kept and not run (§13.8).
    Table::extending("sys_script", "Business Rule", "sys_metadata").columns(&[
        string("name", "Name", 100).mandatory().display(),
        table_name("collection", "Table").indexed(),
        boolean("active", "Active").default("true"),
        boolean("advanced", "Advanced"),
        string("when", "When", 40).default("after").choices(WHEN),
        integer("order", "Order").default("100"),
        integer("priority", "Priority").default("100"),
        boolean("action_insert", "Insert"),
        boolean("action_update", "Update"),
        boolean("action_delete", "Delete"),
        boolean("action_query", "Query"),
        conditions("filter_condition", "Filter Conditions"),
        string("condition", "Condition", 254),
        typed("role_conditions", "Role conditions", "user_roles", 4000),
        boolean("abort_action", "Abort action"),
        boolean("add_message", "Add message"),
        typed("message", "Message", "html", 4000),
        typed("template", "Template", "template_value", 4000),
        script("script", "Script"),
        string("description", "Description", 4000),
    ]),
];
