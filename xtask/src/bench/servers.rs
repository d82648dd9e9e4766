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
    /// With 100,000 incidents.
    Load,
}

impl Mode {
    /// The one place that knows how these modes are spelt.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::FreshSelfProving => &["--token-reuse=fresh", "--token-durability=self-proving"],
            Self::FreshCommitted | Self::FreshCommittedPostgres => {
                &["--token-reuse=fresh", "--token-durability=committed"]
            }
            Self::Current => &["--token-reuse=current"],
            Self::Load => &["--pack=load"],
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
        let mut launch = Launch::new(&self.snowglobe);
        for argument in mode.arguments() {
            launch = launch.argument(argument);
        }
        let cluster = match mode {
            Mode::FreshCommittedPostgres => Some(Cluster::start(&[])?),
            _ => None,
        };
        if let Some(cluster) = &cluster {
            launch = launch.database(&cluster.url());
        }
        Running::start(launch, cluster, &[])
    }

    /// The binary of Snowglobe.
    pub(crate) fn binary(&self) -> &Path {
        &self.snowglobe
    }

    /// Starts the ceiling on core 0.
    pub(crate) fn ceiling(&self) -> Result<Running> {
        Running::start(Launch::new(&self.ceiling), None, &[])
    }

    /// Starts a server written for Node on core 0.
    pub(crate) fn peer(script: &Path) -> Result<Running> {
        Running::start(Launch::new(script), None, &["node"])
    }
}

impl Running {
    fn start(launch: Launch, cluster: Option<Cluster>, interpreter: &[&str]) -> Result<Self> {
        let folder = scratch()?;
        let core_0 = [&["taskset", "-c", "0"], interpreter].concat();
        let launch = launch.data(folder.path()).through(&core_0);
        let instance = launch.try_start()?;
        Ok(Self {
            instance,
            launch,
            folder,
            cluster,
        })
    }

    /// Ends it and starts it again on the same data.
    pub(crate) fn restart(self) -> Result<Self> {
        let Self {
            instance,
            launch,
            folder,
            cluster,
        } = self;
        instance.stop();
        let instance = launch.try_start()?;
        Ok(Self {
            instance,
            launch,
            folder,
            cluster,
        })
    }
}

/// A folder below the target folder, which is on a disk: a commit must cost what it costs.
fn scratch() -> Result<TempDir> {
    let parent = pieces::target_folder()?.join("bench");
    std::fs::create_dir_all(&parent)?;
    Ok(TempDir::new_in(parent)?)
}
