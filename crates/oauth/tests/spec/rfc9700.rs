//! RFC 9700 §4.14: refresh tokens that rotate, and what a replay does.

use snowglobe_oauth::{
    Change, Policy, TokenError, UnixMillis,
    account::AccountFault,
    bearer::BearerFault,
    error::{GrantFault, GrantTypeFault},
    policy::Rotation,
};

use crate::instance::{ABEL, Answer, Instance, NOW, PHONE, WEB};

const DAY: i64 = 86_400;

fn signed_in() -> (Instance, Answer) {
    let mut it = Instance::strict();
    let answer = it.post(&format!("{ABEL}&{WEB}")).unwrap();
    (it, answer)
}

fn denied(fault: GrantFault) -> Result<Answer, TokenError> {
    Err(TokenError::InvalidGrant(fault))
}

#[test]
fn rfc9700_2_4_the_password_grant_is_off() {
    let mut it = Instance::strict();
    it.policy = Policy::strict();
    let off = TokenError::UnsupportedGrantType(GrantTypeFault::SwitchedOff);
    assert_eq!(it.post(&format!("{ABEL}&{WEB}")), Err(off));
}

#[test]
fn security_25_who_has_a_second_factor_gets_nothing_for_a_password_alone() {
    let needed = denied(GrantFault::Account(AccountFault::SecondFactorNeeded));
    let mut it = Instance::strict();
    it.post(&format!("{ABEL}&{WEB}")).unwrap();
    it.second_factor = true;
    assert_eq!(it.post(&format!("{ABEL}&{WEB}")), needed);
    // inbound-oauth.md §2.3: "not asked", unless the instance says otherwise.
    let mut it = Instance::servicenow();
    it.second_factor = true;
    it.post(&format!("{ABEL}&{WEB}")).unwrap();
    it.properties.password_heeds_second_factor = true;
    assert_eq!(it.post(&format!("{ABEL}&{WEB}")), needed);
    it.second_factor = false;
    it.post(&format!("{ABEL}&{WEB}")).unwrap();
}

#[test]
fn rfc9700_4_14_each_use_gives_the_next_generation() {
    let (mut it, mut answer) = signed_in();
    let family = it.keys.verify(answer.refresh()).unwrap().id;
    for generation in 1..=5 {
        it.later(60);
        let next = it.refresh(answer.refresh()).unwrap();
        assert_ne!(next.access_token, answer.access_token);
        let claims = it.keys.verify(next.refresh()).unwrap();
        assert_eq!((claims.id, claims.generation), (family, generation));
        assert_eq!(
            it.keys.verify(&next.access_token).unwrap().family,
            Some(family)
        );
        assert!(
            it.changes.iter().any(Change::before_answer),
            "a rotation is on disk first"
        );
        answer = next;
    }
}

#[test]
fn rfc9700_4_14_a_replay_ends_the_family() {
    let (mut it, first) = signed_in();
    let second = it.refresh(first.refresh()).unwrap();
    it.later(10);
    assert_eq!(it.refresh(first.refresh()), denied(GrantFault::Replayed));
    assert!(matches!(it.changes[..], [Change::RevokeFamily { .. }]));
    assert_eq!(it.refresh(second.refresh()), denied(GrantFault::Revoked));
    for token in [&first.access_token, &second.access_token] {
        assert_eq!(it.call(token), Err(BearerFault::Revoked));
    }
}

#[test]
fn a_retry_within_the_grace_gets_the_same_successor() {
    let (mut it, first) = signed_in();
    it.later(DAY);
    let second = it.refresh(first.refresh()).unwrap();
    it.now.0 += 9_999;
    let retry = it.refresh(first.refresh()).unwrap();
    assert_eq!(retry.refresh_token, second.refresh_token);
    assert!(it.changes.iter().all(|change| !change.before_answer()));
    assert!(it.call(&retry.access_token).is_ok());
    assert!(it.refresh(second.refresh()).is_ok());
}

#[test]
fn the_grace_is_for_the_generation_just_before() {
    let (mut it, first) = signed_in();
    let second = it.refresh(first.refresh()).unwrap();
    it.refresh(second.refresh()).unwrap();
    assert_eq!(it.refresh(first.refresh()), denied(GrantFault::Replayed));
}

#[test]
fn without_grace_every_second_use_is_a_replay() {
    let (mut it, first) = signed_in();
    it.policy.rotation_grace_ms = 0;
    it.refresh(first.refresh()).unwrap();
    assert_eq!(it.refresh(first.refresh()), denied(GrantFault::Replayed));
}

#[test]
fn a_generation_ahead_of_the_store_is_refused() {
    let (mut it, first) = signed_in();
    let second = it.refresh(first.refresh()).unwrap();
    // As after the restore of an old backup.
    it.families.clear();
    assert_eq!(it.refresh(second.refresh()), denied(GrantFault::Replayed));
}

#[test]
fn a_token_whose_row_was_lost_proves_itself() {
    let (mut it, first) = signed_in();
    it.rows.clear();
    assert!(it.call(&first.access_token).is_ok());
    assert!(it.refresh(first.refresh()).is_ok());
}

#[test]
fn rfc9700_2_2_2_a_public_client_s_tokens_rotate_whatever_its_record_says() {
    let (mut it, first) = signed_in();
    it.client("web").rotation = Some(Rotation::Never);
    let kept = it.refresh(first.refresh()).unwrap();
    assert_eq!(kept.refresh_token, first.refresh_token);
    it.client("web").public = true;
    it.client("web").secrets.clear();
    let body = format!(
        "grant_type=refresh_token&refresh_token={}&client_id=web",
        first.refresh()
    );
    assert_ne!(it.post(&body).unwrap().refresh_token, first.refresh_token);
    assert!(it.post(&body.replace("client_id=web", PHONE)).is_err());
}

#[test]
fn rfc9700_4_14_a_token_left_idle_dies() {
    let (mut it, first) = signed_in();
    it.later(29 * DAY);
    let second = it.refresh(first.refresh()).unwrap();
    it.later(30 * DAY);
    assert_eq!(it.refresh(second.refresh()), denied(GrantFault::Expired));
}

#[test]
fn a_family_in_use_dies_with_its_lifespan() {
    let (mut it, mut answer) = signed_in();
    for _ in 0..4 {
        it.later(24 * DAY);
        answer = it.refresh(answer.refresh()).unwrap();
    }
    let end = it.keys.verify(answer.refresh()).unwrap().expires;
    assert_eq!(end, NOW.after(8_640_000));
    it.now = UnixMillis(end.millis().0);
    assert_eq!(it.refresh(answer.refresh()), denied(GrantFault::Expired));
}

#[test]
fn a_blocked_user_s_grants_refresh_nothing() {
    let (mut it, first) = signed_in();
    it.account("abel").locked_out = true;
    let owner = |fault| denied(GrantFault::TokenOwner(fault));
    assert_eq!(it.refresh(first.refresh()), owner(AccountFault::LockedOut));
    it.account("abel").locked_out = false;
    it.later(1);
    it.account("abel").tokens_valid_from = it.now;
    assert_eq!(
        it.refresh(first.refresh()),
        owner(AccountFault::TokensEnded)
    );
    it.accounts.remove(0);
    assert_eq!(it.refresh(first.refresh()), owner(AccountFault::Unknown));
    let (mut it, first) = signed_in();
    it.careless = true;
    assert_eq!(it.refresh(first.refresh()), owner(AccountFault::Unknown));
}
