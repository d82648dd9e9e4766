//! The CMDB Instance API: an item with its relations, under one path.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Map, Value};
use snowglobe_records::{Table, write::Mode};

use super::{
    identification::{self, Identified},
    invalid, open, open_with_body, relations,
};
use crate::{
    app::App,
    error::{RestError, json},
    records::{self, Input, Session},
    rest::{
        access::Head,
        input,
        page::{Asked, count_and_page, object, plan, present, select},
        params::{DisplayMode, Params},
        path::Named,
    },
};

/// `GET /api/now/cmdb/instance/{class}`: keys and names.
pub(crate) async fn list(
    State(app): State<App>,
    Named(class): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table) = open(app, &class, Head::from(&request)).await?;
    let uri = request.uri();
    let mut params = Params::parse(uri.query())?;
    let query = select(&session, &table, &params)?;
    params.fields = Some("sys_id,name".into());
    params.display = DisplayMode::Value;
    let plan = plan(&session, &table, query, &params, params.window())?;
    let page = session.app.store.read(&plan).await?;
    let shown = present(&session, &plan, &page, Asked::of(&params, uri)).await?;
    let mut response = json(StatusCode::OK, shown.list(&page));
    count_and_page(&mut response, &session, uri, &params, page.total);
    Ok(response)
}

/// `GET …/{class}/{sys_id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named((class, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table) = open(app, &class, Head::from(&request)).await?;
    let body = whole(&session, &table, &sys_id, request.uri()).await?;
    Ok(json(StatusCode::OK, body))
}

/// `POST …/{class}`: an item that is known already is changed, as identification has it.
pub(crate) async fn create(
    State(app): State<App>,
    Named(class): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table, value, uri) = open_with_body(app, &class, request).await?;
    let attributes = attributes(&value)?;
    let source = source(&table, &value)?;
    let wanted = relations::wanted(&session, &value).await?;
    let fields = fields(attributes, source);
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    let known = identification::identify(&session, &table, &pairs).await?;
    let sys_id = match known.matched {
        Identified::None => {
            records::insert(&session, &table, plainly(&pairs))
                .await?
                .sys_id
        }
        Identified::One(sys_id) => {
            records::update(&session, &table, &sys_id, plainly(&pairs), None).await?;
            sys_id
        }
        Identified::Several => return Err(invalid("several items match")),
    };
    relations::add(&session, &sys_id, &wanted).await?;
    let body = whole(&session, &table, &sys_id, &uri).await?;
    Ok(json(StatusCode::CREATED, body))
}

/// `PUT` and `PATCH …/{class}/{sys_id}`
pub(crate) async fn update(
    State(app): State<App>,
    Named((class, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table, value, uri) = open_with_body(app, &class, request).await?;
    let fields = fields(attributes(&value)?, source(&table, &value)?);
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    records::update(&session, &table, &sys_id, plainly(&pairs), None).await?;
    let body = whole(&session, &table, &sys_id, &uri).await?;
    Ok(json(StatusCode::OK, body))
}

/// `POST …/{class}/{sys_id}/relation`
pub(crate) async fn add_relations(
    State(app): State<App>,
    Named((class, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table, value, uri) = open_with_body(app, &class, request).await?;
    // Clients leave it out here; where it is given it has to be right.
    if value.get("source").is_some() {
        source(&table, &value)?;
    }
    let wanted = relations::wanted(&session, &value).await?;
    if wanted.is_empty() {
        return Err(invalid(
            "there are no inbound_relations and no outbound_relations",
        ));
    }
    // An item that is not there, or not for this caller, gets none.
    whole(&session, &table, &sys_id, &uri).await?;
    relations::add(&session, &sys_id, &wanted).await?;
    let body = whole(&session, &table, &sys_id, &uri).await?;
    Ok(json(StatusCode::OK, body))
}

/// `DELETE …/{class}/{sys_id}/relation/{rel_id}`
pub(crate) async fn remove_relation(
    State(app): State<App>,
    Named((class, sys_id, relation)): Named<(String, String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, table) = open(app, &class, Head::from(&request)).await?;
    relations::remove(&session, &sys_id, &relation).await?;
    let body = whole(&session, &table, &sys_id, request.uri()).await?;
    Ok(json(StatusCode::OK, body))
}

/// `{"result":{"attributes":{…},"inbound_relations":[…],"outbound_relations":[…]}}`
async fn whole(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    uri: &Uri,
) -> Result<String, RestError> {
    let params = Params {
        display: DisplayMode::Named,
        ..Params::default()
    };
    let attributes = object(session, table, sys_id, Asked::of(&params, uri)).await?;
    let relations::Both { inbound, outbound } = relations::of(session, sys_id).await?;
    let (inbound, outbound) = (Value::Array(inbound), Value::Array(outbound));
    Ok(format!(
        "{{\"result\":{{\"attributes\":{attributes},\"inbound_relations\":{inbound},\
         \"outbound_relations\":{outbound}}}}}"
    ))
}

/// A flat body is told what it lacks: a real instance says that something is null.
fn attributes(value: &Value) -> Result<&Map<String, Value>, RestError> {
    let attributes = value.get("attributes").and_then(Value::as_object);
    attributes.ok_or_else(|| invalid("the payload has no attributes"))
}

/// §9.1: `source` is mandatory, and a choice of `discovery_source`.
fn source<'v>(table: &Table, value: &'v Value) -> Result<&'v str, RestError> {
    let source = value.get("source").and_then(Value::as_str);
    let source = source.filter(|source| !source.is_empty());
    let source = source.ok_or_else(|| invalid("the payload has no source"))?;
    let known = table.column("discovery_source").is_none_or(|column| {
        let mut choices = column.choices.iter();
        choices.any(|choice| *choice.value == *source)
    });
    if known {
        Ok(source)
    } else {
        let why = format_args!("the source {source} is no choice of discovery_source");
        Err(invalid(why))
    }
}

fn fields(attributes: &Map<String, Value>, source: &str) -> input::Fields {
    let given = attributes.iter();
    let mut fields: input::Fields = given
        .map(|(name, value)| (name.clone(), input::wire_text(value.clone())))
        .collect();
    if !attributes.contains_key("discovery_source") {
        fields.push(("discovery_source".to_owned(), Some(source.to_owned())));
    }
    fields
}

fn plainly<'a>(pairs: &'a [(&'a str, &'a str)]) -> Input<'a> {
    Input {
        pairs,
        mode: Mode::default(),
    }
}
