//! The types a column can have, as rows of `sys_glide_object` (`rest-and-records.md` §11.2, §13.7).

use super::{Seed, derived_id};

/// Name, label, the type of the database below it, and its length.
const FIELD_CLASSES: &[(&str, &str, &str, &str)] = &[
    ("GUID", "Sys ID (GUID)", "GUID", "32"),
    ("boolean", "True/False", "boolean", ""),
    ("choice", "Choice", "string", "40"),
    ("collection", "Collection", "", ""),
    ("color", "Color", "string", "40"),
    ("conditions", "Conditions", "string", "4000"),
    ("count", "Count", "integer", ""),
    ("css", "CSS", "string", "65000"),
    ("currency", "Currency", "decimal", "20"),
    ("currency2", "FX Currency", "decimal", "20"),
    ("decimal", "Decimal", "decimal", "15"),
    ("document_id", "Document ID", "GUID", "32"),
    ("domain_id", "Domain ID", "GUID", "32"),
    ("domain_path", "Domain Path", "string", "255"),
    ("due_date", "Due Date", "datetime", ""),
    ("email", "Email", "string", "100"),
    ("field_name", "Field Name", "string", "80"),
    ("float", "Floating Point Number", "float", ""),
    ("glide_date", "Date", "date", ""),
    ("glide_date_time", "Date/Time", "datetime", ""),
    ("glide_duration", "Duration", "datetime", ""),
    ("glide_list", "List", "string", "4000"),
    ("glide_time", "Time", "datetime", ""),
    ("html", "HTML", "string", "65000"),
    ("image", "Basic Image", "string", "40"),
    ("integer", "Integer", "integer", ""),
    (
        "ip_addr",
        "IP Address (Validated IPV4, IPV6)",
        "string",
        "40",
    ),
    ("journal", "Journal", "string", "4000"),
    ("journal_input", "Journal Input", "string", "4000"),
    ("journal_list", "Journal List", "string", "4000"),
    ("json", "JSON", "string", "65000"),
    ("longint", "Long", "longint", ""),
    ("order_index", "Order Index", "integer", ""),
    ("password", "Password (1 Way Encrypted)", "string", "255"),
    ("password2", "Password (2 Way Encrypted)", "string", "255"),
    ("phone_number_e164", "Phone Number (E164)", "string", "40"),
    ("price", "Price", "decimal", "20"),
    ("reference", "Reference", "GUID", "32"),
    ("related_tags", "Related Tags", "string", "255"),
    ("script", "Script", "string", "8000"),
    ("string", "String", "string", "40"),
    ("sys_class_name", "System Class Name", "string", "80"),
    ("table_name", "Table Name", "string", "80"),
    ("template_value", "Template Value", "string", "65000"),
    ("timer", "Timer", "datetime", ""),
    ("translated_text", "Translated Text", "string", "255"),
    ("url", "URL", "string", "1024"),
    ("user_image", "Image", "string", "40"),
    ("user_input", "User Input", "string", "4000"),
    ("user_roles", "User Roles", "string", "255"),
    ("video", "Video", "string", "40"),
];

/// Returns one row for each type.
pub(super) fn records() -> impl Iterator<Item = Seed> {
    FIELD_CLASSES
        .iter()
        .map(|(name, label, scalar_type, scalar_length)| {
            Seed::new("sys_glide_object", derived_id("sys_glide_object", name))
                .with("name", *name)
                .with("label", *label)
                .with("scalar_type", *scalar_type)
                .with("scalar_length", *scalar_length)
        })
}
