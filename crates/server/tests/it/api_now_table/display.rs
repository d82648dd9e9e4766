//! The three display modes, with links and without (§4.1): every kind of column, set and empty.

use serde_json::{Value, json};

use super::{incident, user};
use crate::world::{World, text};

const FIELDS: &str = "short_description,active,priority,close_code,caller_id,assigned_to,opened_at,closed_at,\
                      watch_list,group_list,sys_class_name,sys_domain,calendar_duration,business_stc";

struct Shown {
    world: &'static World,
    sys_id: String,
    caller: String,
    beth: String,
}

impl Shown {
    fn new() -> Self {
        let world = World::shared();
        let (caller, beth) = (user(world, "abel.tuter"), user(world, "beth.anglin"));
        let fields = json!({
            "short_description": "A \"quoted\" text\nof two lines \\ ü",
            "caller_id": caller,
            "opened_at": "2026-01-15 20:00:00",
            "watch_list": format!("{beth},{caller},someone@example.com"),
            "calendar_duration": "1970-01-01 00:02:17",
            "business_stc": 1_021_970,
        });
        // Without display values: date-times are UTC.
        let path = "/api/now/table/incident?sysparm_fields=sys_id";
        let made = world.admin().send_json("POST", path, &fields).json();
        let sys_id = text(&made["result"], "sys_id");
        Self {
            world,
            sys_id,
            caller,
            beth,
        }
    }

    fn read(&self, parameters: &str) -> Value {
        let Self { world, sys_id, .. } = self;
        let query = format!("sysparm_fields={FIELDS}&{parameters}");
        let path = format!("/api/now/table/incident/{sys_id}?{query}");
        let one = world.admin().get(&path);
        assert_eq!(one.status, 200, "{}", one.body);
        // A list shows its rows as they are shown alone.
        let list = world.admin().get(&format!(
            "/api/now/table/incident?sysparm_query=sys_id={sys_id}&{query}"
        ));
        let (one, list) = (&one.json()["result"], &list.json()["result"]);
        assert_eq!(list, &json!([one]));
        one.clone()
    }

    fn link(&self, table: &str, key: &str) -> String {
        format!("{}/api/now/table/{table}/{key}", self.world.url)
    }

    fn watched(&self) -> String {
        format!("{},{},someone@example.com", self.beth, self.caller)
    }
}

#[test]
fn values() {
    let it = Shown::new();
    let expected = json!({
        "short_description": "A \"quoted\" text\nof two lines \\ ü",
        "active": "true",
        "priority": "5",
        "close_code": "",
        "caller_id": {"link": it.link("sys_user", &it.caller), "value": it.caller},
        "assigned_to": "",
        "opened_at": "2026-01-15 20:00:00",
        "closed_at": "",
        "watch_list": it.watched(),
        "group_list": "",
        "sys_class_name": "incident",
        "sys_domain": {"link": it.link("sys_user_group", "global"), "value": "global"},
        "calendar_duration": "1970-01-01 00:02:17",
        "business_stc": "1021970",
    });
    for parameters in [
        "",
        "sysparm_display_value=false",
        "sysparm_display_value=nonsense",
        "sysparm_display_value=",
    ] {
        assert_eq!(it.read(parameters), expected, "{parameters}");
    }
}

// covers: rest §2.2 sysparm_display_value
#[test]
fn display_values() {
    let it = Shown::new();
    let expected = json!({
        "short_description": "A \"quoted\" text\nof two lines \\ ü",
        "active": "true",
        "priority": "5 - Planning",
        "close_code": "",
        "caller_id": {"display_value": "Abel Tuter", "link": it.link("sys_user", &it.caller)},
        "assigned_to": "",
        // The instance's own zone: the administrator has chosen none.
        "opened_at": "2026-01-15 12:00:00",
        "closed_at": "",
        "watch_list": "Beth Anglin, Abel Tuter, someone@example.com",
        "group_list": "",
        "sys_class_name": "Incident",
        "sys_domain": {"display_value": "global", "link": it.link("sys_user_group", "global")},
        "calendar_duration": "2 Minutes",
        "business_stc": "1,021,970",
    });
    for parameters in ["sysparm_display_value=true", "sysparm_display_value=TRUE"] {
        assert_eq!(it.read(parameters), expected, "{parameters}");
    }
}

#[test]
fn both() {
    let it = Shown::new();
    let both = |display: &str, value: &str| json!({"display_value": display, "value": value});
    let reference = |display: &str, table: &str, key: &str| json!({"display_value": display, "link": it.link(table, key), "value": key});
    let quoted = "A \"quoted\" text\nof two lines \\ ü";
    let expected = json!({
        "short_description": both(quoted, quoted),
        "active": both("true", "true"),
        "priority": both("5 - Planning", "5"),
        "close_code": both("", ""),
        "caller_id": reference("Abel Tuter", "sys_user", &it.caller),
        "assigned_to": both("", ""),
        "opened_at": both("2026-01-15 12:00:00", "2026-01-15 20:00:00"),
        "closed_at": both("", ""),
        "watch_list": both("Beth Anglin, Abel Tuter, someone@example.com", &it.watched()),
        "group_list": both("", ""),
        "sys_class_name": both("Incident", "incident"),
        "sys_domain": reference("global", "sys_user_group", "global"),
        "calendar_duration": both("2 Minutes", "1970-01-01 00:02:17"),
        "business_stc": both("1,021,970", "1021970"),
    });
    assert_eq!(it.read("sysparm_display_value=all"), expected);
}

// covers: rest §2.2 sysparm_exclude_reference_link
#[test]
fn links_can_be_left_out() {
    let it = Shown::new();
    for spelling in ["sysparm_exclude_reference_link", "sysparm_exclude_ref_link"] {
        let plain = it.read(&format!("{spelling}=true"));
        assert_eq!(plain["caller_id"], *it.caller);
        assert_eq!(plain["assigned_to"], "");
        let shown = it.read(&format!("{spelling}=true&sysparm_display_value=true"));
        assert_eq!(shown["caller_id"], "Abel Tuter");
        assert_eq!(shown["assigned_to"], "");
        let all = it.read(&format!("{spelling}=true&sysparm_display_value=all"));
        assert_eq!(
            all["caller_id"],
            json!({"display_value": "Abel Tuter", "value": it.caller})
        );
        assert_eq!(
            all["assigned_to"],
            json!({"display_value": "", "value": ""})
        );
    }
}

#[test]
fn a_dangling_reference_keeps_link_and_value_and_shows_nothing() {
    let world = World::shared();
    let nobody = "0123456789abcdef0123456789abcdef";
    let made = incident(world, &json!({"short_description": "dangling"}));
    let path = format!(
        "/api/now/table/incident/{}?sysparm_fields=cmdb_ci",
        text(&made, "sys_id")
    );
    let send = |mode: &str| {
        let path = format!("{path}&sysparm_display_value={mode}");
        world
            .admin()
            .send_json("PATCH", &path, &json!({"cmdb_ci": nobody}))
            .json()["result"]["cmdb_ci"]
            .clone()
    };
    // The table of the dictionary, whatever the class of the row would be.
    let link = format!("{}/api/now/table/cmdb_ci/{nobody}", world.url);
    assert_eq!(send("false"), json!({"link": link, "value": nobody}));
    assert_eq!(send("true"), json!({"display_value": "", "link": link}));
    assert_eq!(
        send("all"),
        json!({"display_value": "", "link": link, "value": nobody})
    );
}

#[test]
fn references_that_are_keyed_by_name_say_so_in_their_links() {
    let world = World::shared();
    let query =
        "sysparm_query=name=incident^element=caller_id&sysparm_fields=internal_type,reference";
    let rows = world.admin().list("sys_dictionary", query);
    let link = |table: &str, name: &str| format!("{}/api/now/table/{table}?name={name}", world.url);
    let expected = json!([{
        "internal_type": {"link": link("sys_glide_object", "reference"), "value": "reference"},
        "reference": {"link": link("sys_db_object", "sys_user"), "value": "sys_user"},
    }]);
    assert_eq!(json!(rows), expected);
}

#[test]
fn each_caller_reads_dates_in_their_own_zone_and_format() {
    let world = World::shared();
    world.person(
        "display.paris",
        "Right-1!",
        json!({"time_zone": "Europe/Paris", "date_format": "dd.MM.yyyy", "time_format": "hh:mm:ss a"}),
    );
    let it = Shown::new();
    world.admin().change(
        "incident",
        &it.sys_id,
        &json!({"caller_id": user(world, "display.paris")}),
    );
    let path = format!(
        "/api/now/table/incident/{}?sysparm_fields=opened_at&sysparm_display_value=all",
        it.sys_id
    );
    let read = world
        .as_basic("display.paris", "Right-1!")
        .get(&path)
        .json();
    let expected =
        json!({"display_value": "15.01.2026 09:00:00 PM", "value": "2026-01-15 20:00:00"});
    assert_eq!(read["result"]["opened_at"], expected);
}

#[test]
fn answers_are_compact_and_have_every_column_as_text() {
    let world = World::shared();
    let made = incident(world, &json!({"short_description": "compact"}));
    let path = format!("/api/now/table/incident/{}", text(&made, "sys_id"));
    let answer = world.admin().get(&path);
    assert!(
        !answer.body.contains(": ") && !answer.body.contains('\n'),
        "{}",
        answer.body
    );
    let record = answer.json()["result"].clone();
    let fields = record.as_object().unwrap();
    assert!(fields.len() > 80, "{}", fields.len());
    for (name, value) in fields {
        let reference = value.get("link").is_some_and(Value::is_string)
            && value.get("value").is_some_and(Value::is_string);
        assert!(value.is_string() || reference, "{name}: {value}");
    }
    for empty in [
        "closed_at",
        "assigned_to",
        "work_notes",
        "comments",
        "watch_list",
        "close_code",
    ] {
        assert_eq!(record[empty], "", "{empty}");
    }
}
