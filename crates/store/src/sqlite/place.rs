//! Where the file lies, and that no other process has it: caches are kept per process, so a second one would
//! go on with what the first has changed.

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
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
        let file = create_private(&path, false)
            .and_then(|_| create_private(Path::new(&beside), false))
            .map_err(|error| unavailable(&path, &error))?;
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
        match create_private_directory(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome.map(|()| directory),
        }
    }
}

/// Opens a file for writing; if it is made, nobody but its owner may read it. SQLite's own files beside it take
/// after it.
pub(super) fn create_private(path: &Path, new: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).create_new(new);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn create_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

pub(super) fn unavailable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
