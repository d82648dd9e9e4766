//! How long a device waits, and how often it may ask.

use serde_json::json;

use super::device::Device;
use crate::{browser::Browser, world::World};

#[test]
fn rfc8628_3_5_a_device_that_asks_too_often_is_slowed_down() {
    let world = World::own_frozen();
    let device = Device::asks(&world, "device.slow", "");
    assert_eq!(device.refused(), "authorization_pending");
    let answer = device.poll();
    assert_eq!((answer.status, &*answer.text("error")), (400, "slow_down"));
    assert_eq!(
        answer.header("x-snowglobe-reason"),
        "device_polls_too_often"
    );
    world.advance("9s");
    assert_eq!(device.refused(), "slow_down");
    world.advance("15s");
    assert_eq!(device.refused(), "authorization_pending");
    device.answered_by(&Browser::of(&world, "admin"), "authorize");
    assert_eq!(device.poll().status, 200, "a yes is told at once");
}

#[test]
fn rfc8628_3_2_the_codes_end_after_ten_minutes() {
    let world = World::own_frozen();
    let browser = Browser::of(&world, "admin");
    let device = Device::asks(&world, "device.late", "");
    let late = device.again();
    let shown = late.shown_to(&browser);
    device.answered_by(&browser, "authorize");
    world.advance("9m59s");
    assert_eq!(late.refused(), "authorization_pending");
    world.advance("1s");
    for device in [&device, &late] {
        assert_eq!(device.refused(), "expired_token");
    }
    let answer = super::device::press(&browser, &shown, "authorize");
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.header("x-snowglobe-reason"), "user_code_expired");
    let answer = late.shown_to(&browser);
    assert_eq!(answer.header("x-snowglobe-reason"), "user_code_expired");
}

#[test]
fn security_a_second_use_ends_what_the_first_gave() {
    let world = World::shared();
    let device = Device::asks(world, "device.twice", "");
    device.answered_by(&Browser::of(world, "itil"), "authorize");
    let token = device.poll().text("access_token");
    let call = || {
        world
            .as_bearer(&token)
            .get("/api/now/table/incident?sysparm_limit=1")
            .status
    };
    assert_eq!(call(), 200);
    assert_eq!(device.refused(), "invalid_grant");
    assert_eq!(call(), 401);
}

#[test]
fn security_whoever_is_blocked_after_saying_yes_lets_nobody_in() {
    let world = World::shared();
    for (at, block) in [
        json!({"active": "false"}),
        json!({"locked_out": "true"}),
        json!({"user_password": "Other-1!"}),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("device.blocked.{at}");
        let sys_id = world.person(&name, "Right-1!", json!({}));
        let browser = Browser::new(world);
        browser.log_in(&name, "Right-1!");
        let device = Device::asks(world, &name, "");
        device.answered_by(&browser, "authorize");
        world.admin().change("sys_user", &sys_id, &block);
        assert_eq!(device.refused(), "invalid_grant", "{block}");
    }
}

#[test]
fn security_a_client_that_is_switched_off_gets_nothing() {
    let world = World::shared();
    let browser = Browser::of(world, "itil");
    let device = Device::asks(world, "device.client.off", "");
    let waiting = device.again();
    let shown = waiting.shown_to(&browser);
    device.answered_by(&browser, "authorize");
    let off = json!({"active": "false"});
    world.admin().change("oauth_entity", &device.sys_id, &off);
    assert_eq!(device.poll().text("error"), "invalid_client");
    let answer = super::device::press(&browser, &shown, "authorize");
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("x-snowglobe-reason"), "user_code_client_gone");
}
