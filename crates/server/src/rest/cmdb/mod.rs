//! The CMDB APIs (`rest-and-records.md` §9.1, §9.2): configuration items with what they depend on, their classes, and
//! finding out which item a payload is about.

mod identification;
mod identify;
mod instance;
mod meta;
mod relations;

use std::sync::Arc;

use axum::{body::Body, extract::Request, http::Uri};
use serde_json::Value;
use snowglobe_records::Table;

use super::{access::Head, input, look::needs};
use crate::{app::App, error::RestError, records::Session};

pub(crate) use identify::{ask, reconcile};
pub(crate) use instance::{add_relations, create, list, read, remove_relation, update};
pub(crate) use meta::meta;

/// Who may use the instance API.
const ROLES: &[&str] = &["itil", "cmdb_inst_admin"];

/// Opens a call about a class.
async fn open(app: App, class: &str, head: Head<'_>) -> Result<(Session, Arc<Table>), RestError> {
    let session = Session::open(app, head).await?;
    needs(&session, ROLES)?;
    let table = class_of(&session, class)?;
    Ok((session, table))
}

/// Opens a call about a class that has a JSON body.
async fn open_with_body(
    app: App,
    class: &str,
    request: Request,
) -> Result<(Session, Arc<Table>, Value, Uri), RestError> {
    let (parts, mut body): (_, Body) = request.into_parts();
    let opened = async {
        let (session, table) = open(app, class, Head::from(&parts)).await?;
        let value = input::value(&session.app, &parts.headers, &mut body).await?;
        Ok((session, table, value))
    }
    .await;
    let (session, table, value) = input::opened(opened, &mut body).await?;
    Ok((session, table, value, parts.uri))
}

/// Returns the table of a class of configuration items.
fn class_of(session: &Session, class: &str) -> Result<Arc<Table>, RestError> {
    let table = session.table(class)?;
    if table.root() == "cmdb" {
        Ok(table)
    } else {
        Err(invalid(format_args!("{class} is no class of the CMDB")))
    }
}

/// §9.1: errors of the input say so.
fn invalid(why: impl std::fmt::Display) -> RestError {
    RestError::BadParameter(format!("INVALID_INPUT_DATA: {why}"))
}
