//! The access control rules of a new instance, judged by the evaluator that will judge them.

use std::{collections::HashMap, sync::Arc};

use jiff::tz::TimeZone;
use snowglobe_records::{
    Dictionary, SysId, Value,
    acl::{Access, Caller, Decision, Object, Operation, Rule, RuleSet},
    base::{self, Seed},
    pack,
    plan::{Plan, Window},
    query::{self, Context, Path, Predicate},
    write::{Declared, Draft, Mode, RowCells, Stamp},
};

use crate::{dictionary, now, rows};

/// The rules that the seeds of a pack make.
fn rules(seeds: &[Seed]) -> Vec<Rule> {
    let names: HashMap<&str, &str> = rows(seeds, "sys_user_role")
        .map(|seed| (seed.sys_id.as_str(), seed.value("name")))
        .collect();
    let roles = |acl: SysId| {
        rows(seeds, "sys_security_acl_role")
            .filter(move |seed| seed.value("sys_security_acl") == acl.as_str())
            .map(|seed| Arc::from(*names.get(seed.value("sys_user_role")).expect("a role")))
            .collect()
    };
    let rule = |seed: &Seed| Rule {
        object: Object::parse(seed.value("name")).expect("an object"),
        operation: Operation::parse(seed.value("operation")),
        decision: Decision::parse(seed.value("decision_type")),
        roles: roles(seed.sys_id),
        condition: Some(seed.value("condition"))
            .filter(|text| !text.is_empty())
            .map(Into::into),
        applies_to: None,
        scripted: false,
        admin_overrides: true,
        active: true,
    };
    rows(seeds, "sys_security_acl").map(rule).collect()
}

/// A user's own roles and all that come with them.
fn effective_roles(seeds: &[Seed], granted: &[&str]) -> Vec<Arc<str>> {
    let id = |name: &str| base::derived_id("sys_user_role", name).to_string();
    let mut effective: Vec<Arc<str>> = granted.iter().map(|role| Arc::from(*role)).collect();
    let mut at = 0;
    while let Some(role) = effective.get(at).map(|role| id(role)) {
        for contained in rows(seeds, "sys_user_role_contains").filter(|s| s.value("role") == role) {
            let name = rows(seeds, "sys_user_role")
                .find(|seed| seed.sys_id.as_str() == contained.value("contains"))
                .expect("the contained role")
                .value("name");
            effective.push(name.into());
        }
        at += 1;
    }
    effective
}

struct World {
    dictionary: Dictionary,
    rules: RuleSet,
    caller: Caller,
    me: String,
}

impl World {
    /// Somebody with these roles on a new instance.
    fn of(roles: &[&str]) -> Self {
        let (dictionary, seeds) = (dictionary(), pack::minimal());
        let (rules, problems) = RuleSet::build(&rules(&seeds), &dictionary);
        assert_eq!(problems, []);
        let caller = Caller::new(
            pack::user_id("employee"),
            "employee",
            effective_roles(&seeds, roles),
        );
        Self {
            dictionary,
            rules,
            caller,
            me: pack::user_id("employee").to_string(),
        }
    }

    fn with_access<T>(&self, ask: impl FnOnce(Access<'_>) -> T) -> T {
        let context = Context {
            user_sys_id: &self.me,
            user_name: "employee",
            user_display_name: "",
            groups: &[],
            first_day_of_week: 2,
            now: now(),
            time_zone: TimeZone::UTC,
            invalid_returns_no_rows: false,
        };
        let (caller, rules, dictionary) = (&self.caller, &self.rules, &self.dictionary);
        ask(Access {
            caller,
            rules,
            declared: &Declared::default(),
            dictionary,
            context: &context,
        })
    }

    fn row(&self, table: &str, cells: &[(&str, &str)]) -> RowCells {
        let table = self.dictionary.table(table).expect("a table");
        let value = |element: &str| {
            let given = cells.iter().find(|(name, _)| *name == element);
            let class = if element == "sys_class_name" {
                table.name().as_str()
            } else {
                ""
            };
            let text = given.map_or(class, |(_, text)| text);
            match element {
                "sys_id" if text.is_empty() => Value::from("00000000000000000000000000000001"),
                "sys_mod_count" => Value::Int(0),
                _ => Value::text(text),
            }
        };
        let cells = table
            .columns()
            .iter()
            .map(|c| (Arc::clone(c), value(&c.element)))
            .collect();
        RowCells::new(Arc::clone(table), cells).expect("a row")
    }

    /// Tells whether a list of the table shows a row; `None` if the list is refused.
    fn lists(&self, table: &str, cells: &[(&str, &str)]) -> Option<bool> {
        let row = self.row(table, cells);
        let plan = Plan::new(
            &self.dictionary,
            row.table(),
            query::Query::default(),
            None::<[&str; 0]>,
            Window::DEFAULT,
        );
        let plan = self.with_access(|access| access.permit_read(plan)).ok()?;
        let cell = |path: &Path| row.value(&path.column.element);
        Some(plan.predicate != Predicate::False && plan.predicate.matches(&cell))
    }

    /// Tells whether one field of a row can be changed.
    fn writes(&self, table: &str, element: &str, cells: &[(&str, &str)]) -> bool {
        let row = self.row(table, cells);
        let mode = Mode {
            secrets: true,
            ..Mode::default()
        };
        let draft = Draft::for_update(row.table(), [(element, "3")], mode);
        assert!(
            draft.ignored().is_empty(),
            "{element} is not written for another reason"
        );
        let permitted = self.with_access(|access| access.permit_update(&row, draft, &self.stamp()));
        matches!(permitted, Ok(Some(_)))
    }

    fn inserts(&self, table: &str, body: &[(&str, &str)]) -> bool {
        let table = self.dictionary.table(table).expect("a table");
        let body = body.iter().copied();
        let draft = Draft::for_insert(&self.dictionary, table, body, Mode::default());
        let id = SysId::in_order(1, 1);
        self.with_access(|access| access.permit_insert(draft, id, &self.stamp()))
            .is_ok()
    }

    fn stamp(&self) -> Stamp<'_> {
        Stamp {
            now: now(),
            user_name: "employee",
            user_sys_id: Some(self.caller.sys_id),
        }
    }
}

const OTHER: &str = "00000000000000000000000000000002";

#[test]
fn the_measured_read_matrix_holds() {
    let (shown, hidden, refused) = (Some(true), Some(false), None);
    let worlds = [World::of(&["admin"]), World::of(&["itil"]), World::of(&[])];
    for (table, expected) in [
        ("incident", [shown, shown, hidden]),
        ("task", [shown, shown, hidden]),
        ("problem", [shown, shown, hidden]),
        ("change_request", [shown, shown, hidden]),
        ("sys_user", [shown, shown, shown]),
        ("sys_choice", [shown, shown, shown]),
        ("sys_dictionary", [shown, hidden, hidden]),
        ("sys_db_object", [shown, shown, refused]),
        ("sys_properties", [shown, hidden, hidden]),
        ("sys_journal_field", [shown, hidden, hidden]),
        ("sys_audit", [shown, hidden, hidden]),
        ("sys_audit_delete", [shown, hidden, hidden]),
        ("syslog", [shown, hidden, hidden]),
        ("sys_security_acl", [shown, hidden, hidden]),
        ("oauth_entity", [shown, hidden, hidden]),
        ("customer_account", [shown, shown, shown]),
        ("cmdb_ci_linux_server", [shown, shown, hidden]),
        ("kb_knowledge", [shown, shown, hidden]),
    ] {
        let cells = [("opened_by", OTHER), ("caller_id", OTHER), ("user", OTHER)];
        let seen = worlds.each_ref().map(|world| world.lists(table, &cells));
        assert_eq!(seen, expected, "{table} for admin, itil and no role");
    }
}

#[test]
fn people_without_roles_see_and_open_their_own_incidents() {
    let world = World::of(&[]);
    let me = world.me.as_str();
    assert_eq!(
        world.lists("incident", &[("caller_id", me), ("opened_by", OTHER)]),
        Some(true)
    );
    assert_eq!(
        world.lists("incident", &[("caller_id", OTHER), ("opened_by", me)]),
        Some(true)
    );
    assert_eq!(
        world.lists("incident", &[("caller_id", OTHER)]),
        Some(false)
    );
    assert!(world.inserts("incident", &[("short_description", "No sound")]));
    assert!(!world.inserts("problem", &[("short_description", "No sound")]));
    assert!(!world.writes("incident", "urgency", &[("caller_id", me)]));
}

#[test]
fn an_integration_works_on_incidents_and_on_nothing_else() {
    let world = World::of(&["sn_incident_write", "snc_platform_rest_api_access"]);
    let theirs = [("caller_id", OTHER), ("opened_by", OTHER)];
    assert_eq!(world.lists("incident", &theirs), Some(true));
    assert!(world.writes("incident", "urgency", &theirs));
    assert!(world.inserts("incident", &[("caller_id", OTHER)]));
    assert_eq!(world.lists("problem", &theirs), Some(false));
    assert!(!world.writes("problem", "urgency", &theirs));
    assert!(!world.inserts("sys_user", &[("user_name", "mallory")]));
}

#[test]
fn people_change_their_own_phone_but_not_what_they_may_do() {
    let world = World::of(&[]);
    let (mine, theirs) = ([("sys_id", world.me.as_str())], [("sys_id", OTHER)]);
    assert!(world.writes("sys_user", "phone", &mine));
    assert!(world.writes("sys_user", "user_password", &mine));
    for element in ["user_name", "email", "title", "manager", "roles"] {
        assert!(!world.writes("sys_user", element, &mine), "{element}");
    }
    assert!(!world.writes("sys_user", "phone", &theirs));
    assert!(!world.writes("sys_user", "user_password", &theirs));
}

#[test]
fn user_admin_is_no_way_to_admin() {
    let world = World::of(&["user_admin"]);
    let theirs = [("sys_id", OTHER)];
    assert!(world.writes("sys_user", "email", &theirs));
    assert!(world.inserts("sys_user", &[("user_name", "new.one")]));
    assert!(!world.writes("sys_user", "user_password", &theirs));
    for table in [
        "sys_user_has_role",
        "sys_group_has_role",
        "sys_user_role_contains",
    ] {
        assert!(!world.inserts(table, &[("role", OTHER)]), "{table}");
    }
    assert!(World::of(&["admin"]).writes("sys_user", "user_password", &theirs));
    assert!(World::of(&["admin"]).inserts("sys_user_has_role", &[("role", OTHER)]));
}

#[test]
fn choices_show_their_labels_but_not_what_is_stored() {
    let fields = |roles: &[&str], element: &str| {
        let world = World::of(roles);
        let table = world.dictionary.table("sys_choice").expect("sys_choice");
        world.with_access(|access| access.may_read_field(table, element))
    };
    assert!(fields(&["itil"], "label"));
    assert!(!fields(&["itil"], "value") && !fields(&["itil"], "name"));
    assert!(fields(&["admin"], "value"));
}

#[test]
fn a_person_sees_their_own_tokens_and_oauth_admin_sees_all() {
    let mine = World::of(&[]);
    assert_eq!(
        mine.lists("oauth_credential", &[("user", &mine.me)]),
        Some(true)
    );
    assert_eq!(
        mine.lists("oauth_credential", &[("user", OTHER)]),
        Some(false)
    );
    let all = World::of(&["oauth_admin"]);
    assert_eq!(
        all.lists("oauth_credential", &[("user", OTHER)]),
        Some(true)
    );
    assert!(all.writes("oauth_entity", "name", &[]));
    assert!(!all.writes("oauth_credential", "scope", &[]));
}
