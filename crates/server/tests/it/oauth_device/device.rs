//! A device that asks, and the person in front of a browser.

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::{
    browser::{Browser, hidden},
    world::{STRICT, World},
};

pub(super) const ENDPOINT: &str = "/oauth2/device_authorization";
pub(super) const PAGE: &str = "/oauth2/device";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A device that runs a public client, and what it was told.
pub(super) struct Device<'w> {
    pub(super) world: &'w World,
    pub(super) client_id: String,
    pub(super) sys_id: String,
    pub(super) told: Value,
}

impl<'w> Device<'w> {
    /// A device whose client has this id, made for it.
    pub(super) fn asks(world: &'w World, client_id: &str, scope: &str) -> Self {
        let public = json!({"public_client": "true"});
        let client = world.register(client_id, "unused", public);
        let answer = ask(world, client_id, scope);
        assert_eq!(answer.status, 200, "{}", answer.body);
        Self {
            world,
            client_id: client_id.to_owned(),
            sys_id: client.sys_id,
            told: answer.json(),
        }
    }

    /// The same device asks once more.
    pub(super) fn again(&self) -> Self {
        Self {
            world: self.world,
            client_id: self.client_id.clone(),
            sys_id: self.sys_id.clone(),
            told: ask(self.world, &self.client_id, "").json(),
        }
    }

    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    pub(super) fn user_code(&self) -> &str {
        self.text("user_code")
    }

    pub(super) fn poll(&self) -> Answer {
        self.poll_as(&[("client_id", &self.client_id)])
    }

    pub(super) fn poll_as(&self, client: &[(&str, &str)]) -> Answer {
        let fields = [
            ("grant_type", GRANT),
            ("device_code", self.text("device_code")),
        ];
        self.world
            .http
            .form(STRICT, &[&fields[..], client].concat())
    }

    /// The error of a poll that gives nothing.
    pub(super) fn refused(&self) -> String {
        let answer = self.poll();
        assert_eq!(answer.status, 400, "{}", answer.body);
        answer.text("error")
    }

    /// Types the code into the page; what comes back asks about the device.
    pub(super) fn shown_to(&self, browser: &Browser<'_>) -> Answer {
        type_in(browser, self.user_code())
    }

    /// Types the code and presses a button.
    pub(super) fn answered_by(&self, browser: &Browser<'_>, button: &str) -> Answer {
        press(browser, &self.shown_to(browser), button)
    }
}

fn ask(world: &World, client_id: &str, scope: &str) -> Answer {
    world
        .http
        .form(ENDPOINT, &[("client_id", client_id), ("scope", scope)])
}

/// Types a code into the page.
pub(super) fn type_in(browser: &Browser<'_>, code: &str) -> Answer {
    let page = browser.get(PAGE);
    assert_eq!(page.status, 200, "{}", page.body);
    browser.submit(&page, PAGE, &[("user_code", code)])
}

/// Presses a button of the page that asks about a device.
pub(super) fn press(browser: &Browser<'_>, page: &Answer, button: &str) -> Answer {
    assert_eq!(page.status, 200, "{}", page.body);
    let ticket = hidden(&page.body, "sysparm_ck");
    let fields = [
        ("sysparm_ck", &*ticket),
        ("oauth_auth_check_action", button),
    ];
    browser.post(PAGE, &fields)
}
