//! My Connected Apps: what a person let applications do, and taking it back (`inbound-oauth.md` §4.2).

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use snowglobe_store::{ConnectedToken, Connection};

use super::{Forms, Shell, consent::words, fault::PageFault, form, page};
use crate::{
    app::App,
    identity::session::{self, see_other, to_login},
};

#[derive(Template)]
#[template(path = "my_connected_apps.html")]
struct ConnectedAppsPage {
    shell: Shell,
    /// Each with what it may do, in the words of the consent page.
    apps: Vec<(ConnectedApp, Vec<String>)>,
}

/// One application and all that it has.
#[derive(Debug, PartialEq, Eq)]
struct ConnectedApp {
    client: Box<str>,
    name: Box<str>,
    scopes: Vec<Box<str>>,
    since: Box<str>,
    until: Box<str>,
    tokens: usize,
}

/// `GET /my_connected_apps.do`
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, &headers).await? else {
        return Ok(to_login(PATH));
    };
    let account = &session.user.account;
    let connections = app.store.connections(account).await?;
    let tokens = app.store.connected_tokens(account, app.now()).await?;
    let clients = app.store.clients();
    let with_words = |app: ConnectedApp| {
        let client = clients.by_sys_id(&app.client);
        let may = app.scopes.iter().map(|name| match client {
            Some(client) => words(name, client),
            None => name.to_string(),
        });
        let may = may.collect();
        (app, may)
    };
    let template = ConnectedAppsPage {
        shell: Shell::of(Some(&session)),
        apps: by_client(connections, tokens)
            .into_iter()
            .map(with_words)
            .collect(),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// `POST /my_connected_apps.do`: revokes what one application has.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let Some(session) = session::current(&app, &parts.headers).await? else {
        return Ok(to_login(PATH));
    };
    session.check_ck(form::field(&form, "sysparm_ck")?)?;
    let client = form::field(&form, "client")?;
    let account = &session.user.account;
    app.store.disconnect(account, client, app.now()).await?;
    tracing::info!(
        user.name = &*account.user_name,
        client.sys_id = client,
        "disconnected an application"
    );
    Ok(see_other(PATH))
}

/// Groups what was allowed and what is used of it by client, in the order in which the clients came.
fn by_client(connections: Vec<Connection>, tokens: Vec<ConnectedToken>) -> Vec<ConnectedApp> {
    let mut apps: Vec<ConnectedApp> = connections
        .into_iter()
        .map(|connection| ConnectedApp {
            scopes: connection.scope.split(' ').map(Box::from).collect(),
            client: connection.client,
            name: connection.name,
            since: connection.since,
            until: Box::default(),
            tokens: 0,
        })
        .collect();
    for token in tokens {
        match apps.iter_mut().find(|app| app.client == token.client) {
            Some(app) => app.add(token),
            None => apps.push(ConnectedApp::of(token)),
        }
    }
    apps
}

impl ConnectedApp {
    fn of(token: ConnectedToken) -> Self {
        Self {
            scopes: token.scope.split(' ').map(Box::from).collect(),
            client: token.client,
            name: token.name,
            since: token.since,
            until: token.expires,
            tokens: 1,
        }
    }

    fn add(&mut self, token: ConnectedToken) {
        for scope in token.scope.split(' ') {
            if self.scopes.iter().all(|known| **known != *scope) {
                self.scopes.push(scope.into());
            }
        }
        self.until = std::mem::take(&mut self.until).max(token.expires);
        self.tokens += 1;
    }
}

const PATH: &str = "/my_connected_apps.do";
