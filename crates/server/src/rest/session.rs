//! One REST call: who calls, which table, and where its links start.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri, header};
use snowglobe_records::Table;

use super::{
    access::{self, Head},
    links::LinkBase,
};
use crate::{app::App, error::RestError, records::Session};

impl Session {
    /// Authenticates the call, sees that the API takes its caller, and takes the snapshots.
    pub(super) async fn open(app: App, head: Head<'_>) -> Result<Self, RestError> {
        let session = Self::open_for_any_form(app, head).await?;
        accepts_json(head.headers)?;
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

/// §1.3: a missing `Accept` and any wildcard take JSON.
fn accepts_json(headers: &HeaderMap) -> Result<(), RestError> {
    let Some(accept) = headers.get(header::ACCEPT) else {
        return Ok(());
    };
    let accept = accept.to_str().map_err(|_| RestError::NotAcceptable)?;
    let takes_json = accept.split(',').any(|range| {
        let essence = range
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        matches!(
            &*essence,
            "" | "*/*" | "application/*" | "application/json" | "text/*" | "text/json"
        )
    });
    if takes_json {
        Ok(())
    } else {
        Err(RestError::NotAcceptable)
    }
}
