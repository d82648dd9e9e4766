//! The variables of an item: what it asks of whoever orders it, and what they answered.

use serde_json::{Map, Value, json};

use super::{
    Fields, make,
    rows::{Row, rows, selected},
    text,
};
use crate::{error::RestError, records::Session};

const ELEMENTS: &[&str] = &[
    "sys_id",
    "name",
    "question_text",
    "type",
    "default_value",
    "help_text",
    "mandatory",
    "read_only",
    "order",
    "reference",
    "variable_set",
];

/// The types that hold no answer: labels, breaks and containers.
const SILENT: &[&str] = &["11", "12", "19", "20", "24", "32"];

/// Reads the active variables of an item: its own, and those of its sets.
pub(super) async fn of_item(session: &Session, item: &str) -> Result<Vec<Row>, RestError> {
    let own = [("cat_item", item), ("active", "true")];
    let mut found = rows(session, "item_option_new", &own, ELEMENTS).await?;
    let sets = rows(
        session,
        "io_set_item",
        &[("sc_cat_item", item)],
        &["variable_set"],
    )
    .await?;
    let sets: Vec<&str> = sets.iter().map(|set| set.value("variable_set")).collect();
    if !sets.is_empty() {
        let encoded = format!("active=true^variable_setIN{}", sets.join(","));
        found.extend(selected(session, "item_option_new", &encoded, ELEMENTS).await?);
    }
    found.sort_by(|one, other| one.number("order").total_cmp(&other.number("order")));
    Ok(found)
}

/// Returns how an item shows its variables.
pub(super) async fn described(session: &Session, item: &str) -> Result<Vec<Value>, RestError> {
    let variables = of_item(session, item).await?;
    let ids: Vec<&str> = variables.iter().map(|row| row.value("sys_id")).collect();
    let encoded = format!("inactive=false^questionIN{}^ORDERBYorder", ids.join(","));
    let choices = if ids.is_empty() {
        Vec::new()
    } else {
        let elements = &["question", "text", "value"];
        selected(session, "question_choice", &encoded, elements).await?
    };
    Ok(variables.iter().map(|row| shown(row, &choices)).collect())
}

fn shown(row: &Row, choices: &[Row]) -> Value {
    let kind: i64 = row.value("type").parse().unwrap_or_default();
    let label = row.shown("type");
    let mut variable = json!({
        "id": row.value("sys_id"),
        "name": row.value("name"),
        "label": row.value("question_text"),
        "type": kind,
        "friendly_type": friendly(label),
        "display_type": label,
        "mandatory": row.is("mandatory"),
        "read_only": row.is("read_only"),
        "active": true,
        "render_label": true,
        "value": row.value("default_value"),
        "displayvalue": row.value("default_value"),
        "help_text": row.value("help_text"),
        "attributes": "",
        "max_length": 0,
        "order": row.number("order"),
    });
    let own = choices
        .iter()
        .filter(|choice| choice.value("question") == row.value("sys_id"));
    let own: Vec<Value> = own
        .enumerate()
        .map(|(index, choice)| {
            json!({"index": index, "label": choice.value("text"), "value": choice.value("value")})
        })
        .collect();
    if !own.is_empty() {
        variable["choices"] = own.into();
    }
    if !row.value("reference").is_empty() {
        variable["reference"] = row.value("reference").into();
    }
    variable
}

/// `Single Line Text` is `single_line_text`.
fn friendly(label: &str) -> String {
    if label == "CheckBox" {
        return "check_box".to_owned();
    }
    let words: Vec<_> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_").to_ascii_lowercase()
}

/// Refuses an order that leaves out what an item must know.
pub(super) fn check(variables: &[Row], answers: &Fields) -> Result<(), RestError> {
    let open: Vec<&str> = variables
        .iter()
        .filter(|row| row.is("mandatory") && !SILENT.contains(&row.value("type")))
        .filter(|row| answer(row, answers).is_empty())
        .map(|row| row.value("name"))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let open = open.join(", ");
    Err(RestError::BadParameter(format!(
        "Mandatory Variables are required: {open}"
    )))
}

/// Returns the answer to a variable: what was said, or its default.
fn answer(variable: &Row, answers: &Fields) -> String {
    let said = text(answers, variable.value("name"));
    said.unwrap_or_else(|| variable.value("default_value").to_owned())
}

/// Keeps the answers with the item that was requested.
pub(super) async fn keep(
    session: &Session,
    requested: &str,
    variables: &[Row],
    answers: &Fields,
) -> Result<(), RestError> {
    for variable in variables {
        let value = answer(variable, answers);
        if value.is_empty() {
            continue;
        }
        let option = [
            ("item_option_new", variable.value("sys_id")),
            ("value", &value),
            ("order", variable.value("order")),
        ];
        let option = make(session, "sc_item_option", &option).await?;
        let owned = [("request_item", requested), ("sc_item_option", &option)];
        make(session, "sc_item_option_mtom", &owned).await?;
    }
    Ok(())
}

/// Returns the answers of a body.
pub(super) fn answers(fields: &Fields) -> Fields {
    match fields.get("variables") {
        Some(Value::Object(variables)) => variables.clone(),
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::friendly;

    #[test]
    fn a_friendly_type_is_the_label_in_small_letters() {
        for (label, expected) in [
            ("Single Line Text", "single_line_text"),
            ("Yes / No", "yes_no"),
            ("CheckBox", "check_box"),
            ("Date/Time", "date_time"),
        ] {
            assert_eq!(friendly(label), expected);
        }
    }
}
