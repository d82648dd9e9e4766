//! Tokens of others: got, kept, renewed, and handed to whom a record lets have them.

use serde_json::{Value, json};
use snowglobe_server::simulate::{Control, Temper};
use snowglobe_testkit::Answer;

use super::{alias, provider, simulated::Provider};
use crate::world::{World, text};

/// Lets the administrator take the tokens of an alias.
pub(super) fn permit(world: &World, name: &str) {
    let alias = world.admin().sys_id("sys_alias", &format!("id={name}"));
    let admin = world.admin().sys_id("sys_user", "user_name=admin");
    let access = json!({"alias": alias, "user": admin});
    world.admin().create("sys_alias_access", &access);
}

pub(super) fn ask(world: &World, name: &str) -> Answer {
    world.admin().get(&format!("/api/sn_broker/token/{name}"))
}

pub(super) fn token(world: &World, name: &str) -> String {
    let answer = ask(world, name);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    text(&answer.json()["result"], "access_token")
}

/// A provider, and an alias of the same name that the administrator may take tokens of.
pub(super) fn set_up(world: &World, name: &str, simulated: &Provider, grant_type: &str) -> String {
    let fields = simulated.fields(grant_type);
    let (_, profile) = provider(world, name, &fields);
    let credential = alias(world, name, &profile, &format!("{}/api", simulated.url()));
    permit(world, name);
    credential
}

/// How a credential's token stands, as people see it.
pub(super) fn standing(world: &World, credential: &str) -> Value {
    let query = format!("sysparm_query=requestor_id={credential}");
    let mut found = world.admin().list("oauth_requestor_profile", &query);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn works(simulated: &Provider, token: &str) -> u16 {
    let http = snowglobe_testkit::Http::new(&simulated.url());
    Answer::of(http.bearer(token, "GET", "/api/orders")).status
}

#[test]
fn outbound_7_2_a_token_is_fetched_once_kept_and_fetched_again_when_it_ends() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(&world, "cc", &simulated, "client_credentials");
    let first = token(&world, "cc");
    assert_eq!(works(&simulated, &first), 200);
    assert_eq!(token(&world, "cc"), first);
    assert_eq!(simulated.ledger().token_requests, 1);
    let shown = standing(&world, &credential);
    assert_eq!(text(&shown, "state"), "healthy");
    assert_eq!(text(&shown, "expires"), "2027-01-15 09:00:00");
    world.advance("61m");
    let second = token(&world, "cc");
    assert_ne!(second, first);
    assert_eq!(simulated.ledger().token_requests, 2);
}

#[test]
fn outbound_9_3_many_who_ask_at_once_cause_one_token_request() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    simulated.control(Control {
        delay_ms: 300,
        ..Control::default()
    });
    set_up(world, "storm", &simulated, "client_credentials");
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..40)
            .map(|_| scope.spawn(|| token(world, "storm")))
            .collect();
        asking.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(simulated.ledger().token_requests, 1);
}

#[test]
fn outbound_7_6_a_provider_in_trouble_is_named_and_asked_again_later() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(&world, "trouble", &simulated, "client_credentials");
    simulated.control(Control {
        fail: 1,
        ..Control::default()
    });
    let refused = ask(&world, "trouble");
    assert_eq!(refused.status, 502, "{}", refused.body);
    let shown = standing(&world, &credential);
    assert_eq!(text(&shown, "state"), "retrying");
    assert_eq!(text(&shown, "reason"), "outbound_provider_failed");
    assert_eq!(
        ask(&world, "trouble").status,
        502,
        "it is left alone for a second"
    );
    assert_eq!(simulated.ledger().token_requests, 1);
    world.advance("2s");
    token(&world, "trouble");
    assert_eq!(text(&standing(&world, &credential), "state"), "healthy");
}

#[test]
fn a_token_is_for_those_whom_a_record_names_and_each_hand_out_is_noted() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let (_, profile) = provider(world, "named", &simulated.fields("client_credentials"));
    alias(world, "named", &profile, "https://api.example");
    let unknown = ask(world, "no_such_alias");
    assert_eq!(unknown.status, 403);
    assert_eq!(
        ask(world, "named").body,
        unknown.body,
        "not for administrators as such"
    );
    permit(world, "named");
    token(world, "named");
    let path = "/api/sn_broker/token/named";
    assert_eq!(world.as_user("itil").get(path).status, 403);
    let alias = world.admin().sys_id("sys_alias", "id=named");
    let query = format!("sysparm_query=alias={alias}^refusedISEMPTY&sysparm_display_value=true");
    let noted = world.admin().list("sys_alias_hand_out", &query);
    assert_eq!(noted.len(), 1);
    assert_eq!(
        text(&noted[0]["user"], "display_value"),
        "System Administrator"
    );
    let role = world.admin().sys_id("sys_user_role", "name=itil");
    let access = json!({"alias": alias, "role": role});
    world.admin().create("sys_alias_access", &access);
    assert_eq!(world.as_user("itil").get(path).status, 200);
}

#[test]
fn outbound_5_a_jwt_provider_signs_the_assertion_and_the_proof_of_the_client() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let key = json!({
        "name": "signer", "kid": "k1", "signing_algorithm": "hmac_256",
        "signing_key": "0123456789abcdef0123456789abcdef",
    });
    let key = text(
        &world.admin().create("jwt_keystore_aliases", &key),
        "sys_id",
    );
    let by = json!({"name": "signer", "jwt_keystore_aliases": key});
    let by = text(&world.admin().create("jwt_provider", &by), "sys_id");
    let mut fields = simulated.fields("urn:ietf:params:oauth:grant-type:jwt-bearer");
    fields["send_client_credentials_as"] = "private_key_jwt".into();
    fields["jwt_provider"] = by.clone().into();
    let (_, profile) = provider(world, "jwt", &fields);
    alias(world, "jwt", &profile, "https://api.example");
    permit(world, "jwt");
    let refused = ask(world, "jwt");
    assert_eq!(
        refused.status, 502,
        "the profile has no JWT provider: {}",
        refused.body
    );
    let change = json!({"jwt_provider": by});
    world
        .admin()
        .change("oauth_entity_profile", &profile, &change);
    // It rests for a second after the refusal.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    token(world, "jwt");
}

#[test]
fn ssrf_a_token_url_inside_is_not_called() {
    let world = World::shared();
    let fields = json!({"token_url": "https://169.254.169.254/latest"});
    let (_, profile) = provider(world, "ssrf", &fields);
    let credential = alias(world, "ssrf", &profile, "https://api.example");
    permit(world, "ssrf");
    assert_eq!(ask(world, "ssrf").status, 502);
    let shown = standing(world, &credential);
    assert_eq!(text(&shown, "state"), "broken");
    assert_eq!(text(&shown, "reason"), "outbound_address_refused");
}

#[test]
fn a_token_that_a_person_takes_away_is_used_no_more() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(world, "taken", &simulated, "client_credentials");
    let first = token(world, "taken");
    let shown = standing(world, &credential);
    let query = format!(
        "sysparm_query=peer={}",
        text(&shown["oauth_entity"], "value")
    );
    let held = world.admin().list("oauth_credential", &query);
    assert_eq!(held.len(), 1);
    assert_eq!(text(&held[0], "token_received"), "");
    let path = format!(
        "/api/now/table/oauth_credential/{}",
        text(&held[0], "sys_id")
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    let second = token(world, "taken");
    assert_ne!(first, second);
    let path = format!(
        "/api/now/table/oauth_requestor_profile/{}",
        text(&shown, "sys_id")
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    assert_eq!(world.admin().list("oauth_credential", &query).len(), 0);
    token(world, "taken");
}
