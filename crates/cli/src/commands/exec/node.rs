//! Programs on Node: most of them read no proxy variables, so a script that Node loads before them leads their
//! connections to the instance.

use std::{fs, net::SocketAddr, os::unix::fs::DirBuilderExt as _, path::PathBuf};

use anyhow::Context as _;

/// The script, in a folder that goes with the value.
pub(super) struct Hook {
    folder: PathBuf,
    host: String,
    port: u16,
}

impl Hook {
    pub(super) fn write(host: &str, door: SocketAddr) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("snowglobe-exec-{}", std::process::id()));
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let hook = Self {
            folder,
            host: host.to_owned(),
            port: door.port(),
        };
        fs::write(hook.script(), SCRIPT).context("the script for Node cannot be written")?;
        Ok(hook)
    }

    fn script(&self) -> PathBuf {
        self.folder.join("connect.cjs")
    }

    /// Returns what makes Node load it.
    pub(super) fn variables(&self) -> [(&'static str, String); 3] {
        let before = std::env::var_os("NODE_OPTIONS").unwrap_or_default();
        let before = before.to_string_lossy();
        let options = format!("{before} --require={}", self.script().display());
        [
            ("NODE_OPTIONS", options.trim().to_owned()),
            ("SNOWGLOBE_EXEC_HOST", self.host.clone()),
            ("SNOWGLOBE_EXEC_PORT", self.port.to_string()),
        ]
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const SCRIPT: &str = include_str!("connect.cjs");
