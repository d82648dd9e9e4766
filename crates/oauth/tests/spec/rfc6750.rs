//! RFC 6750: what still opens the API.

use snowglobe_oauth::{
    TokenKind, UnixMillis,
    account::AccountFault,
    bearer::{self, BearerFault},
    token::TokenFault,
};

use crate::instance::{ABEL, Instance, WEB};

fn signed_in() -> (Instance, String) {
    let mut it = Instance::strict();
    let token = it.post(&format!("{ABEL}&{WEB}")).unwrap().access_token;
    assert!(it.call(&token).is_ok());
    (it, token)
}

#[test]
fn rfc6750_2_1_the_token_is_in_the_header() {
    for header in ["Bearer abc.~+/=", "bearer abc.~+/=", "BEARER  abc.~+/= "] {
        assert_eq!(bearer::from_header(header), Some("abc.~+/="), "{header}");
    }
    for header in ["", "Bearer", "Basic abc", "BearerX abc"] {
        assert_eq!(bearer::from_header(header), None, "{header}");
    }
}

#[test]
fn a_bearer_says_whom_it_speaks_for() {
    let (it, token) = signed_in();
    let bearer = it.call(&token).unwrap();
    assert_eq!((bearer.client.0, bearer.user.0, bearer.scope.0), (1, 1, 0));
    assert_eq!(it.rows.last().unwrap().claims.id, bearer.token);
}

#[test]
fn rfc6750_3_1_a_token_opens_nothing_once_its_life_is_over() {
    let (mut it, token) = signed_in();
    it.now = UnixMillis(1_800_001_799_999);
    assert!(it.call(&token).is_ok());
    it.now = UnixMillis(1_800_001_800_000);
    assert_eq!(it.call(&token), Err(BearerFault::Expired));
}

#[test]
fn a_token_dies_with_its_client_and_comes_back_with_it() {
    let (mut it, token) = signed_in();
    it.client("web").active = false;
    assert_eq!(it.call(&token), Err(BearerFault::ClientInactive));
    it.client("web").active = true;
    assert!(it.call(&token).is_ok());
    it.clients.remove(0);
    assert_eq!(it.call(&token), Err(BearerFault::ClientInactive));
}

#[test]
fn a_token_dies_with_its_user() {
    let (mut it, token) = signed_in();
    it.account("abel").locked_out = true;
    assert_eq!(
        it.call(&token),
        Err(BearerFault::Account(AccountFault::LockedOut))
    );
    it.account("abel").active = false;
    assert_eq!(
        it.call(&token),
        Err(BearerFault::Account(AccountFault::Inactive))
    );
    it.accounts.remove(0);
    assert_eq!(
        it.call(&token),
        Err(BearerFault::Account(AccountFault::Unknown))
    );
}

#[test]
fn a_token_is_not_checked_against_another_s_client_or_user() {
    let (mut it, token) = signed_in();
    it.careless = true;
    assert_eq!(it.call(&token), Err(BearerFault::ClientInactive));
    let web = it.clients[0].clone();
    let claims = it.keys.verify(&token).unwrap();
    let robot = it.accounts.last().map(|account| &**account);
    let mixed_up = bearer::check(&claims, it.now, |_| false, Some(&web), robot);
    assert_eq!(mixed_up, Err(BearerFault::Account(AccountFault::Unknown)));
}

#[test]
fn a_new_password_ends_the_tokens_before_it() {
    let (mut it, token) = signed_in();
    it.later(1);
    it.account("abel").tokens_valid_from = it.now;
    assert_eq!(
        it.call(&token),
        Err(BearerFault::Account(AccountFault::TokensEnded))
    );
    let after = it.post(&format!("{ABEL}&{WEB}")).unwrap();
    assert!(it.call(&after.access_token).is_ok());
}

#[test]
fn a_revoked_family_takes_its_access_tokens_along() {
    let (mut it, token) = signed_in();
    let refresh = it
        .rows
        .iter()
        .find(|row| row.claims.kind == TokenKind::Refresh)
        .unwrap();
    it.revoked.insert(refresh.claims.id);
    assert_eq!(it.call(&token), Err(BearerFault::Revoked));
}

#[test]
fn what_is_no_token_opens_nothing() {
    let (it, _) = signed_in();
    for text in ["", "undefined", "guest", &"A".repeat(86)] {
        assert!(matches!(
            it.call(text),
            Err(BearerFault::Token(
                TokenFault::Malformed | TokenFault::UnknownKey
            ))
        ));
    }
}
