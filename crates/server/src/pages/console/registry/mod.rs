//! The Application Registry's own pages (`inbound-oauth.md` §3): what kind of application a new one is, its secret
//! shown once, rotation of secrets, and the end of all its tokens.

mod act;
mod get_token;
mod kinds;
mod run_flow;
mod secret;
mod test_button;

use super::form::{Button, Record};

pub(super) use act::{act, done};
pub(super) use get_token::notice;
pub(super) use kinds::{asks_what_kind, interceptor};
pub(super) use secret::told_once;

/// Returns the buttons of a record's form besides saving and deleting.
pub(super) fn buttons(record: &Record) -> Vec<Button> {
    let mut buttons = Vec::new();
    if super::credentials::is_token(record) {
        buttons.push(REVOKE);
    }
    if test_button::is_offered(record) {
        buttons.push(TEST);
    }
    if run_flow::is_offered(record) {
        buttons.push(RUN_FLOW);
    }
    if get_token::is_offered(record) {
        buttons.push(GET_TOKEN);
    }
    if !is_client(record) || !record.may_save {
        return buttons;
    }
    let holds = |element| {
        let row = record.row.as_ref();
        row.is_some_and(|row| row.value(element).as_text().is_some())
    };
    if record.may_write("client_secret") && holds("client_secret") {
        buttons.push(ROTATE);
        if holds("client_secret_previous") {
            buttons.push(RETIRE);
        }
    }
    buttons.push(REVOKE_ALL);
    buttons
}

fn is_client(record: &Record) -> bool {
    let row = record.row.as_ref();
    record.table.root() == "oauth_entity"
        && row.is_some_and(|row| row.value("type").as_text() != Some("consumer"))
}

const ROTATE: Button = Button {
    verb: "rotate_secret",
    label: "Rotate secret",
    help: "Makes a new secret and shows it once. The present one keeps working beside it until you retire it.",
    danger: false,
};
const RETIRE: Button = Button {
    verb: "retire_secret",
    label: "Retire previous secret",
    help: "Two secrets work at present. From then on only the newer one does.",
    danger: true,
};
const TEST: Button = Button {
    verb: "test_rest",
    label: "Test",
    help: "Sends the request now, with the test values of its variables.",
    danger: false,
};
const RUN_FLOW: Button = Button {
    verb: "run_flow",
    label: "Run now",
    help: "Starts the flow now, without a record: steps that need what its trigger gives fail.",
    danger: false,
};
const GET_TOKEN: Button = Button {
    verb: "get_oauth_token",
    label: "Get OAuth Token",
    help: "Asks the provider for a token now. Where a person has to consent, it leads there.",
    danger: false,
};
const REVOKE_ALL: Button = Button {
    verb: "revoke_tokens",
    label: "Revoke tokens",
    help: "Ends every token that this application has, on every node, at once.",
    danger: true,
};
const REVOKE: Button = Button {
    verb: "revoke_access",
    label: "Revoke Access",
    help: "Ends this token and everything that came from the same refresh token, on every node, at once.",
    danger: true,
};
