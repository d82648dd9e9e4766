//! Reading a body (§2.5).

use jiff::tz::TimeZone;
use snowglobe_records::{
    SysId,
    display::{Format, Pattern},
    write::{Draft, Mode, Origin, Why, insert},
};

use crate::fixture::{self, ABEL, Body, World, new_id, stamp, wire};

/// What becomes of one field of an incident, and why it was left out if it was.
fn incident(body: Body<'_>, mode: Mode<'_>) -> (String, Option<Why>) {
    let world = World::new();
    let draft = world.draft("incident", body, mode);
    let why = draft.ignored().first().map(|ignored| ignored.why);
    let insert = insert::prepare(draft, new_id(), &stamp());
    (wire(&insert, body[0].0), why)
}

fn plain(element: &str, text: &str) -> (String, Option<Why>) {
    incident(&[(element, text)], Mode::default())
}

fn kept(text: &str) -> (String, Option<Why>) {
    (text.to_owned(), None)
}

#[test]
fn an_unknown_field_is_dropped() {
    let world = World::new();
    let body = [("no_such_field", "x"), ("short_description", "y")];
    let draft = world.draft("incident", &body, Mode::default());
    assert_eq!(draft.ignored()[0].why, Why::UnknownField);
    assert_eq!(&*draft.ignored()[0].element, "no_such_field");
    let insert = insert::prepare(draft, new_id(), &stamp());
    assert_eq!(wire(&insert, "short_description"), "y");
}

#[test]
fn values_are_stored_by_the_field_s_type() {
    assert_eq!(plain("short_description", "Ünïcode"), kept("Ünïcode"));
    assert_eq!(plain("order", "1,000"), kept("1000"));
    assert_eq!(plain("knowledge", "1"), kept("true"));
    assert_eq!(plain("due_date", "2026-12-01"), kept("2026-12-01 00:00:00"));
    assert_eq!(
        plain("watch_list", "a@example.com,b"),
        kept("a@example.com,b")
    );
}

#[test]
fn what_is_no_value_of_the_type_is_dropped() {
    for (element, text) in [
        ("order", "many"),
        ("knowledge", "perhaps"),
        ("due_date", "soon"),
    ] {
        assert_eq!(plain(element, text).1, Some(Why::NotAValue), "{element}");
    }
}

#[test]
fn an_empty_value_clears_a_field_but_not_one_that_always_holds_a_choice() {
    let world = World::new();
    let row = world.row(
        "incident",
        &[
            ("description", "x"),
            ("hold_reason", "1"),
            ("impact", "2"),
            ("assigned_to", ABEL),
        ],
    );
    let body = [
        ("description", ""),
        ("hold_reason", ""),
        ("impact", ""),
        ("assigned_to", ""),
    ];
    let update = fixture::update(&row, &body).unwrap();
    let mut elements: Vec<_> = update
        .changes
        .iter()
        .map(|(column, _)| column.element.as_str())
        .collect();
    elements.retain(|element| !element.starts_with("sys_") && *element != "reassignment_count");
    assert_eq!(elements, ["assigned_to", "description", "hold_reason"]);
    assert_eq!(update.ignored[0].why, Why::NotAChoice);
}

#[test]
fn a_choice_outside_the_list_is_dropped() {
    assert_eq!(
        plain("close_code", "Ran away"),
        (String::new(), Some(Why::NotAChoice))
    );
    assert_eq!(
        plain("state", "42"),
        ("1".to_owned(), Some(Why::NotAChoice)),
        "the default stays"
    );
    assert_eq!(plain("close_code", "Duplicate"), kept("Duplicate"));
}

#[test]
fn the_instance_itself_may_store_any_choice() {
    let mode = Mode {
        origin: Origin::System,
        ..Mode::default()
    };
    assert_eq!(
        incident(&[("close_code", "Ran away")], mode),
        kept("Ran away")
    );
}

#[test]
fn long_text_is_cut_between_characters() {
    let text = "é".repeat(200);
    assert_eq!(plain("short_description", &text), kept(&"é".repeat(160)));
    assert_eq!(plain("short_description", "a\0b"), kept("ab"));
}

#[test]
fn a_reference_takes_any_id_and_text_that_is_none_ends_empty() {
    assert_eq!(plain("caller_id", ABEL), kept(ABEL));
    assert_eq!(plain("caller_id", "Abel Tuter"), kept(""));
}

#[test]
fn a_display_value_of_a_reference_is_left_to_be_looked_up() {
    let format = Format::default();
    let mode = Mode {
        input_display_value: Some(&format),
        ..Mode::default()
    };
    let world = World::new();
    let body = [
        ("caller_id", "Abel Tuter"),
        ("opened_by", "Nobody"),
        ("assigned_to", "?"),
    ];
    let mut draft = world.draft("incident", &body, mode);
    let lookups: Vec<_> = draft
        .lookups()
        .iter()
        .map(|(column, text)| (column.element.as_str(), &**text))
        .collect();
    assert_eq!(lookups, body);
    draft.resolve("caller_id", SysId::parse(ABEL).ok());
    draft.resolve("assigned_to", None);
    let insert = insert::prepare(draft, new_id(), &stamp());
    assert_eq!(wire(&insert, "caller_id"), ABEL);
    assert_eq!(wire(&insert, "assigned_to"), "");
}

#[test]
fn an_unresolved_lookup_clears_the_reference() {
    let format = Format::default();
    let mode = Mode {
        input_display_value: Some(&format),
        ..Mode::default()
    };
    let world = World::new();
    let row = world.row("incident", &[("caller_id", ABEL)]);
    let draft = Draft::for_update(row.table(), [("caller_id", "Nobody")], mode);
    let update = snowglobe_records::write::update::prepare(&row, draft, &stamp()).unwrap();
    assert_eq!(
        crate::fixture::changed(&update, "caller_id").as_deref(),
        Some("")
    );
}

#[test]
fn display_values_name_choices_and_local_times() {
    let format = Format {
        time_zone: TimeZone::get("Europe/Berlin").unwrap(),
        date_format: Pattern::parse("dd/MM/yyyy"),
        time_format: Pattern::parse("hh:mm:ss a"),
    };
    let mode = Mode {
        input_display_value: Some(&format),
        ..Mode::default()
    };
    let local = [("work_start", "01/07/2026 12:00:00 PM")];
    assert_eq!(incident(&local, mode), kept("2026-07-01 10:00:00"));
    assert_eq!(
        incident(&[("work_start", "32/07/2026")], mode),
        (String::new(), Some(Why::NotAValue))
    );
    assert_eq!(incident(&[("state", "in progress")], mode), kept("2"));
    assert_eq!(incident(&[("state", "2")], mode), kept("2"));
    let local = [("work_start", "2026-07-01 12:00:00")];
    assert_eq!(incident(&local, mode), kept("2026-07-01 10:00:00"));
    assert_eq!(
        incident(&local, Mode::default()),
        kept("2026-07-01 12:00:00")
    );
}

#[test]
fn secrets_are_kept_apart_and_only_taken_where_the_mode_says_so() {
    let world = World::new();
    let body = [("user_password", "correct horse"), ("user_name", "abel")];
    let draft = world.draft("sys_user", &body, Mode::default());
    assert_eq!(draft.ignored()[0].why, Why::SecretNotTaken);
    assert!(
        insert::prepare(draft, new_id(), &stamp())
            .secrets
            .is_empty()
    );

    let draft = world.draft(
        "sys_user",
        &body,
        Mode {
            secrets: true,
            ..Mode::default()
        },
    );
    assert!(!format!("{draft:?}").contains("horse"));
    let insert = insert::prepare(draft, new_id(), &stamp());
    let (column, secret) = &insert.secrets[0];
    assert_eq!(
        (column.element.as_str(), secret.expose()),
        ("user_password", "correct horse")
    );
    assert!(
        !insert
            .values
            .iter()
            .any(|(column, _)| column.element == "user_password")
    );
}

#[test]
fn journal_entries_are_kept_apart_and_empty_ones_append_nothing() {
    let body = [
        ("work_notes", "looked"),
        ("comments", ""),
        ("comments_and_work_notes", "x"),
    ];
    let insert = World::new().insert("incident", &body);
    let entries: Vec<_> = insert
        .journal
        .iter()
        .map(|(column, text)| (column.element.as_str(), &**text))
        .collect();
    assert_eq!(entries, [("work_notes", "looked")]);
    assert_eq!(insert.ignored[0].why, Why::ReadOnly);
}

#[test]
fn system_columns_are_the_instance_s_unless_auto_fields_are_suppressed() {
    let body = [
        ("sys_created_on", "2020-01-01 00:00:00"),
        ("sys_mod_count", "9"),
    ];
    assert_eq!(incident(&body, Mode::default()).1, Some(Why::ReadOnly));
    let mode = Mode {
        suppress_auto_sys_field: true,
        ..Mode::default()
    };
    assert_eq!(incident(&body, mode), kept("2020-01-01 00:00:00"));
}

#[test]
fn a_caller_may_choose_a_whole_sys_id_only() {
    let world = World::new();
    let chosen = |id: &str, mode| {
        let draft = world.draft("incident", &[("sys_id", id)], mode);
        insert::prepare(draft, new_id(), &stamp())
            .sys_id
            .to_string()
    };
    let own = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
    assert_eq!(chosen(own, Mode::default()), own, "case preserved");
    for refused in ["", "4", "not an id at all, by its spaces"] {
        assert_eq!(chosen(refused, Mode::default()), new_id().to_string());
    }
    let system = Mode {
        origin: Origin::System,
        ..Mode::default()
    };
    assert_eq!(chosen("global", system), "global");
}

#[test]
fn the_class_may_be_chosen_among_those_of_the_table() {
    let world = World::new();
    let body = [("caller_id", ABEL), ("sys_class_name", "incident")];
    let insert = world.insert("task", &body);
    assert_eq!(insert.table.name().as_str(), "incident");
    assert_eq!(
        wire(&insert, "caller_id"),
        ABEL,
        "its own columns are known"
    );
    let insert = world.insert("incident", &[("sys_class_name", "problem")]);
    assert_eq!(wire(&insert, "sys_class_name"), "incident");
    assert_eq!(insert.ignored[0].why, Why::NotAClass);
}

#[test]
fn the_last_of_a_repeated_key_counts() {
    let insert = World::new().insert("incident", &[("order", "1"), ("order", "2")]);
    assert_eq!(wire(&insert, "order"), "2");
    assert_eq!(
        insert
            .values
            .iter()
            .filter(|(column, _)| column.element == "order")
            .count(),
        1
    );
}
