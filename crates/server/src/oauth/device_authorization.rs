//! The device authorization endpoint: `POST /oauth2/device_authorization` (RFC 8628 §3.1).
//!
//! Its answer sends a person to [`crate::pages::device`], and the device to the token endpoint.

use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use snowglobe_oauth::{
    Form, Scope,
    device::{self, DeviceRequest, NewDevice},
    error::TokenError,
    grants::Context,
    policy::{Dialect, Policy},
};
use snowglobe_store::backend::{ApplyError, StoreError};

use super::{
    answer::{Failure, authorization, form_body, json, refuse},
    client,
};
use crate::{app::App, entropy, pages, refusal};

/// `POST /oauth2/device_authorization`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut policy = app.policy(Dialect::Strict);
    let asked = async {
        let body = form_body(&parts, body).await?;
        let form = Form::parse(&body).map_err(TokenError::from)?;
        ask(&app, &mut policy, &form, &parts).await
    };
    match asked.await {
        Ok(device) => {
            let page = format!("{}{}", app.issuer, pages::device::PATH);
            json(StatusCode::OK, device.json(&page))
        }
        Err(failure) => refuse(&failure, policy, &parts),
    }
}

async fn ask<'a>(
    app: &'a App,
    policy: &mut &'a Policy,
    form: &Form<'_>,
    parts: &Parts,
) -> Result<NewDevice, Failure> {
    let request = DeviceRequest::parse(form, authorization(parts), policy)?;
    let named = client::named(app, &request.presented);
    if let Some(client) = &named {
        refusal::sent_by(client.no);
        *policy = app.policy(client.dialect(Dialect::Strict));
    }
    let client = client::authenticate(app, &request.presented, named.as_ref(), policy).await?;
    let properties = app.store.properties();
    let context = Context {
        policy,
        properties: properties.oauth(),
        now: app.now(),
    };
    request.permitted(&client, &context)?;
    throttle(app)?;
    let scope = Scope::granted(request.scope, &client, policy).map_err(TokenError::from)?;
    let resources = request.resources.clone();
    let resources = resources.known(|uri| app.is_resource(uri));
    let resources = resources.map_err(TokenError::from)?;
    let scope = app.store.number_scope_for(scope, resources).await?;
    for _ in 0..ATTEMPTS {
        let random = entropy::random();
        let grounds = device::Grounds {
            scope: &scope,
            ids: app.store.ids().tokens(),
            keys: &app.store.keys(),
            random: random.map_err(|error| StoreError::Unavailable(error.to_string()))?,
        };
        let device = device::begin(&client, &grounds, &context);
        // On disk before the person and the device go their ways.
        match app.store.insert_device(&device).await {
            Ok(()) => return Ok(device),
            // Another device shows the same user code.
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::Unavailable("user codes are used up".to_owned()))
}

/// A public client's name is known to everybody, so what anybody may do has a bound: each code that waits is one more
/// that a guess may meet.
fn throttle(app: &App) -> Result<(), Failure> {
    let (address, now) = (refusal::address(), app.now());
    if !app.device_requests.allows(address, now) {
        refusal::say("device_requests_throttled");
        let why = "too many devices asked from one address";
        return Err(Failure::Unavailable(why.to_owned()));
    }
    app.device_requests.count(address, now);
    Ok(())
}

/// User codes that are tried before the instance gives up; a first one that is taken is rarer than one in a million.
const ATTEMPTS: usize = 4;
