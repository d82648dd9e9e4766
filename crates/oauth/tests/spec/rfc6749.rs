//! RFC 6749, in the strict dialect.

use snowglobe_oauth::{
    Grant, Properties, Scope, Secret, SecretHash, TokenError, TokenKind, TokenRequest, UserNo,
    account::AccountFault,
    check::Check,
    client::InboundGrantType,
    client_auth::{self, Presented, used_basic},
    error::{ClientFault, GrantFault, GrantTypeFault, RequestFault, UnauthorizedFault},
    form::{Duplicate, Form},
    resource_owner::check_password,
    scope::ScopeFault,
};

use crate::instance::{ABEL, Instance, OTHER, PHONE, WEB, human};

const CLIENT_CREDENTIALS: &str = "grant_type=client_credentials";
/// `web:hush`
const WEB_BASIC: &str = "Basic d2ViOmh1c2g=";

fn cc(client: &str) -> String {
    format!("{CLIENT_CREDENTIALS}&{client}")
}

fn password(client: &str) -> String {
    format!("{ABEL}&{client}")
}

fn invalid_client(fault: ClientFault) -> TokenError {
    TokenError::InvalidClient(fault)
}

fn with_scopes(names: &str) -> Instance {
    let mut it = Instance::strict();
    it.client("web").scope = Scope::parse(names).ok();
    it
}

#[test]
fn rfc6749_2_3_1_a_client_authenticates_in_the_header_or_in_the_body() {
    let mut it = Instance::strict();
    assert!(it.post(&cc(WEB)).is_ok());
    for header in [WEB_BASIC, "basic d2ViOmh1c2g", "BASIC  d2ViOmh1c2g= "] {
        assert!(
            it.post_with(CLIENT_CREDENTIALS, Some(header)).is_ok(),
            "{header}"
        );
        assert!(used_basic(Some(header)));
    }
}

#[test]
fn rfc6749_2_3_1_the_header_is_understood_plain_and_form_encoded() {
    let mut it = Instance::strict();
    let secret = Secret::new("100%25 + more".to_owned());
    it.client("web").secrets = vec![SecretHash::hash_generated(&secret)];
    // web:100%25 + more        web:100%2525+%2B+more
    for header in [
        "Basic d2ViOjEwMCUyNSArIG1vcmU=",
        "Basic d2ViOjEwMCUyNTI1KyUyQittb3Jl",
    ] {
        assert!(
            it.post_with(CLIENT_CREDENTIALS, Some(header)).is_ok(),
            "{header}"
        );
    }
}

#[test]
fn rfc6749_2_3_two_authentications_at_once_are_refused() {
    let mut it = Instance::strict();
    let both = it.post_with(&cc(WEB), Some(WEB_BASIC));
    assert_eq!(both, Err(RequestFault::TwoMethods.into()));
    assert!(it.post_with(&cc("client_id=web"), Some(WEB_BASIC)).is_ok());
    let differ = it.post_with(&cc("client_id=other"), Some(WEB_BASIC));
    assert_eq!(differ, Err(invalid_client(ClientFault::NamesDiffer)));
}

#[test]
fn rfc6749_2_3_other_schemes_authenticate_no_client() {
    let mut it = Instance::strict();
    for header in [
        "Bearer abc",
        "Basic",
        "Basic !",
        "Basic d2Vi",
        "Basic /////w==",
    ] {
        let refused = it.post_with(&cc(WEB), Some(header));
        assert_eq!(
            refused,
            Err(invalid_client(ClientFault::UnsupportedMethod)),
            "{header}"
        );
    }
}

#[test]
fn rfc6749_2_3_every_fault_of_a_client_is_told_apart_in_the_log_only() {
    let mut it = Instance::strict();
    it.client("other").active = false;
    let faults = [
        ("", ClientFault::Missing),
        ("client_id=nobody&client_secret=hush", ClientFault::Unknown),
        ("client_id=WEB&client_secret=hush", ClientFault::Unknown),
        ("client_id=web", ClientFault::SecretMissing),
        ("client_id=web&client_secret=", ClientFault::SecretMissing),
        ("client_id=web&client_secret=Hush", ClientFault::SecretWrong),
        (OTHER, ClientFault::Inactive),
    ];
    for (client, fault) in faults {
        let error = it.post(&cc(client)).unwrap_err();
        assert_eq!(error, invalid_client(fault), "{client}");
        assert_eq!(error.to_string(), "client authentication failed");
    }
}

#[test]
fn a_secret_counts_for_the_client_it_came_with() {
    let it = Instance::strict();
    let form = Form::parse(WEB.as_bytes()).unwrap();
    let presented = Presented::parse(&form, None, &it.policy).unwrap();
    let mut other = (*it.clients[0]).clone();
    other.client_id = "other".into();
    let Check::Done(Err(error)) = client_auth::check(&presented, Some(&other.into())) else {
        panic!("web's secret opened another client");
    };
    assert_eq!(error, invalid_client(ClientFault::Unknown));
}

#[test]
fn a_client_has_two_secrets_while_one_replaces_the_other() {
    let mut it = Instance::strict();
    let next = SecretHash::hash_generated(&Secret::new("next".to_owned()));
    it.client("web").secrets.push(next);
    assert!(it.post(&cc(WEB)).is_ok());
    assert!(it.post(&cc("client_id=web&client_secret=next")).is_ok());
    it.client("web").secrets.remove(0);
    assert!(it.post(&cc(WEB)).is_err());
}

#[test]
fn an_overwritten_secret_is_checked_in_a_job_of_its_own() {
    let mut it = Instance::strict();
    it.client("web").secrets = vec![human("next"), human("hush")];
    let form = Form::parse(WEB.as_bytes()).unwrap();
    let presented = Presented::parse(&form, None, &it.policy).unwrap();
    let Check::Slow(job) = client_auth::check(&presented, it.clients.first()) else {
        panic!("a slow hash was checked on the serving thread");
    };
    let client = std::thread::spawn(|| job.run()).join().unwrap();
    assert_eq!(&*client.unwrap().client_id, "web");
    let wrong = it.post(&cc("client_id=web&client_secret=wrong"));
    assert_eq!(wrong, Err(invalid_client(ClientFault::SecretWrong)));
}

#[test]
fn rfc6749_2_1_a_public_client_gets_nothing_for_its_name_alone() {
    let mut it = Instance::strict();
    for body in [cc(PHONE), password(PHONE)] {
        let refused = TokenError::UnauthorizedClient(UnauthorizedFault::PublicClient);
        assert_eq!(it.post(&body), Err(refused), "{body}");
    }
    let guessed = it.post(&cc("client_id=phone&client_secret=x"));
    assert_eq!(guessed, Err(invalid_client(ClientFault::SecretWrong)));
}

#[test]
fn rfc6749_3_2_parameters_come_once_and_count_only_with_a_value() {
    let mut it = Instance::strict();
    for name in ["grant_type", "client_id", "client_secret", "scope"] {
        let body = format!("{}&scope=&{name}=again", cc(WEB));
        let repeated = TokenError::InvalidRequest(Duplicate(name).into());
        assert_eq!(it.post(&body), Err(repeated));
    }
    let missing = |name| Err(TokenError::InvalidRequest(RequestFault::Missing(name)));
    assert_eq!(
        it.post(&format!("grant_type=&{WEB}")),
        missing("grant_type")
    );
    assert_eq!(
        it.post(&format!("grant_type=password&password=x&{WEB}")),
        missing("username")
    );
    assert_eq!(
        it.post(&format!("grant_type=password&username=x&{WEB}")),
        missing("password")
    );
    assert_eq!(
        it.post(&format!("grant_type=refresh_token&{WEB}")),
        missing("refresh_token")
    );
}

#[test]
fn rfc6749_3_2_unrecognised_parameters_are_ignored() {
    let mut it = Instance::strict();
    assert!(
        it.post(&format!(
            "{}&state=1&state=2&approval_prompt=force&x",
            cc(WEB)
        ))
        .is_ok()
    );
}

#[test]
fn rfc6749_3_3_a_scope_is_granted_whole_or_not_at_all() {
    let mut it = with_scopes("incident_read incident_write");
    let asked = it.post(&format!("{}&scope=incident_write+incident_read", cc(WEB)));
    assert_eq!(asked.unwrap().scope, "incident_read incident_write");
    for (scope, fault) in [
        ("incident_read+admin", ScopeFault::NotAllowed),
        ("useraccount", ScopeFault::NotAllowed),
        ("incident", ScopeFault::NotAllowed),
        ("a%22b", ScopeFault::Malformed),
        ("+", ScopeFault::Malformed),
    ] {
        let refused = it.post(&format!("{}&scope={scope}", cc(WEB)));
        assert_eq!(refused, Err(TokenError::InvalidScope(fault)), "{scope}");
    }
}

#[test]
fn rfc6749_3_3_without_a_scope_the_registered_default_is_granted_and_reported() {
    assert_eq!(with_scopes("b a").post(&cc(WEB)).unwrap().scope, "a b");
    let mut it = Instance::strict();
    assert_eq!(it.post(&cc(WEB)).unwrap().scope, "useraccount");
    assert_eq!(
        it.post(&format!("{}&scope=useraccount", cc(WEB)))
            .unwrap()
            .scope,
        "useraccount"
    );
}

#[test]
fn rfc6749_4_3_a_right_password_gives_both_tokens() {
    let mut it = Instance::strict();
    let answer = it.post(&password(WEB)).unwrap();
    assert!(answer.refresh_token.is_some());
    let bearer = it.call(&answer.access_token).unwrap();
    assert_eq!(bearer.user.0, 1);
    assert_eq!(
        it.call(answer.refresh()).unwrap_err().to_string(),
        "the token is not an access token"
    );
}

#[test]
fn rfc6749_4_3_an_unknown_user_and_a_wrong_password_look_alike() {
    let mut it = Instance::strict();
    it.account("robot").password = None;
    it.account("abel").password = Some(human("tuttle"));
    let mut seen = Vec::new();
    for user in [
        "username=abel&password=wrong",
        "username=nobody&password=x",
        "username=robot&password=x",
    ] {
        let error = it
            .post(&format!("grant_type=password&{user}&{WEB}"))
            .unwrap_err();
        seen.push(error.render(&it.policy, false));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        seen[0].body,
        r#"{"error":"invalid_grant","error_description":"the resource owner's credentials are not valid"}"#
    );
}

#[test]
fn an_unknown_user_costs_as_much_as_a_known_one() {
    let form = Form::parse(b"grant_type=password&username=x&password=y").unwrap();
    let request = TokenRequest::parse(&form, None, &Instance::strict().policy).unwrap();
    let Grant::Password(parameters) = request.grant else {
        panic!("another grant")
    };
    assert!(matches!(
        check_password(None, &parameters.password),
        Check::Slow(_)
    ));
}

#[test]
fn rfc6749_4_4_client_credentials_give_no_refresh_token() {
    let mut it = Instance::strict();
    let answer = it.post(&cc(WEB)).unwrap();
    assert_eq!(answer.refresh_token, None);
    assert_eq!(it.call(&answer.access_token).unwrap().user.0, 2);
}

#[test]
fn rfc6749_5_1_the_answer_says_what_was_issued() {
    let mut it = Instance::strict();
    let answer = it.post(&password(WEB)).unwrap();
    assert_eq!(
        answer.json,
        format!(
            r#"{{"access_token":"{}","refresh_token":"{}","scope":"useraccount","token_type":"Bearer","expires_in":1800}}"#,
            answer.access_token,
            answer.refresh()
        )
    );
    assert!(answer.access_token.len() == 86 && answer.refresh().len() == 86);
    assert_ne!(
        it.post(&cc(WEB)).unwrap().access_token,
        it.post(&cc(WEB)).unwrap().access_token
    );
    // Each grant has tokens of its own.
    assert_ne!(
        it.post(&password(WEB)).unwrap().access_token,
        answer.access_token
    );
}

#[test]
fn rfc6749_5_2_each_fault_has_its_code_and_status() {
    let it = Instance::strict();
    let table = [
        (
            RequestFault::Missing("code").into(),
            400,
            "invalid_request",
            "the parameter code is missing",
        ),
        (
            RequestFault::TwoMethods.into(),
            400,
            "invalid_request",
            "the client authenticates in more than one way",
        ),
        (
            RequestFault::Method.into(),
            400,
            "invalid_request",
            "the method must be POST",
        ),
        (
            invalid_client(ClientFault::SecretWrong),
            401,
            "invalid_client",
            "client authentication failed",
        ),
        (
            TokenError::InvalidGrant(GrantFault::Expired),
            400,
            "invalid_grant",
            "the token is not valid",
        ),
        (
            TokenError::UnauthorizedClient(UnauthorizedFault::GrantNotRegistered),
            400,
            "unauthorized_client",
            "the client is not registered for this grant",
        ),
        (
            TokenError::UnsupportedGrantType(GrantTypeFault::SwitchedOff),
            400,
            "unsupported_grant_type",
            "the grant type is switched off",
        ),
        (
            TokenError::InvalidScope(ScopeFault::NotAllowed),
            400,
            "invalid_scope",
            "the requested scope is not allowed for this client",
        ),
    ];
    for (error, status, code, text) in table {
        let response = error.render(&it.policy, false);
        assert_eq!(response.status, status, "{error:?}");
        assert_eq!(
            response.body,
            format!(r#"{{"error":"{code}","error_description":"{text}"}}"#)
        );
        assert_eq!(response.www_authenticate, None);
    }
}

#[test]
fn rfc6749_5_2_a_refused_header_is_answered_with_its_challenge() {
    let it = Instance::strict();
    let challenge = |error: TokenError| error.render(&it.policy, true).www_authenticate;
    let basic = Some(r#"Basic realm="oauth", charset="UTF-8""#);
    assert_eq!(challenge(invalid_client(ClientFault::Unknown)), basic);
    assert_eq!(challenge(RequestFault::TwoMethods.into()), None);
    assert!(!used_basic(Some("Bearer abc")) && !used_basic(None));
}

#[test]
fn rfc6749_5_2_an_unknown_grant_type_names_itself_without_breaking_the_body() {
    let mut it = Instance::strict();
    let body = format!("grant_type=%22%5C%0A%C3%A9{}&{WEB}", "x".repeat(99));
    let response = it.post(&body).unwrap_err().render(&it.policy, false);
    let read: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(read["error"], "unsupported_grant_type");
    let named = format!("the grant type '{}' is not supported", "x".repeat(64));
    assert_eq!(read["error_description"], named);
}

#[test]
fn a_record_made_for_one_grant_gets_no_other() {
    let mut it = Instance::strict();
    it.client("web").inbound_grant_type = InboundGrantType::parse("client_credential");
    assert!(it.post(&cc(WEB)).is_ok());
    let refused = TokenError::UnauthorizedClient(UnauthorizedFault::GrantNotRegistered);
    assert_eq!(it.post(&password(WEB)), Err(refused.clone()));
    for kind in ["authz_code", "jwt"] {
        it.client("web").inbound_grant_type = InboundGrantType::parse(kind);
        assert_eq!(it.post(&cc(WEB)), Err(refused.clone()), "{kind}");
    }
    it.client("web").inbound_grant_type = InboundGrantType::parse("multiple");
    assert!(it.post(&cc(WEB)).is_ok());
}

#[test]
fn a_refresh_asks_the_switch_and_the_record_too() {
    let mut it = Instance::strict();
    let token = it.post(&password(WEB)).unwrap().refresh_token.unwrap();
    let refused = |fault| Err(TokenError::UnauthorizedClient(fault));
    it.properties.oauth_active = false;
    assert_eq!(
        it.refresh(&token),
        refused(UnauthorizedFault::OauthInactive)
    );
    it.properties.oauth_active = true;
    it.client("web").inbound_grant_type = InboundGrantType::ClientCredentials;
    assert_eq!(
        it.refresh(&token),
        refused(UnauthorizedFault::GrantNotRegistered)
    );
}

#[test]
fn switches_turn_grants_off() {
    let mut it = Instance::strict();
    let off = Err(TokenError::UnsupportedGrantType(
        GrantTypeFault::SwitchedOff,
    ));
    it.properties = Properties {
        client_credentials_enabled: true,
        password_disabled: true,
        ..Properties::default()
    };
    assert_eq!(it.post(&password(WEB)), off);
    it.properties = Properties::default();
    assert_eq!(it.post(&cc(WEB)), off);
    it.properties.oauth_active = false;
    let inactive = TokenError::UnauthorizedClient(UnauthorizedFault::OauthInactive);
    assert_eq!(it.post(&password(WEB)), Err(inactive));
}

#[test]
fn rfc6749_6_a_refresh_token_is_bound_to_its_client() {
    let mut it = Instance::strict();
    let token = it.post(&password(WEB)).unwrap().refresh_token.unwrap();
    for thief in [OTHER, PHONE] {
        let stolen = it.post(&format!(
            "grant_type=refresh_token&refresh_token={token}&{thief}"
        ));
        assert_eq!(
            stolen,
            Err(TokenError::InvalidGrant(GrantFault::OtherClient))
        );
    }
    assert!(it.refresh(&token).is_ok());
}

#[test]
fn rfc6749_6_only_a_living_refresh_token_refreshes() {
    let mut it = Instance::strict();
    let answer = it.post(&password(WEB)).unwrap();
    let fault = |result: Result<_, TokenError>| match result {
        Err(TokenError::InvalidGrant(fault)) => fault.code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        fault(it.refresh(&answer.access_token).map(|_| ())),
        "token_not_refresh"
    );
    assert_eq!(fault(it.refresh("nonsense").map(|_| ())), "token_malformed");
    it.later(8_640_000);
    assert_eq!(
        fault(it.refresh(answer.refresh()).map(|_| ())),
        "token_expired"
    );
}

#[test]
fn rfc6749_6_a_refresh_may_ask_for_less_and_never_for_more() {
    let mut it = with_scopes("read write");
    let first = it.post(&password(WEB)).unwrap();
    let refresh = |token: &str, scope: &str| {
        format!("grant_type=refresh_token&refresh_token={token}&scope={scope}&{WEB}")
    };
    let less = it.post(&refresh(first.refresh(), "read")).unwrap();
    assert_eq!(less.scope, "read");
    // "the refresh token scope MUST be identical to that of the refresh token included by the client"
    let again = it.post(&refresh(less.refresh(), "read+write")).unwrap();
    assert_eq!(again.scope, "read write");
    it.client("web").scope = Scope::parse("read write admin").ok();
    let more = it.post(&refresh(again.refresh(), "read+admin"));
    assert_eq!(more, Err(TokenError::InvalidScope(ScopeFault::Widened)));
}

#[test]
fn the_application_user_must_be_one_that_may_serve() {
    let refused = |fault| Err(TokenError::UnauthorizedClient(fault));
    let mut it = Instance::strict();
    it.client("web").application_user = None;
    assert_eq!(
        it.post(&cc(WEB)),
        refused(UnauthorizedFault::NoApplicationUser)
    );
    it.client("web").application_user = Some(UserNo(404));
    assert_eq!(
        it.post(&cc(WEB)),
        refused(UnauthorizedFault::NoApplicationUser)
    );
    let mut it = Instance::strict();
    it.careless = true;
    assert_eq!(
        it.post(&cc(WEB)),
        refused(UnauthorizedFault::NoApplicationUser)
    );
    it.careless = false;
    it.account("robot").locked_out = true;
    let fault = UnauthorizedFault::ApplicationUser(AccountFault::LockedOut);
    assert_eq!(it.post(&cc(WEB)), refused(fault));
}

#[test]
fn what_is_issued_is_written_down_and_may_be_written_behind() {
    let mut it = Instance::strict();
    it.post(&password(WEB)).unwrap();
    let kinds: Vec<_> = it.rows.iter().map(|row| row.claims.kind).collect();
    assert_eq!(kinds, [TokenKind::Refresh, TokenKind::Access]);
    assert!(it.changes.iter().all(|change| !change.before_answer()));
    assert_eq!(it.rows[1].claims.family, Some(it.rows[0].claims.id));
}
