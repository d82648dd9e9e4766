//! Auth scopes, access policies and token restriction over HTTP (`inbound-oauth.md` §5, §9.2).

use serde_json::{Value, json};
use snowglobe_server::admin::Action;
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, SERVICENOW, World, text};

const TABLE: &str = "/api/now/table/incident?sysparm_limit=1";

/// Makes an auth scope, and binds it to the Table API.
fn bind(world: &World, name: &str, more: &Value) -> String {
    let scope = text(
        &world
            .admin()
            .create("sys_auth_scope", &json!({"name": name})),
        "sys_id",
    );
    let mut binding = json!({"name": name, "auth_scope": scope, "api_path": "now/table"});
    for (key, value) in more.as_object().unwrap() {
        binding[key] = value.clone();
    }
    world.admin().create("sys_api_access_scope", &binding);
    scope
}

fn map_scope(world: &World, client: &str, scope: &str) -> String {
    let mapping = json!({"oauth_entity": client, "auth_scope": scope});
    let made = world
        .admin()
        .create("oauth_entity_auth_scope_mapping", &mapping);
    text(&made, "sys_id")
}

fn refused_for(answer: &Answer, scope: &str) {
    let body = format!(
        r#"{{"error":{{"message":"User Not Authorized","detail":"Missing required api access scope{scope}"}},"status":"failure"}}"#
    );
    assert_eq!((answer.status, &*answer.body), (403, &*body));
}

#[test]
fn a_bound_scope_takes_the_api_from_clients_without_it_at_once() {
    let world = World::own();
    let client = world.register("scoped", "s", json!({}));
    let token = world.access_token(&client);
    let call = |method: &str| world.as_bearer(&token).send_json(method, TABLE, &json!({}));
    assert_eq!(call("GET").status, 200);
    let reading = json!({"apply_all_methods": "false", "http_method": "GET"});
    let scope = bind(&world, "table_read", &reading);
    refused_for(&call("GET"), ": table_read");
    assert_eq!(
        call("GET").header("x-snowglobe-reason"),
        "auth_scope_missing"
    );
    assert_eq!(call("POST").status, 201);
    // Who comes with a password, or with a token that may do everything, is not held to it.
    assert_eq!(world.admin().get(TABLE).status, 200);
    let everything = world.access_token(&world.demo_client());
    assert_eq!(world.as_bearer(&everything).get(TABLE).status, 200);
    // The token that was issued before has what its client has now.
    let mapping = map_scope(&world, &client.sys_id, &scope);
    assert_eq!(call("GET").status, 200);
    let path = format!("/api/now/table/oauth_entity_auth_scope_mapping/{mapping}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    refused_for(&call("GET"), ": table_read");
    world.set_property("com.glide.rest.api.auth.scope.check.enable", "false");
    assert_eq!(call("GET").status, 200);
}

#[test]
fn a_securely_scoped_client_opens_only_what_it_has_a_scope_for() {
    let world = World::own();
    let secure = json!({"scope_restriction_status": "restricted"});
    let client = world.register("secure", "s", secure);
    let token = world.access_token(&client);
    let get = |path: &str| world.as_bearer(&token).get(path);
    refused_for(&get(TABLE), "");
    let scope = bind(&world, "tables", &json!({}));
    map_scope(&world, &client.sys_id, &scope);
    assert_eq!(get(TABLE).status, 200);
    assert_eq!(
        get("/api/now/v1/table/sys_user?sysparm_limit=1").status,
        200
    );
    refused_for(&get("/api/now/stats/incident?sysparm_count=true"), "");
}

/// Makes a policy for the Table API with a profile; returns both keys.
fn police(world: &World, kind: &str, more: &Value) -> (String, String) {
    let mut policy = json!({"name": format!("{kind} only"), "api_path": "now/table"});
    for (key, value) in more.as_object().unwrap() {
        policy[key] = value.clone();
    }
    let admin = world.admin();
    let policy = text(&admin.create("sys_api_access_policy", &policy), "sys_id");
    let profile = json!({"name": kind, "type": kind});
    let profile = text(&admin.create("std_http_auth", &profile), "sys_id");
    (policy, profile)
}

fn map_profile(world: &World, policy: &str, profile: &str) {
    let mapping = json!({"api_access_policy": policy, "inbound_auth_profile": profile});
    world.admin().create("sys_auth_profile_mapping", &mapping);
}

fn challenges(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("www-authenticate").iter();
    all.map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_policy_asks_for_the_credentials_of_its_profiles() {
    let world = World::own();
    let token = world.access_token(&world.demo_client());
    let of_incident = json!({"apply_all_tables": "false", "table": "incident"});
    let (policy, profile) = police(&world, "oauth", &of_incident);
    // A policy without a profile is not finished.
    assert_eq!(world.admin().get(TABLE).status, 200);
    map_profile(&world, &policy, &profile);
    for refused in [
        world.admin().get(TABLE),
        world.as_nobody().get(TABLE),
        world.admin().get("/api/now/table/%69ncident"),
        world.admin().send("HEAD", "/api/now/table/incident"),
    ] {
        assert_eq!(refused.status, 401, "{}", refused.body);
        assert_eq!(challenges(&refused), ["BEARER realm=\"Service-now\""]);
    }
    let reason = world.admin().get(TABLE);
    assert_eq!(
        reason.header("x-snowglobe-reason"),
        "access_policy_not_satisfied"
    );
    assert_eq!(world.as_bearer(&token).get(TABLE).status, 200);
    assert_eq!(world.admin().get("/api/now/table/problem").status, 200);
    // A second profile lets its callers in, too, and is the most recent one.
    let basic = json!({"name": "basic", "type": "basic_auth"});
    let basic = text(&world.admin().create("std_http_auth", &basic), "sys_id");
    map_profile(&world, &policy, &basic);
    assert_eq!(world.admin().get(TABLE).status, 200);
    let nobody = || challenges(&world.as_nobody().get(TABLE));
    assert_eq!(nobody(), ["BASIC realm=\"Service-now\""]);
    let advertise = json!({"advertise_all_auth_schemes": "true"});
    world
        .admin()
        .change("sys_api_access_policy", &policy, &advertise);
    assert_eq!(
        nobody(),
        [
            "BASIC realm=\"Service-now\"",
            "BEARER realm=\"Service-now\""
        ]
    );
}

#[test]
fn a_profile_may_admit_one_client_only() {
    let world = World::own();
    let one = world.register("one", "s", json!({}));
    let other = world.register("other", "s", json!({}));
    let of_problem = json!({"apply_all_tables": "false", "table": "problem"});
    let (policy, profile) = police(&world, "oauth", &of_problem);
    let of_one = json!({"oauth_entity": one.sys_id});
    world.admin().change("std_http_auth", &profile, &of_one);
    map_profile(&world, &policy, &profile);
    let path = "/api/now/table/problem?sysparm_limit=1";
    let call = |client| {
        world
            .as_bearer(&world.access_token(client))
            .get(path)
            .status
    };
    assert_eq!((call(&one), call(&other)), (200, 401));
}

#[test]
fn restricted_tokens_open_nothing_without_a_policy_for_them() {
    let world = World::own();
    let enforce = json!({"enforce_token_restrictions": "true"});
    let client = world.register("restricted", "s", enforce);
    let token = world.access_token(&client);
    let get = |path: &str| world.as_bearer(&token).get(path);
    for path in [
        TABLE,
        "/api/now/stats/incident?sysparm_count=true",
        "/incident.do?JSONv2",
    ] {
        let refused = get(path);
        assert_eq!(refused.status, 401, "{path}: {}", refused.body);
        assert_eq!(
            refused.header("x-snowglobe-reason"),
            "token_restricted",
            "{path}"
        );
    }
    let (policy, profile) = police(&world, "oauth", &json!({}));
    // The administrator's password is no longer taken at the Table API once the policy is in force.
    map_profile(&world, &policy, &profile);
    assert_eq!(get(TABLE).status, 200);
    assert_eq!(
        get("/api/now/stats/incident?sysparm_count=true").status,
        401
    );
}

/// A filter criterion, with its lines, that is an input of a policy.
fn criterion(world: &World, policy: &str, table: &str, line: (&str, &Value)) -> String {
    let admin = world.admin();
    let made = text(&admin.create(table, &json!({"name": table})), "sys_id");
    let (lines, fields) = line;
    let mut fields = fields.clone();
    fields["criteria"] = json!(made);
    admin.create(lines, &fields);
    let input = json!({"policy": policy, "sys_auth_filter_criteria": made});
    admin.create("sys_authentication_policy_criteria_m2m", &input);
    made
}

#[test]
fn filter_criteria_say_from_where_and_who_and_count_at_once() {
    let world = World::own();
    let admin = world.admin();
    for (name, groups) in [("criteria.member", true), ("criteria.other", false)] {
        let person = world.person(name, "Right-1! and long", json!({}));
        let role = admin.sys_id("sys_user_role", "name=itil");
        admin.create("sys_user_has_role", &json!({"user": person, "role": role}));
        if groups {
            let group = text(
                &admin.create("sys_user_group", &json!({"name": "Criteria"})),
                "sys_id",
            );
            admin.create(
                "sys_user_grmember",
                &json!({"user": person, "group": group}),
            );
        }
    }
    let of_incident = json!({"apply_all_tables": "false", "table": "incident"});
    let (policy, profile) = police(&world, "basic_auth", &of_incident);
    map_profile(&world, &policy, &profile);
    let call = |name: &str| world.as_basic(name, "Right-1! and long").get(TABLE);
    assert_eq!(call("criteria.other").status, 200);

    let name = json!({"name": "Network"});
    let auth = text(&admin.create("sys_authentication_policy", &name), "sys_id");
    let mapping = json!({"inbound_auth_profile": profile, "policy": auth});
    admin.create("auth_policy_mapping", &mapping);
    let refused = call("criteria.member");
    assert_eq!(
        (refused.status, refused.header("x-snowglobe-reason")),
        (401, "access_policy_criteria_not_met"),
        "an unfinished policy lets nobody in"
    );
    let network = json!({"network": "127.0.0.0", "netmask": "8"});
    let line = ("sys_ip_address_subnet", &network);
    let address = criterion(&world, &auth, "sys_ip_filter_criteria", line);
    assert_eq!(call("criteria.other").status, 200);
    let group = json!({"group": admin.sys_id("sys_user_group", "name=Criteria")});
    let line = ("sys_auth_policy_criteria_group", &group);
    criterion(&world, &auth, "sys_group_filter_criteria", line);
    assert_eq!(
        (
            call("criteria.member").status,
            call("criteria.other").status
        ),
        (200, 401)
    );

    // Conditions are alternatives, and take the place of *all of them*.
    let elsewhere =
        json!({"policy": auth, "label": "elsewhere", "condition": format!("{address}=false")});
    admin.create("sys_auth_policy_condition", &elsewhere);
    assert_eq!(call("criteria.member").status, 401);
    let role = json!({"role": admin.sys_id("sys_user_role", "name=itil")});
    let line = ("sys_auth_policy_criteria_role", &role);
    criterion(&world, &auth, "sys_role_filter_criteria", line);
    let staff = json!({
        "policy": auth, "label": "staff",
        "condition": "sys_ip_filter_criteria=true^sys_role_filter_criteria=true",
    });
    admin.create("sys_auth_policy_condition", &staff);
    assert_eq!(call("criteria.other").status, 200);
    world.person("criteria.nobody", "Right-1! and long", json!({}));
    assert_eq!(call("criteria.nobody").status, 401);
    // A policy that is switched off asks for nothing.
    admin.change(
        "sys_authentication_policy",
        &auth,
        &json!({"active": "false"}),
    );
    assert_eq!(call("criteria.nobody").status, 200);
}

#[test]
fn the_global_blocking_policy_turns_requests_away_before_anything_else() {
    let world = World::on_postgres();
    let admin = world.admin();
    let policy = admin.sys_id(
        "sys_authentication_policy",
        "name=Global%20Blocking%20Policy",
    );
    let network = json!({"network": "127.0.0.0", "netmask": "8"});
    let unblocked = [(TABLE, 200), ("/login.do", 200), ("/_sg/health", 200)];
    for (path, status) in unblocked {
        assert_eq!(admin.get(path).status, status, "no criteria yet: {path}");
    }
    let page = "/oauth_auth.do?response_type=code";
    let client = world.demo_client();
    let line = ("sys_ip_address_subnet", &network);
    criterion(&world, &policy, "sys_ip_filter_criteria", line);
    for path in [TABLE, "/api/now/no_such_api"] {
        let refused = admin.get(path);
        let expected = r#"{"error":{"message":"Requests from this address are blocked","detail":""},"status":"failure"}"#;
        assert_eq!((refused.status, &*refused.body), (403, expected), "{path}");
        assert_eq!(refused.header("x-snowglobe-reason"), "globally_blocked");
    }
    let token = world.grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS]);
    assert_eq!(token.status, 403);
    for path in ["/login.do", page, "/incident_list.do", "/no_such_path"] {
        let refused = world.as_nobody().get(path);
        let expected = "Requests from this address are blocked\n";
        assert_eq!((refused.status, &*refused.body), (403, expected), "{path}");
    }
    assert_eq!(world.as_nobody().get("/_sg/health").status, 200);
    // Who locked themselves out.
    world.administer(Action::LiftBlockingPolicy);
    let since = std::time::Instant::now();
    while admin.get(TABLE).status != 200 {
        assert!(since.elapsed().as_secs() < 20, "it is still in force");
    }
}

#[test]
fn the_global_blocking_policy_may_say_404_and_something_else() {
    let world = World::own();
    let admin = world.admin();
    for (name, value) in [("error_code", "404"), ("error_message", "Nothing \"here\"")] {
        let name = format!("glide.authenticate.global.blocking_policy.{name}");
        let property = admin.sys_id("sys_properties", &format!("name={name}"));
        admin.change("sys_properties", &property, &json!({"value": value}));
    }
    let policy = admin.sys_id(
        "sys_authentication_policy",
        "name=Global%20Blocking%20Policy",
    );
    let range = json!({"range_start": "127.0.0.1"});
    let line = ("sys_ip_address_range", &range);
    criterion(&world, &policy, "sys_ip_filter_criteria", line);
    let refused = admin.get(TABLE);
    let expected = r#"{"error":{"message":"Nothing \"here\"","detail":""},"status":"failure"}"#;
    assert_eq!((refused.status, &*refused.body), (404, expected));
}
