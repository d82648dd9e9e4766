//! What the service catalog asks of whoever orders: variables, their choices, sets of them, and the answers
//! (`rest-and-records.md` §17).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, conditions, integer, price, reference, string, table_name},
};

const QUESTION_TYPE: &[Choice] = &[
    ("1", "Yes / No"),
    ("2", "Multi Line Text"),
    ("3", "Multiple Choice"),
    ("4", "Numeric Scale"),
    ("5", "Select Box"),
    ("6", "Single Line Text"),
    ("7", "CheckBox"),
    ("8", "Reference"),
    ("9", "Date"),
    ("10", "Date/Time"),
    ("11", "Label"),
    ("12", "Break"),
    ("14", "Custom"),
    ("15", "UI Page"),
    ("16", "Wide Single Line Text"),
    ("17", "Custom with Label"),
    ("18", "Lookup Select Box"),
    ("19", "Container Start"),
    ("20", "Container End"),
    ("21", "List Collector"),
    ("22", "Lookup Multiple Choice"),
    ("23", "HTML"),
    ("24", "Container Split"),
    ("25", "Masked"),
    ("26", "Email"),
    ("27", "URL"),
    ("28", "IP Address"),
    ("29", "Duration"),
    ("31", "Requested For"),
    ("32", "Rich Text Label"),
    ("33", "Attachment"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("question", "Question", "sys_metadata")
        .extendable()
        .columns(&[
            string("name", "Name", 100).indexed(),
            string("question_text", "Question", 255).display(),
            integer("type", "Type").choices(QUESTION_TYPE),
            string("default_value", "Default value", 4000),
            string("help_text", "Help text", 4000),
            string("tooltip", "Tooltip", 255),
            string("example_text", "Example text", 255),
            string("description", "Description", 4000),
            table_name("reference", "Reference"),
            conditions("reference_qual_condition", "Reference qualifier condition"),
            string("reference_qual", "Reference qual", 4000),
            table_name("list_table", "List table"),
            table_name("lookup_table", "Lookup from table"),
            string("lookup_value", "Lookup value field", 80),
            string("lookup_label", "Lookup label field(s)", 255),
            boolean("active", "Active").default("true"),
            boolean("mandatory", "Mandatory"),
            boolean("read_only", "Read only"),
            boolean("hidden", "Hidden"),
            boolean("include_none", "Include none"),
            integer("order", "Order").default("100"),
        ]),
    Table::extending("item_option_new", "Variable", "question").columns(&[
        reference("cat_item", "Catalog item", "sc_cat_item"),
        reference("variable_set", "Variable set", "item_option_new_set"),
        boolean("global", "Global"),
    ]),
    Table::extending("question_choice", "Question Choice", "sys_metadata").columns(&[
        reference("question", "Question", "question"),
        string("text", "Text", 255).display(),
        string("value", "Value", 255),
        integer("order", "Order").default("100"),
        boolean("inactive", "Inactive"),
        price("misc", "Price"),
    ]),
    Table::extending("item_option_new_set", "Variable Set", "sys_metadata").columns(&[
        string("title", "Title", 100).display(),
        string("name", "Name", 100),
        string("internal_name", "Internal name", 100),
        string("description", "Description", 4000),
        string("type", "Type", 40).default("one_to_one"),
        integer("order", "Order").default("100"),
    ]),
    Table::extending("io_set_item", "Variable Set of an Item", "sys_metadata").columns(&[
        reference("sc_cat_item", "Catalog item", "sc_cat_item"),
        reference("variable_set", "Variable set", "item_option_new_set"),
        integer("order", "Order").default("100"),
    ]),
    Table::root("sc_item_option", "Option").columns(&[
        reference("item_option_new", "Question", "item_option_new"),
        string("value", "Value", 4000).display(),
        integer("order", "Order"),
    ]),
    Table::root("sc_item_option_mtom", "Variable Ownership").columns(&[
        reference("request_item", "Parent item", "sc_req_item"),
        reference("sc_item_option", "Dependent item", "sc_item_option"),
    ]),
    Table::extending(
        "catalog_script_client",
        "Catalog Client Script",
        "sys_script_client",
    )
    .columns(&[
        reference("cat_item", "Catalog item", "sc_cat_item"),
        reference("variable_set", "Variable set", "item_option_new_set"),
        string("cat_variable", "Variable name", 100),
        string("applies_to", "Applies to", 40).default("item"),
    ]),
    Table::extending("catalog_ui_policy", "Catalog UI Policy", "sys_ui_policy").columns(&[
        reference("catalog_item", "Catalog item", "sc_cat_item"),
        reference("variable_set", "Variable set", "item_option_new_set"),
        conditions("catalog_conditions", "Catalog Conditions"),
        string("applies_to", "Applies to", 40).default("item"),
    ]),
];
