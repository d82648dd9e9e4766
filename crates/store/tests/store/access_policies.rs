//! Auth scopes, access policies and filter criteria: from their records to the rules, at once and on every node.

use snowglobe_oauth::api_access::{
    ApiCall,
    criteria::Circumstances,
    policy::{PolicyFault, Proof},
};
use snowglobe_records::SysId;
use snowglobe_store::Store;

use crate::fixture::{Place, delete, insert, update};

const OFFICE: &str = "192.0.2.7";

/// A policy that takes passwords at the Table API; returns the policy, its profile and their mapping.
async fn police(store: &Store) -> (SysId, SysId, SysId) {
    let body = [("name", "Passwords"), ("api_path", "now/table")];
    let policy = insert(store, "sys_api_access_policy", &body).await;
    let body = [("name", "Basic"), ("type", "basic_auth")];
    let profile = insert(store, "std_http_auth", &body).await;
    let body = [
        ("api_access_policy", policy.as_str()),
        ("inbound_auth_profile", profile.as_str()),
    ];
    let mapping = insert(store, "sys_auth_profile_mapping", &body).await;
    (policy, profile, mapping)
}

/// An authentication policy behind a profile, with one criterion: the office's network.
async fn criteria(store: &Store, profile: SysId) -> (SysId, SysId) {
    let policy = insert(store, "sys_authentication_policy", &[("name", "Office")]).await;
    let body = [
        ("inbound_auth_profile", profile.as_str()),
        ("policy", policy.as_str()),
    ];
    insert(store, "auth_policy_mapping", &body).await;
    let criterion = insert(store, "sys_ip_filter_criteria", &[("name", "Office")]).await;
    let body = [
        ("criteria", criterion.as_str()),
        ("range_start", "192.0.2.0"),
        ("range_end", "192.0.2.255"),
    ];
    let range = insert(store, "sys_ip_address_range", &body).await;
    let body = [
        ("policy", policy.as_str()),
        ("sys_auth_filter_criteria", criterion.as_str()),
    ];
    insert(store, "sys_authentication_policy_criteria_m2m", &body).await;
    (policy, range)
}

fn by_password(store: &Store, address: &str) -> &'static str {
    let of = Circumstances {
        address: address.parse().ok(),
        ..Circumstances::default()
    };
    let call = ApiCall::of("GET", "/api/now/table/incident");
    let checked = store
        .api_access()
        .policies
        .check(&call, Proof::Password, &of);
    checked.map_or_else(|fault: PolicyFault| fault.code(), |()| "ok")
}

pub(crate) async fn a_change_of_an_access_policy_counts_at_once(place: Place) {
    let store = place.open().await;
    let (policy, profile, mapping) = police(&store).await;
    let asked = || by_password(&store, OFFICE);
    assert_eq!(asked(), "ok");
    update(&store, "std_http_auth", profile, &[("type", "oauth")]).await;
    assert_eq!(asked(), "access_policy_not_satisfied");
    update(
        &store,
        "sys_api_access_policy",
        policy,
        &[("active", "false")],
    )
    .await;
    assert_eq!(asked(), "ok");
    update(
        &store,
        "sys_api_access_policy",
        policy,
        &[("active", "true")],
    )
    .await;
    assert_eq!(asked(), "access_policy_not_satisfied");
    delete(&store, "sys_auth_profile_mapping", mapping).await;
    assert_eq!(asked(), "ok", "a policy without a profile is not finished");
}

pub(crate) async fn a_change_of_filter_criteria_counts_at_once(place: Place) {
    let store = place.open().await;
    let (_, profile, _) = police(&store).await;
    let (policy, range) = criteria(&store, profile).await;
    let both = || {
        (
            by_password(&store, OFFICE),
            by_password(&store, "198.51.100.1"),
        )
    };
    let refused = "access_policy_criteria_not_met";
    assert_eq!(both(), ("ok", refused));
    let other = [
        ("range_start", "198.51.100.0"),
        ("range_end", "198.51.100.255"),
    ];
    update(&store, "sys_ip_address_range", range, &other).await;
    assert_eq!(both(), (refused, "ok"));
    let body = [
        ("policy", policy.as_str()),
        ("label", "not"),
        ("condition", "Office=false"),
    ];
    let condition = insert(&store, "sys_auth_policy_condition", &body).await;
    assert_eq!(both(), ("ok", refused));
    // What cannot be read is neither true nor false.
    update(
        &store,
        "sys_ip_address_range",
        range,
        &[("range_end", "nonsense")],
    )
    .await;
    assert_eq!(both(), (refused, refused));
    update(&store, "sys_ip_address_range", range, &other).await;
    for unreadable in [
        "Office",
        "Nowhere=true",
        "Office=maybe",
        "Office=false^Nowhere=false",
    ] {
        update(
            &store,
            "sys_auth_policy_condition",
            condition,
            &[("condition", unreadable)],
        )
        .await;
        assert_eq!(both(), (refused, refused), "{unreadable}");
    }
    update(
        &store,
        "sys_authentication_policy",
        policy,
        &[("active", "false")],
    )
    .await;
    assert_eq!(both(), ("ok", "ok"));
}

pub(crate) async fn a_change_of_an_access_policy_is_heard(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let (_, profile, _) = police(&one).await;
    criteria(&one, profile).await;
    other.poll().await.unwrap();
    assert_eq!(by_password(&other, OFFICE), "ok");
    assert_eq!(
        by_password(&other, "198.51.100.1"),
        "access_policy_criteria_not_met"
    );
}
