//! RFC 6749 §3.1, §4.1 and §4.2: the authorization endpoint, and the code's exchange.

use snowglobe_oauth::{
    RedirectUri, TokenError,
    authorize::PageError,
    error::{CodeFault, GrantFault},
};

use crate::{
    authorization::{CALLBACK, CODE, End, Visitor},
    instance::{ABEL, Instance, OTHER, WEB},
};

fn strict() -> Instance {
    Instance::strict().web()
}

fn denied(result: Result<crate::instance::Answer, TokenError>) -> CodeFault {
    match result.unwrap_err() {
        TokenError::InvalidGrant(GrantFault::Code(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rfc6749_4_1_a_code_becomes_tokens_that_open_the_api() {
    for mut instance in [strict(), Instance::servicenow().web()] {
        let sent = instance.authorize(CODE).sent();
        assert_eq!((&*sent.uri, sent.separator), (CALLBACK, '?'));
        assert_eq!((sent.get("state"), sent.code().len()), (Some("xyz"), 86));
        let answer = instance.exchange(sent.code(), "").unwrap();
        let bearer = instance.call(&answer.access_token).unwrap();
        assert_eq!((bearer.user.0, bearer.client.0), (1, 1));
        instance.refresh(answer.refresh()).unwrap();
    }
}

#[test]
fn rfc6749_3_1_2_3_an_answer_goes_to_a_registered_uri_only() {
    let mut instance = strict();
    for uri in [
        "https://evil.example/cb",
        "https://app.example/cb/",
        "https://app.example/CB",
        "https://APP.example/cb",
        "https://app.example/cb?x=1",
        "https://app.example:443/cb",
    ] {
        let query = format!("response_type=code&client_id=web&state=x&redirect_uri={uri}");
        let PageError::RedirectUriMismatch { received, expected } =
            instance.authorize(&query).page()
        else {
            panic!("{uri}");
        };
        assert_eq!((&*received, &*expected), (uri, &[CALLBACK.into()][..]));
    }
}

#[test]
fn rfc6749_4_1_2_1_a_client_that_is_not_known_is_not_answered() {
    let mut instance = strict();
    let uri = format!("&redirect_uri={CALLBACK}&response_type=code");
    assert_eq!(instance.authorize(&uri).page(), PageError::NoClient);
    let nobody = format!("client_id=nobody{uri}");
    assert_eq!(instance.authorize(&nobody).page(), PageError::UnknownClient);
    let none = format!("client_id=web{uri}");
    instance.client("web").redirect_uris.clear();
    assert_eq!(instance.authorize(&none).page(), PageError::NoneRegistered);
    instance.client("web").active = false;
    assert_eq!(instance.authorize(&none).page(), PageError::InactiveClient);
    instance.properties.oauth_active = false;
    assert_eq!(instance.authorize(&none).page(), PageError::OauthInactive);
}

#[test]
fn rfc6749_3_1_a_repeated_parameter_is_refused_where_it_may_be_said() {
    let mut instance = strict();
    for (twice, page) in [
        ("client_id=web", true),
        ("redirect_uri=x", true),
        ("scope=a&scope=b", false),
        ("state=2", false),
    ] {
        let end = instance.authorize(&format!("{CODE}&{twice}"));
        if page {
            assert!(matches!(end.page(), PageError::Repeated(_)), "{twice}");
        } else {
            let sent = end.sent();
            assert_eq!(sent.error(), "invalid_request", "{twice}");
            assert_eq!(sent.get("state"), (twice != "state=2").then_some("xyz"));
        }
    }
}

#[test]
fn rfc6749_4_1_2_1_faults_go_to_the_client_with_its_state() {
    let mut instance = strict();
    let base = format!("client_id=web&redirect_uri={CALLBACK}&state=a%20%26b");
    for (more, error) in [
        ("", "invalid_request"),
        ("&response_type=id_token", "unsupported_response_type"),
        ("&response_type=code+id_token", "unsupported_response_type"),
        ("&response_type=token", "unsupported_response_type"),
        ("&response_type=code&scope=unknown", "invalid_scope"),
        ("&response_type=code&scope=%22", "invalid_scope"),
        (
            "&response_type=code&response_mode=web_message",
            "invalid_request",
        ),
        ("&response_type=code&request=x", "request_not_supported"),
        (
            "&response_type=code&request_uri=x",
            "request_uri_not_supported",
        ),
        ("&response_type=code&resource=relative", "invalid_target"),
        (
            "&response_type=code&resource=https://a.example/%23x",
            "invalid_target",
        ),
        ("&response_type=code&prompt=none+login", "invalid_request"),
        ("&response_type=code&max_age=soon", "invalid_request"),
    ] {
        let sent = instance.authorize(&format!("{base}{more}")).sent();
        assert_eq!(sent.error(), error, "{more}");
        assert_eq!(sent.get("state"), Some("a &b"), "{more}");
    }
}

#[test]
fn rfc6749_4_1_2_1_a_person_may_deny() {
    for mut instance in [strict(), Instance::servicenow().web()] {
        let visitor = Visitor {
            allows: false,
            ..Visitor::abel(&instance)
        };
        let sent = instance.authorize_as(CODE, &visitor).sent();
        assert_eq!(
            (sent.error(), sent.get("state")),
            ("access_denied", Some("xyz"))
        );
        assert!(instance.codes.is_empty());
    }
}

#[test]
fn a_blocked_person_gets_no_code() {
    let mut instance = strict();
    instance.account("abel").locked_out = true;
    assert_eq!(instance.authorize(CODE).sent().error(), "access_denied");
}

#[test]
fn rfc6749_4_1_a_client_registered_for_another_grant_gets_no_code() {
    let mut instance = strict();
    instance.client("web").inbound_grant_type =
        snowglobe_oauth::client::InboundGrantType::ClientCredentials;
    assert_eq!(
        instance.authorize(CODE).sent().error(),
        "unauthorized_client"
    );
}

#[test]
fn rfc6749_4_1_2_a_code_works_once_and_its_second_use_ends_what_it_gave() {
    for mut instance in [strict(), Instance::servicenow().web()] {
        let code = instance.code(CODE);
        let answer = instance.exchange(&code, "").unwrap();
        assert_eq!(denied(instance.exchange(&code, "")), CodeFault::Replayed);
        assert!(instance.call(&answer.access_token).is_err());
        assert!(instance.refresh(answer.refresh()).is_err());
    }
}

#[test]
fn rfc6749_4_1_2_a_code_lives_a_minute() {
    let mut instance = strict();
    let code = instance.code(CODE);
    instance.later(58);
    let late = instance.code(CODE);
    instance.exchange(&code, "").unwrap();
    instance.later(60);
    assert_eq!(denied(instance.exchange(&late, "")), CodeFault::Expired);
}

#[test]
fn rfc6749_4_1_3_a_code_is_bound_to_its_client() {
    let mut instance = strict();
    let code = instance.code(CODE);
    let body = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    assert_eq!(
        denied(instance.post(&format!("{body}&{OTHER}"))),
        CodeFault::OtherClient
    );
    // It is not used up, and a used one does not end what it gave.
    let answer = instance.exchange(&code, "").unwrap();
    assert_eq!(
        denied(instance.post(&format!("{body}&{OTHER}"))),
        CodeFault::OtherClient
    );
    instance.call(&answer.access_token).unwrap();
}

#[test]
fn rfc6749_4_1_3_the_redirect_uri_must_be_the_same_again() {
    let mut instance = strict();
    let second = RedirectUri::parse("https://app.example/other").unwrap();
    instance.client("web").redirect_uris.push(second);
    let code = instance.code(CODE);
    let body = format!("grant_type=authorization_code&code={code}&{WEB}");
    assert_eq!(denied(instance.post(&body)), CodeFault::RedirectUriMissing);
    let other = format!("{body}&redirect_uri=https://app.example/other");
    assert_eq!(denied(instance.post(&other)), CodeFault::RedirectUriDiffers);
    instance.exchange(&code, "").unwrap();
}

#[test]
fn rfc6749_4_1_3_other_tokens_are_no_codes_and_codes_no_tokens() {
    let mut instance = strict();
    let tokens = instance.post(&format!("{ABEL}&{WEB}")).unwrap();
    for token in [&tokens.access_token, tokens.refresh()] {
        assert_eq!(denied(instance.exchange(token, "")), CodeFault::NotACode);
    }
    let code = instance.code(CODE);
    assert!(instance.call(&code).is_err());
    assert!(instance.refresh(&code).is_err());
    assert_eq!(instance.revoke(&format!("token={code}&{WEB}")), Ok(None));
    instance.exchange(&code, "").unwrap();
}

#[test]
fn every_change_of_a_code_makes_it_none() {
    let mut instance = strict();
    let code = instance.code(CODE);
    for at in 0..code.len() {
        let mut changed = code.clone();
        let other = if code.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        changed.replace_range(at..=at, other);
        assert!(instance.exchange(&changed, "").is_err(), "{at}");
        assert!(instance.exchange(&code[..at], "").is_err(), "{at}");
    }
    assert!(instance.exchange(&format!("{code}A"), "").is_err());
    instance.exchange(&code, "").unwrap();
}

#[test]
fn a_code_that_nothing_is_stored_of_gives_nothing() {
    let mut instance = strict();
    let code = instance.code(CODE);
    instance.codes.clear();
    assert_eq!(denied(instance.exchange(&code, "")), CodeFault::Unknown);
}

#[test]
fn a_person_who_was_blocked_or_logged_out_since_gives_nothing() {
    let mut instance = strict();
    let code = instance.code(CODE);
    instance.account("abel").active = false;
    assert!(matches!(
        denied(instance.exchange(&code, "")),
        CodeFault::Owner(_)
    ));
    instance.account("abel").active = true;
    instance.account("abel").tokens_valid_from = snowglobe_oauth::UnixMillis(instance.now.0 + 1);
    assert!(matches!(
        denied(instance.exchange(&code, "")),
        CodeFault::Owner(_)
    ));
    instance.account("abel").tokens_valid_from = snowglobe_oauth::UnixMillis(0);
    for stored in instance.codes.values_mut() {
        stored.session_stands = false;
    }
    assert_eq!(
        denied(instance.exchange(&code, "")),
        CodeFault::SessionEnded
    );
}

#[test]
fn rfc6749_5_2_a_code_says_nothing_of_why_it_fails() {
    let mut instance = strict();
    let code = instance.code(CODE);
    instance.later(61);
    let error = instance.exchange(&code, "").unwrap_err();
    let answer = error.render(&instance.policy, false);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        r#"{"error":"invalid_grant","error_description":"the code is not valid"}"#
    );
}

#[test]
fn what_was_allowed_before_is_not_asked_again_unless_there_is_more() {
    let mut instance = Instance::servicenow().web();
    instance.client("web").scope = snowglobe_oauth::Scope::parse("read write").ok();
    let asked = |instance: &mut Instance, scope: &str, earlier: &str, more: &str| {
        let visitor = Visitor {
            earlier: Visitor::allowed(earlier),
            ..Visitor::abel(instance)
        };
        match instance.authorize_as(&format!("{CODE}&scope={scope}{more}"), &visitor) {
            End::Sent { to, asked } => (asked, to.get("code").is_some()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asked(&mut instance, "read", "", ""), (true, true));
    assert_eq!(asked(&mut instance, "read", "read", ""), (false, true));
    assert_eq!(
        asked(&mut instance, "read", "read write", ""),
        (false, true)
    );
    assert_eq!(asked(&mut instance, "read+write", "read", ""), (true, true));
    assert_eq!(
        asked(&mut instance, "read", "read", "&prompt=consent"),
        (true, true)
    );
    assert_eq!(
        asked(&mut instance, "read", "read", "&prompt=none"),
        (false, true)
    );
    assert_eq!(
        asked(&mut instance, "read", "", "&prompt=none"),
        (false, false)
    );
    instance.client("web").skip_consent = true;
    assert_eq!(asked(&mut instance, "read+write", "", ""), (false, true));
    assert_eq!(
        asked(&mut instance, "read", "", "&prompt=consent"),
        (true, true)
    );
}
