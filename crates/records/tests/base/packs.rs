//! The data packs: sound rows, whose references lead somewhere, and what documentation and clients' tests expect.

use std::collections::{HashMap, HashSet};

use snowglobe_records::{
    base::{self, Seed},
    dictionary::{Journal, Kind},
    pack,
};

use crate::{count, dictionary, now, rows};

/// Checks what must hold for every row; `around` are the rows that references may lead to as well.
fn check(seeds: &[Seed], around: &[Seed]) {
    let dictionary = dictionary();
    let mut rows: HashMap<&str, HashSet<&str>> = HashMap::new();
    for seed in around.iter().chain(seeds) {
        let table = dictionary.table(seed.table).expect("the seed's table");
        for class in table
            .ancestors()
            .iter()
            .map(snowglobe_records::name::Name::as_str)
            .chain([seed.table])
        {
            rows.entry(class).or_default().insert(seed.sys_id.as_str());
        }
    }
    for seed in seeds {
        let table = dictionary.table(seed.table).expect("the seed's table");
        let mut elements = HashSet::new();
        for (element, value) in &seed.values {
            assert!(elements.insert(element), "{element} twice in {seed:?}");
            let column = table
                .column(element)
                .unwrap_or_else(|| panic!("{element} in {seed:?}"));
            assert!(column.kind.parse(value).is_ok(), "{element} of {seed:?}");
            assert!(column.admits(value), "{element} of {seed:?}");
            let fits =
                column.max_length == 0 || value.chars().count() <= column.max_length as usize;
            assert!(fits, "{element} of {seed:?} is too long");
            let stored = !matches!(column.kind, Kind::Secret(_) | Kind::Journal(Journal::View));
            assert!(stored, "{element} of {seed:?} is no part of a pack");
            if column.kind == Kind::Reference {
                let target = column.reference.as_deref().expect("a target");
                let found = rows.get(target).is_some_and(|rows| rows.contains(&**value));
                assert!(found, "{element} of {seed:?} leads nowhere");
            }
        }
    }
}

#[test]
fn every_row_is_sound_and_every_reference_leads_to_a_row_of_the_pack() {
    let base = base::records();
    check(&pack::minimal(), &base);
    check(&pack::compat(now()), &base);
    check(&pack::demo(now()), &base);
    check(
        &pack::load(500, now()).collect::<Vec<_>>(),
        &pack::compat(now()),
    );
}

#[test]
fn no_two_rows_have_one_key_or_one_unique_value() {
    let dictionary = dictionary();
    let seeds: Vec<Seed> = base::records()
        .into_iter()
        .chain(pack::demo(now()))
        .collect();
    let (mut keys, mut values) = (HashSet::new(), HashSet::new());
    for seed in &seeds {
        let table = dictionary.table(seed.table).expect("the seed's table");
        assert!(
            keys.insert((table.root().as_str(), seed.sys_id)),
            "{seed:?}"
        );
        for column in table
            .columns()
            .iter()
            .filter(|c| c.unique && c.element != *"sys_id")
        {
            let value = seed.value(&column.element);
            let key = (
                column.declared_in.as_str(),
                column.element.to_string(),
                value,
            );
            assert!(
                value.is_empty() || values.insert(key),
                "{} of {seed:?}",
                column.element
            );
        }
    }
}

#[test]
fn the_packs_contain_each_other_and_stay_small() {
    let keys = |seeds: Vec<Seed>| -> HashSet<_> {
        seeds
            .into_iter()
            .map(|seed| (seed.table, seed.sys_id))
            .collect()
    };
    let (minimal, compat, demo) = (
        keys(pack::minimal()),
        keys(pack::compat(now())),
        keys(pack::demo(now())),
    );
    assert!(minimal.is_subset(&compat) && compat.is_subset(&demo));
    let all = base::records().len() + demo.len();
    assert!((3000..8500).contains(&all), "{all} rows");
}

#[test]
fn a_pack_is_the_same_every_time_and_knows_no_future() {
    assert_eq!(pack::demo(now()), pack::demo(now()));
    let today = "2026-11-22 09:30:00";
    for seed in pack::demo(now())
        .iter()
        .chain(&pack::load(1000, now()).collect::<Vec<_>>())
    {
        for element in [
            "sys_created_on",
            "sys_updated_on",
            "opened_at",
            "resolved_at",
            "closed_at",
        ] {
            assert!(seed.value(element) <= today, "{element} of {seed:?}");
        }
        let (opened, closed) = (seed.value("opened_at"), seed.value("closed_at"));
        assert!(closed.is_empty() || opened <= closed, "{seed:?}");
    }
}

#[test]
fn pysnc_finds_what_its_own_tests_count() {
    let seeds = pack::compat(now());
    let admin = rows(&seeds, "sys_user").find(|seed| seed.value("user_name") == "admin");
    let admin = admin.expect("admin");
    assert_eq!(admin.value("email"), "admin@example.com");
    let finance = rows(&seeds, "cmn_department")
        .find(|seed| seed.sys_id.as_str() == admin.value("department"))
        .expect("admin's department");
    assert_eq!(finance.value("name"), "Finance");
    assert_eq!(
        finance.value("dept_head"),
        pack::user_id("natasha.ingram").as_str()
    );

    let people: Vec<&Seed> = rows(&seeds, "sys_user").collect();
    let with_mobile = people
        .iter()
        .filter(|seed| !seed.value("mobile_phone").is_empty())
        .count();
    assert!(
        people.len() >= 25 && (1..20).contains(&with_mobile),
        "{with_mobile} mobile phones"
    );
    assert!(people.iter().all(|seed| !seed.value("name").is_empty()));
    assert!(count(&seeds, "syslog") > 600);
    assert!(count(&seeds, "problem") >= 9);

    let role_names: HashMap<&str, &str> = rows(&seeds, "sys_user_role")
        .map(|seed| (seed.sys_id.as_str(), seed.value("name")))
        .collect();
    let admins: HashSet<&str> = rows(&seeds, "sys_user_has_role")
        .filter(|seed| role_names.get(seed.value("role")) == Some(&"admin"))
        .map(|seed| seed.value("user"))
        .collect();
    assert!((11..=24).contains(&admins.len()), "{} admins", admins.len());
    let admin_groups: HashSet<&str> = rows(&seeds, "sys_group_has_role")
        .filter(|seed| {
            role_names
                .get(seed.value("role"))
                .is_some_and(|name| name.contains("admin"))
        })
        .map(|seed| seed.value("group"))
        .collect();
    assert!(
        (3..=7).contains(&admin_groups.len()),
        "{} groups",
        admin_groups.len()
    );
    assert!(rows(&seeds, "sys_user_group").all(|seed| !seed.value("manager").is_empty()));
}

#[test]
fn the_demo_pack_has_the_work_of_a_company() {
    let seeds = pack::demo(now());
    assert_eq!(count(&seeds, "incident"), 200);
    assert_eq!(count(&seeds, "problem"), 40);
    assert_eq!(count(&seeds, "change_request"), 40);
    assert_eq!(count(&seeds, "sys_user_group"), 18);
    assert_eq!(
        count(&seeds, "core_company") + count(&seeds, "customer_account"),
        20
    );
    assert_eq!(count(&seeds, "cmdb_ci_linux_server"), 14);
    let items = seeds
        .iter()
        .filter(|seed| seed.table.starts_with("cmdb_ci_"))
        .count();
    assert!((50..70).contains(&items), "{items} configuration items");

    let numbers: Vec<&str> = rows(&seeds, "incident")
        .map(|seed| seed.value("number"))
        .collect();
    assert_eq!((numbers[0], numbers[199]), ("INC0000001", "INC0000200"));
    let opened: Vec<&str> = rows(&seeds, "incident")
        .map(|seed| seed.value("opened_at"))
        .collect();
    assert!(opened.is_sorted());
    for state in ["1", "2", "3", "6", "7", "8"] {
        let in_state = rows(&seeds, "incident")
            .filter(|seed| seed.value("state") == state)
            .count();
        assert!(in_state > 1, "{in_state} incidents in state {state}");
    }
}

#[test]
fn incidents_obey_the_state_model_and_the_priority_matrix() {
    let load: Vec<Seed> = pack::load(2000, now()).collect();
    let demo = pack::demo(now());
    for seed in rows(&demo, "incident").chain(&load) {
        let given = |element: &str| !seed.value(element).is_empty();
        let state = seed.value("state");
        assert_eq!(seed.value("incident_state"), state);
        assert_eq!(seed.value("task_effective_number"), seed.value("number"));
        let digit = |element: &str| seed.value(element).parse::<u8>().expect("a number");
        assert_eq!(
            digit("priority"),
            digit("impact") + digit("urgency") - 1,
            "{seed:?}"
        );
        assert_eq!(given("assigned_to"), state != "1", "{seed:?}");
        assert_eq!(given("hold_reason"), state == "3", "{seed:?}");
        assert_eq!(
            seed.value("active") == "false",
            ["7", "8"].contains(&state),
            "{seed:?}"
        );
        for element in ["resolved_at", "resolved_by", "close_code", "close_notes"] {
            assert_eq!(
                given(element),
                ["6", "7"].contains(&state),
                "{element} of {seed:?}"
            );
        }
        assert!(!seed.value("short_description").contains("{}"), "{seed:?}");
    }
}

#[test]
fn load_comes_in_order_with_numbers_of_its_own() {
    let seeds: Vec<Seed> = pack::load(3, now()).collect();
    let numbers: Vec<&str> = seeds.iter().map(|seed| seed.value("number")).collect();
    assert_eq!(numbers, ["INC1000000", "INC1000001", "INC1000002"]);
    assert!(seeds.is_sorted_by_key(|seed| seed.sys_id));
    assert_eq!(pack::load(0, now()).count(), 0);
}

#[test]
fn the_registry_has_a_client_for_every_way_in_and_no_secret() {
    let seeds = pack::compat(now());
    for client in [
        pack::DEMO_CLIENT,
        pack::DEMO_SERVICE,
        pack::DEMO_PUBLIC_CLIENT,
        pack::SERVICENOW_SDK,
    ] {
        let seed = rows(&seeds, "oauth_entity")
            .find(|seed| seed.value("client_id") == client.client_id)
            .expect(client.name);
        assert_eq!(
            (seed.sys_id, seed.value("name")),
            (client.sys_id(), client.name)
        );
        assert_eq!(seed.value("public_client") == "true", client.public);
        assert_eq!(seed.value("client_secret"), "");
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        assert!(client.client_id.len() == 32 && client.client_id.bytes().all(hex));
    }
    let entity = |client: pack::Client| {
        rows(&seeds, "oauth_entity")
            .find(|seed| seed.sys_id == client.sys_id())
            .expect(client.name)
    };
    assert_eq!(
        entity(pack::DEMO_CLIENT).value("user"),
        pack::user_id("admin").as_str()
    );
    assert_eq!(
        entity(pack::DEMO_SERVICE).value("user"),
        pack::user_id("integration.user").as_str()
    );
    assert_eq!(
        entity(pack::SERVICENOW_SDK).value("redirect_url"),
        "/sdk-oauth.do"
    );
    assert_eq!(
        entity(pack::DEMO_CLIENT).value("redirect_url"),
        "http://127.0.0.1:8765/callback,http://localhost:8765/callback,\
         http://127.0.0.1:8765/oauth/callback,http://localhost:8765/oauth/callback"
    );
}

#[test]
fn the_client_for_jwt_bearer_has_a_verifier_map_and_no_key() {
    let seeds = pack::compat(now());
    let client = rows(&seeds, "oauth_jwt")
        .find(|seed| seed.value("client_id") == pack::DEMO_JWT_CLIENT_ID)
        .expect("the client");
    let map = rows(&seeds, "jwt_verifier_map")
        .find(|seed| seed.value("oauth_jwt") == client.sys_id.as_str())
        .expect("its map");
    assert_eq!(
        (client.value("name"), map.value("name")),
        (pack::DEMO_JWT_CLIENT, pack::DEMO_JWT_CLIENT)
    );
    assert_eq!(map.value("kid"), pack::DEMO_JWT_KID);
    assert_eq!(map.value("shared_key"), "");
}

#[test]
fn nobody_but_admin_is_a_member_of_a_group_that_would_make_them_admin() {
    let seeds = pack::demo(now());
    let admin_role = rows(&seeds, "sys_user_role").find(|seed| seed.value("name") == "admin");
    let admin_role = admin_role.expect("the admin role").sys_id;
    for table in ["sys_group_has_role", "sys_user_role_contains"] {
        let leads = |seed: &Seed| {
            [seed.value("role"), seed.value("contains")].contains(&admin_role.as_str())
        };
        assert!(!rows(&seeds, table).any(leads), "{table} leads to admin");
    }
}
