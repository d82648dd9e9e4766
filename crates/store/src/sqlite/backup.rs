//! A copy of the database as of one moment, while it is in use.

use std::{fs::File, io, path::Path};

use super::{
    connection::{self, Role},
    fault::store_error,
    place,
};
use crate::backend::StoreError;

/// Writes a copy, without the log and without gaps, to a file that is not there yet; it is on disk when this
/// returns.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let name = to.to_str().ok_or_else(|| {
        place::unavailable(
            to,
            &io::Error::new(io::ErrorKind::InvalidInput, "not a UTF-8 path"),
        )
    })?;
    place::create_private(to, true).map_err(|error| place::unavailable(to, &error))?;
    let reader = connection::open(from, Role::Copier)?;
    // An empty file is as good as none to SQLite, and ours keeps its permissions.
    reader
        .execute("VACUUM INTO ?1", [name])
        .map_err(|error| store_error(&error))?;
    let synced = File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|error| place::unavailable(to, &error))
}
