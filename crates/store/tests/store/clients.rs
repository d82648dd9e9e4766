//! The application registry, as the protocol sees it.

use std::sync::Arc;

use crate::fixture::{ADMIN, Place, delete, insert, update};

pub(crate) async fn a_client_acts_as_its_application_user(place: Place) {
    let store = place.open().await;
    let later = "00000000000000000000000000000a99";
    for (client_id, user) in [("of-admin", ADMIN), ("of-nobody", ""), ("of-later", later)] {
        let body = [("client_id", client_id), ("type", "client"), ("user", user)];
        insert(&store, "oauth_entity", &body).await;
    }
    let of = |client_id: &str| store.clients().by_id(client_id).unwrap().application_user;
    let admin = store.user_by_name("admin").await.unwrap().unwrap();
    assert_eq!(of("of-admin"), Some(admin.account.no));
    assert_eq!((of("of-nobody"), of("of-later")), (None, None));
    insert(
        &store,
        "sys_user",
        &[("sys_id", later), ("user_name", "later")],
    )
    .await;
    let user = store.user_by_name("later").await.unwrap().unwrap();
    assert_eq!(of("of-later"), Some(user.account.no));
    assert!(
        store.clients().by_id("OF-ADMIN").is_none(),
        "compared byte by byte"
    );
}

pub(crate) async fn a_change_of_a_client_counts_at_once(place: Place) {
    let store = place.open().await;
    let body = [
        ("client_id", "robot"),
        ("type", "client"),
        ("name", "Robot"),
    ];
    let sys_id = insert(&store, "oauth_entity", &body).await;
    assert_eq!(
        store
            .clients()
            .by_id("robot")
            .unwrap()
            .access_token_lifespan,
        1800
    );
    let body = [("access_token_lifespan", "60"), ("active", "false")];
    update(&store, "oauth_entity", sys_id, &body).await;
    let client = Arc::clone(store.clients().by_id("robot").unwrap());
    assert_eq!((client.access_token_lifespan, client.active), (60, false));
    let body = [
        ("oauth_entity", sys_id.as_str()),
        ("oauth_entity_scope", "read"),
    ];
    insert(&store, "oauth_entity_scope", &body).await;
    assert!(
        store
            .clients()
            .by_id("robot")
            .unwrap()
            .scope
            .as_ref()
            .unwrap()
            .contains("read")
    );
    delete(&store, "oauth_entity", sys_id).await;
    assert!(store.clients().by_id("robot").is_none());
}

pub(crate) async fn a_damaged_client_harms_no_other(place: Place) {
    let store = place.open().await;
    let body = [("client_id", "broken"), ("access_token_lifespan", "-1")];
    insert(&store, "oauth_entity", &body).await;
    insert(&store, "oauth_entity", &[("client_id", "sound")]).await;
    assert!(store.clients().by_id("broken").is_none());
    assert!(store.clients().by_id("sound").is_some());
}
