//! The CMDB Meta API: what a class is made of.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_records::{Column, Table, dictionary::DefaultValue, name::Name};

use super::{identification, open};
use crate::{
    app::App,
    error::{RestError, json as answer},
    rest::{access::Head, path::Named},
};

/// `GET /api/now/cmdb/meta/{class}`
pub(crate) async fn meta(
    State(app): State<App>,
    Named(class): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table) = open(app, &class, Head::from(&request)).await?;
    let context = session.context();
    let access = session.access(&context);
    if !access.may_read_table(&table) {
        return Err(RestError::UnreadableTable(class));
    }
    let columns = table.columns().iter();
    let readable = columns.filter(|column| access.may_read_field(&table, &column.element));
    let attributes: Vec<Value> = readable.map(|column| attribute(&table, column)).collect();
    let is_child = |name: &&&str| {
        let below = session.dictionary.table(name);
        below.is_some_and(|below| below.parent().is_some_and(|parent| parent == table.name()))
    };
    let below: Vec<&str> = table.descendants().iter().map(Name::as_str).collect();
    let children: Vec<&&str> = below.iter().filter(is_child).collect();
    let result = json!({
        "name": table.name().as_str(),
        "label": table.label(),
        "parent": table.parent().map_or("", |parent| parent.as_str()),
        "is_extendable": table.has_classes().to_string(),
        // Classes have no pictures here, and no rules about which relations they may have.
        "icon": "",
        "icon_url": "",
        "attributes": attributes,
        "children": children,
        "identification_rules": identification::describe(&table),
        "relationship_rules": [],
    });
    Ok(answer(
        StatusCode::OK,
        json!({"result": result}).to_string(),
    ))
}

fn attribute(table: &Table, column: &Column) -> Value {
    let default = match &column.default {
        DefaultValue::Literal(text) => &**text,
        _ => "",
    };
    let is_display = table
        .display()
        .is_some_and(|display| display.element == column.element);
    json!({
        "element": column.element.as_str(),
        "label": &*column.label,
        "type": &*column.internal_type,
        "max_length": column.max_length.to_string(),
        "is_mandatory": column.mandatory.to_string(),
        "is_read_only": column.read_only.to_string(),
        "is_display": is_display.to_string(),
        "is_inherited": (column.declared_in != *table.name()).to_string(),
        "default_value": default,
        "reference": column.reference.as_deref().unwrap_or_default(),
    })
}
