//! An application that sends people to the instance, and what comes back to it.

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::{
    browser::{Browser, hidden},
    world::{Client, World},
};

pub(super) const CALLBACK: &str = "https://app.example/cb";
/// RFC 7636 appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application with a record of its own.
pub(super) struct Application<'w> {
    pub(super) world: &'w World,
    pub(super) client: Client,
}

/// What a browser carried back.
#[derive(Debug)]
pub(super) struct Landed {
    pub(super) uri: String,
    pub(super) parameters: Vec<(String, String)>,
}

impl<'w> Application<'w> {
    pub(super) fn register(world: &'w World, name: &str) -> Self {
        Self::register_with(world, name, json!({}))
    }

    pub(super) fn register_with(world: &'w World, name: &str, more: Value) -> Self {
        let mut fields = json!({"redirect_url": CALLBACK});
        if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
            fields.extend(more);
        }
        let client = world.register_generated(name, fields);
        Self { world, client }
    }

    /// The address that the application sends people to.
    pub(super) fn url(&self, endpoint: &str, more: &str) -> String {
        let id = &self.client.id;
        let uri = "https%3A%2F%2Fapp.example%2Fcb";
        format!("{endpoint}?response_type=code&client_id={id}&redirect_uri={uri}&state=a%20b{more}")
    }

    /// Exchanges a code.
    pub(super) fn exchange(&self, endpoint: &str, code: &str, more: &[(&str, &str)]) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        let fields = [&fields[..], more].concat();
        self.world.grant(endpoint, &self.client, &fields)
    }

    /// A code for a person who allows it, or did before.
    pub(super) fn code(&self, browser: &Browser<'_>, more: &str) -> String {
        let page = browser.get(&self.url("/oauth_auth.do", more));
        let answer = if page.status == 200 {
            press(browser, &page, "authorize")
        } else {
            page
        };
        Landed::of(&answer).get("code").to_owned()
    }
}

/// Presses a button of the consent page.
pub(super) fn press(browser: &Browser<'_>, page: &Answer, button: &str) -> Answer {
    let ck = hidden(&page.body, "sysparm_ck");
    let fields = [("sysparm_ck", &*ck), ("oauth_auth_check_action", button)];
    browser.post("/oauth_auth.do", &fields)
}

impl Landed {
    pub(super) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let location = answer.header("location");
        let (uri, query) = location.split_once(['?', '#']).unwrap_or((location, ""));
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self {
            uri: uri.to_owned(),
            parameters: pairs.into_owned().collect(),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let mut pairs = self.parameters.iter();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.find(name)
            .unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}
