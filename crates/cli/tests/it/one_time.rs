//! What counts once counts once across `kill -9`, and nothing is called revoked that is not: on both databases.

use std::process::Command;

use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use crate::visitor::Visitor;
use crate::world::{Admin, Credentials, Place, SERVICENOW, STRICT, Store, call};

const BACK: &str = "https://app.example/cb";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// An instance that is killed again and again.
struct Victim {
    place: Place,
    instance: Instance,
    client: Credentials,
}

impl Victim {
    fn start(store: Store) -> Self {
        Self::start_through(store, &[])
    }

    fn start_through(store: Store, words: &[&str]) -> Self {
        let place = Place::new(store);
        let instance = place.launch().through(words).start();
        let record = json!({
            "name": "Victim", "client_id": "victim", "client_secret": "hush", "redirect_url": BACK,
        });
        Admin::of(&instance).create("oauth_entity", &record);
        Self {
            place,
            instance,
            client: Credentials {
                id: "victim".to_owned(),
                secret: "hush".to_owned(),
            },
        }
    }

    /// Pulls the plug and starts the next process.
    fn killed(self) -> Self {
        let Self {
            place,
            instance,
            client,
        } = self;
        instance.kill();
        let instance = place.launch().start();
        Self {
            place,
            instance,
            client,
        }
    }

    fn visitor(&self) -> Visitor {
        let admin = self.instance.user("admin");
        let visitor = Visitor::default();
        visitor.log_in(self.instance.http(), &admin.name, &admin.password);
        visitor
    }

    fn token(&self, grant: &[(&str, &str)]) -> Answer {
        self.client.request(self.instance.http(), STRICT, grant)
    }

    fn exchange(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
        ])
    }

    fn call(&self, token: &str) -> u16 {
        call(self.instance.http(), token)
    }
}

fn ask() -> String {
    format!(
        "/oauth2/authorize?response_type=code&client_id=victim&redirect_uri={BACK}&state=s&prompt=consent"
    )
}

fn code_of(answer: &Answer) -> String {
    let location = answer.header("location");
    let (_, rest) = location
        .split_once("code=")
        .unwrap_or_else(|| panic!("{} {location} {}", answer.status, answer.body));
    rest.split('&').next().unwrap().to_owned()
}

/// A code that was given survives; one that was used stays used, and what it gave dies with its second use.
fn a_code_and_its_form(store: Store) {
    let victim = Victim::start(store);
    let person = victim.visitor();
    let http = victim.instance.http().clone();
    let page = person.get(&http, &ask());
    let victim = victim.killed();
    // The page was shown by a process that is no more.
    let http = victim.instance.http().clone();
    let code = code_of(&person.press(&http, "/oauth2/authorize", &page, "authorize"));
    let victim = victim.killed();
    let http = victim.instance.http().clone();
    let again = person.press(&http, "/oauth2/authorize", &page, "authorize");
    assert_eq!(
        (again.status, again.header("x-snowglobe-reason")),
        (400, "consent_form_used")
    );
    let given = victim.exchange(&code);
    assert_eq!(given.status, 200, "{}", given.body);
    let victim = victim.killed();
    assert_eq!(victim.call(&given.text("access_token")), 200);
    let twice = victim.exchange(&code);
    assert_eq!(
        (twice.status, &*twice.text("error")),
        (400, "invalid_grant")
    );
    let victim = victim.killed();
    assert_eq!(victim.call(&given.text("access_token")), 401);
    let refresh = given.text("refresh_token");
    let refreshed = victim.token(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
    assert_eq!(refreshed.text("error"), "invalid_grant");
}

#[test]
fn security_14_codes_and_consent_forms_count_once_across_kill_9_on_sqlite() {
    a_code_and_its_form(Store::Sqlite);
}

#[test]
fn security_14_codes_and_consent_forms_count_once_across_kill_9_on_postgres() {
    a_code_and_its_form(Store::Postgres);
}

/// Each step of a device is on disk before it is answered.
fn a_device(store: Store) {
    let victim = Victim::start(store);
    let http = victim.instance.http().clone();
    let told = victim
        .client
        .request(&http, "/oauth2/device_authorization", &[]);
    assert_eq!(told.status, 200, "{}", told.body);
    let (code, user_code) = (told.text("device_code"), told.text("user_code"));
    let poll = |victim: &Victim| victim.token(&[("grant_type", DEVICE), ("device_code", &code)]);
    let victim = victim.killed();
    assert_eq!(poll(&victim).text("error"), "authorization_pending");
    let person = victim.visitor();
    let http = victim.instance.http().clone();
    let page = person.get(&http, "/oauth2/device");
    let asked = person.submit(&http, "/oauth2/device", &page, &[("user_code", &user_code)]);
    let victim = victim.killed();
    let http = victim.instance.http().clone();
    let done = person.press(&http, "/oauth2/device", &asked, "authorize");
    assert_eq!(done.status, 200, "{}", done.body);
    let victim = victim.killed();
    let http = victim.instance.http().clone();
    let again = person.press(&http, "/oauth2/device", &asked, "deny");
    assert_eq!(again.status, 403, "{}", again.body);
    let given = poll(&victim);
    assert_eq!(given.status, 200, "{}", given.body);
    let victim = victim.killed();
    assert_eq!(victim.call(&given.text("access_token")), 200);
    assert_eq!(poll(&victim).text("error"), "invalid_grant");
    let victim = victim.killed();
    assert_eq!(victim.call(&given.text("access_token")), 401);
}

#[test]
fn security_52_a_device_counts_once_across_kill_9_on_sqlite() {
    a_device(Store::Sqlite);
}

#[test]
fn security_52_a_device_counts_once_across_kill_9_on_postgres() {
    a_device(Store::Postgres);
}

/// An assertion of the client that every new instance has, and one that proves the client, count once whoever is killed
/// in between.
fn an_assertion(store: Store) {
    let victim = Victim::start(store);
    let admin = Admin::of(&victim.instance);
    for wanted in [
        json!({"set": "2027-01-15 08:00:00"}),
        json!({"freeze": true}),
    ] {
        let answer = admin.send("POST", "/_sg/clock", Some(&wanted));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let client = victim.instance.jwt_client().clone();
    let id = client.client_id.as_str();
    let grant = client.sign(&json!({
        "iss": id, "aud": id, "sub": "itil", "iat": NOW, "exp": NOW + 200, "jti": "once",
    }));
    let send = |victim: &Victim| {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", &*grant),
            ("client_id", id),
        ];
        victim.instance.http().form(SERVICENOW, &form)
    };
    let given = send(&victim);
    assert_eq!(given.status, 200, "{}", given.body);
    let victim = victim.killed();
    let replayed = send(&victim);
    assert_eq!(
        (replayed.status, replayed.header("x-snowglobe-reason")),
        (401, "assertion_replayed")
    );
    assert_eq!(victim.call(&given.text("access_token")), 200);

    // Each process has a port, and so an issuer, of its own.
    let ask = |victim: &Victim| {
        let proof = client.sign(&json!({
            "iss": id, "sub": id, "aud": victim.instance.url(), "exp": NOW + 200, "jti": "proof",
        }));
        let form = [
            ("client_assertion_type", CLIENT_ASSERTION),
            ("client_assertion", &*proof),
            ("token", "x"),
        ];
        victim.instance.http().form("/oauth2/revoke", &form)
    };
    let told = ask(&victim);
    assert_eq!(told.status, 200, "{}", told.body);
    let victim = victim.killed();
    let replayed = ask(&victim);
    assert_eq!(replayed.header("x-snowglobe-reason"), "assertion_replayed");
}

/// 2027-01-15 08:00:00 UTC.
const NOW: i64 = 1_800_000_000;
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[test]
fn security_43_an_assertion_counts_once_across_kill_9_on_sqlite() {
    an_assertion(Store::Sqlite);
}

#[test]
fn security_43_an_assertion_counts_once_across_kill_9_on_postgres() {
    an_assertion(Store::Postgres);
}

/// A process that is told of a file that may not grow, where others are killed; its log is a file, too.
const SURVIVES_A_FULL_DISK: [&str; 4] = [
    "sh",
    "-c",
    r#"trap '' XFSZ; log=$(mktemp); exec 2>"$log"; rm "$log"; exec "$@""#,
    "sh",
];

/// Lets the files of a process grow no more, or again.
fn fill_the_disk(pid: u32, full: bool) {
    let limit = if full {
        "--fsize=1:unlimited"
    } else {
        "--fsize=unlimited"
    };
    let done = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), limit])
        .status()
        .unwrap();
    assert!(done.success(), "{done}");
}

/// CVE-2020-15223: a revocation that the store did not take is not one.
fn a_failing_store(store: Store, set_failing: impl Fn(&Victim, bool)) {
    let victim = Victim::start_through(store, &SURVIVES_A_FULL_DISK);
    let http = victim.instance.http();
    let demo = Credentials::of_demo_client(&victim.instance);
    let token = demo.access_token(http);
    let revoke = |path: &str| demo.request(http, path, &[("token", &token)]);
    set_failing(&victim, true);
    for path in ["/oauth2/revoke", "/oauth_revoke_token.do"] {
        let answer = revoke(path);
        assert_eq!(answer.status, 503, "{path}: {}", answer.body);
        assert_eq!(answer.header("x-snowglobe-reason"), "unavailable");
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(victim.call(&token), 200, "it was not called revoked");
    set_failing(&victim, false);
    assert_eq!(revoke("/oauth2/revoke").status, 200);
    assert_eq!(victim.call(&token), 401);
}

#[test]
fn security_cve_2020_15223_a_revocation_needs_its_store_on_sqlite() {
    a_failing_store(Store::Sqlite, |victim, full| {
        fill_the_disk(victim.instance.pid(), full);
    });
}

#[test]
fn security_cve_2020_15223_a_revocation_needs_its_store_on_postgres() {
    a_failing_store(Store::Postgres, |victim, gone| {
        victim.place.run(if gone {
            "ALTER TABLE sg_revocation RENAME TO sg_gone"
        } else {
            "ALTER TABLE sg_gone RENAME TO sg_revocation"
        });
    });
}
