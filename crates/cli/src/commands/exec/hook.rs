//! What Node and PHP load before a program: most programs on Node read no proxy variables, so a script leads their
//! connections to the instance; PHP takes the authorities that it trusts from its settings only.

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// The script and the settings, in a folder that goes with the value.
pub(super) struct Hook {
    folder: PathBuf,
    host: String,
    port: u16,
}

impl Hook {
    pub(super) fn write(host: &str, door: SocketAddr, ca_file: &Path) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("snowglobe-exec-{}", std::process::id()));
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let hook = Self {
            folder,
            host: host.to_owned(),
            port: door.port(),
        };
        fs::write(hook.script(), SCRIPT).context("the script for Node cannot be written")?;
        let ca = ca_file.display();
        let settings = format!("curl.cainfo=\"{ca}\"\nopenssl.cafile=\"{ca}\"\n");
        let file = hook.folder.join("snowglobe.ini");
        fs::write(file, settings).context("the settings for PHP cannot be written")?;
        Ok(hook)
    }

    fn script(&self) -> PathBuf {
        self.folder.join("connect.cjs")
    }

    /// Returns what makes Node and PHP load them.
    pub(super) fn variables(&self) -> [(&'static str, String); 4] {
        let scanned = std::env::var_os("PHP_INI_SCAN_DIR").unwrap_or_default();
        // What is empty stands for the folder that PHP scans anyway.
        let scanned = format!("{}:{}", scanned.to_string_lossy(), self.folder.display());
        let before = std::env::var_os("NODE_OPTIONS").unwrap_or_default();
        let before = before.to_string_lossy();
        let options = format!("{before} --require={}", self.script().display());
        [
            ("NODE_OPTIONS", options.trim().to_owned()),
            ("PHP_INI_SCAN_DIR", scanned),
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
