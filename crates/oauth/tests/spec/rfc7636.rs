//! RFC 7636 and RFC 9700 §2.1.1, §4.8: proof key for code exchange, and both ways of taking it away.

use snowglobe_oauth::{
    TokenError,
    client::CodeChallengeMethod,
    error::{CodeFault, GrantFault},
};

use crate::{
    authorization::{CHALLENGE, CODE, End, VERIFIER, Visitor},
    instance::{Answer, Instance},
};

const PHONE: &str =
    "response_type=code&client_id=phone&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcb&state=s";

fn s256() -> String {
    format!("{CODE}&code_challenge={CHALLENGE}&code_challenge_method=S256")
}

fn fault(result: Result<Answer, TokenError>) -> CodeFault {
    match result.unwrap_err() {
        TokenError::InvalidGrant(GrantFault::Code(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rfc7636_4_6_the_verifier_proves_the_challenge() {
    for mut instance in [Instance::strict().web(), Instance::servicenow().web()] {
        let code = instance.code(&s256());
        let wrong = format!("&code_verifier={}", "x".repeat(43));
        assert!(matches!(
            instance.exchange(&code, &wrong),
            Err(TokenError::CodeChallenge(_))
        ));
        // A wrong verifier does not use the code up.
        instance
            .exchange(&code, &format!("&code_verifier={VERIFIER}"))
            .unwrap();
    }
}

#[test]
fn rfc9700_4_8_2_a_challenge_asks_for_a_verifier_and_a_verifier_for_a_challenge() {
    for mut instance in [Instance::strict().web(), Instance::servicenow().web()] {
        let code = instance.code(&s256());
        assert_eq!(
            fault(instance.exchange(&code, "")),
            CodeFault::VerifierMissing
        );
        let code = instance.code(CODE);
        let verifier = format!("&code_verifier={VERIFIER}");
        assert_eq!(
            fault(instance.exchange(&code, &verifier)),
            CodeFault::VerifierUnexpected
        );
        let short = "&code_verifier=short";
        let code = instance.code(&s256());
        assert_eq!(
            fault(instance.exchange(&code, short)),
            CodeFault::VerifierMalformed
        );
    }
}

#[test]
fn rfc9700_2_1_1_public_clients_must_use_pkce() {
    for mut instance in [Instance::strict().web(), Instance::servicenow().web()] {
        assert_eq!(instance.authorize(PHONE).sent().error(), "invalid_request");
        let query = format!("{PHONE}&code_challenge={CHALLENGE}&code_challenge_method=S256");
        let code = instance.code(&query);
        let answer = instance.post(&format!(
            "grant_type=authorization_code&client_id=phone&code={code}&code_verifier={VERIFIER}\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcb"
        ));
        assert!(answer.unwrap().refresh_token.is_some());
    }
}

#[test]
fn a_record_may_ask_for_pkce() {
    let mut instance = Instance::servicenow().web();
    instance.client("web").use_pkce = true;
    assert_eq!(instance.authorize(CODE).sent().error(), "invalid_request");
    instance.code(&s256());
}

#[test]
fn security_11_plain_is_for_clients_registered_for_it() {
    let plain = format!("{CODE}&code_challenge={VERIFIER}");
    let named = format!("{plain}&code_challenge_method=plain");
    let mut instance = Instance::servicenow().web();
    for query in [&plain, &named] {
        assert_eq!(instance.authorize(query).sent().error(), "invalid_request");
    }
    instance.client("web").code_challenge_method = CodeChallengeMethod::Plain;
    for query in [&plain, &named] {
        let code = instance.code(query);
        instance
            .exchange(&code, &format!("&code_verifier={VERIFIER}"))
            .unwrap();
    }
    let mut strict = Instance::strict().web();
    strict.client("web").code_challenge_method = CodeChallengeMethod::Plain;
    for query in [&plain, &named] {
        assert_eq!(strict.authorize(query).sent().error(), "invalid_request");
    }
}

#[test]
fn rfc7636_4_4_1_what_is_no_challenge_is_refused() {
    let mut instance = Instance::strict().web();
    for more in [
        "&code_challenge_method=S256".to_owned(),
        format!("&code_challenge={CHALLENGE}&code_challenge_method=S512"),
        format!("&code_challenge={CHALLENGE}&code_challenge_method=s256"),
        format!("&code_challenge={CHALLENGE}A&code_challenge_method=S256"),
        "&code_challenge=short&code_challenge_method=S256".to_owned(),
    ] {
        let sent = instance.authorize(&format!("{CODE}{more}")).sent();
        assert_eq!(sent.error(), "invalid_request", "{more}");
    }
}

#[test]
fn servicenow_shows_both_challenges_and_the_strict_dialect_neither() {
    let mut instance = Instance::servicenow().web();
    let code = instance.code(&s256());
    let wrong = format!("&code_verifier={}", "x".repeat(43));
    let error = instance.exchange(&code, &wrong).unwrap_err();
    let answer = error.render(&instance.policy, false);
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.body,
        format!(
            r#"{{"error_description":"can't verify code challenge, expected:zAscLGbzu5_RoIHGJrob72L2-WRBpDvhUmhSN3asJqE, actual:{CHALLENGE}","error":"invalid_request"}}"#
        )
    );
    let strict = error.render(&Instance::strict().policy, false);
    assert_eq!(
        strict.body,
        r#"{"error":"invalid_grant","error_description":"the code is not valid"}"#
    );
}

#[test]
fn rfc8252_8_6_a_client_that_may_be_another_program_is_never_let_in_unasked() {
    let query = format!("{PHONE}&code_challenge={CHALLENGE}&code_challenge_method=S256");
    for (mut instance, expected) in [
        (Instance::strict().web(), true),
        (Instance::servicenow().web(), false),
    ] {
        let visitor = Visitor {
            earlier: Visitor::allowed("useraccount"),
            ..Visitor::abel(&instance)
        };
        let End::Sent { asked, .. } = instance.authorize_as(&query, &visitor) else {
            panic!("no answer");
        };
        assert_eq!(asked, expected);
    }
}
