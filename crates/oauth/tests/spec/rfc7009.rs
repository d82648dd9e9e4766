//! RFC 7009: revocation, in the strict dialect.

use snowglobe_oauth::{
    Change, TokenError, TokenKind,
    bearer::BearerFault,
    error::{ClientFault, GrantFault, RequestFault},
};

use crate::instance::{ABEL, Answer, Instance, OTHER, PHONE, WEB};

fn signed_in() -> (Instance, Answer) {
    let mut it = Instance::strict();
    let answer = it.post(&format!("{ABEL}&{WEB}")).unwrap();
    (it, answer)
}

#[test]
fn rfc7009_2_1_revoking_a_refresh_token_ends_the_access_tokens_of_its_grant() {
    let (mut it, first) = signed_in();
    let second = it.refresh(first.refresh()).unwrap();
    let change = it
        .revoke(&format!("token={}&{WEB}", second.refresh()))
        .unwrap()
        .unwrap();
    assert!(change.before_answer());
    for token in [&first.access_token, &second.access_token] {
        assert_eq!(it.call(token), Err(BearerFault::Revoked));
    }
    let dead = it.refresh(second.refresh());
    assert_eq!(dead, Err(TokenError::InvalidGrant(GrantFault::Revoked)));
}

#[test]
fn rfc7009_2_1_revoking_an_access_token_ends_that_one() {
    let (mut it, answer) = signed_in();
    let body = format!(
        "token={}&token_type_hint=refresh_token&{WEB}",
        answer.access_token
    );
    assert!(matches!(
        it.revoke(&body),
        Ok(Some(Change::RevokeToken { .. }))
    ));
    assert_eq!(it.call(&answer.access_token), Err(BearerFault::Revoked));
    assert!(it.refresh(answer.refresh()).is_ok());
}

#[test]
fn rfc7009_2_2_an_unknown_token_is_a_success_that_writes_nothing() {
    let (mut it, _) = signed_in();
    assert_eq!(it.revoke(&format!("token=nonsense&{WEB}")), Ok(None));
    assert_eq!(it.changes, []);
}

#[test]
fn rfc7009_2_1_a_client_revokes_its_own_tokens_only() {
    let (mut it, answer) = signed_in();
    for other in [OTHER, PHONE] {
        let refused = it.revoke(&format!("token={}&{other}", answer.access_token));
        assert_eq!(
            refused,
            Err(TokenError::InvalidGrant(GrantFault::OtherClient))
        );
    }
    for nobody in ["", "client_id=web", "client_id=web&client_secret=wrong"] {
        let refused = it.revoke(&format!("token={}&{nobody}", answer.access_token));
        assert_eq!(
            refused,
            Err(TokenError::InvalidClient(ClientFault::Missing)),
            "{nobody}"
        );
    }
    assert!(it.call(&answer.access_token).is_ok());
}

#[test]
fn rfc7009_2_1_the_token_is_required() {
    let (mut it, _) = signed_in();
    let missing = TokenError::InvalidRequest(RequestFault::Missing("token"));
    assert_eq!(it.revoke(WEB), Err(missing));
}

#[test]
fn a_lifespan_cut_short_forgets_no_revocation() {
    let (mut it, answer) = signed_in();
    it.client("web").refresh_token_lifespan = 0;
    let token = it.keys.verify(answer.refresh()).unwrap();
    let change = it.revoke(&format!("token={}&{WEB}", answer.refresh()));
    let forget_after = token.expires;
    assert_eq!(
        change,
        Ok(Some(Change::RevokeFamily {
            id: token.id,
            forget_after
        }))
    );
}

#[test]
fn a_revocation_is_remembered_until_the_last_token_of_the_family_is_dead() {
    let (mut it, first) = signed_in();
    let old = first.refresh().to_owned();
    // The successor lives longer than the token before it; so may an access token made at the very end.
    it.client("web").access_token_lifespan = 9_000_000;
    it.later(86_400);
    let successor = it.refresh(&old).unwrap();
    let Ok(Some(Change::RevokeFamily { forget_after, .. })) =
        it.revoke(&format!("token={old}&{WEB}"))
    else {
        panic!("no family was revoked");
    };
    let verify = |token: &str| it.keys.verify(token).unwrap();
    assert!(forget_after >= verify(successor.refresh()).expires);
    assert!(forget_after >= verify(&successor.access_token).expires);
    assert_eq!(verify(&old).kind, TokenKind::Refresh);
}
