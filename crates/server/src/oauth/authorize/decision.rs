//! A person's decision: *Allow* or *Deny* on the consent page, or an *Allow* that was given before.

use std::sync::Arc;

use axum::{http::HeaderMap, response::Response};
use snowglobe_oauth::{
    Form,
    authorize::{
        AuthorizationRequest, Consented, EarlierConsent, Granted, Grounds, Identified, Identity,
    },
    policy::Policy,
};
use snowglobe_store::{Allowance, Owner, backend::ApplyError};

use super::{Asked, answer, fault::AuthorizeFault, ticket::Ticket};
use crate::{
    app::App,
    identity::{session, user_token::CsrfFault},
    pages::form,
};

/// Does what the buttons of the consent page say.
pub(super) async fn decide(
    app: &App,
    headers: &HeaderMap,
    form: &Form<'_>,
) -> Result<Response, AuthorizeFault> {
    let session = session::current(app, headers)
        .await?
        .ok_or(CsrfFault::Wrong)?;
    let ticket = Ticket::open(app, &session, form::field(form, "sysparm_ck")?)?;
    let asked = Asked::new(app, ticket.dialect(), ticket.query());
    // Much may have changed since the page was shown: the client, its redirection URIs, the person.
    let (request, policy) = asked.validated()?;
    let request = match asked.identify(request, Some(&session)) {
        Identity::Known(request) => *request,
        Identity::Refused(redirect) => return Ok(answer::send(&redirect)),
        Identity::Login { .. } => return Err(CsrfFault::Wrong.into()),
    };
    match form::field(form, "oauth_auth_check_action")? {
        "authorize" => allow(app, request, policy, &ticket).await,
        _ => deny(app, request, &ticket).await,
    }
}

async fn allow(
    app: &App,
    request: AuthorizationRequest<Identified>,
    policy: &Policy,
    ticket: &Ticket,
) -> Result<Response, AuthorizeFault> {
    let (client, user) = (request.client(), &request.person().account);
    let earlier = app.store.consent(client, user).await?;
    let asked = request.scope().clone();
    let all = EarlierConsent {
        scope: earlier.map_or(asked.clone(), |earlier| earlier.scope.union(&asked)),
        session: request.person().session.clone(),
    };
    grant(app, request.allow(), policy, Some(&all), Some(ticket)).await
}

async fn deny(
    app: &App,
    request: AuthorizationRequest<Identified>,
    ticket: &Ticket,
) -> Result<Response, AuthorizeFault> {
    app.store.spend(ticket.once(app)).await.map_err(once)?;
    Ok(answer::send(&request.deny()))
}

/// Gives the client what was consented to: one commit, on disk before the answer.
pub(super) async fn grant(
    app: &App,
    request: AuthorizationRequest<Consented>,
    policy: &Policy,
    consent: Option<&EarlierConsent>,
    ticket: Option<&Ticket>,
) -> Result<Response, AuthorizeFault> {
    let store = &app.store;
    let (scope, resources) = (request.scope().clone(), request.resources().clone());
    let scope = store.number_scope_for(scope, resources).await?;
    let (client, person) = (Arc::clone(request.client()), request.person().clone());
    let (keys, now) = (store.keys(), app.now());
    let grounds = Grounds {
        scope: &scope,
        policy,
        keys: &keys,
        ids: store.ids().tokens(),
        now,
    };
    let Granted {
        redirect,
        code,
        token,
    } = request.grant(&grounds);
    let allowance = Allowance {
        owner: Owner {
            client: &client,
            user: &person.account,
        },
        code: code.as_ref(),
        token: &token,
        consent,
        ticket: ticket.map(|ticket| ticket.once(app)),
        now,
    };
    store.allow(&allowance).await.map_err(once)?;
    tracing::info!(
        client.id = &*client.client_id,
        user.name = &*person.account.user_name,
        scope = scope.scope.as_str(),
        asked = ticket.is_some(),
        "access was allowed"
    );
    Ok(answer::send(&redirect))
}

/// The guards of these writes are those of forms: a conflict is a form that was sent in before.
fn once(error: ApplyError) -> AuthorizeFault {
    match error {
        ApplyError::Conflict => AuthorizeFault::FormUsed,
        other => other.into(),
    }
}
