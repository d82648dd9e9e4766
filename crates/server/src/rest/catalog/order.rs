//! Ordering: at once, or what is in the cart; and record producers, which make a record of any table.

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Fields, cart, item, make, open, quantity,
    rows::{Row, row},
    text, told, variable,
};
use crate::{app::App, error::RestError, records::Session, rest::path::Named};

/// One thing that is ordered.
struct Line {
    item: Row,
    quantity: u32,
    variables: Vec<Row>,
    answers: Fields,
}

impl Line {
    /// Reads what an order names, and sees that it tells what the item must know.
    async fn of(
        session: &Session,
        item: &str,
        quantity: u32,
        answers: Fields,
    ) -> Result<Self, RestError> {
        let found = row(session, "sc_cat_item", item, item::ELEMENTS).await?;
        is_ordered(&found)?;
        let variables = variable::of_item(session, item).await?;
        variable::check(&variables, &answers)?;
        Ok(Self {
            item: found,
            quantity,
            variables,
            answers,
        })
    }

    fn price(&self) -> f64 {
        self.item.number("price") * f64::from(self.quantity)
    }
}

/// What makes a record is no thing to be ordered: who tries is told where it is made.
fn is_ordered(item: &Row) -> Result<(), RestError> {
    let key = item.value("sys_id");
    let instead = match item.value("sys_class_name") {
        "std_change_record_producer" => {
            format!("a standard change template: POST /api/sn_chg_rest/change/standard/{key}")
        }
        "sc_cat_item_producer" => {
            format!("a record producer: POST /api/sn_sc/servicecatalog/items/{key}/submit_producer")
        }
        _ => return Ok(()),
    };
    let name = item.value("name");
    let told = format!("{name} cannot be ordered. It is {instead}");
    Err(RestError::BadParameter(told))
}

/// `POST /api/sn_sc/servicecatalog/items/{sys_id}/order_now`
pub(crate) async fn now(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, _, fields) = open(app, request).await?;
    let answers = variable::answers(&fields);
    let line = Line::of(&session, &sys_id, quantity(&fields)?, answers).await?;
    let (key, number) = place(&session, &[line], &fields).await?;
    Ok(told(&json!({
        "sys_id": key,
        "number": number,
        "request_number": number,
        "request_id": key,
        "table": "sc_request",
    })))
}

/// `POST /api/sn_sc/servicecatalog/cart/submit_order` and `…/checkout`, which is one step here.
pub(crate) async fn submit(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, _, fields) = open(app, request).await?;
    let in_cart = cart::lines(&session).await?;
    if in_cart.is_empty() {
        // Documented: 400, the cart is empty and cannot check out.
        return Err(RestError::BadParameter("The cart is empty".to_owned()));
    }
    let mut lines = Vec::with_capacity(in_cart.len());
    for line in &in_cart {
        let answers = serde_json::from_str(line.value("variables")).unwrap_or_default();
        let quantity = line.value("quantity").parse().unwrap_or(1);
        lines.push(Line::of(&session, line.value("cat_item"), quantity, answers).await?);
    }
    let (key, number) = place(&session, &lines, &fields).await?;
    cart::clear(&session, &in_cart).await?;
    Ok(told(&json!({"request_number": number, "request_id": key})))
}

/// Makes the request, an item for each line, and their answers; returns the request's key and number.
async fn place(
    session: &Session,
    lines: &[Line],
    fields: &Fields,
) -> Result<(String, String), RestError> {
    let requested_for = text(fields, "sysparm_requested_for");
    let requested_for = requested_for.as_deref();
    let price = lines.iter().map(Line::price).sum::<f64>().to_string();
    let mut pairs = vec![("price", &*price)];
    pairs.extend(requested_for.map(|user| ("requested_for", user)));
    let special = text(fields, "special_instructions");
    pairs.extend(
        special
            .as_deref()
            .map(|said| ("special_instructions", said)),
    );
    let address = text(fields, "delivery_address");
    pairs.extend(address.as_deref().map(|said| ("delivery_address", said)));
    let request = make(session, "sc_request", &pairs).await?;
    for line in lines {
        let (price, quantity) = (line.price().to_string(), line.quantity.to_string());
        let mut pairs = vec![
            ("request", &*request),
            ("cat_item", line.item.value("sys_id")),
            ("short_description", line.item.value("short_description")),
            ("quantity", &*quantity),
            ("price", &*price),
        ];
        pairs.extend(requested_for.map(|user| ("requested_for", user)));
        let requested = make(session, "sc_req_item", &pairs).await?;
        variable::keep(session, &requested, &line.variables, &line.answers).await?;
    }
    let number = row(session, "sc_request", &request, &["number"]).await?;
    Ok((request, number.value("number").to_owned()))
}

/// `POST /api/sn_sc/servicecatalog/items/{sys_id}/submit_producer`: the answers become fields of the record.
pub(crate) async fn produce(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, _, fields) = open(app, request).await?;
    let elements = &["sys_id", "table_name", "short_description", "name"];
    let producer = row(&session, "sc_cat_item_producer", &sys_id, elements).await?;
    let answers = variable::answers(&fields);
    let variables = variable::of_item(&session, &sys_id).await?;
    variable::check(&variables, &answers)?;
    let said: Vec<(String, String)> = answers
        .keys()
        .filter_map(|name| Some((name.clone(), text(&answers, name)?)))
        .collect();
    let pairs: Vec<(&str, &str)> = said.iter().map(|(name, said)| (&**name, &**said)).collect();
    let name = producer.value("table_name");
    let key = make(&session, name, &pairs).await?;
    let made = row(&session, name, &key, &["number"]).await?;
    let parent = session.table(name)?;
    let parent = parent.ancestors().first().map(ToString::to_string);
    Ok(told(&json!({
        "sys_id": key,
        "number": made.value("number"),
        "parent_id": null,
        "parent_table": parent.map_or(Value::Null, Into::into),
        "record": format!("api/now/table/{name}/{key}"),
        "redirect_portal_url": "",
        "redirect_url": format!("{name}.do?sys_id={key}"),
        "redirect_to": "",
        "table": name,
    })))
}
