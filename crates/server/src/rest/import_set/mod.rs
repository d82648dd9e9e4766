//! The Import Set API (`rest-and-records.md` §7): a row goes into a staging table, and the active transform maps of the
//! table carry it to where it belongs, at once.
//!
//! Staging rows, their sets and what they are carried to are written with the caller's rights: a map is no way around
//! them. Maps are declarative; one with a script cannot be made ([`crate::records`]).

mod transform;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_records::{Table, plan::Window, write::Mode};

use self::transform::{Map, Outcome};
use super::{
    access::Head,
    input::{self, Fields},
    look::{self, As, Found},
    params::pairs,
    path::Named,
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
};

/// What every staging table extends.
const ROWS: &str = "sys_import_set_row";
const SETS: &str = "sys_import_set";

/// `POST /api/now/import/{staging}`
pub(crate) async fn one(
    State(app): State<App>,
    Named(staging): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let staging = staging_table(&session, &staging)?;
        let fields = input::read(&session.app, &parts.headers, &mut body).await?;
        Ok((session, staging, fields))
    }
    .await;
    let (session, staging, fields) = settled(opened, &mut body).await?;
    let set = Set::open(&session, &staging).await?;
    let maps = transform::maps(&session, &staging).await?;
    let (sys_id, outcomes) = import(&session, &set, &maps, &fields).await?;
    set.close(&session).await?;
    let told = json!({
        "import_set": set.number,
        "staging_table": staging.name().as_str(),
        "result": outcomes.iter().map(|it| it.told(&session)).collect::<Vec<_>>(),
    });
    let mut response = answer(StatusCode::CREATED, told.to_string());
    let location = format!("{}{}/{sys_id}", session.app.issuer, parts.uri.path());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `GET /api/now/import/{staging}/{sys_id}`: what became of a row.
pub(crate) async fn read(
    State(app): State<App>,
    Named((staging, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let staging = staging_table(&session, &staging)?;
    let row = row(&session, &staging, &sys_id).await?;
    let outcome = Outcome::of_row(&session, &row).await?;
    let told = json!({
        "import_set": row.text("sys_import_set.number"),
        "staging_table": staging.name().as_str(),
        "result": outcome.iter().map(|it| it.told(&session)).collect::<Vec<_>>(),
    });
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// `POST /api/now/import/{staging}/insertMultiple`: columns may be named by their labels. The rows are carried on
/// before the answer, so nobody has to ask when.
pub(crate) async fn several(
    State(app): State<App>,
    Named(staging): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let staging = staging_table(&session, &staging)?;
        let value = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, staging, value))
    }
    .await;
    let (session, staging, value) = settled(opened, &mut body).await?;
    let Some(Value::Array(records)) = value.get("records") else {
        let why = "The payload has no list of records.".to_owned();
        return Err(RestError::UnreadableBody(why));
    };
    let query = parts.uri.query().unwrap_or_default();
    let group = pairs(query).find(|(name, _)| name == "multi_import_set_id");
    let set = Set::open(&session, &staging).await?;
    let maps = transform::maps(&session, &staging).await?;
    for record in records {
        let fields = by_column(&staging, record);
        import(&session, &set, &maps, &fields).await?;
    }
    set.close(&session).await?;
    let told = json!({
        "import_set_id": set.sys_id,
        "multi_import_set_id": group.map_or_else(|| set.sys_id.clone(), |(_, id)| id.into_owned()),
    });
    Ok(answer(StatusCode::CREATED, told.to_string()))
}

/// Takes what is left of a refused body.
async fn settled<T>(opened: Result<T, RestError>, body: &mut Body) -> Result<T, RestError> {
    if opened.is_err() {
        input::discard(body).await;
    }
    opened
}

fn staging_table(session: &Session, name: &str) -> Result<Arc<Table>, RestError> {
    let table = session.table(name)?;
    if table.ancestors().iter().any(|parent| *parent == *ROWS) {
        Ok(table)
    } else {
        let why = format!("{name} is no staging table: it does not extend {ROWS}");
        Err(RestError::BadParameter(why))
    }
}

/// A set of imported rows.
struct Set {
    staging: Arc<Table>,
    sys_id: String,
    number: String,
}

impl Set {
    async fn open(session: &Session, staging: &Arc<Table>) -> Result<Self, RestError> {
        let sets = look::table(session, SETS)?;
        let pairs = [
            ("table_name", staging.name().as_str()),
            ("state", "loading"),
        ];
        let made = records::insert(session, &sets, plainly(&pairs)).await?;
        let found = look::known(session, SETS, &[("sys_id", &made.sys_id)], &["number"]).await?;
        Ok(Self {
            staging: Arc::clone(staging),
            number: found
                .first()
                .map_or("", |set| set.text("number"))
                .to_owned(),
            sys_id: made.sys_id,
        })
    }

    async fn close(&self, session: &Session) -> Result<(), RestError> {
        let sets = look::table(session, SETS)?;
        let pairs = [("state", "processed")];
        Ok(records::update(session, &sets, &self.sys_id, plainly(&pairs), None).await?)
    }
}

/// Stages a row and carries it on; returns its key and what became of it.
async fn import(
    session: &Session,
    set: &Set,
    maps: &[Map],
    fields: &Fields,
) -> Result<(String, Vec<Outcome>), RestError> {
    let mut staged: Vec<(&str, &str)> = input::pairs(fields, &set.staging)
        .filter(|(element, _)| !element.starts_with("sys_"))
        .collect();
    staged.extend([
        ("sys_import_set", &*set.sys_id),
        ("sys_import_state", "pending"),
    ]);
    let made = records::insert(session, &set.staging, plainly(&staged)).await?;
    let row = row(session, &set.staging, &made.sys_id).await?;
    let mut outcomes = Vec::with_capacity(maps.len());
    for map in maps {
        outcomes.push(map.carry(session, &row).await?);
    }
    if let Some(last) = outcomes.last() {
        let note = last.note();
        records::update(session, &set.staging, &made.sys_id, plainly(&note), None).await?;
    }
    Ok((made.sys_id, outcomes))
}

/// Reads a staging row with everything in it.
async fn row(session: &Session, staging: &Arc<Table>, sys_id: &str) -> Result<Found, RestError> {
    let columns = staging.columns().iter();
    let mut fields: Vec<&str> = columns.map(|column| column.element.as_str()).collect();
    fields.push("sys_import_set.number");
    let query = look::equal(staging, &[("sys_id", sys_id)]);
    let found = look::rows(
        session,
        (staging, query),
        &fields,
        Window::DEFAULT,
        As::Caller,
    )
    .await?;
    found.into_iter().next().ok_or(RestError::NoRecord)
}

/// §7: keys are labels or, by configuration, elements; both are taken.
fn by_column(staging: &Table, record: &Value) -> Fields {
    let members = record.as_object().into_iter().flatten();
    let field = |(key, value): (&String, &Value)| {
        let by_label = || {
            let mut columns = staging.columns().iter();
            columns.find(|column| column.label.eq_ignore_ascii_case(key))
        };
        let column = staging.column(key).or_else(by_label)?;
        let text = input::wire_text(value.clone());
        Some((column.element.to_string(), text))
    };
    members.filter_map(field).collect()
}

fn plainly<'a>(pairs: &'a [(&'a str, &'a str)]) -> Input<'a> {
    Input {
        pairs,
        mode: Mode::default(),
    }
}
