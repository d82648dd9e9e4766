//! The second factor: setting it up, logging in with it, guessing it, and losing it (RFC 6238).

use serde_json::json;
use snowglobe_oauth::totp::TotpSecret;
use snowglobe_testkit::Answer;

use crate::{
    browser::{Browser, hidden},
    world::{RIGHT, SERVICENOW, World},
};

pub(super) const CODE_PAGE: &str = "/validate_multifactor_auth_code.do";
pub(super) const SETUP: &str = "/my_second_factor.do";

/// A person's authenticator app, and their recovery codes.
pub(super) struct App<'w> {
    world: &'w World,
    secret: TotpSecret,
    pub(super) codes: Vec<String>,
}

impl App<'_> {
    /// The code of now, or of some steps from now.
    pub(super) fn code(&self, later: i64) -> String {
        let now = self.world.admin().get("/_sg/clock").json()["now"].clone();
        let now: jiff::Timestamp = now.as_str().unwrap().parse().unwrap();
        self.secret.code(now.as_second() / 30 + later)
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

pub(super) fn secret_of(page: &Answer) -> TotpSecret {
    let before = "<p class=\"secret\" id=\"key\">";
    let key = between(&page.body, before, "<").replace(' ', "");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digits: Vec<u64> = key
        .chars()
        .map(|letter| u64::try_from(alphabet.find(letter).unwrap()).unwrap())
        .collect();
    // Eight letters are five bytes.
    let bytes = digits.chunks(8).flat_map(|eight| {
        let number = eight
            .iter()
            .fold(0_u64, |number, digit| number << 5 | digit);
        number.to_be_bytes()[3..].to_vec()
    });
    TotpSecret::new(bytes.collect::<Vec<u8>>().try_into().unwrap())
}

pub(super) fn codes_of(page: &Answer) -> Vec<String> {
    let list = page.body.split("<li>").skip(1);
    list.map(|rest| rest.split_once("</li>").unwrap().0.to_owned())
        .collect()
}

/// Sets a second factor up for a new person.
pub(super) fn enrolled<'w>(world: &'w World, name: &str) -> App<'w> {
    world.person(name, RIGHT, json!({}));
    let browser = Browser::new(world);
    browser.log_in(name, RIGHT);
    let page = browser.get(SETUP);
    let page = browser.submit(&page, SETUP, &[]);
    assert_eq!(page.status, 200, "{}", page.body);
    let mut app = App {
        world,
        secret: secret_of(&page),
        codes: Vec::new(),
    };
    let wrong = browser.submit(
        &page,
        SETUP,
        &[("code", "000000"), ("sys_action", "confirm")],
    );
    assert_eq!(wrong.status, 403);
    let typed = [("code", &*app.code(-1)), ("sys_action", "confirm")];
    app.codes = codes_of(&browser.submit(&page, SETUP, &typed));
    assert_eq!(app.codes.len(), 10);
    app
}

#[test]
fn a_second_factor_is_asked_for_before_the_session_begins() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    let browser = Browser::new(&world);
    let page = browser.log_in_at("/login.do?sysparm_goto_url=%2Fwanted.do", "twice", RIGHT);
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!((browser.who(), browser.cookie("JSESSIONID")), (None, None));
    let wrong = browser.submit(&page, CODE_PAGE, &[("code", "000000")]);
    assert_eq!(wrong.status, 403);
    let right = browser.submit(&wrong, CODE_PAGE, &[("code", &app.code(0))]);
    assert_eq!(
        (right.status, right.header("location")),
        (303, "/wanted.do")
    );
    assert_eq!(browser.who().as_deref(), Some("twice"));
}

#[test]
fn rfc8176_2_an_id_token_tells_that_two_factors_were_proved() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    let browser = Browser::new(&world);
    let page = browser.log_in("twice", RIGHT);
    browser.submit(&page, CODE_PAGE, &[("code", &app.code(0))]);
    let back = "https://app.example/cb";
    let client = world.register("amr", "s", json!({"redirect_url": back}));
    let url = format!(
        "/oauth2/authorize?response_type=code&client_id=amr&redirect_uri={back}&scope=openid&state=s"
    );
    let asked = browser.get(&url);
    let ticket = hidden(&asked.body, "sysparm_ck");
    let allowed = [
        ("sysparm_ck", &*ticket),
        ("oauth_auth_check_action", "authorize"),
    ];
    let answer = browser.post("/oauth2/authorize", &allowed);
    let code = between(answer.header("location"), "code=", "&");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", back),
    ];
    let answer = world.grant("/oauth2/token", &client, &form);
    let claims = crate::jwt_tokens::claims_of(&answer.text("id_token"));
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
}

#[test]
fn security_25_a_property_keeps_who_has_one_from_the_password_grant_and_not_from_basic() {
    let world = World::own();
    let _app = enrolled(&world, "twice");
    let client = world.demo_client();
    let form = [
        ("grant_type", "password"),
        ("username", "twice"),
        ("password", RIGHT),
    ];
    let status = || world.grant(SERVICENOW, &client, &form).status;
    assert_eq!(status(), 200, "inbound-oauth.md §2.3");
    let property = json!({"name": "snowglobe.oauth.password.second_factor", "value": "true"});
    world.admin().create("sys_properties", &property);
    let refused = world.grant(SERVICENOW, &client, &form);
    assert_eq!(
        (refused.status, refused.header("x-snowglobe-reason")),
        (401, "user_second_factor_needed")
    );
    let basic = world.as_basic("twice", RIGHT);
    assert_eq!(basic.get("/api/now/table/incident").status, 200);
}

#[test]
fn a_code_opens_once() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    let (code, recovery) = (app.code(0), app.codes[3].clone());
    for typed in [&code, &recovery] {
        let log_in = || {
            let browser = Browser::new(&world);
            let page = browser.log_in("twice", RIGHT);
            browser.submit(&page, CODE_PAGE, &[("code", typed)]).status
        };
        assert_eq!((log_in(), log_in()), (303, 403), "{typed}");
    }
    let browser = Browser::new(&world);
    let page = browser.log_in("twice", RIGHT);
    let older = browser.submit(&page, CODE_PAGE, &[("code", &app.code(-1))]);
    assert_eq!(older.status, 403);
    let typed = [("code", &*app.codes[4].to_uppercase().replace('-', " "))];
    assert_eq!(browser.submit(&page, CODE_PAGE, &typed).status, 303);
}

#[test]
fn guesses_at_the_code_lock_the_account_and_the_password_does_not_start_the_count_again() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    for _ in 0..5 {
        let browser = Browser::new(&world);
        let page = browser.log_in("twice", RIGHT);
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(
            browser
                .submit(&page, CODE_PAGE, &[("code", "000000")])
                .status,
            403
        );
        // A page that was open before the lock leads nowhere after it.
        assert!(hidden(&page.body, "sysparm_handle").len() > 100);
    }
    assert_eq!(Browser::new(&world).log_in("twice", RIGHT).status, 403);
    world.advance("15m");
    let browser = Browser::new(&world);
    let page = browser.log_in("twice", RIGHT);
    assert_eq!(
        browser
            .submit(&page, CODE_PAGE, &[("code", &app.code(0))])
            .status,
        303
    );
}

#[test]
fn a_handle_is_of_its_browser_its_purpose_and_its_minutes() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    let (browser, other) = (Browser::new(&world), Browser::new(&world));
    let page = browser.log_in("twice", RIGHT);
    other.get("/login.do");
    let good = hidden(&page.body, "sysparm_handle");
    let login = hidden(&browser.get("/login.do").body, "sysparm_ck");
    let code = app.code(0);
    assert_eq!(
        other.submit(&page, CODE_PAGE, &[("code", &code)]).status,
        403
    );
    for handle in ["", "x", &good[..100], &login] {
        let typed = [("code", &*code), ("sysparm_handle", handle)];
        assert_eq!(
            browser.submit(&page, CODE_PAGE, &typed).status,
            403,
            "{handle}"
        );
    }
    for (path, action) in [
        ("/change_password.do", ""),
        (SETUP, "confirm"),
        (SETUP, "continue"),
    ] {
        let typed = [
            ("sysparm_handle", &*good),
            ("sys_action", action),
            ("code", &code),
            ("current_password", RIGHT),
            ("new_password", "another long one"),
            ("confirm_password", "another long one"),
        ];
        assert_eq!(browser.post(path, &typed).status, 403, "{path} {action}");
    }
    assert_eq!(browser.who(), None);
    world.advance("10m");
    assert_eq!(
        browser
            .submit(&page, CODE_PAGE, &[("code", &app.code(0))])
            .status,
        403
    );
}

#[test]
fn it_takes_a_code_and_the_session_s_token_to_remove_it() {
    let world = World::own();
    let app = enrolled(&world, "twice");
    let browser = Browser::new(&world);
    let page = browser.log_in("twice", RIGHT);
    browser.submit(&page, CODE_PAGE, &[("code", &app.code(0))]);
    let page = browser.get(SETUP);
    assert!(
        page.body.contains("10 unused recovery codes"),
        "{}",
        page.body
    );
    let remove = [("sys_action", "remove"), ("code", &*app.codes[0])];
    let foreign = [&remove[..], &[("sysparm_ck", "x")]].concat();
    assert_eq!(browser.submit(&page, SETUP, &foreign).status, 403);
    // Nobody replaces it without a code either.
    for action in ["begin", "confirm"] {
        assert_eq!(
            browser
                .submit(&page, SETUP, &[("sys_action", action)])
                .status,
            403
        );
    }
    assert_eq!(
        browser.submit(&page, SETUP, &[("code", "000000")]).status,
        403
    );
    assert_eq!(browser.submit(&page, SETUP, &remove).status, 303);
    assert_eq!(Browser::new(&world).log_in("twice", RIGHT).status, 303);
}

#[test]
fn an_instance_may_demand_it_of_everybody() {
    let world = World::own();
    let property = json!({"name": "glide.authenticate.multifactor", "value": "true"});
    world.admin().create("sys_properties", &property);
    world.person("newcomer", RIGHT, json!({}));
    let browser = Browser::new(&world);
    let page = browser.log_in_at("/login.do?sysparm_goto_url=%2Fwanted.do", "newcomer", RIGHT);
    assert_eq!(browser.who(), None);
    let app = App {
        world: &world,
        secret: secret_of(&page),
        codes: Vec::new(),
    };
    let skipped = browser.submit(&page, SETUP, &[("sys_action", "continue")]);
    assert_eq!(skipped.status, 403);
    let codes = browser.submit(&page, SETUP, &[("code", &app.code(0))]);
    assert_eq!(codes_of(&codes).len(), 10, "{}", codes.body);
    assert_eq!(browser.who(), None);
    let done = browser.submit(&codes, SETUP, &[]);
    assert_eq!((done.status, done.header("location")), (303, "/wanted.do"));
    assert_eq!(browser.who().as_deref(), Some("newcomer"));
}

// covers: rest §1.5 X-MFA_TOKEN
#[test]
fn sr_25_the_password_grant_is_not_for_who_has_one_where_the_property_says_so() {
    let world = World::own();
    enrolled(&world, "twice");
    let fields = [
        ("grant_type", "password"),
        ("username", "twice"),
        ("password", RIGHT),
    ];
    let grant = || {
        world
            .grant(SERVICENOW, &world.demo_client(), &fields)
            .status
    };
    let basic = || {
        world
            .as_basic("twice", RIGHT)
            .get("/api/now/table/incident?sysparm_limit=1")
            .status
    };
    assert_eq!((grant(), basic()), (200, 200));
    world.set_property("glide.authenticate.multifactor.for_integrations", "true");
    assert_eq!((grant(), basic()), (401, 401));
    // `inbound-oauth.md` §9.2: a program is told which of the two was missing.
    for (password, told) in [(RIGHT, "invalid"), ("wrong", "")] {
        let path = "/api/now/table/incident?sysparm_limit=1";
        let refused = world.as_basic("twice", password).get(path);
        assert_eq!((refused.status, refused.header("x-mfa_token")), (401, told));
    }
}
