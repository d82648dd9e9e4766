//! The caller's cart: things to be ordered together. A person has one, made when it is first used.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use snowglobe_records::write::Mode;

use super::{
    Head, item,
    item::money,
    make, open, quantity,
    rows::{Row, row, rows},
    told, variable,
};
use crate::{
    app::App,
    error::{RestError, no_content},
    records::{self, Input, Session},
    rest::path::Named,
};

const LINE: &[&str] = &[
    "sys_id",
    "cat_item",
    "cat_item.name",
    "cat_item.short_description",
    "cat_item.sys_class_name",
    "quantity",
    "price",
    "recurring_price",
    "variables",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
];

/// Returns the key of the caller's cart, if they have one.
async fn mine(session: &Session) -> Result<Option<String>, RestError> {
    let me = &session.user.account.sys_id;
    let carts = rows(session, "sc_cart", &[("user", me)], &["sys_id"]).await?;
    Ok(carts.first().map(|cart| cart.value("sys_id").to_owned()))
}

/// Returns the key of the caller's cart; makes one where there is none.
async fn mine_or_new(session: &Session) -> Result<String, RestError> {
    match mine(session).await? {
        Some(cart) => Ok(cart),
        None => make(session, "sc_cart", &[("name", "DEFAULT")]).await,
    }
}

/// Returns what is in the caller's cart.
pub(super) async fn lines(session: &Session) -> Result<Vec<Row>, RestError> {
    match mine(session).await? {
        Some(cart) => rows(session, "sc_cart_item", &[("cart", &cart)], LINE).await,
        None => Ok(Vec::new()),
    }
}

/// Takes everything out of the caller's cart.
pub(super) async fn clear(session: &Session, lines: &[Row]) -> Result<(), RestError> {
    let table = session.table("sc_cart_item")?;
    for line in lines {
        records::delete(session, &table, line.value("sys_id")).await?;
    }
    Ok(())
}

/// `GET /api/sn_sc/servicecatalog/cart`
pub(crate) async fn show(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let cart = mine(&session).await?.unwrap_or_default();
    Ok(told(&shown(&cart, &lines(&session).await?)))
}

/// `POST /api/sn_sc/servicecatalog/items/{sys_id}/add_to_cart`
pub(crate) async fn add(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, _, fields) = open(app, request).await?;
    let found = row(&session, "sc_cat_item", &sys_id, item::ELEMENTS).await?;
    let answers = variable::answers(&fields);
    let variables = variable::of_item(&session, &sys_id).await?;
    variable::check(&variables, &answers)?;
    let quantity = quantity(&fields)?.to_string();
    let cart = mine_or_new(&session).await?;
    let kept = Value::Object(answers).to_string();
    let line = [
        ("cart", &*cart),
        ("cat_item", &*sys_id),
        ("quantity", &*quantity),
        ("price", found.value("price")),
        ("recurring_price", found.value("recurring_price")),
        ("variables", &*kept),
    ];
    make(&session, "sc_cart_item", &line).await?;
    let lines = lines(&session).await?;
    let items: Vec<Value> = lines.iter().map(line_shown).collect();
    Ok(told(&json!({
        "cart_id": cart,
        "subtotal": money(total(&lines, "price")),
        "items": items,
    })))
}

/// `PUT /api/sn_sc/servicecatalog/cart/{cart_item_id}`: another number, other answers.
pub(crate) async fn change(
    State(app): State<App>,
    Named(line): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, _, fields) = open(app, request).await?;
    let quantity = quantity(&fields)?.to_string();
    let kept = Value::Object(variable::answers(&fields)).to_string();
    let mut pairs = vec![("quantity", &*quantity)];
    if fields.contains_key("variables") {
        pairs.push(("variables", &kept));
    }
    let table = session.table("sc_cart_item")?;
    let input = Input {
        pairs: &pairs,
        mode: Mode::default(),
    };
    records::update(&session, &table, &line, input, None)
        .await
        .map_err(not_mine)?;
    let cart = mine(&session).await?.unwrap_or_default();
    Ok(told(&shown(&cart, &lines(&session).await?)))
}

/// `DELETE /api/sn_sc/servicecatalog/cart/{cart_item_id}`
pub(crate) async fn remove(
    State(app): State<App>,
    Named(line): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table("sc_cart_item")?;
    records::delete(&session, &table, &line)
        .await
        .map_err(not_mine)?;
    Ok(no_content())
}

/// `DELETE /api/sn_sc/servicecatalog/cart/{sys_id}/empty`
pub(crate) async fn empty(
    State(app): State<App>,
    Named(cart): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    if mine(&session).await?.as_deref() != Some(&*cart) {
        return Ok(invalid("cart").into_response());
    }
    clear(&session, &lines(&session).await?).await?;
    let table = session.table("sc_cart")?;
    records::delete(&session, &table, &cart).await?;
    Ok((StatusCode::NO_CONTENT, no_content()).into_response())
}

/// A line that is not there is another's: documented as 400.
fn not_mine(fault: records::RecordError) -> RestError {
    match fault {
        records::RecordError::Missing => invalid("cart item"),
        other => other.into(),
    }
}

fn invalid(what: &str) -> RestError {
    RestError::BadParameter(format!("The {what} is not in the caller's cart"))
}

/// The sum over the lines of quantity and price.
pub(super) fn total(lines: &[Row], price: &str) -> f64 {
    let of = |line: &Row| line.number("quantity") * line.number(price);
    lines.iter().map(of).sum()
}

/// Returns a cart as it is shown. Recurring prices have no frequency here: all lines are in the group `none`.
pub(super) fn shown(cart: &str, lines: &[Row]) -> Value {
    let subtotals = |items: Option<Vec<Value>>| {
        let mut group = json!({
            "subtotal_price": money(total(lines, "price")),
            "subtotal_recurring_frequency": "",
            "subtotal_recurring_price": money(total(lines, "recurring_price")),
            "total_title": "Total",
        });
        if let Some(items) = items {
            group["frequency_label"] = Value::Null;
            group["show_subtotal_price"] = "true".into();
            group["subtotal_title"] = "Subtotal".into();
            group["items"] = items.into();
        }
        group
    };
    let mut shown = subtotals(None);
    shown["cart_id"] = cart.into();
    if !lines.is_empty() {
        shown["none"] = subtotals(Some(lines.iter().map(line_shown).collect()));
    }
    shown
}

fn line_shown(line: &Row) -> Value {
    let (quantity, price) = (line.number("quantity"), line.number("price"));
    let recurring = line.number("recurring_price");
    let answers: Value =
        serde_json::from_str(line.value("variables")).unwrap_or_else(|_| json!({}));
    json!({
        "cart_item_id": line.value("sys_id"),
        "sys_id": line.value("sys_id"),
        "catalog_item_id": line.value("cat_item"),
        "item_id": line.value("cat_item"),
        "item_name": line.value("cat_item.name"),
        "name": line.value("cat_item.name"),
        "short_description": line.value("cat_item.short_description"),
        "sys_class_name": line.value("cat_item.sys_class_name"),
        "quantity": line.value("quantity"),
        "price": money(price),
        "localized_price": money(price),
        "recurring_price": money(recurring),
        "localized_recurring_price": money(recurring),
        "recurring_frequency": null,
        "subtotal": quantity * price,
        "subtotal_price": money(quantity * price),
        "recurring_subtotal": quantity * recurring,
        "recurring_subtotal_price": money(quantity * recurring),
        "show_price": price > 0.0,
        "show_quantity": true,
        "show_recurring_price": recurring > 0.0,
        "variables": answers,
        "picture": "",
        "order_guide": "",
        "created_on": line.value("sys_created_on"),
        "created_by": line.value("sys_created_by"),
        "updated_on": line.value("sys_updated_on"),
        "updated_by": line.value("sys_updated_by"),
    })
}
