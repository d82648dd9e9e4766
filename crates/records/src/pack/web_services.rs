//! The REST APIs that a new instance has, as records: rules name them.

use crate::base::{Seed, derived_id};

/// Name, namespace, id and description.
#[rustfmt::skip]
const APIS: &[(&str, &str, &str, &str)] = &[
    ("Table API", "now", "table", "Create, read, update and delete records of any table"),
    ("Aggregate API", "now", "stats", "Count records and calculate over them"),
    ("Attachment API", "now", "attachment", "Upload, read and delete files"),
    ("Batch API", "now", "batch", "Several requests in one"),
    ("Import Set API", "now", "import", "Stage rows and carry them to their tables"),
    ("CMDB Instance API", "now", "cmdb", "Configuration items with their relations"),
    ("Identification and Reconciliation API", "now", "identifyreconcile", "Find or make configuration items"),
    ("Change Management API", "sn_chg_rest", "change", "Change requests and their tasks"),
    ("Service Catalog API", "sn_sc", "servicecatalog", "What can be ordered, carts and orders"),
    ("Account API", "now", "account", "Customer accounts"),
    ("Contact API", "now", "contact", "Customer contacts"),
    ("Consumer API", "now", "consumer", "Customers who buy for themselves"),
    ("Email API", "now", "email", "Mail to be sent"),
    ("Knowledge Management API", "sn_km_api", "knowledge", "Published articles"),
    ("Case API", "sn_customerservice", "case", "Customer service cases"),
    ("User Role Inheritance API", "global", "user_role_inheritance", "Roles of a user, and where they come from"),
];

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    APIS.iter().map(|(name, namespace, id, description)| {
        let path = format!("{namespace}/{id}");
        Seed::new("sys_ws_definition", derived_id("sys_ws_definition", &path))
            .with("name", *name)
            .with("namespace", *namespace)
            .with("service_id", *id)
            .with("base_uri", format!("/api/{path}"))
            .with("short_description", *description)
            .with("is_versioned", "true")
    })
}
