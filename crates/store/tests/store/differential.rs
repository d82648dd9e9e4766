//! Two evaluators, one meaning: what SQL selects is what [`Predicate::holds`] accepts, in the order that Rust
//! would sort it.

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use snowglobe_records::{
    SysId, Table, Value, ValueRef,
    acl::{Permitted, Reason},
    plan::{Output, Plan, Window},
    query::{Below, Cells, Comparison, Joins, Match, Order, Path, Predicate, Query, Related},
};
use snowglobe_store::Store;

use crate::fixture::{Place, make_column, make_table, new_row, stamp, table};

/// Element and type: a column of every kind.
const COLUMNS: [(&str, &str); 14] = [
    ("u_text", "string"),
    ("u_other", "string"),
    ("u_int", "integer"),
    ("u_flag", "boolean"),
    ("u_price", "decimal"),
    ("u_cost", "currency"),
    ("u_float", "float"),
    ("u_day", "glide_date"),
    ("u_when", "glide_date_time"),
    ("u_time", "glide_time"),
    ("u_span", "glide_duration"),
    ("u_list", "glide_list"),
    ("u_notes", "journal_input"),
    ("u_secret", "password"),
];

/// Paths that predicates and orders read, from `u_thing`.
pub(crate) const PATHS: [&str; 18] = [
    "u_text",
    "u_other",
    "u_int",
    "u_flag",
    "u_price",
    "u_cost",
    "u_float",
    "u_day",
    "u_when",
    "u_time",
    "u_span",
    "u_list",
    "u_notes",
    "u_place",
    "u_place.u_name",
    "u_place.u_size",
    "u_place.u_within.u_name",
    "u_place.u_within",
];

/// Text that means something to SQL, to `LIKE`, to a collation or to nobody.
const NASTY: [&str; 22] = [
    "a", "A", "ab", "aB", "Abc", "%", "_", "a%", "a_c", "\\", "\\%", "a\\b", "'", "\"", "';--",
    "ä", "Ä", "ß", "ſ", "İ", "[", "{ }",
];

pub(crate) async fn sql_selects_and_orders_as_rust_does(place: Place) {
    let world = World::make(place.open().await).await;
    let case = (world.predicate(), world.orders(), 0_u32..9, 0_u64..40);
    world.hold(
        192,
        &case,
        &async |world, (predicate, order, limit, offset)| {
            let expected = world.expected(predicate, order);
            let window = Window {
                limit: *limit,
                offset: *offset,
            };
            let (page, total) = world.asked(predicate, order, window).await;
            let from = usize::try_from(*offset).unwrap().min(expected.len());
            let to = (from + *limit as usize).min(expected.len());
            assert_eq!(page, expected[from..to]);
            assert_eq!(total, Some(expected.len() as u64));
        },
    );
}

pub(crate) async fn pages_tile_the_list(place: Place) {
    let world = World::make(place.open().await).await;
    let case = (world.predicate(), world.orders(), 7_u32..40);
    world.hold(16, &case, &async |world, (predicate, order, limit)| {
        let expected = world.expected(predicate, order);
        let mut tiles = Vec::new();
        loop {
            let window = Window {
                limit: *limit,
                offset: tiles.len() as u64,
            };
            let (page, _) = world.asked(predicate, order, window).await;
            if page.is_empty() {
                break;
            }
            tiles.extend(page);
        }
        assert_eq!(tiles, expected);
    });
}

pub(crate) async fn a_child_tables_rows_are_the_rows_of_its_class(place: Place) {
    let world = World::make(place.open().await).await;
    let child = table(&world.store, "u_child_thing");
    let mut joins = Joins::default();
    let dictionary = world.store.dictionary();
    let paths: Vec<Path> = ["u_text", "u_own", "u_place.u_name"]
        .iter()
        .map(|path| joins.walk(&dictionary, &child, path).unwrap())
        .collect();
    let world = World {
        thing: child,
        joins,
        paths,
        ..world
    };
    let case = (world.predicate(), world.orders());
    world.hold(48, &case, &async |world, (predicate, order)| {
        let expected = world.expected(predicate, order);
        let (rows, _) = world.asked(predicate, order, Window::DEFAULT).await;
        assert_eq!(rows, expected);
    });
}

/// The tables, their rows as Rust sees them, and what a query may read.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) thing: Arc<Table>,
    joins: Joins,
    paths: Vec<Path>,
    /// In the order of making.
    rows: Vec<Row>,
}

/// A row among the others.
struct Seen<'w> {
    world: &'w World,
    joins: &'w Joins,
    row: &'w Row,
}

impl Cells for Seen<'_> {
    fn cell(&self, path: &Path) -> ValueRef<'_> {
        let row = match path.table {
            0 => Some(self.row),
            joined => {
                let join = &self.joins.as_slice()[joined - 1];
                let found = self.world.row(self.cell(&join.from));
                found.filter(|row| join.table.includes(&row.class))
            }
        };
        let cell = row.and_then(|row| row.cells.get(path.column.element.as_str()));
        cell.map_or(ValueRef::Null, Value::as_ref)
    }

    fn related(&self, related: &Related) -> Option<i64> {
        let of = self.cell(&related.of);
        let counts = |row: &&Row| {
            let joins = &related.joins;
            let seen = Seen {
                joins,
                row,
                ..*self
            };
            related.table.includes(&row.class)
                && Comparison::Equal.holds(seen.cell(&related.key), of)
                && related.predicate.holds(&seen)
        };
        i64::try_from(self.world.rows.iter().filter(counts).count()).ok()
    }

    fn is_below(&self, below: &Below) -> bool {
        let mut key = self.cell(&below.path);
        // No chain is longer than there are rows.
        self.world.rows.iter().any(|_| {
            let equal = |top: &Value| Comparison::Equal.holds(key, top.as_ref());
            let there = below.tops.iter().any(equal) && self.world.row(key).is_some();
            let above = self.world.row(key).map_or(ValueRef::Null, |row| {
                let cell = row.cells.get(below.parent.element.as_str());
                cell.map_or(ValueRef::Null, Value::as_ref)
            });
            key = above;
            there
        })
    }
}

struct Row {
    class: Box<str>,
    sys_id: SysId,
    cells: HashMap<Box<str>, Value>,
}

impl World {
    pub(crate) async fn make(store: Store) -> Self {
        make_table(&store, "u_place", None).await;
        make_column(
            &store,
            "u_place",
            "u_name",
            "string",
            &[("display", "true")],
        )
        .await;
        make_column(&store, "u_place", "u_size", "integer", &[]).await;
        make_column(
            &store,
            "u_place",
            "u_within",
            "reference",
            &[("reference", "u_place")],
        )
        .await;
        make_column(
            &store,
            "u_place",
            "parent",
            "reference",
            &[("reference", "u_place")],
        )
        .await;
        make_table(&store, "u_thing", None).await;
        for (element, internal_type) in COLUMNS {
            make_column(&store, "u_thing", element, internal_type, &[]).await;
        }
        make_column(
            &store,
            "u_thing",
            "u_place",
            "reference",
            &[("reference", "u_place")],
        )
        .await;
        make_column(
            &store,
            "u_thing",
            "u_parent",
            "reference",
            &[("reference", "u_thing")],
        )
        .await;
        make_table(&store, "u_child_thing", Some("u_thing")).await;
        make_column(
            &store,
            "u_child_thing",
            "u_own",
            "string",
            &[("indexed", "true")],
        )
        .await;

        let (dictionary, thing) = (store.dictionary(), table(&store, "u_thing"));
        let mut joins = Joins::default();
        let walk = |path: &&str| joins.walk(&dictionary, &thing, path).unwrap();
        let paths = PATHS.iter().map(walk).collect();
        let mut world = Self {
            store,
            thing,
            joins,
            paths,
            rows: Vec::new(),
        };
        world.fill().await;
        world
    }

    async fn fill(&mut self) {
        let mut runner = TestRunner::deterministic();
        let mut draw =
            |strategy: &BoxedStrategy<String>| strategy.new_tree(&mut runner).unwrap().current();
        let mut places: Vec<String> = vec![String::new()];
        for _ in 0..8 {
            let within = draw(&select(places.clone()).boxed());
            let (name, size) = (draw(&text()), draw(&number()));
            let body = [
                ("u_name", &*name),
                ("u_size", &size),
                ("u_within", &within),
                ("parent", &within),
            ];
            places.push(self.put("u_place", &body).await.to_string());
        }
        places.push("00000000000000000000000000dangle".into());
        let upper = places[1].to_ascii_uppercase();
        places.push(upper);
        let of_place = select(places).boxed();
        let mut things = vec![String::new(), "00000000000000000000000000dangle".into()];
        for at in 0..96 {
            let child = at % 3 == 0;
            let mut body: Vec<(&str, String)> = COLUMNS
                .iter()
                .map(|(element, kind)| (*element, draw(&wire(kind))))
                .collect();
            body.push(("u_place", draw(&of_place)));
            body.push(("u_parent", draw(&select(things.clone()).boxed())));
            if child {
                body.push(("u_own", draw(&text())));
            }
            let body: Vec<(&str, &str)> = body
                .iter()
                .map(|(element, text)| (*element, &**text))
                .collect();
            let table = if child { "u_child_thing" } else { "u_thing" };
            things.push(self.put(table, &body).await.to_string());
        }
    }

    async fn put(&mut self, into: &str, body: &[(&str, &str)]) -> SysId {
        let mut insert = new_row(&self.store, into, body);
        insert.take_secrets();
        self.store.complete(&mut insert).await.unwrap();
        self.store.insert(insert.clone(), &stamp()).await.unwrap();
        let cell = |(column, value): &(Arc<snowglobe_records::Column>, Value)| {
            (column.element.as_str().into(), value.clone())
        };
        self.rows.push(Row {
            class: into.into(),
            sys_id: insert.sys_id,
            cells: insert.values.iter().map(cell).collect(),
        });
        for (column, text) in &insert.journal {
            let cells = [
                ("element", column.element.as_str()),
                ("element_id", insert.sys_id.as_str()),
                ("value", text),
            ];
            let cells = cells.map(|(element, text)| (element.into(), Value::text(text)));
            self.rows.push(Row {
                class: "sys_journal_field".into(),
                sys_id: insert.sys_id,
                cells: cells.into(),
            });
        }
        insert.sys_id
    }

    fn row(&self, key: ValueRef<'_>) -> Option<&Row> {
        let key = key.as_text()?;
        let is = |row: &&Row| {
            row.class.starts_with("u_") && row.sys_id.as_str().eq_ignore_ascii_case(key)
        };
        self.rows.iter().find(is)
    }

    fn expected(&self, predicate: &Predicate, order: &[Order]) -> Vec<SysId> {
        self.selected(&self.joins, predicate, order)
    }

    /// What a query selects, in its order.
    pub(crate) fn expected_of(&self, query: &Query) -> Vec<SysId> {
        self.selected(&query.joins, &query.predicate, &query.order)
    }

    fn selected(&self, joins: &Joins, predicate: &Predicate, order: &[Order]) -> Vec<SysId> {
        let seen = |row| Seen {
            world: self,
            joins,
            row,
        };
        let mut rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| self.thing.includes(&row.class))
            .filter(|row| predicate.holds(&seen(row)))
            .collect();
        if order.last().is_some_and(|last| last.descending) {
            rows.reverse();
        }
        rows.sort_by(|one, other| {
            let by = |key: &Order| {
                let ordering = compare(seen(one).cell(&key.path), seen(other).cell(&key.path));
                if key.descending {
                    ordering.reverse()
                } else {
                    ordering
                }
            };
            order
                .iter()
                .map(by)
                .find(|it| it.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        rows.into_iter().map(|row| row.sys_id).collect()
    }

    async fn asked(
        &self,
        predicate: &Predicate,
        order: &[Order],
        window: Window,
    ) -> (Vec<SysId>, Option<u64>) {
        let query = Query {
            joins: self.joins.clone(),
            predicate: predicate.clone(),
            order: order.to_vec(),
        };
        self.asked_by(&query, window).await
    }

    /// What the database answers to a query, and how many rows it counts.
    pub(crate) async fn asked_by(
        &self,
        query: &Query,
        window: Window,
    ) -> (Vec<SysId>, Option<u64>) {
        let sys_id = Path {
            table: 0,
            column: Arc::clone(self.thing.column("sys_id").unwrap()),
        };
        let plan = Plan {
            table: Arc::clone(&self.thing),
            joins: query.joins.clone(),
            predicate: query.predicate.clone(),
            order: query.order.clone(),
            outputs: vec![Output {
                key: "sys_id".into(),
                path: sys_id,
            }],
            window,
            count: true,
        };
        let plan = Permitted::as_system(plan, Reason::Job);
        let page = self.store.read(&plan).await.unwrap();
        let ids = page
            .rows
            .iter()
            .map(|row| SysId::parse(row.text(0)).unwrap());
        (ids.collect(), page.total)
    }

    /// Checks so many cases, the same ones in every run.
    pub(crate) fn hold<S: Strategy>(
        &self,
        cases: u32,
        case: &S,
        check: &impl AsyncFn(&Self, &S::Value),
    ) {
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        let seed = TestRunner::deterministic().new_rng();
        let mut runner = TestRunner::new_with_rng(config, seed);
        let runtime = tokio::runtime::Handle::current();
        let outcome = tokio::task::block_in_place(|| {
            runner.run(case, |case| {
                runtime.block_on(check(self, &case));
                Ok(())
            })
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
    }

    fn predicate(&self) -> BoxedStrategy<Predicate> {
        let path = || select(self.paths.clone());
        let compared = (path(), comparison()).prop_flat_map(|(path, comparison)| {
            let value = value_for(&path);
            value.prop_map(move |value| Predicate::Compare(path.clone(), comparison, value))
        });
        let like = (path(), at(), text(), any::<bool>()).prop_map(|(path, at, text, negated)| {
            Predicate::Like {
                path,
                at,
                text: text.into(),
                negated,
            }
        });
        let among = (path(), any::<bool>()).prop_flat_map(|(path, negated)| {
            let values = prop::collection::vec(value_for(&path), 0..4);
            values.prop_map(move |values| Predicate::In {
                path: path.clone(),
                values,
                negated,
            })
        });
        let empty =
            (path(), any::<bool>()).prop_map(|(path, negated)| Predicate::Empty { path, negated });
        let leaf = prop_oneof![
            1 => Just(Predicate::True),
            1 => Just(Predicate::False),
            8 => compared,
            8 => like,
            4 => among,
            4 => empty,
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let list = || prop::collection::vec(inner.clone(), 0..4);
            prop_oneof![
                list().prop_map(Predicate::And),
                list().prop_map(Predicate::Or),
                inner.clone().prop_map(Predicate::negated),
            ]
        })
        .boxed()
    }

    fn orders(&self) -> BoxedStrategy<Vec<Order>> {
        let key = (select(self.paths.clone()), any::<bool>())
            .prop_map(|(path, descending)| Order { path, descending });
        prop::collection::vec(key, 0..4).boxed()
    }
}

/// Nothing first, then numbers by size and text by its lower-case bytes.
fn compare(one: ValueRef<'_>, other: ValueRef<'_>) -> Ordering {
    match (one, other) {
        (ValueRef::Int(one), ValueRef::Int(other)) => one.cmp(&other),
        (ValueRef::Text(one), ValueRef::Text(other)) => {
            one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase())
        }
        (one, other) => (one != ValueRef::Null).cmp(&(other != ValueRef::Null)),
    }
}

/// Usually a value of the column's kind, now and then one of another.
fn value_for(path: &Path) -> BoxedStrategy<Value> {
    let kind = path.column.kind;
    let internal_type = &*path.column.internal_type;
    let own = wire(internal_type)
        .prop_map(move |text| kind.parse(&text).unwrap_or_default())
        .prop_filter("nothing is never compared with", |value| {
            *value != Value::Null
        });
    let text = text()
        .prop_filter("empty text is nothing", |text| !text.is_empty())
        .prop_map(|text| Value::Text(text.into()));
    prop_oneof![8 => own, 1 => text, 1 => (-3_i64..4).prop_map(Value::Int)].boxed()
}

pub(crate) fn wire(internal_type: &str) -> BoxedStrategy<String> {
    let of = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        select(texts).boxed()
    };
    match internal_type {
        "integer" => number(),
        "boolean" => of(&["true", "false", "true", "false", ""]),
        "decimal" | "currency" | "float" => of(&["", "0", "1.5", "-0.05", "12.34", "100"]),
        "glide_date" => of(&["", "2026-01-02", "1999-12-31", "2026-11-01"]),
        // Some are the first or last seconds of a day, of a year or of summer time in California.
        "glide_date_time" => of(&[
            "",
            "2026-01-02 03:04:05",
            "2026-01-02 03:04:06",
            "2026-01-01 07:59:59",
            "2026-03-08 09:59:59",
            "2026-03-08 10:00:00",
            "2026-11-01 08:59:59",
            "2026-11-01 09:00:00",
            "1965-07-01 12:00:00",
            "0001-01-01 00:00:00",
        ]),
        "glide_time" => of(&["", "00:00:00", "23:59:59"]),
        "glide_duration" => of(&["", "1970-01-01 00:02:17", "1970-02-01 00:00:00"]),
        _ => text(),
    }
}

fn number() -> BoxedStrategy<String> {
    let few = (-3_i64..4).prop_map(|n| n.to_string());
    let ends = select(vec![
        i64::MIN.to_string(),
        i64::MAX.to_string(),
        String::new(),
    ]);
    prop_oneof![6 => few, 1 => ends].boxed()
}

pub(crate) fn text() -> BoxedStrategy<String> {
    let piece = || select(NASTY.to_vec());
    let joined = (piece(), piece()).prop_map(|(one, other)| format!("{one}{other}"));
    prop_oneof![
        1 => Just(String::new()),
        6 => piece().prop_map(str::to_owned),
        4 => joined,
        1 => "\\PC{1,6}",
    ]
    .boxed()
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    select(vec![
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    ])
}

fn at() -> impl Strategy<Value = Match> {
    select(vec![Match::Contains, Match::StartsWith, Match::EndsWith])
}
