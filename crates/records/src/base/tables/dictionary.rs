//! The tables that describe tables (`rest-and-records.md` §11.2, §13.4, §13.5, §13.9).
//!
//! Three of their references hold a name in place of a `sys_id`: see [`crate::base::KEYED_BY_NAME`].

use crate::base::spec::{
    Choice, Table,
    column::{boolean, integer, longint, rare_reference, reference, string, table_name, typed},
};

const CHOICE: &[Choice] = &[
    ("0", "-- None --"),
    ("1", "Dropdown with -- None --"),
    ("2", "Suggestion"),
    ("3", "Dropdown without -- None --"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sys_db_object", "Table", "sys_metadata").columns(&[
        string("name", "Name", 80).mandatory().unique().indexed(),
        // A table stands for itself by its label (§11.2).
        string("label", "Label", 80).display(),
        reference("super_class", "Extends table", "sys_db_object"),
        boolean("is_extendable", "Extensible"),
        boolean("ws_access", "Allow access to this table via web services").default("true"),
        boolean("audit", "Audit"),
        rare_reference("number_ref", "Auto number", "sys_number"),
        rare_reference("user_role", "User role", "sys_user_role"),
        // What other application scopes may do; there is one scope here.
        string("access", "Accessible from", 40).default("public"),
        boolean("read_access", "Can read").default("true"),
        boolean("create_access", "Can create"),
        boolean("update_access", "Can update"),
        boolean("delete_access", "Can delete"),
        boolean("alter_access", "Allow new fields"),
        boolean("actions_access", "Allow UI actions"),
        boolean("client_scripts_access", "Allow client scripts"),
        boolean("configuration_access", "Allow configuration"),
        boolean("live_feed_enabled", "Live feed"),
        boolean("create_access_controls", "Create access controls"),
        boolean("create_module", "Create module"),
        boolean("create_mobile_module", "Create mobile module"),
    ]),
    Table::extending("sys_dictionary", "Dictionary Entry", "sys_metadata").columns(&[
        table_name("name", "Table").mandatory().indexed(),
        string("element", "Column name", 80).indexed(),
        string("column_label", "Column label", 80).display(),
        rare_reference("internal_type", "Type", "sys_glide_object").default("string"),
        integer("max_length", "Max length"),
        rare_reference("reference", "Reference", "sys_db_object"),
        string("default_value", "Default value", 512),
        boolean("active", "Active").default("true"),
        boolean("mandatory", "Mandatory"),
        boolean("read_only", "Read only"),
        boolean("unique", "Unique"),
        boolean("display", "Display"),
        // Our own: a real instance keeps its indexes elsewhere.
        boolean("indexed", "Indexed"),
        boolean("virtual", "Calculated"),
        integer("choice", "Choice").optional_choices(CHOICE),
        string("dependent", "Dependent", 80),
        string("dependent_on_field", "Dependent on field", 80),
        boolean("use_dependent_field", "Use dependent field"),
        boolean("dynamic_creation", "Dynamic creation"),
        string("attributes", "Attributes", 1000),
        string("comments", "Comments", 4000),
    ]),
    Table::extending(
        "sys_dictionary_override",
        "Dictionary Entry Override",
        "sys_metadata",
    )
    .columns(&[
        table_name("name", "Table").mandatory().indexed(),
        string("element", "Column name", 80).mandatory(),
        table_name("base_table", "Base table"),
        boolean("default_value_override", "Override default value"),
        string("default_value", "Default value", 512),
    ]),
    Table::extending("sys_choice", "Choice", "sys_metadata").columns(&[
        table_name("name", "Table").mandatory().indexed(),
        string("element", "Element", 80).mandatory().indexed(),
        // 40 characters on a real instance (§13.9), one grant type's URN has 43.
        string("value", "Value", 100),
        string("label", "Label", 255).display(),
        integer("sequence", "Sequence"),
        boolean("inactive", "Inactive"),
        string("language", "Language", 3).default("en"),
        string("dependent_value", "Dependent value", 40),
        string("hint", "Hint", 255),
    ]),
    Table::extending("sys_number", "Number", "sys_metadata").columns(&[
        reference("category", "Table", "sys_db_object")
            .mandatory()
            .unique(),
        string("prefix", "Prefix", 40).display(),
        integer("number", "Number").default("1000"),
        integer("maximum_digits", "Number of digits").default("7"),
    ]),
    Table::root("sys_number_counter", "Number Counter").columns(&[
        table_name("table", "Table").unique().indexed().display(),
        longint("number", "Number"),
    ]),
    Table::root("sys_glide_object", "Field class").columns(&[
        string("name", "Name", 40).unique().indexed(),
        string("label", "Label", 80).display(),
        string("scalar_type", "Extends", 40),
        integer("scalar_length", "Length"),
        typed("class_name", "Class name", "string", 100),
    ]),
];
