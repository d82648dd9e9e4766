//! Defects that others' brokers had in the field (`outbound-oauth.md` §7.6, §9.2), each by its number; the table of all of
//! them is in docs/outbound.md.

use std::time::{Duration, Instant};

use serde_json::json;
use snowglobe_server::simulate::{Control, Temper};

use super::{
    consent::consented,
    simulated::Provider,
    tokens::{ask, set_up, standing, token},
};
use crate::world::{World, text};

/// A refresh job that waited for one connection held up all of them.
#[test]
fn prb1923497_a_slow_provider_holds_up_nobody_else() {
    let world = World::shared();
    let (slow, quick) = (
        Provider::start(Temper::Strict, 3600),
        Provider::start(Temper::Strict, 3600),
    );
    set_up(world, "prb.slow", &slow, "client_credentials");
    let credential = set_up(world, "prb.quick", &quick, "client_credentials");
    slow.control(Control {
        delay_ms: 8000,
        ..Control::default()
    });
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| token(world, "prb.slow"));
        while slow.ledger().token_requests == 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        let began = Instant::now();
        token(world, "prb.quick");
        let change = json!({"name": "prb.quick"});
        let admin = world.admin();
        admin.change("oauth_2_0_credentials", &credential, &change);
        assert!(
            began.elapsed() < Duration::from_secs(6),
            "{:?}",
            began.elapsed()
        );
        waiting.join().unwrap();
    });
}

/// Both tokens were seen to vanish while the provider was down.
#[test]
fn kb0955712_an_outage_takes_no_token_away() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    let credential = set_up(&world, "kb.outage", &simulated, "authorization_code");
    consented(&world, &credential);
    simulated.control(Control {
        fail: 1000,
        ..Control::default()
    });
    for _ in 0..4 {
        world.advance("61m");
        assert_eq!(ask(&world, "kb.outage").status, 502);
    }
    assert_eq!(text(&standing(&world, &credential), "state"), "retrying");
    simulated.control(Control::default());
    world.advance("10m");
    token(&world, "kb.outage");
    assert_eq!(text(&standing(&world, &credential), "state"), "healthy");
    assert_eq!(simulated.ledger().living_refresh_tokens, 1);
}

/// A script asked where a person consents, and was told nothing once the access token had expired.
#[test]
fn prb2015199_where_a_person_consents_is_told_when_the_token_has_expired_too() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    let credential = set_up(&world, "prb.initiator", &simulated, "authorization_code");
    let initiator = format!("oauth_requestor={credential}");
    let never = ask(&world, "prb.initiator");
    assert!(never.body.contains(&initiator), "{}", never.body);
    consented(&world, &credential);
    simulated.control(Control {
        revoke: true,
        ..Control::default()
    });
    world.advance("61m");
    let expired = ask(&world, "prb.initiator");
    assert_eq!(expired.status, 409);
    assert!(expired.body.contains(&initiator), "{}", expired.body);
}

/// The instance guessed how long a refresh token lives, whatever the provider said.
#[test]
fn prb1768642_the_board_tells_the_end_that_the_provider_tells() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    simulated.control(Control {
        refresh_expires_in: 86_400,
        ..Control::default()
    });
    let credential = set_up(&world, "prb.end", &simulated, "authorization_code");
    consented(&world, &credential);
    let shown = standing(&world, &credential);
    assert_eq!(text(&shown, "refresh_expires"), "2027-01-16 08:00:00");
}
