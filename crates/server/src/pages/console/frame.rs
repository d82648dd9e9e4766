//! A visit to the console: who is here, what they may read, and the frame around every page.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use snowglobe_oauth::{bearer, secret::Secret};
use snowglobe_store::backend::StoreError;

use super::modules;
use crate::{
    app::App,
    error::RestError,
    identity::{api_session, caller, session, user_token::CsrfFault},
    pages::Shell,
    records::Session,
    rest::access,
};

/// A page view of somebody who is logged in.
pub(super) struct Visit {
    person: session::Session,
    /// What the rules say to this person.
    pub(super) records: Session,
}

/// The applications and modules at the side of a page.
#[derive(Debug)]
pub(super) struct Navigator {
    pub(super) filter: String,
    pub(super) applications: Vec<Application>,
}

/// A group of modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Application {
    pub(super) name: &'static str,
    pub(super) modules: Vec<Module>,
}

/// A way into the console.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) name: &'static str,
    pub(super) href: &'static str,
}

impl Visit {
    /// Returns the visit of whoever is logged in; none of nobody.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(super) async fn open(app: &App, headers: &HeaderMap) -> Result<Option<Self>, StoreError> {
        let person = session::current(app, headers).await?;
        Ok(person.map(|person| Self {
            records: Session::of(app.clone(), Arc::clone(&person.user)),
            person,
        }))
    }

    /// Returns the visit of whoever comes with a token, or of whoever is logged in: for pages that only show something.
    ///
    /// # Errors
    /// [`RestError`] when there is a token, and it opens no page.
    pub(super) async fn to_look(
        app: &App,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Self>, RestError> {
        // What a program says about itself counts before what a cookie says.
        let token = token(headers);
        let known = if token.is_some() {
            caller::caller(app, headers).await?
        } else if let Some(visit) = Self::open(app, headers).await? {
            return Ok(Some(visit));
        } else if let Some(known) = api_session::at_page(app, headers).await? {
            known
        } else {
            return Ok(None);
        };
        access::admit_to_page(app, path, &known)?;
        let token = Secret::new(token.unwrap_or_default().to_owned());
        Ok(Some(Self {
            records: Session::of(app.clone(), Arc::clone(&known.user)),
            person: session::Session::of_token(app, known.user, token),
        }))
    }

    /// Takes the snapshots again: a write may have changed them.
    pub(super) fn refreshed(self) -> Self {
        Self {
            records: self.records.refreshed(),
            ..self
        }
    }

    /// Tells whether an administrator is here.
    pub(super) fn is_admin(&self) -> bool {
        self.person.user.caller.is_admin()
    }

    /// Returns the frame of a page.
    pub(super) fn shell(&self) -> Shell {
        Shell::of(Some(&self.person))
    }

    /// Returns the token that the page's forms carry.
    pub(super) fn ck(&self) -> String {
        self.person.ck()
    }

    /// Checks that a form was made for this visit.
    ///
    /// # Errors
    /// [`CsrfFault`] when it was not.
    pub(super) fn check_ck(&self, presented: &str) -> Result<(), CsrfFault> {
        self.person.check_ck(presented)
    }

    /// Returns the modules that this person may read.
    pub(super) fn navigator(&self) -> Navigator {
        self.filtered_navigator("")
    }

    /// Returns those of them whose names, or whose application's, contain a text.
    pub(super) fn filtered_navigator(&self, filter: &str) -> Navigator {
        let context = self.records.context();
        let access = self.records.access(&context);
        let readable = |table: &str| {
            if table == modules::ADMINISTRATORS {
                return self.is_admin();
            }
            let table = self.records.dictionary.table(table);
            table.is_some_and(|table| access.may_read_table(table))
        };
        Navigator {
            filter: filter.to_owned(),
            applications: modules::applications(filter, readable),
        }
    }
}

/// Returns the token that a program comes with.
fn token(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    bearer::from_header(authorization)
}
