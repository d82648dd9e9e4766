//! Renaming and deleting an attachment.

use axum::{
    extract::{Request, State},
    response::Response,
};
use snowglobe_records::write::Mode;

use super::shown::{Attachments, table};
use crate::{
    app::App,
    error::{RestError, no_content},
    records::{self, Input, Session},
    rest::{access::Head, input, path::Named},
};

/// `PATCH /api/now/attachment/{sys_id}`: `{"file_name":"…"}`.
pub(crate) async fn rename(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = Session::open(app, Head::from(&parts)).await;
    if opened.is_err() {
        input::discard(&mut body).await;
    }
    let session = opened?;
    let fields = input::read(&session.app, &parts.headers, &mut body).await?;
    let name = fields
        .iter()
        .find_map(|(name, text)| (name == "file_name").then_some(text.as_deref()?));
    let name = name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| RestError::BadParameter("file_name is required".to_owned()))?;
    Attachments::one(&session, &sys_id).await?.first("sys_id")?;
    let input = Input {
        pairs: &[("file_name", name)],
        mode: Mode::default(),
    };
    records::update(&session, &table(&session)?, &sys_id, input, None).await?;
    Ok(no_content())
}

/// `DELETE /api/now/attachment/{sys_id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    Attachments::one(&session, &sys_id).await?.first("sys_id")?;
    records::delete(&session, &table(&session)?, &sys_id).await?;
    Ok(no_content())
}
