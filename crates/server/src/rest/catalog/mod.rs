//! The Service Catalog API: what can be ordered, the caller's cart, and orders (`rest-and-records.md` §9.6;
//! ServiceNow's documentation, "Service Catalog API").
//!
//! Everything it shows and makes are records: `sc_catalog`, `sc_category`, `sc_cat_item`, variables
//! (`item_option_new`), carts, and requests with their items. It reads and writes them as the caller, under the
//! same rules as the Table API. An order is one `sc_request` with an `sc_req_item` for each thing ordered; the
//! answers to an item's variables are `sc_item_option` rows. No workflow or script runs.

mod browse;
mod cart;
mod item;
mod order;
mod rows;
mod variable;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::write::Mode;

pub(crate) use browse::{catalog, catalogs, categories, category, item, items, variables};
pub(crate) use cart::{add, change, empty, remove, show};
pub(crate) use order::{now, produce, submit};

use super::{access::Head, input};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
};

/// A body as an object, whatever is nested in it.
type Fields = Map<String, Value>;

/// Opens a call that has a body.
async fn open(app: App, request: Request) -> Result<(Session, Parts, Fields), RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let fields = fields(&session.app, &parts.headers, &mut body).await?;
        Ok((session, fields))
    }
    .await;
    match opened {
        Ok((session, fields)) => Ok((session, parts, fields)),
        Err(fault) => {
            input::discard(&mut body).await;
            Err(fault)
        }
    }
}

async fn fields(app: &App, headers: &HeaderMap, body: &mut Body) -> Result<Fields, RestError> {
    let bytes = input::content(headers, body, input::most(app)).await?;
    Ok(input::objects(&bytes)?
        .into_iter()
        .next()
        .unwrap_or_default())
}

/// Returns a member of a body as the text that a record would keep.
fn text(fields: &Fields, name: &str) -> Option<String> {
    input::wire_text(fields.get(name)?.clone()).filter(|text| !text.is_empty())
}

/// Returns how many of an item are wanted: 1 unless the body says.
fn quantity(fields: &Fields) -> Result<u32, RestError> {
    let Some(text) = text(fields, "sysparm_quantity") else {
        return Ok(1);
    };
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        RestError::BadParameter("sysparm_quantity must be a whole number, 1 or more".to_owned())
    })
}

/// Makes a record as the caller, and returns its key.
async fn make(session: &Session, table: &str, pairs: &[(&str, &str)]) -> Result<String, RestError> {
    let table = session.table(table)?;
    let input = Input {
        pairs,
        mode: Mode::default(),
    };
    Ok(records::insert(session, &table, input).await?.sys_id)
}

fn told(result: &Value) -> Response {
    answer(StatusCode::OK, json!({"result": result}).to_string())
}
