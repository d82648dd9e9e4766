//! The Email API (`rest-and-records.md` §9.6; ServiceNow's documentation, "Email API"): mail to be sent, as rows of
//! `sys_email`. Nothing leaves from here; the row stays ready to be sent, and tests look at it.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::{plan::Window, write::Mode};

use super::{
    access::Head,
    input,
    look::{self, As, Found, needs},
    params::Params,
    path::Named,
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
};

const TABLE: &str = "sys_email";
const SENDERS: &[&str] = &["email_api_send"];
/// Documented: the answer names mail by this path, whatever version was asked for.
const SELF: &str = "/now/v1/email/";

/// `POST /api/now/v1/email`
pub(crate) async fn send(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        needs(&session, SENDERS)?;
        let given = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, given))
    }
    .await;
    let (session, given) = input::opened(opened, &mut body).await?;
    let fields = fields(&given)?;
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, &**text)).collect();
    let input = Input {
        pairs: &pairs,
        mode: Mode::default(),
    };
    let made = records::insert(&session, &session.table(TABLE)?, input).await?;
    let link = format!("{SELF}{}", made.sys_id);
    let told = json!({"result": {"id": made.sys_id, "links": [
        {"rel": "self", "href": link},
        {"rel": "status", "href": format!("{link}?sysparm_fields=id,type,state,error")},
    ]}});
    let mut response = answer(StatusCode::OK, told.to_string());
    let location = format!("{}/api{link}", session.app.issuer);
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// What a body says, as fields of the row.
fn fields(given: &Value) -> Result<Vec<(&'static str, String)>, RestError> {
    let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
    let recipients = addresses(&given["to"]);
    if recipients.is_empty() && given["cc"].is_null() && given["bcc"].is_null() {
        return Err(RestError::BadParameter("to is required".to_owned()));
    }
    let (html, plain) = (text("html"), text("text"));
    let body = if html.is_empty() { plain.clone() } else { html };
    let headers = given["headers"].as_object().map(|headers| {
        let line = |(name, value): (&String, &Value)| {
            format!("{name}: {}", value.as_str().unwrap_or_default())
        };
        headers.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(vec![
        ("type", "send-ready".to_owned()),
        ("state", "ready".to_owned()),
        ("mailbox", "outbox".to_owned()),
        ("recipients", recipients),
        ("copied", addresses(&given["cc"])),
        ("blind_copied", addresses(&given["bcc"])),
        ("subject", text("subject")),
        ("body", body),
        ("body_text", plain),
        ("headers", headers.unwrap_or_default()),
        ("target_table", text("table_name")),
        ("instance", text("table_record_id")),
    ])
}

/// Addresses come as a list, or as one text with commas.
fn addresses(given: &Value) -> String {
    match given {
        Value::Array(list) => {
            let texts = list.iter().filter_map(Value::as_str);
            texts.collect::<Vec<_>>().join(",")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// `GET /api/now/v1/email/{id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named(id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(TABLE)?;
    let params = Params::parse(request.uri().query())?;
    let query = look::equal(&table, &[("sys_id", &id)]);
    let found = look::rows(
        &session,
        (&table, query),
        FIELDS,
        Window::DEFAULT,
        As::Caller,
    );
    let found = found.await?;
    let mail = shown(found.first().ok_or(RestError::NoRecord)?);
    let told = match params.field_names() {
        None => mail,
        Some(names) => {
            let names: Vec<&str> = names.collect();
            let asked = mail
                .into_iter()
                .filter(|(name, _)| names.contains(&name.as_str()));
            asked.collect()
        }
    };
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
}

const FIELDS: &[&str] = &[
    "sys_id",
    "type",
    "state",
    "subject",
    "recipients",
    "copied",
    "blind_copied",
    "body",
    "body_text",
    "headers",
    "importance",
    "error_string",
];

fn shown(row: &Found) -> Map<String, Value> {
    let list = |name: &str| {
        row.text(name)
            .split(',')
            .map(Value::from)
            .collect::<Vec<_>>()
    };
    let headers = row
        .text("headers")
        .lines()
        .filter_map(|line| line.split_once(": "));
    let headers: Map<String, Value> = headers
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let told = json!({
        "id": row.text("sys_id"),
        "type": row.text("type"),
        "state": row.text("state"),
        "error": row.text("error_string"),
        "to": list("recipients"),
        "cc": list("copied"),
        "bcc": list("blind_copied"),
        "subject": row.text("subject"),
        "html": row.text("body"),
        "text": row.text("body_text"),
        "importance": row.text("importance"),
        "headers": headers,
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}
