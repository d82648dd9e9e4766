//! Rules that refuse a write: what a real instance has business rules for (`rest-and-records.md` §1.7, E7).
//!
//! They look at what would be stored, so they hold for the Table API and for forms alike.

use std::sync::Arc;

use snowglobe_oauth::{api_access::cors::Domain, redirect_uri::RedirectUri};
use snowglobe_records::{Column, Table, Value, dictionary::may_name_a_table};

use super::RecordError;

/// Checks the new values of a row.
pub(super) fn check(table: &Table, values: &[(Arc<Column>, Value)]) -> Result<(), RecordError> {
    match table.root().as_str() {
        "oauth_entity" => {}
        "sys_metadata" if *table.name() == *"sys_db_object" => return table_name(table, values),
        "sys_cors_rule" => return cors_domain(table, values),
        "sys_transform_map" | "sys_transform_entry" => return no_script(table, values),
        _ => return Ok(()),
    }
    let redirect_url = values
        .iter()
        .find(|(column, _)| column.element == "redirect_url");
    match redirect_url {
        Some((_, Value::Text(field))) => redirect_urls(table, field),
        _ => Ok(()),
    }
}

/// security.md §2, 3 and 4: checked at registration, and again where one is used.
fn redirect_urls(table: &Table, field: &str) -> Result<(), RecordError> {
    let wrong = RedirectUri::list(field).find_map(|(text, read)| Some((text, read.err()?)));
    let Some((text, fault)) = wrong else {
        return Ok(());
    };
    let shown: String = text.chars().take(200).collect();
    Err(RecordError::Refused {
        table: table.name().to_string(),
        rule: "Validate redirect URLs",
        element: "redirect_url",
        code: fault.code(),
        why: format!("\u{201c}{shown}\u{201d} cannot be a redirect URL: {fault}."),
    })
}

/// `rest-and-records.md` §12.2: which domains a CORS rule can name.
fn cors_domain(table: &Table, values: &[(Arc<Column>, Value)]) -> Result<(), RecordError> {
    let domain = values.iter().find(|(column, _)| column.element == "domain");
    let Some((_, Value::Text(text))) = domain else {
        return Ok(());
    };
    match Domain::parse(text) {
        Ok(_) => Ok(()),
        Err(fault) => Err(RecordError::Refused {
            table: table.name().to_string(),
            rule: "Validate CORS domain",
            element: "domain",
            code: fault.code(),
            why: format!(
                "\u{201c}{}\u{201d} cannot be a domain: {fault}.",
                text.chars().take(200).collect::<String>()
            ),
        }),
    }
}

/// A table whose name cannot stand in the dictionary would never come to be.
fn table_name(table: &Table, values: &[(Arc<Column>, Value)]) -> Result<(), RecordError> {
    let name = values.iter().find(|(column, _)| column.element == "name");
    match name {
        Some((_, Value::Text(name))) if !may_name_a_table(name) => Err(RecordError::Refused {
            table: table.name().to_string(),
            rule: "Validate table name",
            element: "name",
            code: "table_name_invalid",
            why: format!(
                "\u{201c}{}\u{201d} cannot be the name of a table: use small letters, digits and _, beginning with a letter, at most 80.",
                name.chars().take(200).collect::<String>()
            ),
        }),
        _ => Ok(()),
    }
}

/// Nothing here runs scripts; a map that is left without its own would do something else than it says.
fn no_script(table: &Table, values: &[(Arc<Column>, Value)]) -> Result<(), RecordError> {
    let asks = |(column, value): &&(Arc<Column>, Value)| match column.element.as_str() {
        "run_script" | "use_source_script" => *value == Value::Int(1),
        _ => false,
    };
    match values.iter().find(asks) {
        None => Ok(()),
        Some((column, _)) => Err(RecordError::Refused {
            table: table.name().to_string(),
            rule: "Refuse scripts",
            element: if column.element == "run_script" {
                "run_script"
            } else {
                "use_source_script"
            },
            code: "script_not_run",
            why: "This instance runs no scripts: map the fields instead.".to_owned(),
        }),
    }
}
