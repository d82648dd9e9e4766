//! Business rules and data policies (`rest-and-records.md` §13.8).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, conditions, integer, reference, script, string, table_name, typed},
};

const WHEN: &[Choice] = &[
    ("before", "before"),
    ("after", "after"),
    ("async", "async"),
    ("before_display", "display"),
];
/// What a data policy says of a field.
const SAYS: &[Choice] = &[
    ("ignore", "Leave alone"),
    ("true", "True"),
    ("false", "False"),
];

pub(crate) const TABLES: &[Table] = &[
    // What is declared is obeyed; a script is kept, and a rule that has one cannot be active.
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
        boolean("is_rest", "Is REST"),
        boolean("client_callable", "Client callable"),
    ]),
    Table::extending("sys_data_policy2", "Data Policy", "sys_metadata").columns(&[
        string("short_description", "Short description", 255).display(),
        table_name("model_table", "Table").mandatory().indexed(),
        boolean("active", "Active").default("true"),
        boolean("inherit", "Inherit"),
        conditions("conditions", "Conditions"),
        boolean("reverse_if_false", "Reverse if false").default("true"),
        boolean("apply_import_set", "Apply to import sets").default("true"),
        boolean("apply_soap", "Apply to web services").default("true"),
        boolean("enforce_ui", "Use as UI Policy on client").default("true"),
        string("description", "Description", 4000),
    ]),
    Table::extending("sys_data_policy_rule", "Data Policy Rule", "sys_metadata").columns(&[
        reference("sys_data_policy", "Data policy", "sys_data_policy2")
            .mandatory()
            .indexed(),
        table_name("table", "Table"),
        string("field", "Field name", 80).mandatory().display(),
        string("mandatory", "Mandatory", 40)
            .default("ignore")
            .choices(SAYS),
        string("disabled", "Read only", 40)
            .default("ignore")
            .choices(SAYS),
    ]),
];
