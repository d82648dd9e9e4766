//! The guides that this project exists to make work, end to end: foreign clients, and a person in Chromium.
//!
//! | scenario | driven by |
//! |---|---|
//! | `a` | PHP with its curl extension as the application, Chromium |
//! | `b` | newman |
//! | `c` | simple-oauth2 (others are in `foreign`) |
//! | `device` | openid-client, Chromium |
//! | `e` | `sh`, curl, Chromium |
//! | `f` | Express with passport-oauth2, openid-client (6 and 5), oidc-client-ts, oauth4webapi, Auth.js, express-openid-connect, a page without a server; Chromium |
//! | `pages` | axe, the keyboard, no JavaScript, screenshots; Chromium |

mod a;
mod b;
mod c;
mod device;
mod e;
mod f;
pub(crate) mod node;
mod pages;

use serde_json::{Value, json};
use snowglobe_testkit::Instance;

use self::node::Node;
use crate::world::{Admin, Credentials};

/// Registers an application as the console does: a name, a redirect URL, a secret, and what else it needs.
fn register(instance: &Instance, name: &str, redirect_uri: &str, more: &Value) -> Credentials {
    let mut record = json!({
        "name": name,
        "redirect_url": redirect_uri,
        "client_secret": "of-this-application-1",
    });
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
        record.extend(more.clone());
    }
    let record = Admin::of(instance).create("oauth_entity", &record);
    Credentials {
        id: record["client_id"].as_str().unwrap().to_owned(),
        secret: "of-this-application-1".to_owned(),
    }
}

/// A script of `tests/node` that knows the instance and its person.
fn script(instance: &Instance, name: &str) -> Node {
    let admin = instance.user("admin");
    Node::script(name)
        .env("SNOW_URL", instance.url())
        .env("SNOW_USER", &admin.name)
        .env("SNOW_PASSWORD", &admin.password)
}

/// A port of loopback that nothing listens at.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Moves the instance's clock.
fn advance(instance: &Instance, by: &str) {
    let answer = Admin::of(instance).send("POST", "/_sg/clock", Some(&json!({"advance": by})));
    assert_eq!(answer.status, 200, "{}", answer.body);
}
