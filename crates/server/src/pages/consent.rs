//! The consent page: who asks, for what, and as whom (`inbound-oauth.md` §8.2).
//!
//! Scripts drive it: the first `sysparm_ck` is the form's, with `value` after `name`, and of the two buttons named
//! `oauth_auth_check_action` the second one is *Allow*. Others send back every hidden field that they find, whichever
//! form it is in: so there is no second form.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_oauth::{
    authorize::{AuthorizationRequest, Identified},
    client::Client,
};

use super::{Forms, Shell, page};
use crate::{
    identity::session::{self, Session},
    oauth::authorize::Path,
};

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    shell: Shell,
    client: &'a str,
    initial: char,
    logo: Option<&'a str>,
    user_name: &'a str,
    grants: Vec<String>,
    returns_to: &'a str,
    endpoint: &'a str,
    ticket: &'a str,
    leave: String,
}

/// Returns the page; `ticket` is what its form carries as `sysparm_ck`.
pub(crate) fn show(
    session: &Session,
    request: &AuthorizationRequest<Identified>,
    ticket: &str,
    path: &Path<'_>,
) -> Response {
    let client = request.client();
    let template = ConsentPage {
        shell: Shell::of(Some(session)),
        client: &client.name,
        initial: client.name.chars().next().unwrap_or('?'),
        logo: logo(client),
        user_name: &session.user.account.user_name,
        grants: request
            .scope()
            .names()
            .map(|name| words(name, client))
            .collect(),
        returns_to: place(request.redirect_uri()),
        endpoint: path.endpoint(),
        ticket,
        leave: session::login_address("/logout.do", &path.to_string(), None),
    };
    page(StatusCode::OK, &template, Forms::MayLeadOn)
}

/// security.md §2, 7: nothing of another site's on a page that a code passes through, so a logo of ours or none.
pub(super) fn logo(client: &Client) -> Option<&str> {
    snowglobe_oauth::goto::allowed(client.logo_url.as_deref()?)
}

/// Says what a scope allows.
pub(super) fn words(name: &str, client: &Client) -> String {
    let known = match name {
        "useraccount" => {
            "Do everything you can do here: read, create, change and delete records as you"
        }
        "openid" => "Know that it is you",
        "profile" => "See your name and other details of your profile",
        "email" => "See your e-mail address",
        "address" => "See your address",
        "phone" => "See your phone numbers",
        "offline_access" => "Go on when you are not here, until you take that back",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let described = client.auth_scopes.iter().find(|scope| *scope.name == *name);
    let description = described.map_or("", |scope| &*scope.description);
    if description.is_empty() {
        format!("Use what is called “{name}” here")
    } else {
        format!("{description} ({name})")
    }
}

/// The part of a redirection URI that tells a person where they go: scheme and host.
fn place(uri: &str) -> &str {
    let Some(start) = uri.find("://").map(|at| at + 3) else {
        return uri.split('?').next().unwrap_or_default();
    };
    let end = uri[start..]
        .find(['/', '?'])
        .map_or(uri.len(), |at| start + at);
    &uri[..end]
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_person_sees_the_host_they_return_to() {
        for (uri, shown) in [
            ("https://app.example/cb?x=1", "https://app.example"),
            ("https://app.example?x=1", "https://app.example"),
            ("http://127.0.0.1:8765/callback", "http://127.0.0.1:8765"),
            ("com.example.app:/cb?x", "com.example.app:/cb"),
            ("/sdk-oauth.do", "/sdk-oauth.do"),
        ] {
            assert_eq!(place(uri), shown);
        }
    }
}
