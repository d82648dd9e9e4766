//! Models of changes, and templates of standard changes.

use axum::{
    extract::{Request, State},
    response::Response,
};

use super::{one, page};
use crate::{
    app::App,
    error::RestError,
    records::{Session, standard_change},
    rest::{access::Head, input::Fields, look, path::Named},
};

const MODEL: &str = "chg_model";
const TEMPLATE: &str = "std_change_record_producer";

/// `GET /api/sn_chg_rest/change/model`
pub(crate) async fn models(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    page(&session, MODEL, request.uri(), None).await
}

/// `GET /api/sn_chg_rest/change/model/{model}`
pub(crate) async fn model(
    State(app): State<App>,
    Named(model): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    one(app, MODEL, &model, request).await
}

/// `GET /api/sn_chg_rest/change/standard/template`
pub(crate) async fn templates(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    page(&session, TEMPLATE, request.uri(), None).await
}

/// `GET /api/sn_chg_rest/change/standard/template/{template}`
pub(crate) async fn template(
    State(app): State<App>,
    Named(template): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    one(app, TEMPLATE, &template, request).await
}

/// Returns what a template says of a change: the fields it sets, and its version, by which changes name it.
pub(super) async fn of_template(
    session: &Session,
    template: &str,
) -> Result<Vec<(&'static str, String)>, RestError> {
    let preset = standard_change::preset(session, template).await?;
    let preset = preset.ok_or(RestError::NoRecord)?;
    let version = ("std_change_producer_version", preset.version);
    Ok(std::iter::once(version).chain(preset.fields).collect())
}

/// Returns the key of the model that a body names: by its key, or as documented by its name.
pub(super) async fn named(session: &Session, fields: &Fields) -> Result<Option<String>, RestError> {
    let given = fields.iter().find(|(element, _)| element == "chg_model");
    let Some(name) = given.and_then(|(_, text)| text.as_deref()) else {
        return Ok(None);
    };
    let found = look::known(session, MODEL, &[("name", name)], &["sys_id"]).await?;
    Ok(found.first().map(|row| row.text("sys_id").to_owned()))
}
