//! Assertions that count once, and the records that say whose count at all.

use std::sync::Arc;

use futures_util::future::join_all;
use snowglobe_oauth::{
    assertion::{AssertionId, ClaimValidation},
    change::Change,
    client::{Client, ClientNo},
    time::UnixMillis,
    token::TokenKind,
};
use snowglobe_records::{SysId, Value};
use snowglobe_store::{Store, backend::ApplyError};
use snowglobe_testkit::IdentityProvider;

use crate::{
    fixture::{NOW, Place, change, delete, insert, row, stamp, table, update, values},
    holder::Holder,
};

fn used(jti: &str) -> Change {
    Change::UseAssertion(AssertionId::new(ClientNo(1), jti, NOW.0 / 1000 + 60))
}

pub(crate) async fn one_of_many_uses_counts(place: Place) {
    let store = place.open().await;
    let tasks = (0..64).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.apply_changes(&[used("a")], None, NOW).await })
    });
    let outcomes = join_all(tasks).await.into_iter().map(Result::unwrap);
    let outcomes: Vec<_> = outcomes.collect();
    let conflict = |outcome: &&Result<_, _>| matches!(outcome, Err(ApplyError::Conflict));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(conflict).count(), 63);
    let others = [
        used("b"),
        Change::UseAssertion(AssertionId::new(ClientNo(2), "a", NOW.0 / 1000 + 60)),
    ];
    store.apply_changes(&others, None, NOW).await.unwrap();
}

pub(crate) async fn what_a_used_assertion_came_with_is_not_written(place: Place) {
    let holder = Holder::make(place.open().await).await;
    holder.apply(&[used("a")]).await.unwrap();
    let token = Change::InsertToken(holder.issue(TokenKind::Access, None));
    let outcome = holder.apply(&[used("a"), token]).await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)));
    let rows = values(&holder.store, "oauth_credential", "", "type").await;
    assert_eq!(rows, [""; 0]);
}

pub(crate) async fn a_used_assertion_stays_used(place: Place) {
    let store = place.open().await;
    store.apply_changes(&[used("a")], None, NOW).await.unwrap();
    let store = place.reopen(store).await;
    let again = store.apply_changes(&[used("a")], None, NOW).await;
    assert!(matches!(again, Err(ApplyError::Conflict)));
}

pub(crate) async fn used_assertions_are_swept_when_they_are_dead(place: Place) {
    let store = place.open().await;
    store.apply_changes(&[used("a")], None, NOW).await.unwrap();
    let at = |seconds: i64| UnixMillis(NOW.0 + seconds * 1000);
    store.sweep(NOW, at(60)).await.unwrap();
    let again = store.apply_changes(&[used("a")], None, NOW).await;
    assert!(
        matches!(again, Err(ApplyError::Conflict)),
        "it lives for a moment"
    );
    store.sweep(NOW, at(61)).await.unwrap();
    store.apply_changes(&[used("a")], None, NOW).await.unwrap();
}

async fn jwt_client(store: &Store) -> SysId {
    let body = [
        ("client_id", "jwt"),
        ("name", "JWT"),
        ("user_field", "email"),
        ("jwks_url", "https://idp.example/jwks"),
    ];
    insert(store, "oauth_jwt", &body).await
}

fn client(store: &Store) -> Arc<Client> {
    Arc::clone(store.clients().by_id("jwt").unwrap())
}

pub(crate) async fn trust_follows_its_records(place: Place) {
    let store = place.open().await;
    let jwt = jwt_client(&store).await;
    let of = || client(&store).assertions.clone().unwrap();
    let rules = of();
    assert_eq!((&*rules.user_field, rules.clock_skew), ("email", 300));
    assert_eq!(rules.jti_claim.as_deref(), Some("jti"));
    let remote = rules.remote_keys.as_ref().unwrap();
    assert_eq!(
        (&*remote.url, remote.lifespan),
        ("https://idp.example/jwks", 720 * 60)
    );
    assert!(rules.keys.is_empty() && rules.validations.is_empty());

    let certificate = [
        ("name", "idp"),
        ("pem_certificate", IdentityProvider::CERTIFICATE),
    ];
    let certificate = insert(&store, "sys_certificate", &certificate).await;
    let map = [
        ("oauth_jwt", jwt.as_str()),
        ("kid", "k"),
        ("sys_certificate", certificate.as_str()),
    ];
    let map = insert(&store, "jwt_verifier_map", &map).await;
    assert!(of().keys.knows("k"));
    update(&store, "jwt_verifier_map", map, &[("kid", "other")]).await;
    assert!(of().keys.knows("other") && !of().keys.knows("k"));
    update(
        &store,
        "sys_certificate",
        certificate,
        &[("active", "false")],
    )
    .await;
    assert!(
        of().keys.is_empty(),
        "an inactive certificate counts no more"
    );
    update(
        &store,
        "sys_certificate",
        certificate,
        &[("active", "true")],
    )
    .await;
    update(
        &store,
        "sys_certificate",
        certificate,
        &[("pem_certificate", "garbage")],
    )
    .await;
    assert!(of().keys.is_empty(), "what is no certificate harms nobody");
    delete(&store, "jwt_verifier_map", map).await;

    let validation = [
        ("oauth_jwt", jwt.as_str()),
        ("claim_name", "level"),
        ("claim_value", "2"),
        ("claim_value_type", "number"),
    ];
    insert(&store, "oauth_jwt_claim_validation", &validation).await;
    assert_eq!(
        of().validations,
        [ClaimValidation::new("level", "number", "2")]
    );
    let off = [
        ("enable_jti_verification", "false"),
        ("clock_skew", "86400"),
    ];
    update(&store, "oauth_jwt", jwt, &off).await;
    assert_eq!((of().jti_claim.clone(), of().clock_skew), (None, 3600));
}

/// Writes a shared key as the server does: sealed for the row.
async fn share(store: &Store, jwt: SysId, kid: &str, sealed_for: Option<SysId>) -> SysId {
    let body = [("oauth_jwt", jwt.as_str()), ("kid", kid)];
    let map = insert(store, "jwt_verifier_map", &body).await;
    let table = table(store, "jwt_verifier_map");
    let column = Arc::clone(table.column("shared_key").unwrap());
    let secret = "a shared key of more than 32 bytes";
    let sealed = store.seal_secret(&column, sealed_for.unwrap_or(map), secret, [7; 24]);
    let row = row(store, "jwt_verifier_map", map).await.unwrap();
    let mut update = change(&row, &[("name", kid)]);
    update.keep_secret(column, sealed.unwrap());
    store.update(&update, &stamp()).await.unwrap();
    map
}

pub(crate) async fn a_shared_key_opens_for_its_row_alone(place: Place) {
    let store = place.open().await;
    let jwt = jwt_client(&store).await;
    let own = share(&store, jwt, "own", None).await;
    assert!(
        client(&store)
            .assertions
            .as_ref()
            .unwrap()
            .keys
            .knows("own")
    );
    share(&store, jwt, "copied", Some(own)).await;
    let rules = client(&store).assertions.clone().unwrap();
    assert!(rules.keys.knows("own") && !rules.keys.knows("copied"));
    let stored = crate::fixture::cell(&store, "jwt_verifier_map", own, "shared_key").await;
    assert!(matches!(stored, Value::Text(text) if !text.contains("shared key")));
}
