//! A store on each database, and records written and read as the instance itself would.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use jiff::Timestamp;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    SysId, Table, Value,
    acl::{Permitted, Reason},
    base::Seed,
    pack,
    plan::{Plan, Window},
    query::{Context, parse, resolve},
    write::{Delete, Draft, Insert, Mode, Origin, RowCells, Stamp, Update, insert, update},
};
use snowglobe_store::{
    Entropy, Options, Store,
    backend::{ApplyError, Location},
};
use snowglobe_testkit::postgres::{self, Database};
use tempfile::TempDir;

/// 2027-01-15 08:00:00 UTC.
pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

pub(crate) const ADMIN: &str = "6816f79cc0a8016401c5a33be04be441";

/// Every start has its own noise: a clock that stands still would repeat record ids otherwise.
static STARTS: AtomicU64 = AtomicU64::new(0);

/// A database that goes when the test ends.
pub(crate) struct Place {
    pub(crate) location: Location,
    gone_at_the_end: Guard,
}

enum Guard {
    Nothing,
    Directory { _directory: TempDir },
    Database(Database),
}

pub(crate) fn memory() -> Place {
    Place {
        location: Location::Memory,
        gone_at_the_end: Guard::Nothing,
    }
}

pub(crate) fn empty_file() -> Place {
    let directory = tempfile::tempdir().unwrap();
    Place {
        location: Location::File(directory.path().join("snowglobe.db")),
        gone_at_the_end: Guard::Directory {
            _directory: directory,
        },
    }
}

/// A file that was opened before: most tests ask nothing of a first opening, which takes longer than they do.
pub(crate) fn file() -> Place {
    static OPENED: OnceLock<Vec<u8>> = OnceLock::new();
    let place = empty_file();
    let Location::File(path) = &place.location else {
        panic!("{:?} is not a file", place.location);
    };
    let opened = OPENED.get_or_init(|| {
        open_once(&place);
        std::fs::read(path).unwrap()
    });
    std::fs::write(path, opened).unwrap();
    place
}

pub(crate) fn empty_postgres() -> Place {
    in_database(postgres::database())
}

/// A database that was opened before.
pub(crate) fn postgres() -> Place {
    static OPENED: OnceLock<Place> = OnceLock::new();
    let opened = OPENED.get_or_init(|| {
        let place = empty_postgres();
        open_once(&place);
        place
    });
    let Guard::Database(database) = &opened.gone_at_the_end else {
        panic!("{:?} is not on PostgreSQL", opened.location);
    };
    in_database(database.copy())
}

fn in_database(database: Database) -> Place {
    Place {
        location: Location::Postgres(database.url.clone()),
        gone_at_the_end: Guard::Database(database),
    }
}

/// Opens a store for the first time and closes it; tests have a runtime, which cannot be entered twice.
fn open_once(place: &Place) {
    let open = || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async { place.open().await.close().await.unwrap() });
    };
    std::thread::scope(|scope| scope.spawn(open).join()).unwrap();
}

impl Place {
    pub(crate) async fn open(&self) -> Store {
        self.try_open(NOW, 7).await.unwrap()
    }

    /// Opens the store at another time or with another master key.
    pub(crate) async fn try_open(&self, now: UnixMillis, master: u8) -> Result<Store, ApplyError> {
        self.open_with(now, master, true).await
    }

    /// Opens the store as a production instance does.
    pub(crate) async fn open_in_production(&self) -> Store {
        self.open_with(NOW, 7, false).await.unwrap()
    }

    async fn open_with(
        &self,
        now: UnixMillis,
        master: u8,
        movable_clock: bool,
    ) -> Result<Store, ApplyError> {
        let pack = || Box::new(pack::minimal().into_iter()) as Box<dyn Iterator<Item = Seed>>;
        Store::open(Options {
            location: self.location.clone(),
            master_key: [master; 32],
            now,
            movable_clock,
            entropy: Entropy {
                key: [1; 32],
                nonce: [2; 12],
                noise: STARTS.fetch_add(1, Ordering::Relaxed),
            },
            pack: &pack,
        })
        .await
    }

    /// Ends one process in good order and starts the next.
    pub(crate) async fn reopen(&self, store: Store) -> Store {
        store.close().await.unwrap();
        drop(store);
        self.open().await
    }

    /// Starts the next process on a database that outlives one; memory goes on.
    pub(crate) async fn kept(&self, store: Store) -> Store {
        match self.location {
            Location::Memory => store,
            _ => self.reopen(store).await,
        }
    }
}

pub(crate) fn stamp() -> Stamp<'static> {
    Stamp {
        now: Timestamp::from_millisecond(NOW.0).unwrap(),
        user_name: "admin",
        user_sys_id: SysId::parse(ADMIN).ok(),
    }
}

pub(crate) fn table(store: &Store, name: &str) -> Arc<Table> {
    let dictionary = store.dictionary();
    let table = dictionary.table(name);
    Arc::clone(table.unwrap_or_else(|| panic!("there is no table {name}")))
}

fn mode() -> Mode<'static> {
    Mode {
        origin: Origin::System,
        secrets: true,
        ..Mode::default()
    }
}

/// Prepares a new row without writing it.
pub(crate) fn new_row(store: &Store, into: &str, body: &[(&str, &str)]) -> Permitted<Insert> {
    let body = body.iter().copied();
    let draft = Draft::for_insert(&store.dictionary(), &table(store, into), body, mode());
    assert_eq!(draft.ignored(), []);
    let insert = insert::prepare(draft, store.ids().record(NOW), &stamp());
    Permitted::as_system(insert, Reason::Job)
}

pub(crate) async fn try_insert(
    store: &Store,
    into: &str,
    body: &[(&str, &str)],
) -> Result<SysId, ApplyError> {
    let insert = new_row(store, into, body);
    let sys_id = insert.sys_id;
    store.insert(insert, &stamp()).await?;
    Ok(sys_id)
}

pub(crate) async fn insert(store: &Store, into: &str, body: &[(&str, &str)]) -> SysId {
    try_insert(store, into, body).await.unwrap()
}

/// Prepares a change of a row without writing it.
pub(crate) fn change(row: &RowCells, body: &[(&str, &str)]) -> Permitted<Update> {
    let draft = Draft::for_update(row.table(), body.iter().copied(), mode());
    assert_eq!(draft.ignored(), []);
    let update = update::prepare(row, draft, &stamp()).expect("something changes");
    Permitted::as_system(update, Reason::Job)
}

pub(crate) async fn update(store: &Store, of: &str, sys_id: SysId, body: &[(&str, &str)]) {
    let row = row(store, of, sys_id).await.expect("the row is there");
    store.update(&change(&row, body), &stamp()).await.unwrap();
}

pub(crate) async fn delete(store: &Store, from: &str, sys_id: SysId) {
    let row = row(store, from, sys_id).await.expect("the row is there");
    let delete = Permitted::as_system(Delete::of(&row), Reason::Job);
    store.delete(&delete, &stamp()).await.unwrap();
}

pub(crate) async fn row(store: &Store, of: &str, sys_id: SysId) -> Option<RowCells> {
    let dictionary = store.dictionary();
    let table = table(store, of);
    store
        .row(&dictionary, &table, sys_id.as_str())
        .await
        .unwrap()
}

/// Returns a field of a row.
pub(crate) async fn cell(store: &Store, of: &str, sys_id: SysId, element: &str) -> Value {
    let row = row(store, of, sys_id).await.expect("the row is there");
    row.value(element).to_owned()
}

/// Plans the read of a table by an encoded query.
pub(crate) fn plan(store: &Store, of: &str, query: &str, fields: &[&str]) -> Permitted<Plan> {
    let context = Context {
        user_sys_id: ADMIN,
        user_name: "admin",
        user_display_name: "",
        groups: &[],
        first_day_of_week: 2,
        now: stamp().now,
        time_zone: jiff::tz::TimeZone::UTC,
        invalid_returns_no_rows: true,
    };
    let dictionary = store.dictionary();
    let table = table(store, of);
    let resolved = resolve(&parse(query), &dictionary, &table, &context);
    assert_eq!(resolved.dropped, [], "every condition is understood");
    let fields = Some(fields.iter().copied());
    let plan = Plan::new(&dictionary, &table, resolved.query, fields, Window::DEFAULT);
    Permitted::as_system(plan, Reason::Job)
}

/// Returns these fields, as they are written on the wire, of the rows that a query selects.
pub(crate) async fn list(
    store: &Store,
    of: &str,
    query: &str,
    fields: &[&str],
) -> Vec<Vec<String>> {
    let plan = plan(store, of, query, fields);
    assert_eq!(plan.outputs.len(), fields.len(), "every field exists");
    let page = store.read(&plan).await.unwrap();
    let wire = |row: snowglobe_store::sql::Row<'_>| {
        let cells = plan.outputs.iter().enumerate();
        cells
            .map(|(at, output)| {
                let mut text = String::new();
                output.path.column.kind.write(row.get(at), &mut text);
                text
            })
            .collect()
    };
    page.rows.iter().map(wire).collect()
}

/// Returns one field of the rows that a query selects.
pub(crate) async fn values(store: &Store, of: &str, query: &str, field: &str) -> Vec<String> {
    let rows = list(store, of, query, &[field]).await;
    rows.into_iter().flatten().collect()
}

/// Makes a table; `parent` is the table it extends.
pub(crate) async fn make_table(store: &Store, name: &str, parent: Option<&str>) -> SysId {
    let parent = parent.map(|name| table(store, name).sys_id().unwrap().to_string());
    let body = [
        ("name", name),
        ("label", name),
        ("super_class", parent.as_deref().unwrap_or_default()),
    ];
    insert(store, "sys_db_object", &body).await
}

/// Makes a column; `more` are further fields of its dictionary record.
pub(crate) async fn make_column(
    store: &Store,
    table: &str,
    element: &str,
    internal_type: &str,
    more: &[(&str, &str)],
) -> SysId {
    let mut body = vec![
        ("name", table),
        ("element", element),
        ("column_label", element),
        ("internal_type", internal_type),
    ];
    body.extend(more);
    insert(store, "sys_dictionary", &body).await
}

/// Asks for something and waits no longer, as when a client hangs up.
pub(crate) async fn ask_and_go(call: impl Future) {
    let mut call = std::pin::pin!(call);
    std::future::poll_fn(|context| {
        let _ = call.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Waits until something holds, but not for ever.
pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), wait).await;
    assert!(waited.is_ok(), "it never came to hold");
}
