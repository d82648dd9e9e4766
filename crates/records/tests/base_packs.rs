//! The data packs: sound rows, whose references lead somewhere, and what documentation and clients' tests expect.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use snowglobe_records::{
    Dictionary,
    base::{self, Seed},
    dictionary::{Journal, Kind},
    pack,
};

fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().expect("a moment")
}

fn dictionary() -> Dictionary {
    Dictionary::build(&base::definition()).0
}

fn count(seeds: &[Seed], table: &str) -> usize {
    seeds.iter().filter(|seed| seed.table == table).count()
}

fn rows<'s>(seeds: &'s [Seed], table: &'s str) -> impl Iterator<Item = &'s Seed> {
    seeds.iter().filter(move |seed| seed.table == table)
}

/// Checks what must hold for every row; `around` are the rows that references may lead to as well.
fn check(seeds: &[Seed], around: &[Seed]) {
    let dictionary = dictionary();
    let mut rows: HashMap<&str, HashSet<&str>> = HashMap::new();
    for seed in around.iter().chain(seeds) {
        let table = dictionary.table(seed.table).expect("the seed's table");
        for class in table
            .ancestors()
            .iter()
            .map(|name| name.as_str())
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
    assert!((3000..6000).contains(&all), "{all} rows");
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
fn the_documented_ids_are_there() {
    let seeds: Vec<Seed> = base::records()
        .into_iter()
        .chain(pack::demo(now()))
        .collect();
    for (table, element, value, sys_id) in [
        (
            "sys_user",
            "user_name",
            "admin",
            "6816f79cc0a8016401c5a33be04be441",
        ),
        (
            "sys_user",
            "user_name",
            "itil",
            "681b365ec0a80164000fb0b05854a0cd",
        ),
        (
            "sys_user",
            "user_name",
            "employee",
            "681ccaf9c0a8016400b98a06818d57c7",
        ),
        (
            "sys_user",
            "user_name",
            "abel.tuter",
            "62826bf03710200044e0bfc8bcbe5df1",
        ),
        (
            "sys_user",
            "user_name",
            "beth.anglin",
            "46d44a23a9fe19810012d100cca80666",
        ),
        (
            "sys_user",
            "user_name",
            "fred.luddy",
            "5137153cc611227c000bbd1bd8cd2005",
        ),
        (
            "sys_user",
            "user_name",
            "rick.berzle",
            "5137153cc611227c000bbd1bd8cd2006",
        ),
        (
            "sys_user",
            "user_name",
            "david.loo",
            "5137153cc611227c000bbd1bd8cd2007",
        ),
        (
            "sys_user",
            "user_name",
            "charlie.whitherspoon",
            "46b87022a9fe198101a78787e40d7547",
        ),
        (
            "sys_user",
            "user_name",
            "don.goodliffe",
            "9ee1b13dc6112271007f9d0efdb69cd0",
        ),
        (
            "sys_user",
            "user_name",
            "rowan.pike",
            "46c6f9efa9fe198101ddf5eed9adf6e7",
        ),
        (
            "sys_user",
            "user_name",
            "problem.admin",
            "26fbff173b331300ad3cc9bb34efc4bd",
        ),
        (
            "sys_user",
            "user_name",
            "natasha.ingram",
            "46c5bf6ca9fe1981010713e3ac7d3384",
        ),
        (
            "customer_contact",
            "user_name",
            "george.warren",
            "ddce70866f9331003b3c498f5d3ee417",
        ),
        (
            "sys_user_group",
            "name",
            "Network",
            "287ebd7da9fe198100f92cc8d1d2154e",
        ),
        (
            "sys_user_group",
            "name",
            "Database",
            "287ee6fea9fe198100ada7950d0b1b73",
        ),
        (
            "sys_user_group",
            "name",
            "Software",
            "8a4dde73c6112278017a6a4baf547aa7",
        ),
        (
            "sys_user_group",
            "name",
            "Hardware",
            "8a5055c9c61122780043563ef53438e3",
        ),
        (
            "sys_user_group",
            "name",
            "Service Desk",
            "d625dccec0a8016700a222a0f7900d06",
        ),
        (
            "sys_user_group",
            "name",
            "Application Development",
            "0a52d3dcd7011200f2d224837e6103f2",
        ),
        (
            "sys_user_group",
            "name",
            "Database Atlanta",
            "db53580b0a0a0a6501aa37c294a2ba6b",
        ),
        (
            "sys_user_group",
            "name",
            "Database San Diego",
            "db53a9290a0a0a650091abebccf833c6",
        ),
        (
            "sys_user_role",
            "name",
            "admin",
            "2831a114c611228501d4ea6c309d626d",
        ),
        (
            "core_company",
            "name",
            "ACME Corporation",
            "e7c1f3d53790200044e0bfc8bcbe5deb",
        ),
        (
            "core_company",
            "name",
            "Iris",
            "c115c2f737e3100044e0bfc8bcbe5d46",
        ),
        (
            "core_company",
            "name",
            "Cloudward",
            "3efe8c4c37423000158bbfc8bcbe5d7d",
        ),
        (
            "cmn_department",
            "name",
            "Accounting",
            "5b3b13530f58c2003a2d47bce1050e96",
        ),
        (
            "cmn_department",
            "name",
            "Finance",
            "a581ab703710200044e0bfc8bcbe5de8",
        ),
        (
            "cmn_location",
            "name",
            "San Diego",
            "108752c8c611227501d4ab0e392ba97f",
        ),
        (
            "cmn_location",
            "name",
            "Florida",
            "8e3e85f037d0200044e0bfc8bcbe5d14",
        ),
        (
            "customer_account",
            "number",
            "ACCT0000001",
            "86837a386f0331003b3c498f5d3ee4ca",
        ),
        (
            "customer_account",
            "number",
            "ACCT0000003",
            "3eedd08413651200042ab3173244b088",
        ),
        (
            "customer_account",
            "number",
            "ACCT0000004",
            "609cd80413651200042ab3173244b03e",
        ),
        (
            "customer_account",
            "number",
            "ACCT0000009",
            "bf60bef46f0331003b3c498f5d3ee41a",
        ),
        (
            "cmdb_rel_type",
            "name",
            "Depends on::Used by",
            "1a9cb166f1571100a92eb60da2bce5c5",
        ),
        (
            "cmdb_rel_type",
            "parent_descriptor",
            "Exchanges data with",
            "607ad1b2c0a8010e01941856b365af90",
        ),
        (
            "cmdb_ci_linux_server",
            "name",
            "PS LinuxApp01",
            "3a290cc60a0a0bb400000bdb386af1cf",
        ),
        (
            "cmdb_ci_linux_server",
            "name",
            "PS LinuxApp02",
            "3a5dd3dbc0a8ce0100655f1ec66ed42c",
        ),
        (
            "cmdb_ci_db_ora_instance",
            "name",
            "PS ORA01",
            "3a307c930a0a0bb400353965d0b8861f",
        ),
        ("sys_scope", "name", "Global", "global"),
    ] {
        let found = rows(&seeds, table).find(|seed| seed.value(element) == value);
        let found = found.unwrap_or_else(|| panic!("no {value} in {table}"));
        assert_eq!(found.sys_id.as_str(), sys_id, "{value}");
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
    assert_eq!(count(&seeds, "sys_user_group"), 15);
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
        "http://127.0.0.1:8765/callback,http://localhost:8765/callback"
    );
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
