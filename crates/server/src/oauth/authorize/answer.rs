//! Sending the person's browser on to the client.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use snowglobe_oauth::authorize::{FormPost, Redirect};

use crate::{
    identity::session::see_other,
    pages::{Forms, Shell, page},
    refusal::{self, Why},
};

/// The form of `response_mode=form_post`. Where scripts run it posts itself; elsewhere a button does.
#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    shell: Shell,
    form: FormPost<'a>,
}

/// Makes the answer. RFC 9700 §4.12: 303, so that nothing that was posted here is posted on.
pub(super) fn send(redirect: &Redirect) -> Response {
    if let Some(error) = redirect.error() {
        refusal::say(Why::new(error.fault()).text(error));
    }
    if let Some(location) = redirect.location() {
        return see_other(&location);
    }
    let Some(form) = redirect.form_post() else {
        return see_other("/");
    };
    let shell = Shell::of(None);
    let mut response = page(
        StatusCode::OK,
        &FormPostPage { shell, form },
        Forms::MayLeadOn,
    );
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// As other pages, and the one script of this page by its hash (a test compares them).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
     base-uri 'none'; script-src 'sha256-lDh6rz8To/XfMTB3V/uNAQ3LkbLBPKHK549qH7wbBJw='";
