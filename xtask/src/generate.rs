//! `cargo xtask gen`: files that are made from the source, and the check that they are up to date.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, ensure};

/// A file, from the root of the workspace, and its maker.
struct File(&'static str, fn() -> String);

const FILES: &[File] = &[File("docs/reasons.md", snowglobe_oauth::reason::markdown)];

/// Writes the files.
pub(crate) fn write() -> Result<()> {
    for File(path, make) in FILES {
        fs::write(place(path), make()).with_context(|| format!("{path} cannot be written"))?;
    }
    Ok(())
}

/// Fails where a file is not what would be written.
pub(crate) fn check() -> Result<()> {
    eprintln!("xtask: generated files");
    for File(path, make) in FILES {
        let found = fs::read_to_string(place(path)).unwrap_or_default();
        ensure!(
            found == make(),
            "{path} is out of date; run: cargo xtask gen"
        );
    }
    Ok(())
}

fn place(path: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", path].iter().collect()
}
