//! Rate limits (`rest-and-records.md` §12.1, E15).

use serde_json::json;

use crate::world::{NOW, World, text};

const TABLE: &str = "/api/now/table/incident?sysparm_limit=1";

// covers: rest §1.7 E15
// covers: rest §1.5 X-RateLimit, Retry-After
// covers: rest §12.1 violations, per user
#[test]
fn rest_12_1_calls_beyond_the_limit_are_refused_until_the_hour_is_over() {
    calls_beyond_the_limit(&World::own_frozen());
}

/// On either database; the clock stands still at [`NOW`].
pub(crate) fn calls_beyond_the_limit(world: &World) {
    let admin = world.admin();
    let employee_id = admin.sys_id("sys_user", "user_name=employee");
    let rule =
        json!({"name": "three", "rest_api": "Table API", "user": employee_id, "rate_limit": 3});
    let rule = text(&admin.create("sys_rate_limit_rules", &rule), "sys_id");
    let employee = world.as_user("employee");
    let hour = 60 * 60;
    let reset = (NOW / hour + 1) * hour;
    for _ in 0..3 {
        let answer = employee.get(TABLE);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), "3");
        assert_eq!(answer.header("x-ratelimit-reset"), reset.to_string());
        assert_eq!(answer.header("x-ratelimit-rule"), rule);
    }
    let refused = employee.get(TABLE);
    assert_eq!(refused.status, 429);
    let body = r#"{"error":{"message":"Rate limit exceeded","detail":"Rate limit of 3 requests per hour for Table API exceeded"},"status":"failure"}"#;
    assert_eq!(refused.body, body);
    assert_eq!(refused.header("retry-after"), (reset - NOW).to_string());
    assert_eq!(refused.header("x-ratelimit-rule"), rule);
    assert_eq!(refused.header("x-snowglobe-reason"), "rate_limited");
    assert_eq!(employee.get(TABLE).status, 429);
    let noted = admin.list(
        "sys_rate_limit_violation",
        "sysparm_exclude_reference_link=true",
    );
    assert_eq!(noted.len(), 1, "one of an hour");
    assert_eq!(text(&noted[0], "rate_limit_rule"), rule);
    assert_eq!(text(&noted[0], "uri"), "/api/now/table/incident");
    assert_eq!(text(&noted[0], "user"), employee_id);
    // Others, and other APIs, are not counted.
    assert_eq!(admin.get(TABLE).header("x-ratelimit-limit"), "");
    assert_eq!(employee.get("/api/now/ui/user/current_user").status, 200);
    world.advance("1h");
    assert_eq!(employee.get(TABLE).status, 200);
}

// covers: rest §12.1 reset
#[test]
fn rest_12_1_a_changed_limit_counts_from_zero_at_once() {
    let world = World::own_frozen();
    let admin = world.admin();
    let rule = json!({"name": "all", "rest_api": "now/stats", "rate_limit": 1});
    let rule = text(&admin.create("sys_rate_limit_rules", &rule), "sys_id");
    let stats = "/api/now/stats/incident?sysparm_count=true";
    assert_eq!(admin.get(stats).status, 200);
    assert_eq!(admin.get(stats).status, 429);
    admin.change("sys_rate_limit_rules", &rule, &json!({"rate_limit": "2"}));
    assert_eq!(admin.get(stats).status, 200);
    assert_eq!(admin.get(stats).status, 200);
    assert_eq!(admin.get(stats).status, 429);
    admin.change("sys_rate_limit_rules", &rule, &json!({"active": "false"}));
    assert_eq!(admin.get(stats).status, 200);
}
