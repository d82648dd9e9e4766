//! One REST call: who calls, which table, and where its links start.

use std::sync::Arc;

use axum::http::Uri;
use snowglobe_records::Table;

use super::{
    access::{self, Head},
    links::LinkBase,
};
use crate::{app::App, error::RestError, records::Session, surface::form};

impl Session {
    /// Authenticates the call, sees that the API takes its caller, and takes the snapshots.
    pub(super) async fn open(app: App, head: Head<'_>) -> Result<Self, RestError> {
        let session = Self::open_for_any_form(app, head).await?;
        form::wanted(head.headers).ok_or(RestError::NotAcceptable)?;
        Ok(session)
    }

    /// The same for a call that may be answered in any form.
    pub(super) async fn open_for_any_form(app: App, head: Head<'_>) -> Result<Self, RestError> {
        let user = access::admitted(&app, head).await?;
        Ok(Self::of(app, user))
    }

    /// Returns the table that the path names, if web services may reach it.
    pub(super) fn table(&self, name: &str) -> Result<Arc<Table>, RestError> {
        let Some(table) = self.dictionary.table(name) else {
            return Err(RestError::InvalidTable(name.to_owned()));
        };
        if table.ws_access() {
            Ok(Arc::clone(table))
        } else {
            Err(RestError::ApiAcl)
        }
    }

    /// Returns where links of this call start: with the version that was asked for (§1.1).
    pub(super) fn links(&self, uri: &Uri) -> LinkBase<'_> {
        let version = match uri.path() {
            path if path.starts_with("/api/now/v1/") => "v1/",
            path if path.starts_with("/api/now/v2/") => "v2/",
            _ => "",
        };
        LinkBase {
            issuer: &self.app.issuer,
            version,
        }
    }
}
