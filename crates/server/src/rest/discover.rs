//! What clients ask before they start (`rest-and-records.md` §9.5): who am I, which tables are there, what are a
//! table's columns. Undocumented, and the first call of many command lines; only what the caller may read is told.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::{Column, Table, acl::Access};

use super::{access::Head, path::Named};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Session},
};

/// `GET /api/now/ui/user/current_user`
pub(crate) async fn current_user(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let account = &session.user.account;
    let table = session.table("sys_user")?;
    let names = ["name", "first_name", "last_name", "photo"];
    let plan = records::one(&session, &table, &account.sys_id, Some(names))?;
    let page = session.app.store.read(&plan).await?;
    let field = |name: &str| {
        let at = plan.outputs.iter().position(|output| &*output.key == name);
        let row = page.rows.first().zip(at);
        row.map_or("", |(row, at)| row.text(at))
    };
    let initials = [field("first_name"), field("last_name")];
    let initials: String = initials
        .iter()
        .filter_map(|name| name.chars().next())
        .collect();
    let user = json!({
        "user_sys_id": account.sys_id,
        "user_name": account.user_name,
        "user_display_name": field("name"),
        "user_initials": initials,
        "user_avatar": field("photo"),
    });
    Ok(told(&user))
}

/// `GET /api/now/doc/table/schema`: the tables.
pub(crate) async fn tables(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let context = session.context();
    let access = session.access(&context);
    let mut tables: Vec<&Table> = session
        .dictionary
        .tables()
        .map(|table| &**table)
        .filter(|table| table.ws_access() && access.may_read_table(table))
        .collect();
    tables.sort_unstable_by(|one, other| one.name().cmp(other.name()));
    let table = |table: &&Table| json!({"label": table.label(), "value": table.name().as_str(), "reference": ""});
    Ok(told(&tables.iter().map(table).collect()))
}

/// `GET /api/now/doc/table/schema/{table}`: the columns of a table.
pub(crate) async fn columns(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    let context = session.context();
    let access = session.access(&context);
    let column = |column: &Column| {
        json!({
            "label": &*column.label,
            "value": column.element.as_str(),
            "type": &*column.internal_type,
            "reference": column.reference.as_deref().unwrap_or_default(),
        })
    };
    Ok(told(&readable(&access, &table)?.map(column).collect()))
}

/// `GET /api/now/ui/meta/{table}`: the columns of a table with all that a form needs.
pub(crate) async fn meta(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    let context = session.context();
    let access = session.access(&context);
    let columns: Map<String, Value> = readable(&access, &table)?
        .map(|column| (column.element.to_string(), described(column)))
        .collect();
    Ok(told(&json!({"columns": columns})))
}

fn described(column: &Column) -> Value {
    let choices = column.choices.iter().enumerate();
    let choices: Vec<Value> = choices
        .filter(|(_, choice)| !choice.inactive)
        .map(|(at, choice)| {
            json!({"label": &*choice.label, "value": &*choice.value, "sequence": at.to_string()})
        })
        .collect();
    json!({
        "label": &*column.label,
        "type": &*column.internal_type,
        "mandatory": column.mandatory,
        "read_only": column.read_only,
        "max_length": column.max_length,
        "reference": column.reference.as_deref().unwrap_or_default(),
        "choices": choices,
    })
}

/// The columns the caller may read, of a table they may read something of.
fn readable<'a>(
    access: &'a Access<'a>,
    table: &'a Table,
) -> Result<impl Iterator<Item = &'a Column>, RestError> {
    if !access.may_read_table(table) {
        return Err(RestError::UnreadableTable(table.name().to_string()));
    }
    let columns = table.columns().iter().map(|column| &**column);
    Ok(columns.filter(|column| access.may_read_field(table, &column.element)))
}

fn told(result: &Value) -> Response {
    answer(StatusCode::OK, json!({"result": result}).to_string())
}
