//! The servers under load, each on core 0, and how they are switched into the modes to measure.

use std::path::{Path, PathBuf};

use anyhow::Result;
use snowglobe_testkit::postgres::Cluster;
use snowglobe_testkit::{Instance, Launch};
use tempfile::TempDir;

use crate::pieces;
use crate::run::{cargo, step};

/// How Snowglobe is started; one row of the bench has one mode.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    /// Each token is new and proves itself; its row is written behind.
    FreshSelfProving,
    /// Each token is new and on disk before the answer.
    FreshCommitted,
    /// The same in PostgreSQL.
    FreshCommittedPostgres,
    /// The current token comes back.
    Current,
    /// Each token is new and proves itself, in PostgreSQL.
    FreshPostgres,
    /// With 100,000 incidents.
    Load,
    /// The same in PostgreSQL.
    LoadPostgres,
}

impl Mode {
    /// The one place that knows how these modes are spelt.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::FreshSelfProving | Self::FreshPostgres => {
                &["--token-reuse=fresh", "--token-durability=self-proving"]
            }
            Self::FreshCommitted | Self::FreshCommittedPostgres => {
                &["--token-reuse=fresh", "--token-durability=committed"]
            }
            Self::Current => &["--token-reuse=current"],
            Self::Load | Self::LoadPostgres => &["--pack=load"],
        }
    }
}

/// The binaries to start.
pub(crate) struct Servers {
    snowglobe: PathBuf,
    ceiling: PathBuf,
}

/// A server, and what it needs while it runs.
pub(crate) struct Running {
    pub(crate) instance: Instance,
    launch: Launch,
    folder: TempDir,
    cluster: Option<Cluster>,
}

impl Servers {
    /// Builds both in the release profile.
    pub(crate) fn build() -> Result<Self> {
        let packages = ["-p", "snowglobe", "-p", "snowglobe-ceiling"];
        step(
            "release build",
            cargo(&["build", "--release", "--locked"]).args(packages),
        )?;
        let folder = pieces::target_folder()?.join("release");
        Ok(Self {
            snowglobe: folder.join("snowglobe"),
            ceiling: folder.join("snowglobe-ceiling"),
        })
    }

    /// Starts Snowglobe on core 0, with data of its own.
    pub(crate) fn snowglobe(&self, mode: Mode) -> Result<Running> {
        self.start(mode, &CORE_0)
    }

    /// Starts Snowglobe wherever there is a core.
    pub(crate) fn unpinned(&self, mode: Mode) -> Result<Running> {
        self.start(mode, &[])
    }

    fn start(&self, mode: Mode, through: &[&str]) -> Result<Running> {
        let mut launch = Launch::new(&self.snowglobe);
        for argument in mode.arguments() {
            launch = launch.argument(argument);
        }
        let cluster = match mode {
            Mode::FreshCommittedPostgres | Mode::FreshPostgres | Mode::LoadPostgres => {
                Some(Cluster::start(&[])?)
            }
            _ => None,
        };
        if let Some(cluster) = &cluster {
            launch = launch.database(&cluster.url());
        }
        Running::start(launch, cluster, through)
    }

    /// The binary of Snowglobe.
    pub(crate) fn binary(&self) -> &Path {
        &self.snowglobe
    }

    /// Starts the ceiling on core 0.
    pub(crate) fn ceiling(&self) -> Result<Running> {
        Running::start(Launch::new(&self.ceiling), None, &CORE_0)
    }

    /// Starts a server written for Node on core 0.
    pub(crate) fn peer(script: &Path) -> Result<Running> {
        let through = [&CORE_0[..], &["node"]].concat();
        Running::start(Launch::new(script), None, &through)
    }
}

impl Running {
    fn start(launch: Launch, cluster: Option<Cluster>, through: &[&str]) -> Result<Self> {
        let folder = scratch()?;
        let launch = launch.data(folder.path()).through(through);
        let instance = launch.try_start()?;
        Ok(Self {
            instance,
            launch,
            folder,
            cluster,
        })
    }

    /// Where PostgreSQL is, if it keeps the records.
    fn database(&self) -> Option<String> {
        self.cluster.as_ref().map(Cluster::url)
    }

    /// Ends it and starts it again on the same data.
    pub(crate) fn restart(self) -> Result<Self> {
        self.meanwhile(|_, _| Ok(()))
    }

    /// Ends it, does something to its data (the folder, and where PostgreSQL is if it keeps them), and starts it again.
    pub(crate) fn meanwhile(
        self,
        work: impl FnOnce(&Path, Option<&str>) -> Result<()>,
    ) -> Result<Self> {
        let database = self.database();
        let Self {
            instance,
            launch,
            folder,
            cluster,
        } = self;
        instance.stop();
        work(folder.path(), database.as_deref())?;
        let instance = launch.try_start()?;
        Ok(Self {
            instance,
            launch,
            folder,
            cluster,
        })
    }
}

/// The core of servers; wrk has the other.
const CORE_0: [&str; 3] = ["taskset", "-c", "0"];

/// A folder below the target folder, which is on a disk: a commit must cost what it costs.
fn scratch() -> Result<TempDir> {
    let parent = pieces::target_folder()?.join("bench");
    std::fs::create_dir_all(&parent)?;
    Ok(TempDir::new_in(parent)?)
}
