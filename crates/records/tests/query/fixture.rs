//! A small instance in memory: three tables, four tasks, three users, and who they are to each other.

use std::{collections::HashMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use snowglobe_records::{
    Dictionary, Table, Value, ValueRef,
    dictionary::{ChoiceRow, ColumnRow, Definition, TableRow},
    name::Name,
    query::{
        self, Below, Cells, Comparison, Context, Joins, Path, Query, Reason, Related, Resolved,
    },
};

type Row = HashMap<Name, Value>;

pub(crate) struct World {
    pub(crate) dictionary: Dictionary,
    rows: HashMap<&'static str, Vec<Row>>,
}

/// Table, parent.
const TABLES: [(&str, Option<&str>); 6] = [
    ("task", None),
    ("incident", Some("task")),
    ("sys_user", None),
    ("member", None),
    ("sys_journal_field", None),
    ("label_entry", None),
];

/// Table, element, type, the table it refers to; `*` marks the display column.
const COLUMNS: [(&str, &str, &str, &str); 34] = [
    ("task", "number*", "string", ""),
    ("task", "short_description", "string", ""),
    ("task", "active", "boolean", ""),
    ("task", "state", "integer", ""),
    ("task", "category", "string", ""),
    ("task", "reassignment_count", "integer", ""),
    ("task", "order", "integer", ""),
    ("task", "cost", "decimal", ""),
    ("task", "opened_at", "glide_date_time", ""),
    ("task", "due", "glide_date", ""),
    ("task", "closed_at", "glide_date_time", ""),
    ("task", "escalation", "integer", ""),
    ("task", "opened_by", "reference", "sys_user"),
    ("task", "parent", "reference", "task"),
    ("task", "assigned_to", "reference", "sys_user"),
    ("task", "watch_list", "glide_list", "sys_user"),
    ("task", "comments", "journal_input", ""),
    ("task", "work_notes", "journal_input", ""),
    ("task", "comments_and_work_notes", "journal_list", ""),
    ("task", "member", "reference", "member"),
    ("task", "nowhere", "reference", "no_such_table"),
    ("incident", "caller_id", "reference", "sys_user"),
    ("sys_user", "name*", "string", ""),
    ("sys_user", "user_name", "string", ""),
    ("sys_user", "manager", "reference", "sys_user"),
    ("sys_user", "user_password", "password", ""),
    ("sys_user", "u_2nd", "string", ""),
    ("member", "user*", "reference", "sys_user"),
    ("member", "origin_id", "string", ""),
    ("sys_journal_field", "element", "string", ""),
    ("sys_journal_field", "element_id", "document_id", ""),
    ("sys_journal_field", "value", "string", ""),
    ("label_entry", "label", "reference", "label"),
    ("label_entry", "table_key", "document_id", ""),
];

const CHOICES: [(&str, &str, &str); 5] = [
    ("state", "1", "New"),
    ("state", "2", "In Progress"),
    ("state", "17", "Closed"),
    ("category", "network", "Network"),
    ("category", "hardware", "Hardware and more"),
];

/// One line a row, `element=wire value`, separated by `;`.
const TASKS: [&str; 4] = [
    "sys_id=i1;number=INC1;sys_class_name=incident;short_description=Network down;active=true;state=1;category=network;\
     reassignment_count=0;cost=9.50;opened_at=2026-11-20 10:00:00;closed_at=2026-11-20 13:00:00;due=2026-11-25;assigned_to=beth;\
     opened_by=beth;escalation=1;caller_id=carl;watch_list=beth,carl;member=m1",
    "sys_id=i2;number=INC2;sys_class_name=incident;short_description=Printer jam;active=true;state=2;category=hardware;\
     reassignment_count=2;cost=100;opened_at=2026-11-21 23:30:00;closed_at=2026-11-21 23:29:00;due=2026-11-22;assigned_to=carl;opened_by=beth;\
     escalation=1;watch_list=carl;parent=i1",
    "sys_id=i3;number=INC3;sys_class_name=incident;active=false;state=17;reassignment_count=10;order=1;\
     opened_at=2026-11-22 08:00:00;nowhere=x",
    "sys_id=t4;number=TASK4;sys_class_name=task;short_description=network audit 100%",
];
const USERS: [&str; 3] = [
    "sys_id=anna;name=Anna Zett;user_name=anna.zett",
    "sys_id=beth;name=Beth Anglin;user_name=beth.a;manager=anna;user_password=x;u_2nd=B",
    "sys_id=carl;name=Carl Mars;user_name=carl.m;manager=beth",
];

const ENTRIES: [&str; 3] = [
    "sys_id=e1;element=comments;element_id=i1;value=Please hurry",
    "sys_id=e2;element=work_notes;element_id=i1;value=Cable found",
    "sys_id=e3;element=work_notes;element_id=i2;value=Toner empty",
];
const TAGS: [&str; 1] = ["sys_id=l1;label=7a9;table_key=i2"];

impl World {
    pub(crate) fn new() -> Self {
        let (dictionary, problems) = Dictionary::build(&definition());
        assert_eq!(problems, []);
        let mut world = Self {
            dictionary,
            rows: HashMap::new(),
        };
        world.load("task", "incident", &TASKS);
        world.load("sys_user", "sys_user", &USERS);
        world.load("member", "member", &["sys_id=m1;user=beth"]);
        world.load("sys_journal_field", "sys_journal_field", &ENTRIES);
        world.load("label_entry", "label_entry", &TAGS);
        world
    }

    pub(crate) fn table(&self, name: &str) -> &Arc<Table> {
        self.dictionary.table(name).expect("a table of the fixture")
    }

    /// Resolves a query on incidents, whose columns include those of tasks.
    pub(crate) fn resolve<'a>(&self, text: &'a str) -> Resolved<'a> {
        self.resolve_as(text, &beth())
    }

    pub(crate) fn resolve_as<'a>(&self, text: &'a str, context: &Context<'_>) -> Resolved<'a> {
        let table = self.table("incident");
        query::resolve(&query::parse(text), &self.dictionary, table, context)
    }

    /// The last digits of the numbers of the tasks that a query selects; nothing of it may be dropped.
    pub(crate) fn rows(&self, text: &str) -> String {
        let resolved = self.resolve(text);
        assert_eq!(resolved.dropped, [], "{text}");
        self.select(&resolved.query)
    }

    /// As [`World::rows`], for a query of which something is dropped.
    pub(crate) fn rows_left(&self, text: &str) -> (String, Vec<Reason>) {
        let resolved = self.resolve(text);
        let reasons = resolved
            .dropped
            .iter()
            .map(|dropped| dropped.reason)
            .collect();
        (self.select(&resolved.query), reasons)
    }

    pub(crate) fn select(&self, query: &Query) -> String {
        self.rows["task"]
            .iter()
            .filter(|row| query.predicate.holds(&self.seen(&query.joins, row)))
            .filter_map(|row| {
                let number = field(row, "number").as_text();
                number.map(|number| &number[number.len() - 1..])
            })
            .collect()
    }

    fn seen<'w>(&'w self, joins: &'w Joins, row: &'w Row) -> Seen<'w> {
        Seen {
            world: self,
            joins,
            row,
        }
    }

    fn row(&self, table: &Table, key: ValueRef<'_>) -> Option<&Row> {
        let rows = self.rows.get(table.root().as_str())?;
        let is = |row: &&Row| key != ValueRef::Null && field(row, "sys_id") == key;
        rows.iter().find(is)
    }

    fn load(&mut self, storage: &'static str, columns_of: &str, lines: &[&str]) {
        let table = Arc::clone(self.table(columns_of));
        let row = |line: &&str| -> Row {
            let cell = |pair: &str| {
                let (element, text) = pair.split_once('=').expect("element=value");
                let column = table.column(element).expect("a column of the fixture");
                (
                    column.element.clone(),
                    column.kind.parse(text).expect("a value"),
                )
            };
            line.split(';').map(cell).collect()
        };
        self.rows.insert(storage, lines.iter().map(row).collect());
    }
}

/// A row among the others of the world.
struct Seen<'w> {
    world: &'w World,
    joins: &'w Joins,
    row: &'w Row,
}

impl Cells for Seen<'_> {
    fn cell(&self, path: &Path) -> ValueRef<'_> {
        let row = match path.table.checked_sub(1) {
            None => Some(self.row),
            Some(at) => {
                let join = &self.joins.as_slice()[at];
                self.world.row(&join.table, self.cell(&join.from))
            }
        };
        row.and_then(|row| row.get(&path.column.element))
            .map_or(ValueRef::Null, Value::as_ref)
    }

    fn related(&self, related: &Related) -> Option<i64> {
        let of = self.cell(&related.of);
        let rows = self.world.rows[related.table.root().as_str()].iter();
        let counts = |row: &&Row| {
            let seen = self.world.seen(&related.joins, row);
            let of_class = related.table.parent().is_none()
                || field(row, "sys_class_name") == ValueRef::Text(related.table.name());
            of_class
                && Comparison::Equal.holds(seen.cell(&related.key), of)
                && related.predicate.holds(&seen)
        };
        i64::try_from(rows.filter(counts).count()).ok()
    }

    fn is_below(&self, below: &Below) -> bool {
        let mut key = self.cell(&below.path);
        for _ in 0..10 {
            if below.tops.iter().any(|top| top.as_ref() == key) {
                return true;
            }
            let row = self.world.row(&below.table, key);
            key = row.map_or(ValueRef::Null, |row| field(row, &below.parent.element));
        }
        false
    }
}

fn field<'r>(row: &'r Row, element: &str) -> ValueRef<'r> {
    row.get(element).map_or(ValueRef::Null, Value::as_ref)
}

/// Noon of 22 November 2026 in UTC, a Sunday; one o'clock in Berlin, where Beth is.
pub(crate) fn beth() -> Context<'static> {
    Context {
        user_sys_id: "beth",
        user_name: "beth.a",
        user_display_name: "Beth Anglin",
        groups: groups(),
        first_day_of_week: 2,
        now: "2026-11-22T12:00:00Z".parse::<Timestamp>().expect("a time"),
        time_zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        invalid_returns_no_rows: false,
    }
}

fn groups() -> &'static [Box<str>] {
    static GROUPS: std::sync::OnceLock<[Box<str>; 2]> = std::sync::OnceLock::new();
    GROUPS.get_or_init(|| ["g1".into(), "carl".into()])
}

fn definition() -> Definition {
    let name = |text: &str| Name::parse(text).expect("a name");
    Definition {
        tables: TABLES
            .iter()
            .map(|(table, parent)| table_row(name(table), parent.map(name)))
            .collect(),
        columns: COLUMNS.iter().map(column_row).collect(),
        choices: CHOICES
            .iter()
            .map(|(element, value, label)| ChoiceRow {
                name: name("task"),
                element: name(element),
                value: (*value).into(),
                label: (*label).into(),
                sequence: 0,
                inactive: false,
            })
            .collect(),
        ..Definition::default()
    }
}

fn table_row(name: Name, super_class: Option<Name>) -> TableRow {
    TableRow {
        sys_id: None,
        label: name.as_str().into(),
        name,
        super_class,
        is_extendable: true,
        ws_access: true,
        audit: false,
    }
}

fn column_row((table, element, internal_type, reference): &(&str, &str, &str, &str)) -> ColumnRow {
    let name = |text: &str| Name::parse(text).expect("a name");
    ColumnRow {
        name: name(table),
        element: name(element.trim_end_matches('*')),
        label: (*element).into(),
        internal_type: (*internal_type).into(),
        max_length: 100,
        reference: Name::parse(reference).ok(),
        default_value: "".into(),
        mandatory: false,
        read_only: false,
        unique: false,
        display: element.ends_with('*'),
        indexed: false,
        choice: 1,
        active: true,
    }
}
