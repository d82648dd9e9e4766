//! Tells one version's built-in records from another's without making them: by the sources they come from.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    let mut sources = Vec::new();
    collect(Path::new("src"), &mut sources)?;
    sources.sort();
    let mut hash = Fnv::new();
    for path in sources {
        hash.take(path.to_string_lossy().as_bytes());
        hash.take(&fs::read(&path)?);
    }
    println!("cargo::rustc-env=SOURCES={:032x}", hash.0);
    Ok(())
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), into)?;
        } else {
            into.push(entry.path());
        }
    }
    Ok(())
}

/// FNV-1a with 128 bits.
struct Fnv(u128);

impl Fnv {
    fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Takes in a piece and where it ends.
    fn take(&mut self, piece: &[u8]) {
        for byte in piece.iter().chain(&piece.len().to_le_bytes()) {
            let mixed = self.0 ^ u128::from(*byte);
            self.0 = mixed.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
