//! The crate `oauth2`.

use std::time::Duration;

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    RefreshToken, ResourceOwnerPassword, ResourceOwnerUsername, TokenResponse, TokenUrl,
};
use snowglobe_testkit::Instance;

use crate::world::{Credentials, SERVICENOW, STRICT, call, launch};

type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn client(instance: &Instance, path: &str, method: AuthType) -> Client {
    let credentials = Credentials::of_demo_client(instance);
    BasicClient::new(ClientId::new(credentials.id))
        .set_client_secret(ClientSecret::new(credentials.secret))
        .set_auth_type(method)
        .set_token_uri(TokenUrl::new(format!("{}{path}", instance.url())).unwrap())
}

/// Carries the library's requests over loopback.
fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let client = reqwest::blocking::Client::builder().no_proxy().build()?;
    let answer = client.execute(request.try_into()?)?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes()?.to_vec();
    Ok(response)
}

fn client_credentials(client: &Client) -> BasicTokenResponse {
    client.exchange_client_credentials().request(&send).unwrap()
}

#[test]
fn two_requests_inside_the_lifetime_get_the_same_token() {
    let instance = launch().start();
    for method in [AuthType::BasicAuth, AuthType::RequestBody] {
        let client = client(&instance, SERVICENOW, method.clone());
        let first = client_credentials(&client);
        let second = client_credentials(&client);
        assert_eq!(
            first.access_token().secret(),
            second.access_token().secret(),
            "{method:?}"
        );
        assert!(second.expires_in() <= first.expires_in(), "{method:?}");
        assert!(first.expires_in() <= Some(Duration::from_mins(30)));
        assert_eq!(call(instance.http(), second.access_token().secret()), 200);
    }
}

#[test]
fn the_strict_dialect_gives_a_fresh_token_each_time() {
    let instance = launch().start();
    let client = client(&instance, STRICT, AuthType::BasicAuth);
    let (first, second) = (client_credentials(&client), client_credentials(&client));
    assert_ne!(
        first.access_token().secret(),
        second.access_token().secret()
    );
    for token in [first, second] {
        assert_eq!(call(instance.http(), token.access_token().secret()), 200);
    }
}

#[test]
fn a_refresh_keeps_the_token_as_servicenow_does_and_rotates_it_as_the_rfcs_ask() {
    let instance = launch().start();
    let admin = instance.user("admin");
    let servicenow = client(&instance, SERVICENOW, AuthType::RequestBody);
    let granted = servicenow
        .exchange_password(
            &ResourceOwnerUsername::new(admin.name.clone()),
            &ResourceOwnerPassword::new(admin.password.clone()),
        )
        .request(&send)
        .unwrap();
    let refresh = granted.refresh_token().unwrap();

    let kept = servicenow
        .exchange_refresh_token(refresh)
        .request(&send)
        .unwrap();
    assert_eq!(
        kept.refresh_token().map(RefreshToken::secret),
        Some(refresh.secret())
    );

    let strict = client(&instance, STRICT, AuthType::BasicAuth);
    let rotated = strict
        .exchange_refresh_token(refresh)
        .request(&send)
        .unwrap();
    assert_ne!(
        rotated.refresh_token().map(RefreshToken::secret),
        Some(refresh.secret())
    );
    assert_eq!(call(instance.http(), rotated.access_token().secret()), 200);
}
