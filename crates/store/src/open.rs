//! Opening a store: the schema is brought up to date, a new database gets its first rows, snapshots are read.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use snowglobe_oauth::{time::UnixMillis, token::KeyRing};
use snowglobe_records::{
    Dictionary, Value,
    base::{self, Seed},
};

use crate::{
    Inner, Store,
    backend::{ApplyError, Backend, Cost, Location, StoreError},
    clock::Shift,
    handles::Handles,
    identity::UserCache,
    ids::Ids,
    oauth::{CurrentCache, FamilyCache, RateCounts, Revocations, Statements, TokenNotes},
    outbound::WarmGrants,
    records::{Counts, Numbers},
    seal::Sealer,
    snapshots::Snapshots,
    sql::{Batch, Rows, Statement},
};

/// What a store needs to be opened.
pub struct Options<'a> {
    /// Where everything is kept.
    pub location: Location,
    /// Seals the instance's keys.
    pub master_key: [u8; 32],
    /// The machine's time.
    pub now: UnixMillis,
    /// Whether the instance's clock may be moved away from it.
    pub movable_clock: bool,
    /// Random bytes: a first token key, the nonce that seals it, noise for record ids.
    pub entropy: Entropy,
    /// The rows a new database starts with.
    pub pack: &'a (dyn Fn() -> Box<dyn Iterator<Item = Seed>> + Sync),
}

/// Randomness for a start.
pub struct Entropy {
    /// The first token key, if there is none yet.
    pub key: [u8; 32],
    /// The nonce that seals it.
    pub nonce: [u8; 12],
    /// Makes record ids unguessable.
    pub noise: u64,
}

const INTERNAL: &[&str] = &[
    include_str!("migrations/0001_internal.sql"),
    include_str!("migrations/0002_session.sql"),
    include_str!("migrations/0003_scope_resources.sql"),
    include_str!("migrations/0004_signing_key.sql"),
    include_str!("migrations/0005_lockout.sql"),
    include_str!("migrations/0006_assertion.sql"),
    include_str!("migrations/0007_authorization.sql"),
    include_str!("migrations/0008_second_factor.sql"),
    include_str!("migrations/0009_device.sql"),
    include_str!("migrations/0010_tiny_url.sql"),
    include_str!("migrations/0011_outbound_grant.sql"),
    include_str!("migrations/0012_rate_count.sql"),
    include_str!("migrations/0013_log_in.sql"),
    include_str!("migrations/0014_work.sql"),
    include_str!("migrations/0015_outbound_alert.sql"),
    include_str!("migrations/0016_schedule.sql"),
    include_str!("migrations/0017_token_note.sql"),
];

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// [`ApplyError`] when the database cannot be reached or brought up to date, and
    /// [`StoreError::WrongMasterKey`] when its keys were sealed with another master key.
    pub async fn open(mut options: Options<'_>) -> Result<Self, ApplyError> {
        let backend = Backend::open(&options.location).await?;
        migrate(&backend).await?;
        let shift = Shift::open(&backend, options.movable_clock).await?;
        options.now = shift.setting().tell(options.now);
        let (base, _) = Dictionary::build(&base::foundation());
        let store = Self(Arc::new(Inner {
            ids: Ids::new(backend.node(), options.entropy.noise),
            sealer: Sealer::new(&options.master_key),
            handles: Handles::new(&options.master_key),
            // Nothing is minted before the real keys are read below.
            snapshots: Snapshots::new(base, KeyRing::new(0, &[0; 32])),
            users: UserCache::new(),
            revocations: Revocations::default(),
            current: CurrentCache::new(),
            families: FamilyCache::new(),
            notes: TokenNotes::default(),
            numbers: Numbers::default(),
            counts: Counts::new(),
            warm: WarmGrants::new(),
            rates: RateCounts::default(),
            statements: Statements::new(backend.dialect()),
            shift,
            work_bell: tokio::sync::Notify::new(),
            opened_at: options.now,
            is_open: AtomicBool::new(false),
            boot: options.entropy.noise,
            recovered: std::sync::Mutex::default(),
            backend,
        }));
        store.follow_together(&options).await?;
        if store.load_keys().await?.is_none() {
            let Entropy { key, nonce, .. } = options.entropy;
            match store.first_key(key, nonce, options.now.0).await {
                // Another node made it at the same moment.
                Ok(()) | Err(ApplyError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        store.reload_all().await?;
        store.find_notes().await?;
        if let Some(newest) = store.newest_token().await? {
            store.ids.go_on_after(newest);
        }
        store.is_open.store(true, Ordering::Relaxed);
        Ok(store)
    }

    /// Does [`Self::follow_base`], again when others do the same at the same moment: PostgreSQL ends one of several
    /// whose locks wait for each other, and what the others have done meanwhile is found done.
    async fn follow_together(&self, options: &Options<'_>) -> Result<(), ApplyError> {
        const ATTEMPTS: usize = 16;
        for _ in 1..ATTEMPTS {
            match self.follow_base(options).await {
                Err(ApplyError::Conflict) => {}
                outcome => return outcome,
            }
        }
        self.follow_base(options).await
    }

    /// Brings the built-in tables and records up to this version's, and plants the pack in a new database.
    async fn follow_base(&self, options: &Options<'_>) -> Result<(), ApplyError> {
        let current = base::fingerprint();
        let is_current = self.fact("base").await?.as_deref() == Some(current);
        let is_planted = self.fact("pack").await?.is_some();
        if is_current && is_planted {
            return Ok(());
        }
        let (dictionary, _) = Dictionary::build(&base::definition());
        let follow = async {
            if is_current {
                return Ok(());
            }
            self.follow(&dictionary, self.schema().await?).await
        };
        let base = (!is_current).then(base::records);
        let pack = (!is_planted).then_some(options.pack);
        // Made when it is its turn: the database is busy with the rows before by then.
        let pack = pack.into_iter().flat_map(|pack| pack());
        let seeds = base.into_iter().flatten().chain(pack);
        self.plant(&dictionary, seeds, options.now, follow).await?;
        self.note("base", current).await?;
        if !is_planted {
            self.note("pack", "planted").await?;
            self.measure().await?;
        }
        Ok(())
    }

    /// Lets the database look at how values are spread: without it, SQLite takes every equality for a rare one.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn measure(&self) -> Result<(), ApplyError> {
        self.backend.run_script("ANALYZE").await
    }

    /// Returns a fact the instance keeps about itself.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn fact(&self, key: &str) -> Result<Option<Box<str>>, StoreError> {
        read_fact(&self.backend, key).await
    }

    /// Keeps a fact.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn note(&self, key: &str, value: &str) -> Result<(), ApplyError> {
        let statement = Statement::new(
            "INSERT INTO sg_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [Value::text(key), Value::text(value)],
        );
        self.backend.apply(Batch::one(statement)).await?;
        Ok(())
    }
}

pub(crate) async fn read_fact(
    backend: &Backend,
    key: &str,
) -> Result<Option<Box<str>>, StoreError> {
    let statement = Statement::new(
        "SELECT value FROM sg_meta WHERE key = $1",
        [Value::text(key)],
    );
    let rows = backend.read(Cost::Point, &[statement]).await?;
    let row = rows.first().and_then(Rows::first);
    Ok(row.map(|row| row.text(0).into()))
}

/// Runs the internal migrations that the database has not seen. One that has seen all of them is not written to.
async fn migrate(backend: &Backend) -> Result<(), ApplyError> {
    // A new database cannot tell.
    if let Ok(newest) = newest_migration(backend).await
        && usize::try_from(newest).is_ok_and(|newest| newest >= INTERNAL.len())
    {
        return Ok(());
    }
    let lock = backend.dialect().lock_schema();
    let table =
        "CREATE TABLE IF NOT EXISTS sg_migration (no BIGINT PRIMARY KEY, applied_as TEXT NOT NULL)";
    backend.run_script(&format!("{lock}{table}")).await?;
    let newest = newest_migration(backend).await?;
    for (no, script) in (1_i64..).zip(INTERNAL).filter(|(no, _)| *no > newest) {
        let version = env!("CARGO_PKG_VERSION");
        let noted = format!("INSERT INTO sg_migration (no, applied_as) VALUES ({no}, '{version}')");
        let run = backend
            .run_script(&format!("{lock}{script};\n{noted}"))
            .await;
        // Another process that starts at the same moment may have been faster.
        if let Err(error) = run
            && newest_migration(backend).await? < no
        {
            return Err(error);
        }
    }
    Ok(())
}

async fn newest_migration(backend: &Backend) -> Result<i64, StoreError> {
    let newest = Statement::new("SELECT max(no) FROM sg_migration", []);
    let rows = backend.read(Cost::Point, &[newest]).await?;
    let row = rows.first().and_then(Rows::first);
    Ok(row.map_or(0, |row| row.int(0)))
}
