//! The authorization endpoint: `/oauth_auth.do` and, in the strict dialect, `/oauth2/authorize`.
//!
//! ```text
//! GET  query ─ parse ─ bind ─ validate ─ (session) ─ identify ─ (consent) ─┬─ grant ─ apply ─ 303 to the client
//!        ^                                   │                             │                        ^
//!        └──────────── /login.do ────────────┘                        consent page ─ POST ─ decision┘
//! ```
//! The request travels in the address to the login page and back, and sealed in the consent form: nothing is stored
//! until somebody allows something, and each time it comes back it is checked again from the start.

mod answer;
mod decision;
mod fault;
mod path;
mod ticket;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    response::Response,
};
use snowglobe_oauth::{
    Form,
    authorize::{
        AuthorizationRequest, Consent, Identified, Identity, PageError, Person, Rules, Validated,
    },
    form::FormFault,
    policy::{Dialect, Policy},
};

pub(crate) use self::path::Path;
use self::{fault::AuthorizeFault, path::Login, ticket::Ticket};
use crate::{
    app::App,
    identity::session::{self, Session},
    pages::{consent, form},
    refusal,
};

/// `GET` or `POST /oauth_auth.do`
pub(crate) async fn servicenow(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::ServiceNow, request).await
}

/// `GET` or `POST /oauth2/authorize`
pub(crate) async fn strict(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::Strict, request).await
}

async fn respond(app: &App, dialect: Dialect, request: Request) -> Response {
    let answered = if *request.method() == Method::POST {
        post(app, dialect, request).await
    } else {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let asked = Asked::new(app, dialect, &query);
        asked.answer(request.headers()).await
    };
    answered.unwrap_or_else(|fault| fault.answer(app))
}

/// A form is either a person's decision or a client's request. A request is sent on as a GET: the cookie of the
/// session does not come with another site's POST (`SameSite=Lax`), so nobody would be known to be logged in.
async fn post(app: &App, dialect: Dialect, request: Request) -> Result<Response, AuthorizeFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    if form::field(&form, "sysparm_ck")?.is_empty() {
        let query = std::str::from_utf8(&body).map_err(|_| PageError::Form(FormFault::NotUtf8))?;
        let path = Path::new(dialect, query);
        return Ok(session::see_other(&path.to_string()));
    }
    decision::decide(app, &parts.headers, &form).await
}

/// A request to the endpoint of a dialect.
struct Asked<'a> {
    app: &'a App,
    path: Path<'a>,
}

impl<'a> Asked<'a> {
    fn new(app: &'a App, dialect: Dialect, query: &'a str) -> Self {
        let path = Path::new(dialect, query);
        Self { app, path }
    }

    async fn answer(&self, headers: &HeaderMap) -> Result<Response, AuthorizeFault> {
        let (request, policy) = self.validated()?;
        let session = session::current(self.app, headers).await?;
        let login = Login {
            url: request.client().login_url.clone(),
            hint: request.login_hint().map(Into::into),
        };
        match self.identify(request, session.as_ref()) {
            Identity::Refused(redirect) => Ok(answer::send(&redirect)),
            Identity::Login { again } => Ok(self.path.to_login(self.app, again, &login)),
            Identity::Known(request) => {
                // `identify` knows somebody only where there is a session.
                let session = session.ok_or(AuthorizeFault::NoSession)?;
                self.consent(*request, &session, policy).await
            }
        }
    }

    /// Takes the request as far as it goes without knowing who is there.
    fn validated(&self) -> Result<(AuthorizationRequest<Validated>, &'a Policy), AuthorizeFault> {
        let form = Form::parse(self.path.query().as_bytes()).map_err(PageError::from)?;
        let received = AuthorizationRequest::parse(&form)?;
        let clients = self.app.store.clients();
        let client = received.client_id().and_then(|id| clients.by_id(id));
        if let Some(client) = client {
            refusal::sent_by(client.no);
        }
        let endpoint = self.path.dialect();
        let dialect = client.map_or(endpoint, |client| client.dialect(endpoint));
        let policy = self.app.policy(dialect);
        let properties = self.app.store.properties();
        let rules = Rules {
            policy,
            properties: properties.oauth(),
            implicit_clients: properties.text(IMPLICIT_CLIENTS).unwrap_or_default(),
            issuer: &self.app.issuer,
            is_resource: &|uri| self.app.is_resource(uri),
        };
        let request = received.bind(client, &rules)?;
        Ok((request.validate(&rules)?, policy))
    }

    fn identify(
        &self,
        request: AuthorizationRequest<Validated>,
        session: Option<&Session>,
    ) -> Identity {
        if let Some(session) = session {
            refusal::acting_as(session.user.account.no);
        }
        let person = session.map(|session| Person {
            account: Arc::clone(&session.user.account),
            authenticated_at: session.authenticated_at,
            proof: session.proof,
            session: session.key(),
        });
        request.identify(person, self.path.asked_at(self.app), self.app.now())
    }

    async fn consent(
        &self,
        request: AuthorizationRequest<Identified>,
        session: &Session,
        policy: &Policy,
    ) -> Result<Response, AuthorizeFault> {
        let store = &self.app.store;
        let earlier = store
            .consent(request.client(), &request.person().account)
            .await?;
        match request.consent(earlier.as_ref(), policy.remembered_consent) {
            Consent::Refused(redirect) => Ok(answer::send(&redirect)),
            Consent::Given(request) => {
                decision::grant(self.app, *request, policy, None, None).await
            }
            Consent::Ask(request) => {
                let ticket = Ticket::new(self.app, session, &self.path);
                let sealed = ticket.seal(self.app)?;
                Ok(consent::show(session, &request, &sealed, &self.path))
            }
        }
    }
}

const IMPLICIT_CLIENTS: &str = "glide.oauth.clients.allowed.for.implicit.grant";
