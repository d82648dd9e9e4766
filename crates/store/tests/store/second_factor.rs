//! Second factors and new passwords.

use futures_util::future::join_all;
use snowglobe_oauth::{
    account::UserNo,
    login::Proof,
    secret::{Secret, SecretHash},
    totp::TotpSecret,
};
use snowglobe_store::{SecondFactor, Store, backend::ApplyError};

use crate::fixture::{NOW, Place, insert, update};

const CODE: &str = "aaaa-bbbb-cccc-dddd";

async fn enrolled(store: &Store) -> UserNo {
    insert(store, "sys_user", &[("user_name", "tester")]).await;
    let user = store.user_by_name("tester").await.unwrap().unwrap();
    let factor = SecondFactor {
        secret: TotpSecret::new([7; 20]),
        last_step: 100,
    };
    let codes = [CODE.to_owned(), "eeee-ffff-gggg-hhhh".to_owned()];
    let no = user.account.no;
    store.enrol(no, &factor, &codes, [1; 24]).await.unwrap();
    no
}

pub(crate) async fn a_step_is_used_once_however_many_ask_at_once(place: Place) {
    let store = place.open().await;
    let no = enrolled(&store).await;
    let factor = store.second_factor(no).await.unwrap().unwrap();
    assert_eq!(factor.secret.expose(), &[7; 20]);
    assert_eq!(factor.last_step, 100);
    let all = join_all((0..64).map(|_| store.use_step(no, 101))).await;
    let used = all.iter().filter(|result| result.is_ok()).count();
    assert_eq!(used, 1);
    for step in [99, 100, 101] {
        let again = store.use_step(no, step).await;
        assert!(matches!(again, Err(ApplyError::Conflict)), "{step}");
    }
    let store = place.kept(store).await;
    assert_eq!(
        store.second_factor(no).await.unwrap().unwrap().last_step,
        101
    );
}

pub(crate) async fn a_recovery_code_is_used_once(place: Place) {
    let store = place.open().await;
    let no = enrolled(&store).await;
    assert_eq!(store.recovery_codes_left(no).await.unwrap(), 2);
    let of_other = store.use_recovery_code(UserNo(no.0 + 1), CODE).await;
    assert!(matches!(of_other, Err(ApplyError::Conflict)));
    let all = join_all((0..64).map(|_| store.use_recovery_code(no, " AAAA bbbbccccdddd"))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(store.recovery_codes_left(no).await.unwrap(), 1);
    let wrong = store.use_recovery_code(no, "aaaa").await;
    assert!(matches!(wrong, Err(ApplyError::Conflict)));
}

pub(crate) async fn a_second_factor_ends_when_it_is_removed_or_an_administrator_says_so(
    place: Place,
) {
    let store = place.open().await;
    let no = enrolled(&store).await;
    let sys_id = store
        .user_by_no(no)
        .await
        .unwrap()
        .unwrap()
        .account
        .sys_id
        .clone();
    let sys_id = snowglobe_records::SysId::parse(&sys_id).unwrap();
    update(
        &store,
        "sys_user",
        sys_id,
        &[("enable_multifactor_authn", "false")],
    )
    .await;
    assert!(store.second_factor(no).await.unwrap().is_none());
    update(
        &store,
        "sys_user",
        sys_id,
        &[("enable_multifactor_authn", "true")],
    )
    .await;
    assert!(store.second_factor(no).await.unwrap().is_some());
    store.remove_second_factor(no).await.unwrap();
    assert!(store.second_factor(no).await.unwrap().is_none());
    assert_eq!(store.recovery_codes_left(no).await.unwrap(), 0);
}

pub(crate) async fn a_new_password_ends_sessions_and_tokens(place: Place) {
    let store = place.open().await;
    let no = enrolled(&store).await;
    let cookie = Secret::new("cookie".to_owned());
    store
        .begin_session(&cookie, (no, Proof::PasswordAndCode), NOW, None)
        .await
        .unwrap();
    let user = store.user_by_no(no).await.unwrap().unwrap();
    let hash = SecretHash::hash_generated(&Secret::new("new".to_owned()));
    store
        .change_password(&user.account, &hash, NOW)
        .await
        .unwrap();
    let user = store.user_by_no(no).await.unwrap().unwrap();
    assert_eq!(user.account.tokens_valid_from, NOW);
    assert!(!user.account.password_needs_reset);
    assert!(user.account.password.as_ref().unwrap().verify("new"));
    assert_eq!(store.session(&cookie).await.unwrap(), None);
}
