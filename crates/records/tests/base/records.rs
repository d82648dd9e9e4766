//! The dictionary's own records: they describe it completely, and reading them gives it back.

use std::collections::{HashMap, HashSet};

use crate::dictionary;

use snowglobe_records::{
    Dictionary, Value,
    base::{self, Seed, load},
    dictionary::{Definition, Kind},
};

/// The cells that a store would answer with, literal defaults left out: they must not matter.
fn cells(dictionary: &Dictionary, seeds: &[Seed], source: load::Source) -> Vec<Vec<Value>> {
    let table = dictionary.table(source.table).expect("a dictionary table");
    let cell = |seed: &Seed, element: &str| {
        if element == "sys_id" {
            return Value::from(seed.sys_id);
        }
        let kind = table
            .column(element)
            .expect("an element of the source")
            .kind;
        kind.parse(seed.value(element))
            .expect("a value of its kind")
    };
    let rows = seeds.iter().filter(|seed| seed.table == source.table);
    rows.map(|seed| {
        source
            .elements
            .iter()
            .map(|element| cell(seed, element))
            .collect()
    })
    .collect()
}

fn load(seeds: &[Seed]) -> (Definition, Vec<load::Unusable>) {
    let dictionary = dictionary();
    load::definition(load::DictionaryRows {
        tables: cells(&dictionary, seeds, load::TABLES),
        columns: cells(&dictionary, seeds, load::COLUMNS),
        overrides: cells(&dictionary, seeds, load::OVERRIDES),
        choices: cells(&dictionary, seeds, load::CHOICES),
        numbers: cells(&dictionary, seeds, load::NUMBERS),
    })
}

fn sorted<T: std::fmt::Debug>(rows: &[T]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

#[test]
fn records_read_back_as_the_definition_they_came_from() {
    let before = base::definition();
    let (after, unusable) = load(&base::records());
    assert_eq!(unusable, []);
    assert_eq!(sorted(&after.tables), sorted(&before.tables));
    assert_eq!(sorted(&after.columns), sorted(&before.columns));
    assert_eq!(sorted(&after.overrides), sorted(&before.overrides));
    assert_eq!(sorted(&after.choices), sorted(&before.choices));
    assert_eq!(sorted(&after.numbers), sorted(&before.numbers));
}

#[test]
fn an_unusable_record_is_left_out_and_named() {
    let id = |n| base::derived_id("test", n);
    let seeds = [
        Seed::new("sys_db_object", id("1")).with("name", "u_good"),
        Seed::new("sys_db_object", id("2")).with("name", "No Name"),
        Seed::new("sys_db_object", id("3"))
            .with("name", "u_orphan")
            .with("super_class", "gone"),
        Seed::new("sys_dictionary", id("4"))
            .with("name", "u_good")
            .with("element", "u_x"),
        Seed::new("sys_dictionary", id("5"))
            .with("name", "u_good")
            .with("element", "x\""),
    ];
    let (definition, unusable) = load(&seeds);
    assert_eq!(definition.tables.len(), 1);
    assert_eq!(definition.columns.len(), 1);
    assert_eq!(&*definition.columns[0].internal_type, "string");
    assert!(definition.columns[0].active);
    let left_out: Vec<(&str, &str)> = unusable
        .iter()
        .map(|row| (row.element, &*row.text))
        .collect();
    assert_eq!(
        left_out,
        [
            ("name", "No Name"),
            ("element", "x\""),
            ("super_class", "gone"),
        ]
    );
}

#[test]
fn every_record_is_a_row_of_its_table_and_has_its_own_key() {
    let (dictionary, mut keys) = (dictionary(), HashSet::new());
    for seed in base::records() {
        assert!(keys.insert((seed.table, seed.sys_id)), "{seed:?}");
        let table = dictionary.table(seed.table).expect("the seed's table");
        for (element, value) in &seed.values {
            let column = table.column(element).expect("the seed's element");
            assert!(column.kind.parse(value).is_ok(), "{seed:?}");
            assert!(column.admits(value), "{seed:?}");
            let fits =
                column.max_length == 0 || value.chars().count() <= column.max_length as usize;
            assert!(fits, "{element} of {seed:?} is too long");
        }
    }
}

#[test]
fn every_table_has_one_collection_row_and_every_column_one_row_where_it_is_declared() {
    let (dictionary, records) = (dictionary(), base::records());
    let mut rows: HashMap<(&str, &str), usize> = HashMap::new();
    let declares = |seed: &&Seed| {
        seed.table == "sys_dictionary" && !seed.value("attributes").starts_with("inherited_from=")
    };
    for seed in records.iter().filter(declares) {
        *rows
            .entry((seed.value("name"), seed.value("element")))
            .or_default() += 1;
    }
    assert!(rows.values().all(|count| *count == 1));
    let mut columns = 0;
    for table in dictionary.tables() {
        assert!(
            rows.contains_key(&(table.name().as_str(), "")),
            "{}",
            table.name()
        );
        for column in table
            .columns()
            .iter()
            .filter(|c| c.declared_in == *table.name())
        {
            let key = (table.name().as_str(), column.element.as_str());
            assert!(rows.contains_key(&key), "{key:?}");
            columns += 1;
        }
    }
    assert_eq!(rows.len(), columns + dictionary.tables().count());
}

#[test]
fn the_rows_of_incident_say_again_what_it_inherits_and_declare_nothing() {
    let (dictionary, records) = (dictionary(), base::records());
    let rows: HashMap<&str, &Seed> = records
        .iter()
        .filter(|seed| seed.table == "sys_dictionary" && seed.value("name") == "incident")
        .map(|seed| (seed.value("element"), seed))
        .collect();
    let incident = dictionary.table("incident").expect("incident");
    for column in incident.columns() {
        let row = rows.get(column.element.as_str()).expect("a row");
        let from = match column.declared_in.as_str() {
            "incident" => String::new(),
            table => format!("inherited_from={table}"),
        };
        assert_eq!(row.value("attributes"), from, "{row:?}");
        assert_eq!(row.value("internal_type"), &*column.internal_type);
        assert_eq!(row.value("column_label"), &*column.label);
    }
    // Their columns and the row of the table itself: nothing twice.
    let count = |name| {
        let of = |seed: &&Seed| seed.table == "sys_dictionary" && seed.value("name") == name;
        records.iter().filter(of).count()
    };
    assert_eq!(count("incident"), incident.columns().len() + 1);
    let task = dictionary.table("task").expect("task");
    assert_eq!(count("task"), task.columns().len() + 1);
}

#[test]
fn every_type_is_a_field_class() {
    let records = base::records();
    let classes: HashSet<&str> = records
        .iter()
        .filter(|seed| seed.table == "sys_glide_object")
        .map(|seed| seed.value("name"))
        .collect();
    for seed in records.iter().filter(|seed| seed.table == "sys_dictionary") {
        assert!(classes.contains(seed.value("internal_type")), "{seed:?}");
    }
}

#[test]
fn references_between_records_lead_somewhere() {
    let (dictionary, records) = (dictionary(), base::records());
    let keys: HashSet<(&str, &str)> = records
        .iter()
        .map(|seed| (seed.table, seed.sys_id.as_str()))
        .collect();
    let names: HashSet<(&str, &str)> = records
        .iter()
        .map(|seed| (seed.table, seed.value("name")))
        .collect();
    for seed in &records {
        let table = dictionary.table(seed.table).expect("the seed's table");
        for (element, value) in &seed.values {
            let column = table.column(element).expect("the seed's element");
            if column.kind == Kind::Reference {
                let target = column.reference.as_deref().expect("a target");
                let by_name = base::KEYED_BY_NAME.contains(&(seed.table, element));
                let rows = if by_name { &names } else { &keys };
                assert!(rows.contains(&(target, &**value)), "{element} of {seed:?}");
            }
        }
    }
}

#[test]
fn a_subcategory_depends_on_its_category() {
    let records = base::records();
    let choice = |element: &str, value: &str| {
        let found = |seed: &&Seed| {
            seed.table == "sys_choice"
                && seed.value("name") == "incident"
                && seed.value("element") == element
                && seed.value("value") == value
        };
        records.iter().find(found).expect("a choice").clone()
    };
    assert_eq!(
        choice("subcategory", "vpn").value("dependent_value"),
        "network"
    );
    assert_eq!(choice("state", "6").value("label"), "Resolved");
    assert_eq!(choice("category", "network").value("sequence"), "3");
}
