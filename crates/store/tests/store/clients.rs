//! The application registry, as the protocol sees it.

use std::sync::Arc;

use snowglobe_oauth::{
    RedirectUri,
    client::{AuthScope, ClientKind, CodeChallengeMethod, ScopeRestriction, TokenFormat},
};

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

pub(crate) async fn the_registry_s_fields_reach_the_protocol(place: Place) {
    let store = place.open().await;
    let body = [
        ("client_id", "web"),
        ("name", "Web"),
        (
            "redirect_url",
            "https://a.example/cb, javascript:alert(1), /sdk-oauth.do",
        ),
        ("post_logout_redirect_url", "https://a.example/bye"),
        ("use_pkce", "true"),
        ("code_challenge_method", "plain"),
        ("token_format", "jwt"),
        ("sub_claim", "email"),
        ("logo_url", "/logo.png"),
        ("scope_restriction_status", "restricted"),
        ("skip_consent", "true"),
    ];
    let sys_id = insert(&store, "oauth_entity", &body).await;
    let scope = insert(&store, "sys_auth_scope", &[("name", "mcp")]).await;
    let mapping = [
        ("oauth_entity", sys_id.as_str()),
        ("auth_scope", scope.as_str()),
    ];
    insert(&store, "oauth_entity_auth_scope_mapping", &mapping).await;
    let web = Arc::clone(store.clients().by_id("web").unwrap());
    let uris: Vec<_> = web.redirect_uris.iter().map(RedirectUri::as_str).collect();
    assert_eq!(uris, ["https://a.example/cb", "/sdk-oauth.do"]);
    assert!(web.post_logout_redirect_uris[0].matches("https://a.example/bye"));
    assert_eq!((web.use_pkce, web.skip_consent), (true, true));
    assert_eq!(web.code_challenge_method, CodeChallengeMethod::Plain);
    assert_eq!(
        (web.token_format, &*web.sub_claim),
        (TokenFormat::Jwt, "email")
    );
    assert_eq!(
        (web.logo_url.as_deref(), web.login_url.as_deref()),
        (Some("/logo.png"), None)
    );
    assert_eq!(web.scope_restriction, ScopeRestriction::Restricted);
    let mapped = AuthScope {
        sys_id: scope.as_str().into(),
        name: "mcp".into(),
        description: "".into(),
    };
    assert_eq!(web.auth_scopes, [mapped]);
    assert!(web.scope.as_ref().unwrap().contains("mcp"));

    update(&store, "sys_auth_scope", scope, &[("name", "renamed")]).await;
    let web = Arc::clone(store.clients().by_id("web").unwrap());
    assert_eq!(&*web.auth_scopes[0].name, "renamed");
}

pub(crate) async fn the_kind_of_a_record_is_its_class(place: Place) {
    let store = place.open().await;
    for (table, kind) in [
        ("oauth_entity", ClientKind::Client),
        ("oauth_jwt", ClientKind::JwtBearer),
        ("oauth_oidc_entity", ClientKind::ThirdParty),
        ("oauth_entity_cimd", ClientKind::MetadataDocument),
    ] {
        insert(&store, table, &[("client_id", table), ("name", table)]).await;
        assert_eq!(store.clients().by_id(table).unwrap().kind, kind, "{table}");
    }
}
