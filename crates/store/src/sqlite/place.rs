//! Where the file lies, and that no other process has it: caches are kept per process, so a second one would
//! go on with what the first has changed.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use super::connection::Durability;
use crate::backend::StoreError;

/// A database file that is ours.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    hold: Hold,
}

#[derive(Debug)]
enum Hold {
    /// The lock goes with the handle.
    Lock { _file: File },
    /// A directory that goes with us.
    Temporary(PathBuf),
}

impl Place {
    /// Takes a file that stays, beside a lock file.
    pub(super) fn file(path: PathBuf) -> Result<Self, StoreError> {
        let mut beside = OsString::from(&path);
        beside.push(".lock");
        let file = File::create(&beside).map_err(|error| unavailable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                path,
                hold: Hold::Lock { _file: file },
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Unavailable(format!(
                "{} is in use by another process; several processes need PostgreSQL",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(unavailable(&path, &error)),
        }
    }

    /// Makes a file that nobody else finds. It lies in a directory rather than in SQLite's own memory because
    /// connections to that wait for each other.
    pub(super) fn temporary() -> Result<Self, StoreError> {
        let directory =
            temporary_directory().map_err(|error| unavailable(&env::temp_dir(), &error))?;
        let path = directory.join("snowglobe.db");
        Ok(Self {
            path,
            hold: Hold::Temporary(directory),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn durability(&self) -> Durability {
        match self.hold {
            Hold::Lock { .. } => Durability::Disk,
            Hold::Temporary(_) => Durability::Process,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Hold::Temporary(directory) = &self.hold
            && let Err(error) = fs::remove_dir_all(directory)
        {
            tracing::warn!(%error, directory = %directory.display(), "a temporary directory stays behind");
        }
    }
}

/// Makes a new directory that only we can enter; one that an earlier process left behind is passed over.
fn temporary_directory() -> io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("snowglobe-{}-{number}", process::id());
        let directory = env::temp_dir().join(name);
        match private(&mut fs::DirBuilder::new()).create(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome.map(|()| directory),
        }
    }
}

#[cfg(unix)]
fn private(builder: &mut fs::DirBuilder) -> &mut fs::DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut fs::DirBuilder) -> &mut fs::DirBuilder {
    builder
}

fn unavailable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
