//! Access control rules that are written over the Table API: they count for the next request (§16.2).

use serde_json::{Value, json};

use crate::world::{World, text};

/// Makes a table of its own, so that no other test meets its rules, with three rows.
fn table(world: &World) -> &'static str {
    const TABLE: &str = "u_ledger";
    let admin = world.admin();
    admin.create("sys_db_object", &json!({"name": TABLE, "label": "Ledger"}));
    for (element, kind) in [
        ("u_owner", "string"),
        ("u_sum", "integer"),
        ("u_note", "string"),
    ] {
        let column = json!({
            "name": TABLE, "element": element, "column_label": element, "internal_type": kind,
        });
        admin.create("sys_dictionary", &column);
    }
    for (owner, sum) in [("employee", 1), ("employee", 20), ("itil", 300)] {
        admin.create(
            TABLE,
            &json!({"u_owner": owner, "u_sum": sum, "u_note": "n"}),
        );
    }
    TABLE
}

/// Makes a rule, for these roles.
fn rule(world: &World, fields: &Value, roles: &[&str]) -> String {
    let admin = world.admin();
    let acl = text(&admin.create("sys_security_acl", fields), "sys_id");
    for role in roles {
        let role = admin.sys_id("sys_user_role", &format!("name={role}"));
        let link = json!({"sys_security_acl": acl, "sys_user_role": role});
        admin.create("sys_security_acl_role", &link);
    }
    acl
}

fn sums(world: &World, user: &str, query: &str) -> Vec<String> {
    let parameters = format!("sysparm_fields=u_sum&sysparm_query={query}^ORDERBYsys_created_on");
    let rows = world.as_user(user).list("u_ledger", &parameters);
    rows.iter().map(|row| text(row, "u_sum")).collect()
}

// covers: rest §16.2 run time, row condition, Applies To, Deny Unless, query_range
#[test]
fn rules_count_at_once_and_in_their_order() {
    let world = World::own();
    let table = table(&world);
    assert_eq!(
        sums(&world, "employee", ""),
        [] as [&str; 0],
        "no rule, no rows"
    );

    let own = "u_owner=javascript:gs.getUserName()";
    let mine = rule(
        &world,
        &json!({"name": table, "operation": "read", "condition": own}),
        &[],
    );
    assert_eq!(sums(&world, "employee", ""), ["1", "20"]);
    assert_eq!(sums(&world, "itil", ""), ["300"]);

    // A rule is enough that passes: small ones are for everybody.
    let small = json!({"name": table, "operation": "read", "applies_to": "u_sum<10"});
    rule(&world, &small, &["public"]);
    assert_eq!(sums(&world, "itil", ""), ["1", "300"]);

    // Whoever fails a rule that denies sees nothing, whatever else they pass.
    let deny = json!({"name": table, "operation": "read", "decision_type": "deny"});
    let deny = rule(&world, &deny, &["itil"]);
    assert_eq!(sums(&world, "employee", ""), [] as [&str; 0]);
    assert_eq!(sums(&world, "itil", ""), ["1", "300"]);
    world
        .admin()
        .change("sys_security_acl", &deny, &json!({"active": "false"}));
    assert_eq!(sums(&world, "employee", ""), ["1", "20"]);

    // Equality may be asked, order may not.
    let range = json!({"name": format!("{table}.u_sum"), "operation": "query_range"});
    rule(&world, &range, &["itil"]);
    assert_eq!(sums(&world, "employee", "u_sum=20"), ["20"]);
    let path = format!("/api/now/table/{table}?sysparm_query=u_sum>0");
    assert_eq!(world.as_user("employee").get(&path).status, 403);
    assert_eq!(world.as_user("itil").get(&path).status, 200);

    let gone = world
        .admin()
        .send("DELETE", &format!("/api/now/table/sys_security_acl/{mine}"));
    assert_eq!(gone.status, 204);
    assert_eq!(sums(&world, "employee", ""), ["1"]);
}

// covers: rest §16.2 counts
#[test]
fn counts_and_groups_tell_nothing_of_hidden_rows() {
    let world = World::own();
    let table = table(&world);
    let own = "u_owner=javascript:gs.getUserName()";
    rule(
        &world,
        &json!({"name": table, "operation": "read", "condition": own}),
        &[],
    );
    let employee = world.as_user("employee");
    let listed = employee.get(&format!("/api/now/table/{table}?sysparm_limit=1"));
    assert_eq!(listed.header("x-total-count"), "2");
    let stats = |parameters: &str| {
        let path = format!("/api/now/stats/{table}?{parameters}");
        employee.get(&path).json()["result"].clone()
    };
    let totals = json!({"stats": {"count": "2", "max": {"u_sum": "20"}}});
    assert_eq!(stats("sysparm_count=true&sysparm_max_fields=u_sum"), totals);
    let groups = stats("sysparm_count=true&sysparm_group_by=u_owner");
    assert_eq!(groups.as_array().map(Vec::len), Some(1), "{groups}");
    // Whether somebody else's row has this value is not to be found out by counting related rows either.
    let probe = format!("RLQUERY{table}.u_owner,>=1^u_sum=300^ENDRLQUERY^user_name=itil");
    let found = employee.list("sys_user", &format!("sysparm_query={probe}"));
    assert_eq!(found.len(), 0);
    let join = format!("JOINsys_user.user_name={table}.u_owner!u_sum=300");
    assert_eq!(
        employee
            .list("sys_user", &format!("sysparm_query={join}"))
            .len(),
        0
    );
    assert_eq!(
        world
            .admin()
            .list("sys_user", &format!("sysparm_query={join}"))
            .len(),
        1
    );
}
