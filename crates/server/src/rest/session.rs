//! One REST call: who calls, and the snapshots that it sees from start to end.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri, header};
use jiff::Timestamp;
use snowglobe_records::{
    Dictionary, SysId, Table,
    acl::{Access, RuleSet},
    query::Context,
    write::Stamp,
};
use snowglobe_store::User;

use super::links::LinkBase;
use crate::{app::App, error::RestError, identity::caller};

/// A call that has been authenticated.
pub(super) struct Session {
    pub(super) app: App,
    pub(super) user: Arc<User>,
    pub(super) dictionary: Arc<Dictionary>,
    rules: Arc<RuleSet>,
    now: Timestamp,
}

impl Session {
    /// Authenticates the call and takes the snapshots.
    pub(super) async fn open(app: App, headers: &HeaderMap) -> Result<Self, RestError> {
        let user = caller::caller(&app, headers).await?;
        accepts_json(headers)?;
        Ok(Self {
            user,
            dictionary: app.store.dictionary(),
            rules: app.store.rules(),
            now: app.clock.now(),
            app,
        })
    }

    /// Takes the snapshots again: a write may have changed them, and its answer shows what is now.
    pub(super) fn refreshed(self) -> Self {
        Self {
            dictionary: self.app.store.dictionary(),
            rules: self.app.store.rules(),
            ..self
        }
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

    /// Returns what `javascript:` values mean in this call.
    pub(super) fn context(&self) -> Context<'_> {
        let properties = self.app.store.properties();
        Context {
            user_sys_id: &self.user.account.sys_id,
            user_name: &self.user.account.user_name,
            now: self.now,
            time_zone: self.user.format.time_zone.clone(),
            invalid_returns_no_rows: properties.flag("glide.invalid_query.returns_no_rows", false),
        }
    }

    /// Returns what decides for this caller.
    pub(super) fn access<'a>(&'a self, context: &'a Context<'a>) -> Access<'a> {
        Access {
            caller: &self.user.caller,
            rules: &self.rules,
            dictionary: &self.dictionary,
            context,
        }
    }

    /// Returns time and author of a write.
    pub(super) fn stamp(&self) -> Stamp<'_> {
        Stamp {
            now: self.now,
            user_name: &self.user.account.user_name,
            user_sys_id: SysId::parse(&self.user.account.sys_id).ok(),
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
