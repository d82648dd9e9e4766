//! The authorization endpoint as ServiceNow has it (`inbound-oauth.md` §2.1, §2.2).

use snowglobe_oauth::{authorize::PageError, policy::TokenReuse};

use crate::{
    authorization::{CALLBACK, CHALLENGE, CODE, End, Visitor},
    instance::{Instance, WEB},
};

fn instance() -> Instance {
    Instance::servicenow().web()
}

#[test]
fn state_is_asked_for_by_a_property() {
    let mut instance = instance();
    let query = format!("response_type=code&client_id=web&redirect_uri={CALLBACK}");
    for state in ["", "&state=", "&state=%20%20"] {
        let error = instance.authorize(&format!("{query}{state}")).page();
        assert_eq!(error, PageError::NoState, "{state:?}");
        assert_eq!(error.to_string(), "Missing State parameter in request.");
    }
    let pkce = format!("{query}&code_challenge={CHALLENGE}&code_challenge_method=S256");
    instance.authorize(&pkce).sent().code();
    instance.properties.state_required = false;
    assert_eq!(instance.authorize(&query).sent().get("state"), None);
    let mut strict = Instance::strict().web();
    strict.authorize(&query).sent().code();
}

#[test]
fn security_21_a_state_comes_back_byte_for_byte_up_to_4_kib() {
    let mut instance = instance();
    let base = format!("response_type=code&client_id=web&redirect_uri={CALLBACK}&state=");
    let sent = instance
        .authorize(&format!("{base}%00%0d%0a%3Cb%3E+%2B%25+%C3%BC%22"))
        .sent();
    assert_eq!(sent.get("state"), Some("\0\r\n<b> +% ü\""));
    let long = "x".repeat(4096);
    let sent = instance.authorize(&format!("{base}{long}")).sent();
    assert_eq!(sent.get("state"), Some(&*long));
    assert_eq!(
        instance.authorize(&format!("{base}{long}x")).page(),
        PageError::LongState
    );
}

#[test]
fn a_request_that_names_no_redirect_uri_returns_to_the_first_one() {
    let mut instance = instance();
    let query = "response_type=code&client_id=web&state=1";
    let sent = instance.authorize(query).sent();
    assert_eq!(sent.uri, CALLBACK);
    let code = sent.code();
    let body = format!("grant_type=authorization_code&code={code}&{WEB}");
    instance.post(&body).unwrap();
    let mut strict = Instance::strict().web();
    assert_eq!(strict.authorize(query).page(), PageError::NoRedirectUri);
}

#[test]
fn parameters_that_mean_nothing_here_are_ignored() {
    let mut instance = instance();
    let code = instance.code(&format!(
        "{CODE}&grant_type=authorization_code&approval_prompt=force"
    ));
    instance.exchange(&code, "&state=xyz").unwrap();
}

#[test]
fn openid_is_given_to_clients_registered_for_useraccount_alone() {
    let mut instance = instance();
    let code = instance.code(&format!("{CODE}&scope=openid"));
    assert_eq!(
        instance.exchange(&code, "").unwrap().scope,
        "openid useraccount"
    );
}

#[test]
fn a_second_code_gives_the_same_token_while_it_lives() {
    let mut instance = instance();
    assert_eq!(instance.policy.token_reuse, TokenReuse::Current);
    let code = instance.code(CODE);
    let first = instance.exchange(&code, "").unwrap();
    instance.later(60);
    let code = instance.code(CODE);
    let second = instance.exchange(&code, "").unwrap();
    assert_eq!(first.access_token, second.access_token);
    assert_eq!((first.expires_in, second.expires_in), (1799, 1739));
}

#[test]
fn security_24_implicit_is_for_clients_that_a_property_names() {
    let mut instance = instance();
    let query = CODE.replace("response_type=code", "response_type=token");
    for allowed in ["", "other", "webb", "we"] {
        instance.implicit_clients = allowed.to_owned();
        let sent = instance.authorize(&query).sent();
        assert_eq!((sent.error(), sent.separator), ("unauthorized_client", '#'));
    }
    instance.implicit_clients = "other, web".to_owned();
    instance.client("web").access_token_lifespan = 7200;
    let sent = instance.authorize(&query).sent();
    assert_eq!((sent.separator, sent.get("state")), ('#', Some("xyz")));
    assert_eq!(sent.get("token_type"), Some("Bearer"));
    assert_eq!(sent.get("expires_in"), Some("1799"), "half an hour at most");
    assert_eq!(sent.get("scope"), Some("useraccount"));
    assert_eq!((sent.get("refresh_token"), sent.get("code")), (None, None));
    instance.call(sent.get("access_token").unwrap()).unwrap();
    let in_query = format!("{query}&response_mode=query");
    let sent = instance.authorize(&in_query).sent();
    assert_eq!((sent.error(), sent.separator), ("invalid_request", '#'));
}

#[test]
fn security_24_the_strict_dialect_has_no_implicit_grant() {
    let mut strict = Instance::strict().web();
    strict.implicit_clients = "web".to_owned();
    let query = CODE.replace("response_type=code", "response_type=token");
    assert_eq!(
        strict.authorize(&query).sent().error(),
        "unsupported_response_type"
    );
}

#[test]
fn consent_lasts_as_long_as_the_session_it_was_given_in() {
    let elsewhere = |instance: &Instance| {
        let mut earlier = Visitor::allowed("useraccount").unwrap();
        earlier.session = "another session".into();
        Visitor {
            earlier: Some(earlier),
            ..Visitor::abel(instance)
        }
    };
    for (mut instance, expected) in [(instance(), true), (Instance::strict().web(), false)] {
        let visitor = elsewhere(&instance);
        let End::Sent { asked, .. } = instance.authorize_as(CODE, &visitor) else {
            panic!("no answer");
        };
        assert_eq!(asked, expected);
    }
}
