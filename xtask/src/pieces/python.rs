//! A virtual environment with the pinned clients.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{debian, target_folder};
use crate::run::{self, on_path, step};

/// Makes the environment unless it is there already, and returns its interpreter.
pub(super) fn environment() -> Result<PathBuf> {
    let requirements = run::root().join("tests/python/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).context("tests/python/requirements.txt")?;
    let home = target_folder()?.join("python");
    let python = home.join("bin/python");
    let stamp = home.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    debian("python3", &["python3"], || on_path("python3"))?;
    debian(
        "Python's module venv",
        &["python3-venv"],
        can_make_environments,
    )?;
    step(
        "a Python environment",
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&home),
    )?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    step(
        "Python's OAuth clients",
        Command::new(&python).args(pip).arg(&requirements),
    )?;
    std::fs::write(&stamp, wanted).context("the stamp of the Python environment")?;
    Ok(python)
}

/// Debian ships `venv` without what it needs to make an environment that has pip.
fn can_make_environments() -> bool {
    let probe = Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .status();
    probe.is_ok_and(|status| status.success())
}
