//! Auth scopes, access policies and token restriction (`inbound-oauth.md` §5): each row of the documentation.

use snowglobe_oauth::{
    api_access::{
        AccessPolicy, ApiCall, ApiPolicies, ApiScopes, Binding, Pattern, Profile, ProfileKind,
        auth_scope::Settings,
        criteria::{AuthPolicy, Circumstances, Criterion, Range},
        policy::{Proof, Scheme},
    },
    api_key::ApiKey,
    client::{AuthScope, Client, ClientKind, ClientNo, ScopeRestriction},
};

const TABLE: &str = "/api/now/table/incident";

fn table_api() -> Pattern {
    Pattern::of_api("now/table").unwrap()
}

fn scope(name: &str) -> AuthScope {
    AuthScope {
        sys_id: format!("key of {name}").into(),
        name: name.into(),
        description: "".into(),
    }
}

fn client(scopes: &[&str], scope_restriction: ScopeRestriction) -> Client {
    Client {
        auth_scopes: scopes.iter().map(|name| scope(name)).collect(),
        scope_restriction,
        ..Client::new(ClientNo(1), "client's key", "client", "Client")
    }
}

fn bound(bindings: Vec<(Pattern, &str)>) -> ApiScopes {
    let binding = |(calls, name)| Binding {
        calls,
        scope: scope(name).sys_id,
        name: scope(name).name,
    };
    ApiScopes::new(bindings.into_iter().map(binding).collect())
}

fn settings() -> Settings {
    Settings {
        enabled: true,
        useraccount: "key of useraccount".into(),
    }
}

/// The code of the refusal, or `ok`.
fn scoped(scopes: &ApiScopes, method: &str, path: &str, client: &Client) -> &'static str {
    let call = ApiCall::of(method, path);
    let checked = scopes.check(&call, client, settings);
    checked.map_or_else(|missing| missing.code(), |()| "ok")
}

/// The example of the documentation: all methods, GET only, and GET of the newest version of the list.
fn example() -> ApiScopes {
    let narrow = table_api()
        .method("GET")
        .version("latest")
        .resource("/now/table/{tableName}");
    bound(vec![
        (table_api(), "all"),
        (table_api().method("get"), "reading"),
        (narrow, "listing"),
    ])
}

#[test]
fn any_of_the_scopes_that_a_call_asks_for_opens_it() {
    use ScopeRestriction::{Restricted, Unrestricted};
    for (scopes, method, path, expected) in [
        ("all", "GET", TABLE, "ok"),
        ("reading", "GET", TABLE, "ok"),
        ("reading", "HEAD", TABLE, "ok"),
        ("listing", "GET", TABLE, "ok"),
        ("listing", "GET", "/api/now/v2/table/incident", "ok"),
        (
            "listing",
            "GET",
            "/api/now/v1/table/incident",
            "auth_scope_missing",
        ),
        (
            "listing",
            "GET",
            "/api/now/table/incident/1",
            "auth_scope_missing",
        ),
        ("reading", "GET", "/api/now/table/incident/1", "ok"),
        ("all", "POST", TABLE, "ok"),
        ("reading", "POST", TABLE, "auth_scope_missing"),
        (
            "listing",
            "DELETE",
            "/api/now/table/incident/1",
            "auth_scope_missing",
        ),
        ("other", "GET", TABLE, "auth_scope_missing"),
        ("useraccount", "DELETE", "/api/now/table/incident/1", "ok"),
    ] {
        for restriction in [Restricted, Unrestricted] {
            let client = client(&[scopes], restriction);
            let found = scoped(&example(), method, path, &client);
            assert_eq!(found, expected, "{scopes} {method} {path} {restriction:?}");
        }
    }
}

#[test]
fn an_api_without_a_binding_is_open_to_broadly_scoped_clients_only() {
    let path = "/api/now/attachment";
    let broad = client(&["other"], ScopeRestriction::Unrestricted);
    let secure = client(&["other"], ScopeRestriction::Restricted);
    let all = client(&["useraccount"], ScopeRestriction::Restricted);
    for scopes in [example(), ApiScopes::default()] {
        assert_eq!(scoped(&scopes, "GET", path, &broad), "ok");
        assert_eq!(
            scoped(&scopes, "GET", path, &secure),
            "auth_scope_restricted"
        );
        assert_eq!(
            scoped(&scopes, "GET", "/incident.do", &secure),
            "auth_scope_restricted"
        );
        assert_eq!(scoped(&scopes, "GET", path, &all), "ok");
    }
}

#[test]
fn useraccount_is_known_by_its_key_and_not_by_its_name() {
    let mut impostor = client(&[], ScopeRestriction::Unrestricted);
    impostor.auth_scopes.push(AuthScope {
        sys_id: "another key".into(),
        name: "useraccount".into(),
        description: "".into(),
    });
    assert_eq!(
        scoped(&example(), "GET", TABLE, &impostor),
        "auth_scope_missing"
    );
}

#[test]
fn the_property_switches_the_check_off() {
    let nothing = client(&[], ScopeRestriction::Restricted);
    let off = || Settings {
        enabled: false,
        ..settings()
    };
    let call = ApiCall::of("GET", TABLE);
    assert_eq!(example().check(&call, &nothing, off), Ok(()));
}

#[test]
fn a_refusal_names_the_scopes_that_would_do() {
    let nothing = client(&[], ScopeRestriction::Unrestricted);
    let call = ApiCall::of("POST", TABLE);
    let missing = example().check(&call, &nothing, settings).unwrap_err();
    assert_eq!(missing.wanted, ["all".into()]);
}

/// A known defect of the real thing: of two such bindings only the last one loaded counts.
#[test]
fn two_bindings_that_apply_to_everything_both_count() {
    let scopes = bound(vec![(table_api(), "one"), (table_api(), "two")]);
    for name in ["one", "two"] {
        let client = client(&[name], ScopeRestriction::Restricted);
        assert_eq!(scoped(&scopes, "GET", TABLE, &client), "ok", "{name}");
    }
}

fn policy(name: &str, calls: Pattern, kinds: &[ProfileKind]) -> AccessPolicy {
    let profile = |kind: &ProfileKind| Profile {
        kind: *kind,
        client: None,
        policies: Vec::new(),
    };
    AccessPolicy {
        name: name.into(),
        calls,
        table: None,
        profiles: kinds.iter().map(profile).collect(),
        advertise_all: false,
    }
}

fn deciding(policies: &ApiPolicies, method: &str, path: &str) -> Option<String> {
    let call = ApiCall::of(method, path);
    policies.of(&call).map(|policy| policy.name.to_string())
}

#[test]
fn the_narrowest_policy_decides() {
    let basic = &[ProfileKind::Basic];
    let list = "/now/table/{tableName}";
    let global = Pattern::everything;
    // In the order of the documentation (§5.2); the eighth, all of one API, stands where it must.
    let mut policies = vec![
        policy(
            "1",
            table_api().method("GET").resource(list).version("v2"),
            basic,
        ),
        policy("2", table_api().method("GET").resource(list), basic),
        policy("3", table_api().resource(list).version("v2"), basic),
        policy("4", table_api().resource(list), basic),
        policy("5", table_api().method("GET").version("v2"), basic),
        policy("6", table_api().method("GET"), basic),
        policy("7", table_api().version("v2"), basic),
        policy("8", table_api(), basic),
        policy("9", global().method("GET"), basic),
        policy("10", global(), basic),
    ];
    while let Some(narrowest) = policies.first().map(|policy| policy.name.to_string()) {
        let mut backwards = policies.clone();
        backwards.reverse();
        for order in [policies.clone(), backwards] {
            let decides = deciding(&ApiPolicies::new(order), "GET", TABLE);
            assert_eq!(decides.as_deref(), Some(&*narrowest));
        }
        policies.remove(0);
    }
    assert_eq!(deciding(&ApiPolicies::new(policies), "GET", TABLE), None);
}

#[test]
fn a_policy_is_for_its_calls_only() {
    let one = |calls| ApiPolicies::new(vec![policy("it", calls, &[ProfileKind::Basic])]);
    let of_table = ApiPolicies::new(vec![AccessPolicy {
        table: Some("incident".into()),
        ..policy("it", table_api(), &[ProfileKind::Basic])
    }]);
    for (policies, method, path, fits) in [
        (one(table_api()), "GET", TABLE, true),
        (one(table_api()), "GET", "/api/now/v1/TABLE/x", true),
        (one(table_api()), "GET", "/api/now/attachment", false),
        (one(table_api()), "GET", "/api/other/table/x", false),
        (one(table_api().method("post")), "POST", TABLE, true),
        (one(table_api().method("post")), "GET", TABLE, false),
        (
            one(table_api().version("v1")),
            "GET",
            "/api/now/v1/table/x",
            true,
        ),
        (one(table_api().version("v1")), "GET", TABLE, false),
        (
            one(table_api().resource("{t}/{id}")),
            "GET",
            "/api/now/table/x/1",
            true,
        ),
        (
            one(table_api().resource("/now/v2/table/incident")),
            "GET",
            TABLE,
            true,
        ),
        (
            one(table_api().resource("/now/table/task")),
            "GET",
            TABLE,
            false,
        ),
        (one(Pattern::everything()), "GET", "/incident.do", true),
        (of_table.clone(), "GET", TABLE, true),
        (of_table.clone(), "GET", "/api/now/table/INCIDENT/1", true),
        (of_table.clone(), "GET", "/api/now/table/task", false),
        (of_table, "GET", "/api/now/stats/incident", false),
    ] {
        assert_eq!(
            deciding(&policies, method, path).is_some(),
            fits,
            "{method} {path}"
        );
    }
    for text in ["", "table", "/"] {
        assert_eq!(Pattern::of_api(text), None, "{text:?}");
    }
}

#[test]
fn a_policy_takes_callers_of_its_profiles_and_nobody_else() {
    let ours = client(&[], ScopeRestriction::Unrestricted);
    let third_party = Client {
        kind: ClientKind::ThirdParty,
        ..ours.clone()
    };
    let other = Client {
        sys_id: "other key".into(),
        ..ours.clone()
    };
    let call = ApiCall::of("GET", TABLE);
    let admitted = |profile: Profile| {
        let policies = ApiPolicies::new(vec![AccessPolicy {
            profiles: vec![profile],
            ..policy("it", table_api(), &[])
        }]);
        [
            Proof::Password,
            Proof::Token(&ours),
            Proof::Token(&other),
            Proof::Token(&third_party),
            Proof::ApiKey {
                policy_required: true,
            },
        ]
        .map(|proof| {
            policies
                .check(&call, proof, &Circumstances::default())
                .is_ok()
        })
    };
    let profile = |kind, client: Option<&str>| Profile {
        kind,
        client: client.map(Into::into),
        policies: Vec::new(),
    };
    for (profile, expected) in [
        (
            profile(ProfileKind::Basic, None),
            [true, false, false, false, false],
        ),
        (
            profile(ProfileKind::OauthToken, None),
            [false, true, true, false, false],
        ),
        (
            profile(ProfileKind::OauthToken, Some("client's key")),
            [false, true, false, false, false],
        ),
        (
            profile(ProfileKind::IdToken, None),
            [false, false, false, true, false],
        ),
        (
            profile(ProfileKind::ApiKey, None),
            [false, false, false, false, true],
        ),
    ] {
        assert_eq!(admitted(profile.clone()), expected, "{profile:?}");
    }
}

#[test]
fn an_unfinished_policy_is_not_in_force() {
    let policies = ApiPolicies::new(vec![policy("it", Pattern::everything(), &[])]);
    let call = ApiCall::of("GET", TABLE);
    assert_eq!(
        policies.check(&call, Proof::Password, &Circumstances::default()),
        Ok(())
    );
}

#[test]
fn a_refusal_names_the_most_recent_scheme_or_each_once() {
    use ProfileKind::{Basic, IdToken, OauthToken};
    let first = policy("it", table_api(), &[OauthToken, IdToken, Basic]);
    assert_eq!(first.challenges(true), [Scheme::Bearer]);
    assert_eq!(first.challenges(false), [Scheme::Bearer, Scheme::Basic]);
    let all = AccessPolicy {
        advertise_all: true,
        ..first
    };
    assert_eq!(all.challenges(true), [Scheme::Bearer, Scheme::Basic]);
}

#[test]
fn restricted_tokens_open_only_what_a_policy_admits_them_to() {
    let restricted = Client {
        enforce_token_restrictions: true,
        ..client(&[], ScopeRestriction::Unrestricted)
    };
    let free = client(&[], ScopeRestriction::Unrestricted);
    let policies = |kinds: &[ProfileKind]| ApiPolicies::new(vec![policy("it", table_api(), kinds)]);
    let call = |policies: &ApiPolicies, path, proof| {
        let checked = policies.check(&ApiCall::of("GET", path), proof, &Circumstances::default());
        checked.map_or_else(|fault| fault.code(), |()| "ok")
    };
    let with_token = policies(&[ProfileKind::OauthToken]);
    let token = Proof::Token(&restricted);
    assert_eq!(call(&with_token, TABLE, token), "ok");
    for path in ["/api/now/attachment", "/incident.do"] {
        assert_eq!(call(&with_token, path, token), "token_restricted", "{path}");
        assert_eq!(call(&with_token, path, Proof::Token(&free)), "ok", "{path}");
        assert_eq!(call(&with_token, path, Proof::Password), "ok", "{path}");
    }
    let without = policies(&[ProfileKind::Basic]);
    assert_eq!(call(&without, TABLE, token), "access_policy_not_satisfied");
}

#[test]
fn api_keys_open_what_a_policy_of_that_api_admits_them_to() {
    let key = |policy_required| Proof::ApiKey { policy_required };
    let check = |policies: Vec<AccessPolicy>, proof| {
        let checked = ApiPolicies::new(policies).check(
            &ApiCall::of("GET", TABLE),
            proof,
            &Circumstances::default(),
        );
        checked.map_or_else(|fault| fault.code(), |()| "ok")
    };
    let of = |pattern, kinds: &[ProfileKind]| vec![policy("it", pattern, kinds)];
    let both = [ProfileKind::Basic, ProfileKind::ApiKey];
    assert_eq!(check(of(table_api(), &both), key(true)), "ok");
    assert_eq!(check(vec![], key(true)), "api_key_without_policy");
    assert_eq!(check(vec![], key(false)), "ok");
    let others = of(table_api(), &[ProfileKind::Basic]);
    assert_eq!(check(others, key(false)), "access_policy_not_satisfied");
    // Not in a global policy (§5.2).
    let global = of(Pattern::everything(), &both);
    assert_eq!(check(global, key(false)), "access_policy_not_satisfied");
    let global = of(Pattern::everything(), &both);
    assert_eq!(check(global, Proof::Password), "ok");
}

#[test]
fn an_api_key_with_a_scope_opens_what_the_scope_is_bound_to() {
    let key = |scope: Option<&str>| ApiKey {
        name: "it".into(),
        active: true,
        user: None,
        auth_scope: scope.map(Into::into),
        expires: None,
    };
    let settings = || Settings {
        enabled: true,
        useraccount: "all".into(),
    };
    let scopes = ApiScopes::new(vec![Binding {
        calls: table_api(),
        scope: "reading".into(),
        name: "reading".into(),
    }]);
    let opens = |path, scope| {
        let call = ApiCall::of("GET", path);
        scopes.check_key(&call, &key(scope), settings).is_ok()
    };
    for (scope, table, other) in [
        (None, true, true),
        (Some("all"), true, true),
        (Some("reading"), true, false),
        (Some("another"), false, false),
    ] {
        let opened = (opens(TABLE, scope), opens("/api/now/attachment", scope));
        assert_eq!(opened, (table, other), "{scope:?}");
    }
}

#[test]
fn a_profile_with_authentication_policies_asks_who_and_from_where_as_well() {
    let office = Criterion::Address(vec![Range::parse_network("192.0.2.0", "24").unwrap()]);
    let profile = |kind, policies| Profile {
        kind,
        client: None,
        policies,
    };
    let from_the_office = AuthPolicy::new(vec![office], Vec::new());
    let policies = ApiPolicies::new(vec![AccessPolicy {
        profiles: vec![
            profile(ProfileKind::Basic, vec![from_the_office]),
            profile(ProfileKind::OauthToken, Vec::new()),
        ],
        ..policy("it", table_api(), &[])
    }]);
    let ours = client(&[], ScopeRestriction::Unrestricted);
    let call = |proof, address: &str| {
        let of = Circumstances {
            address: address.parse().ok(),
            ..Circumstances::default()
        };
        let checked = policies.check(&ApiCall::of("GET", TABLE), proof, &of);
        checked.map_or_else(|fault| fault.code(), |()| "ok")
    };
    assert_eq!(call(Proof::Password, "192.0.2.9"), "ok");
    for address in ["198.51.100.1", "unknown"] {
        assert_eq!(
            call(Proof::Password, address),
            "access_policy_criteria_not_met"
        );
        assert_eq!(
            call(Proof::Token(&ours), address),
            "ok",
            "its profile asks for nothing more"
        );
    }
}
