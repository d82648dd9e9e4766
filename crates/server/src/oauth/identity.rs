//! The last step of a token request: the access token in its client's format, and the ID token where one was asked
//! for.

use snowglobe_oauth::{
    access_jwt::{self, Contents},
    client::{Client, TokenFormat},
    id_token::{Authentication, IdToken},
    response::{AccessTokenText, TokenResponse},
    scope::OPENID,
    time::UnixMillis,
    userinfo,
};
use snowglobe_store::backend::{ApplyError, StoreError};

use super::{signing, subject::subject};
use crate::app::App;

/// Writes the access token as a JWT where the client's record says so, and adds the ID token that `openid` asks for;
/// `person` tells of the log-in, and is `None` where nobody logged in. An answer that needs neither costs nothing.
pub(super) async fn complete(
    app: &App,
    client: &Client,
    person: Option<&Authentication>,
    response: TokenResponse,
    now: UnixMillis,
) -> Result<TokenResponse, ApplyError> {
    let jwt = client.token_format == TokenFormat::Jwt;
    let person = person.filter(|_| response.scope.contains(OPENID) && !is_built_in(client));
    if !jwt && person.is_none() {
        return Ok(response);
    }
    Box::pin(signed(app, client, person, response, now)).await
}

/// `ServiceNow`'s own SDK sends `openid` and gives up on an answer with an ID token. Clients that come back to a page of
/// the instance are told of by no other mark: only built-in ones have relative redirect URLs (`inbound-oauth.md` §3.2).
fn is_built_in(client: &Client) -> bool {
    let mut pages = client.redirect_uris.iter();
    !client.redirect_uris.is_empty() && pages.all(|uri| uri.as_str().starts_with('/'))
}

/// Signs what there is to sign.
async fn signed(
    app: &App,
    client: &Client,
    person: Option<&Authentication>,
    mut response: TokenResponse,
    now: UnixMillis,
) -> Result<TokenResponse, ApplyError> {
    let key = signing::signer(app, client.signing_algorithm).await?;
    let user = app.store.user_by_no(response.access.user).await?;
    let user = user.ok_or_else(|| StoreError::Unavailable("the user is gone".to_owned()))?;
    let subject = subject(app, &response.access, client, &user.account).await?;
    if client.token_format == TokenFormat::Jwt {
        let contents = Contents {
            issuer: &app.issuer,
            audience: app.audience(&response.resources),
            subject: &subject,
            client_id: &client.client_id,
            scope: &response.scope,
            auth_time: person.and_then(|person| person.auth_time),
        };
        let claims = access_jwt::claims(&response.access, &contents);
        let text = signing::sign(&key, access_jwt::TYP, &claims)?;
        response.access_token = AccessTokenText::Jwt(text.into());
    }
    if let Some(authentication) = person {
        let described = if userinfo::describes(&response.scope) {
            app.store.person(response.access.user).await?
        } else {
            None
        };
        let id_token = IdToken {
            issuer: &app.issuer,
            subject: &subject,
            client_id: &client.client_id,
            authentication,
            access_token: Some(response.access_token.expose()),
            person: &described.unwrap_or_default(),
            scope: &response.scope,
            now,
        };
        response.id_token = Some(signing::sign(&key, "JWT", &id_token.claims())?);
    }
    Ok(response)
}
