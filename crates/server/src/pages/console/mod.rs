//! The console: a list and a form for every table, drawn from the dictionary, and the pages of the Application
//! Registry (`inbound-oauth.md` §3).
//!
//! | path | page |
//! |---|---|
//! | `/` | home: the navigator's modules |
//! | `/{table}_list.do` | [`list`] |
//! | `/{table}.do?sys_id=…` | [`form`] |
//! | `/{table}.do?JSONv2`, `/{table}_list.do?JSONv2` | no page: the web service in [`jsonv2`] |
//! | `/{table}_list.do?CSV`, `XML`, `EXCEL` | a file: [`export`] |
//! | `/sg_credentials.do` | [`expiry`] |
//! | `/nav_to.do?uri=…`, `/navpage.do`, `/now/nav/ui/classic` | the frame of a real instance: [`nav_to`] |
//!
//! Every page reads and writes through `crate::records`, as the Table API does, so the same rules hold. Who may not
//! read a record finds the page of one that is not there.

mod credentials;
pub(crate) mod expiry;
#[cfg(test)]
mod fixture;
mod form;
mod frame;
pub(crate) mod home;
mod layout;
mod list;
mod modules;
pub(crate) mod nav_to;
mod registry;
mod request;
pub(crate) mod requests;

use axum::{
    extract::{Request, State},
    http::Uri,
    response::{IntoResponse, Response},
};

use super::fault::PageFault;
use crate::{
    app::App,
    identity::session::to_login,
    records::RecordError,
    rest::{export, jsonv2, path::Named},
    router,
};
use frame::Visit;
pub(crate) use layout::list_columns;

/// What a path ends in, as a page of a table.
enum Page<'p> {
    List(&'p str),
    Form(&'p str),
}

impl<'p> Page<'p> {
    fn of(name: &'p str) -> Option<Self> {
        let name = name.strip_suffix(".do")?;
        match name.strip_suffix("_list") {
            // The one table whose own name ends so: there is no `sys_ui`.
            Some("sys_ui") => Some(Self::Form(name)),
            Some(table) if !table.is_empty() => Some(Self::List(table)),
            _ if name.is_empty() => None,
            _ => Some(Self::Form(name)),
        }
    }
}

/// `GET /{page}`: `{table}_list.do` and `{table}.do`.
pub(crate) async fn get(
    State(app): State<App>,
    Named(name): Named<String>,
    uri: Uri,
    request: Request,
) -> Result<Response, PageFault> {
    let Some(page) = Page::of(&name) else {
        return Ok(router::unknown(&uri));
    };
    let (Page::Form(table) | Page::List(table)) = page;
    if jsonv2::is_asked(uri.query()) {
        return Ok(jsonv2::respond(app, table, request).await);
    }
    if let Some(format) = export::Format::asked(uri.query()) {
        return exported(app, (table, format), request).await;
    }
    let visit = match Visit::to_look(&app, uri.path(), request.headers()).await {
        Ok(Some(visit)) => visit,
        Ok(None) => {
            let here = uri.path_and_query().map_or("/", |it| it.as_str());
            return Ok(to_login(here));
        }
        Err(refused) => return Ok(refused.into_response()),
    };
    let query = uri.query().unwrap_or_default();
    match page {
        Page::List(table) => list::get(&visit, table, query).await,
        Page::Form(table) => form::get(&visit, table, query).await,
    }
}

/// `POST /{page}`: what the form of `{table}.do` sends.
pub(crate) async fn post(
    State(app): State<App>,
    Named(name): Named<String>,
    uri: Uri,
    request: Request,
) -> Result<Response, PageFault> {
    let Some(Page::Form(table)) = Page::of(&name) else {
        return Ok(router::unknown(&uri));
    };
    if jsonv2::is_asked(uri.query()) {
        return Ok(jsonv2::respond(app, table, request).await);
    }
    if let Some(format) = export::Format::asked(uri.query()) {
        return Ok(export::respond(app, (table, format), None, request).await);
    }
    let Some(visit) = Visit::open(&app, request.headers()).await? else {
        return Ok(to_login("/"));
    };
    match form::post(visit, table, request).await {
        Ok(response) => Ok(response),
        Err(fault) => Ok(fault.into_response()),
    }
}

/// A list as a file, for whoever is logged in or proves who they are, as programs do.
async fn exported(
    app: App,
    what: (&str, export::Format),
    request: Request,
) -> Result<Response, PageFault> {
    let headers = request.headers();
    let visit = if export::brings_proof(headers) {
        None
    } else {
        Visit::open(&app, headers).await?
    };
    let known = visit.map(|visit| visit.records);
    Ok(export::respond(app, what, known, request).await)
}

impl From<RecordError> for PageFault {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Missing => Self::NotFound,
            RecordError::Denied(_) | RecordError::Aborted(_) => Self::Forbidden,
            RecordError::Store(error) => error.into(),
            RecordError::Overloaded(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_table_and_a_page() {
        let page = |name| match Page::of(name) {
            Some(Page::List(table)) => format!("list of {table}"),
            Some(Page::Form(table)) => format!("form of {table}"),
            None => "nothing".to_owned(),
        };
        for (name, expected) in [
            ("incident_list.do", "list of incident"),
            ("incident.do", "form of incident"),
            ("u_list_list.do", "list of u_list"),
            ("_list.do", "form of _list"),
            (".do", "nothing"),
            ("incident", "nothing"),
            ("incident.do.bak", "nothing"),
            ("favicon.ico", "nothing"),
        ] {
            assert_eq!(page(name), expected, "{name}");
        }
    }
}
