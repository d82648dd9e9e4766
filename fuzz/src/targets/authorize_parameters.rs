//! Authorization requests (RFC 6749 §4.1.1): whatever comes in, nobody is sent where no client lives.

use std::sync::{Arc, LazyLock};

use snowglobe_oauth::{
    Client, ClientNo, Form, Policy, Properties, RedirectUri,
    authorize::{AuthorizationRequest, Redirect, Rules},
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "authorize_parameters",
    run,
    words: &[
        "client_id=web",
        "&redirect_uri=",
        "https://app.example/cb",
        "https%3A%2F%2Fapp.example%2Fcb",
        "http://127.0.0.1:8000/cb",
        "&response_type=",
        "code",
        "token",
        "&response_mode=",
        "form_post",
        "fragment",
        "&state=",
        "&nonce=",
        "&scope=",
        "openid",
        "&prompt=",
        "none",
        "login",
        "consent",
        "&max_age=",
        "&code_challenge=",
        "&code_challenge_method=",
        "S256",
        "plain",
        "&resource=",
        "&request=",
        "&login_hint=",
        "&id_token_hint=",
        "%",
        "+",
    ],
};

const HOME: &str = "https://app.example/cb";
const LOOPBACK: &str = "http://127.0.0.1:8000/cb";

static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| {
    let uris = [HOME, LOOPBACK].map(|uri| RedirectUri::parse(uri).expect("a redirection URI"));
    Arc::new(Client {
        redirect_uris: uris.into(),
        ..Client::new(
            ClientNo(1),
            "0123456789abcdef0123456789abcdef",
            "web",
            "Web",
        )
    })
});

fn run(bytes: &[u8]) {
    let Ok(form) = Form::parse(bytes) else {
        return;
    };
    let properties = Properties::default();
    for policy in [Policy::strict(), Policy::servicenow()] {
        let rules = Rules {
            policy: &policy,
            properties: &properties,
            implicit_clients: "web",
            issuer: "https://snow.example",
            is_resource: &|_| true,
        };
        let Ok(request) = AuthorizationRequest::parse(&form) else {
            continue;
        };
        let Ok(request) = request.bind(Some(&CLIENT), &rules) else {
            continue;
        };
        if let Err(redirect) = request.validate(&rules) {
            leads_home(&redirect);
        }
    }
}

/// An error goes to a registered URI, as one line that a header holds or as a form.
fn leads_home(redirect: &Redirect) {
    let to = redirect.location().map(|to| to.as_str().to_owned());
    let form = redirect.form_post();
    if let Some(to) = &to {
        // RFC 8252 §7.3: the port of a loopback address is the client's choice, none included.
        let loopback = ["http://127.0.0.1:", "http://127.0.0.1/cb"];
        let home = to.starts_with(HOME) || loopback.iter().any(|start| to.starts_with(start));
        assert!(home, "it leads to {to}");
        assert!(to.bytes().all(|byte| byte.is_ascii_graphic()), "{to:?}");
    }
    assert!(to.is_some() != form.is_some(), "one of both");
}
