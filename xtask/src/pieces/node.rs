//! The pinned npm packages: clients, newman, and what drives Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{debian, target_folder};
use crate::run::{self, on_path, step};

/// Installs the packages unless they are there already, and returns the folder that has them.
pub(super) fn packages() -> Result<PathBuf> {
    let source = run::root().join("tests/node");
    let wanted = std::fs::read_to_string(source.join(LOCK)).context("tests/node")?;
    let home = target_folder()?.join("node");
    let stamp = home.join("installed.json");
    std::fs::create_dir_all(&home).context("target/node")?;
    // Our scripts import from where they are found: beside `node_modules`, under the name `scripts`. Each time, for
    // checkouts may share a target folder.
    let scripts = home.join("scripts");
    let _gone = std::fs::remove_file(&scripts);
    std::os::unix::fs::symlink(source.canonicalize()?, &scripts).context("a link to tests/node")?;
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(home);
    }
    debian("Node", &["nodejs"], || on_path("node"))?;
    debian("npm", &["npm"], || on_path("npm"))?;
    for file in ["package.json", LOCK] {
        std::fs::copy(source.join(file), home.join(file)).context(file)?;
    }
    install(&home)?;
    std::fs::write(&stamp, wanted).context("the stamp of the npm packages")?;
    Ok(home)
}

/// No package's own scripts run: none that we use needs one, and some would download a browser.
fn install(home: &Path) -> Result<()> {
    let quietly = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    step(
        "npm packages",
        Command::new("npm")
            .arg("ci")
            .args(quietly)
            .current_dir(home),
    )
}

const LOCK: &str = "package-lock.json";
