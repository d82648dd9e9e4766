//! ServiceNow's own ways: every row of `inbound-oauth.md` §9.1 that the token endpoint has today, and §2.

use snowglobe_oauth::{
    Change, Client, Dialect, KeyRing, Policy, Properties, Scope, TokenError,
    client::InboundGrantType,
    error::{ClientFault, GrantFault, RequestFault},
    policy::Rotation,
    scope::ScopeFault,
    token::TokenFault,
};

use crate::instance::{ABEL, Answer, Instance, PHONE, WEB};

const CC: &str = "grant_type=client_credentials&client_id=web&client_secret=hush";
const GENERIC: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn password() -> String {
    format!("{ABEL}&{WEB}")
}

/// Refuses `body` as ServiceNow does and returns the fault's name in the log.
fn generic(it: &mut Instance, body: &str) -> &'static str {
    let error = it.post(body).unwrap_err();
    for used_basic in [false, true] {
        let response = error.render(&it.policy, used_basic);
        assert_eq!(
            (response.status, response.body.as_str()),
            (401, GENERIC),
            "{body}"
        );
        assert_eq!(response.www_authenticate, None);
    }
    error.fault()
}

fn prepared(prepare: impl Fn(&mut Instance)) -> Instance {
    let mut it = Instance::servicenow();
    prepare(&mut it);
    it
}

#[test]
fn success_password() {
    let answer = Instance::servicenow().post(&password()).unwrap();
    assert_eq!(
        answer.json,
        format!(
            r#"{{"access_token":"{}","refresh_token":"{}","scope":"useraccount","token_type":"Bearer","expires_in":1799}}"#,
            answer.access_token,
            answer.refresh()
        )
    );
}

#[test]
fn success_client_credentials_has_no_refresh_token() {
    let answer = Instance::servicenow().post(CC).unwrap();
    assert_eq!(
        answer.json,
        format!(
            r#"{{"access_token":"{}","scope":"useraccount","token_type":"Bearer","expires_in":1799}}"#,
            answer.access_token
        )
    );
}

#[test]
fn wrong_user_password_and_wrong_client_secret() {
    let mut it = Instance::servicenow();
    assert_eq!(
        generic(&mut it, &password().replace("tuttle", "buttle")),
        "password_wrong"
    );
    assert_eq!(
        generic(&mut it, &password().replace("hush", "hash")),
        "client_secret_wrong"
    );
    assert_eq!(
        generic(&mut it, &password().replace("abel", "nobody")),
        "user_unknown"
    );
}

#[test]
fn client_credentials_off_or_without_application_user() {
    let mut it = prepared(|it| it.properties = Properties::default());
    assert_eq!(generic(&mut it, CC), "grant_type_switched_off");
    let mut it = prepared(|it| it.client("web").application_user = None);
    assert_eq!(generic(&mut it, CC), "application_user_missing");
}

#[test]
fn application_users_that_may_not_serve() {
    let mut it = prepared(|it| it.account("robot").password_needs_reset = true);
    assert_eq!(generic(&mut it, CC), "user_password_needs_reset");
    let mut it = prepared(|it| it.account("robot").locked_out = true);
    assert_eq!(generic(&mut it, CC), "user_locked_out");
    let mut it = prepared(|it| it.account("robot").active = false);
    assert_eq!(generic(&mut it, CC), "user_inactive");
    // §8.3: fine for the client credentials user.
    let mut it = prepared(|it| it.account("robot").web_service_access_only = true);
    assert!(it.post(CC).is_ok());
}

#[test]
fn users_that_may_not_log_in() {
    let mut it = prepared(|it| it.account("abel").password_needs_reset = true);
    assert_eq!(generic(&mut it, &password()), "user_password_needs_reset");
    let mut it = prepared(|it| it.account("abel").web_service_access_only = true);
    assert_eq!(
        generic(&mut it, &password()),
        "user_web_service_access_only"
    );
    let mut it = prepared(|it| it.account("abel").active = false);
    assert_eq!(generic(&mut it, &password()), "user_inactive");
    let mut it = prepared(|it| it.account("abel").locked_out = true);
    assert_eq!(generic(&mut it, &password()), "user_locked_out");
}

#[test]
fn the_password_grant_has_a_kill_switch() {
    let mut it = prepared(|it| it.properties.password_disabled = true);
    assert_eq!(generic(&mut it, &password()), "grant_type_switched_off");
    assert!(it.post(CC).is_ok());
}

#[test]
fn oauth_has_a_master_switch() {
    let mut it = prepared(|it| it.properties.oauth_active = false);
    assert_eq!(generic(&mut it, CC), "oauth_inactive");
}

#[test]
fn refresh_token_expired_unknown_or_stale() {
    let mut it = Instance::servicenow();
    let token = it.post(&password()).unwrap().refresh_token.unwrap();
    let refresh = format!("grant_type=refresh_token&refresh_token={token}&{WEB}");
    assert_eq!(
        generic(&mut it, &refresh.replace(&token, "bogus")),
        "token_malformed"
    );
    it.revoke(&format!("token={token}")).unwrap();
    assert_eq!(generic(&mut it, &refresh), "token_revoked");
    it.revoked.clear();
    it.later(8_640_000);
    assert_eq!(generic(&mut it, &refresh), "token_expired");
    it.keys = KeyRing::new(2, &[8; 32]);
    assert_eq!(generic(&mut it, &refresh), "token_key_unknown");
}

#[test]
fn requested_scope_not_allowed() {
    let mut it = prepared(|it| it.client("web").scope = Scope::parse("incident_read").ok());
    assert_eq!(
        generic(&mut it, &format!("{CC}&scope=admin")),
        "scope_not_allowed"
    );
    let granted = it.post(&format!("{CC}&scope=incident_read")).unwrap();
    assert_eq!(granted.scope, "incident_read");
    for asked in ["", "&scope=", "&scope=useraccount"] {
        assert_eq!(
            it.post(&format!("{CC}{asked}")).unwrap().scope,
            "useraccount"
        );
    }
}

#[test]
fn secret_missing_unknown_client_and_inactive_client() {
    let mut it = Instance::servicenow();
    let bare = "grant_type=client_credentials";
    assert_eq!(generic(&mut it, bare), "client_missing");
    assert_eq!(
        generic(&mut it, &format!("{bare}&client_id=web")),
        "client_secret_missing"
    );
    assert_eq!(
        generic(&mut it, &CC.replace("web", "nobody")),
        "client_unknown"
    );
    it.client("web").active = false;
    assert_eq!(generic(&mut it, CC), "client_inactive");
}

#[test]
fn unsupported_or_missing_grant_type() {
    let mut it = Instance::servicenow();
    assert_eq!(
        generic(&mut it, &format!("grant_type=magic&{WEB}")),
        "grant_type_unknown"
    );
    assert_eq!(generic(&mut it, WEB), "parameter_missing");
    assert_eq!(generic(&mut it, ""), "parameter_missing");
    assert_eq!(generic(&mut it, "grant_type=%ff"), "form_not_utf8");
}

#[test]
fn faults_that_the_server_finds_look_the_same() {
    let faults = [
        RequestFault::ContentType,
        RequestFault::TooLarge,
        RequestFault::Method,
        RequestFault::ParametersInUrl,
    ];
    for fault in faults {
        let response = TokenError::from(fault).render(&Policy::servicenow(), false);
        assert_eq!((response.status, response.body.as_str()), (401, GENERIC));
    }
}

#[test]
fn the_log_says_what_the_answer_does_not() {
    let lines = [
        (
            TokenError::InvalidClient(ClientFault::SecretMissing),
            "client_secret",
        ),
        (
            TokenError::InvalidScope(ScopeFault::NotAllowed),
            "invalid_scope: The provided OAuth token is not valid",
        ),
        (
            TokenError::InvalidGrant(GrantFault::Token(TokenFault::BadMac)),
            "invalid_token: The provided OAuth token is not valid",
        ),
        (
            TokenError::InvalidGrant(GrantFault::PasswordWrong),
            "invalid_grant: password_wrong",
        ),
    ];
    for (error, line) in lines {
        assert_eq!(
            error.log_text(),
            format!("Exception on token flow - {line}")
        );
    }
}

#[test]
fn header_and_body_may_both_name_the_client_and_the_body_decides() {
    let mut it = Instance::servicenow();
    // web:hush, web:wrong, other:pssst, and no client's at all.
    for header in [
        "Basic d2ViOmh1c2g=",
        "Basic d2ViOndyb25n",
        "Bearer abc",
        "Basic !",
    ] {
        assert!(it.post_with(CC, Some(header)).is_ok(), "{header}");
    }
    let wrong = it.post_with(&CC.replace("hush", "wrong"), Some("Basic d2ViOmh1c2g="));
    assert_eq!(
        wrong,
        Err(TokenError::InvalidClient(ClientFault::SecretWrong))
    );
    let differ = it.post_with(CC, Some("Basic b3RoZXI6cHNzc3Q="));
    assert_eq!(
        differ,
        Err(TokenError::InvalidClient(ClientFault::NamesDiffer))
    );
    let header_only = it.post_with(
        "grant_type=client_credentials&client_id=web",
        Some("Basic d2ViOmh1c2g="),
    );
    assert!(header_only.is_ok());
}

#[test]
fn a_further_grant_returns_the_same_tokens_with_less_time_left() {
    for body in [CC.to_owned(), password()] {
        let mut it = Instance::servicenow();
        let first = it.post(&body).unwrap();
        it.later(600);
        let second = it.post(&body).unwrap();
        assert_eq!(
            second,
            Answer {
                expires_in: 1199,
                json: second.json.clone(),
                ..first.clone()
            }
        );
        assert_eq!(it.changes, []);
        it.now.0 = 1_800_001_799_999;
        assert_eq!(it.post(&body).unwrap().expires_in, 0);
        it.later(1);
        let third = it.post(&body).unwrap();
        assert_eq!(third.expires_in, 1799);
        assert_ne!(third.access_token, first.access_token);
        assert_eq!(third.refresh_token, first.refresh_token);
    }
}

#[test]
fn the_same_token_is_for_the_same_client_user_and_scope() {
    let mut it = prepared(|it| it.client("web").scope = Scope::parse("incident_read").ok());
    it.client("other").application_user = it.client("web").application_user;
    let tokens = [
        it.post(CC).unwrap(),
        it.post(&CC.replace("web", "other").replace("hush", "pssst"))
            .unwrap(),
        it.post(&password()).unwrap(),
        it.post(&format!("{CC}&scope=incident_read")).unwrap(),
    ];
    for (at, token) in tokens.iter().enumerate() {
        assert!(
            tokens[..at]
                .iter()
                .all(|other| other.access_token != token.access_token)
        );
    }
}

#[test]
fn an_application_s_token_is_not_the_one_beside_its_user_s_refresh_token() {
    let mut it = Instance::servicenow();
    let person = it.post(&password()).unwrap();
    let abel = it.account("abel").no;
    it.client("web").application_user = Some(abel);
    let application = it.post(CC).unwrap();
    assert_ne!(application.access_token, person.access_token);
    // Each grant goes on getting its own.
    assert_eq!(
        it.post(&password()).unwrap().access_token,
        person.access_token
    );
    assert_eq!(it.post(CC).unwrap().access_token, application.access_token);
}

#[test]
fn a_fresh_token_shows_1799_whatever_the_millisecond() {
    for millisecond in [0, 1, 500, 999] {
        let mut it = Instance::servicenow();
        it.now.0 = 1_800_000_000_000 + millisecond;
        assert_eq!(it.post(CC).unwrap().expires_in, 1799, "{millisecond}");
    }
}

#[test]
fn another_s_token_is_not_handed_out() {
    let mut it = Instance::servicenow();
    let abel = it.post(&password()).unwrap();
    it.careless = true;
    let other = it
        .post(&password().replace("web", "other").replace("hush", "pssst"))
        .unwrap();
    for token in [&other.access_token, other.refresh()] {
        assert!(*token != abel.access_token && token != abel.refresh());
        assert_eq!(it.keys.verify(token).unwrap().client.0, 2);
    }
}

#[test]
fn an_access_token_goes_out_again_beside_its_refresh_token_only() {
    let mut it = prepared(|it| it.client("web").refresh_token_lifespan = 60);
    let first = it.post(&password()).unwrap();
    it.later(61);
    let second = it.post(&password()).unwrap();
    assert_ne!(second.access_token, first.access_token);
    it.revoke(&format!("token={}", second.refresh())).unwrap();
    assert!(it.call(&second.access_token).is_err());
}

#[test]
fn a_pair_whose_refresh_token_lost_its_key_is_not_torn() {
    let mut it = Instance::servicenow();
    let first = it.post(&password()).unwrap();
    it.later(1800);
    it.keys = KeyRing::new(2, &[8; 32]).with_older(1, &[7; 32]);
    let second = it.post(&password()).unwrap();
    assert_eq!(second.refresh_token, first.refresh_token);
    it.keys = KeyRing::new(2, &[8; 32]);
    let third = it.post(&password()).unwrap();
    assert_ne!(third.refresh_token, second.refresh_token);
    assert_ne!(third.access_token, second.access_token);
}

#[test]
fn a_dead_token_is_not_handed_out_again() {
    let spoil: [fn(&mut Instance, &str); 3] = [
        |it, token| assert!(it.revoke(&format!("token={token}")).unwrap().is_some()),
        |it, _| {
            it.later(1);
            it.account("robot").tokens_valid_from = it.now;
        },
        |it, _| it.keys = KeyRing::new(2, &[8; 32]),
    ];
    for spoil in spoil {
        let mut it = Instance::servicenow();
        let first = it.post(CC).unwrap().access_token;
        spoil(&mut it, &first);
        let second = it.post(CC).unwrap().access_token;
        assert_ne!(second, first);
        assert!(it.call(&second).is_ok());
    }
}

#[test]
fn a_token_of_an_older_key_is_handed_out_again() {
    let mut it = Instance::servicenow();
    let first = it.post(&password()).unwrap();
    it.keys = KeyRing::new(2, &[8; 32]).with_older(1, &[7; 32]);
    let second = it.post(&password()).unwrap();
    assert_eq!(second.access_token, first.access_token);
    assert_eq!(second.refresh_token, first.refresh_token);
}

#[test]
fn after_the_refresh_token_is_revoked_a_grant_gives_a_new_pair() {
    let mut it = Instance::servicenow();
    let first = it.post(&password()).unwrap();
    it.revoke(&format!("token={}", first.refresh())).unwrap();
    let second = it.post(&password()).unwrap();
    assert_ne!(second.access_token, first.access_token);
    assert_ne!(second.refresh_token, first.refresh_token);
    assert!(it.call(&second.access_token).is_ok());
}

#[test]
fn a_refresh_gives_a_new_access_token_and_the_same_refresh_token() {
    let mut it = Instance::servicenow();
    let first = it.post(&password()).unwrap();
    for day in 1..100 {
        it.later(86_400);
        let next = it.refresh(first.refresh()).unwrap();
        assert_eq!(next.refresh_token, first.refresh_token, "day {day}");
        assert_ne!(next.access_token, first.access_token);
        assert_eq!(next.expires_in, 1799);
        assert!(matches!(it.changes[..], [Change::InsertToken(_)]));
    }
    it.later(2 * 86_400);
    assert_eq!(
        it.refresh(first.refresh()),
        Err(TokenError::InvalidGrant(GrantFault::Expired))
    );
}

#[test]
fn a_refresh_keeps_the_scope_of_the_grant() {
    let mut it = prepared(|it| it.client("web").scope = Scope::parse("a b").ok());
    let first = it.post(&format!("{}&scope=a+b", password())).unwrap();
    let body = format!(
        "grant_type=refresh_token&refresh_token={}&{WEB}",
        first.refresh()
    );
    assert_eq!(it.post(&format!("{body}&scope=a")).unwrap().scope, "a b");
    assert_eq!(
        generic(&mut it, &format!("{body}&scope=useraccount")),
        "scope_widened"
    );
}

#[test]
fn lifespans_are_the_record_s() {
    let mut it = prepared(|it| it.client("web").access_token_lifespan = 60);
    it.client("web").refresh_token_lifespan = 120;
    let answer = it.post(&password()).unwrap();
    assert_eq!(answer.expires_in, 59);
    assert_eq!(
        it.keys.verify(answer.refresh()).unwrap().expires,
        it.now.after(120)
    );
}

#[test]
fn whoever_holds_a_token_may_revoke_it() {
    let mut it = Instance::servicenow();
    let answer = it.post(&password()).unwrap();
    let body = format!(
        "token={}&client_id=nobody&client_secret=x",
        answer.access_token
    );
    assert!(it.revoke(&body).unwrap().is_some());
    assert!(it.call(&answer.access_token).is_err());
    assert_eq!(it.revoke("token=bogus"), Ok(None));
}

#[test]
fn a_public_client_gets_no_token_by_password_or_client_credentials() {
    let mut it = Instance::servicenow();
    assert_eq!(
        generic(&mut it, &format!("{ABEL}&{PHONE}")),
        "client_public"
    );
    let cc = format!("grant_type=client_credentials&{PHONE}");
    assert_eq!(generic(&mut it, &cc), "client_public");
}

#[test]
fn a_record_may_pin_its_dialect_and_ask_for_rotation() {
    let mut it = prepared(|it| it.client("web").rotation = Some(Rotation::Always));
    let first = it.post(&password()).unwrap();
    let second = it.refresh(first.refresh()).unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    // A rotating family has one holder: a further grant begins another.
    let third = it.post(&password()).unwrap();
    assert_ne!(third.refresh_token, first.refresh_token);
    assert!(it.refresh(third.refresh()).is_ok() && it.refresh(second.refresh()).is_ok());
    let client: &mut Client = it.client("web");
    assert_eq!(client.dialect(Dialect::ServiceNow), Dialect::ServiceNow);
    client.dialect = Some(Dialect::Strict);
    assert_eq!(client.dialect(Dialect::ServiceNow), Dialect::Strict);
}

#[test]
fn a_record_s_kind_decides_its_grants() {
    let allowed = |kind: &str, grant: &str| InboundGrantType::parse(kind).allows(grant);
    for grant in [
        "authorization_code",
        "password",
        "client_credentials",
        "refresh_token",
    ] {
        assert!(allowed("", grant) && allowed("multiple", grant), "{grant}");
    }
    assert!(allowed("authz_code", "refresh_token") && !allowed("authz_code", "password"));
    assert!(allowed("client_credentials", "client_credentials"));
    assert!(!allowed("client_credential", "refresh_token"));
    assert!(allowed(
        "jwt",
        "urn:ietf:params:oauth:grant-type:jwt-bearer"
    ));
    assert!(!allowed("jwt", "password"));
}
