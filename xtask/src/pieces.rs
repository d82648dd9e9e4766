//! What the tests need beside Rust: found, or fetched, or named.
//!
//! | piece | for | fetched by |
//! |---|---|---|
//! | PostgreSQL's server | the second database | apt, as root |
//! | curl | the scenarios that people type | apt, as root |
//! | Python's `venv` | OAuth clients that we did not write | apt, as root |
//! | `tests/python/requirements.txt` | those clients, pinned | pip, into the target folder |

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use snowglobe_testkit::postgres;

use crate::run::{self, on_path, step};

/// Where the pieces are.
pub(crate) struct Pieces {
    /// An interpreter that has the pinned clients.
    pub(crate) python: PathBuf,
}

/// Finds or fetches everything.
pub(crate) fn all() -> Result<Pieces> {
    debian("curl", "curl", || on_path("curl"))?;
    debian("PostgreSQL's server", postgres::SERVER_PACKAGE, || {
        postgres::binaries().is_ok()
    })?;
    Ok(Pieces { python: python()? })
}

/// Installs a Debian package unless the piece is there already.
///
/// # Errors
/// When it is missing and cannot be installed; the text names both.
pub(crate) fn debian(piece: &str, package: &str, is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root || !on_path("apt-get") {
        bail!("{piece} is missing: install it (Debian's package `{package}`) and try again");
    }
    read_package_lists()?;
    step(
        &format!("apt-get install {package}"),
        apt().args(["install", "-y", "-qq", "--no-install-recommends", package]),
    )?;
    if is_there() {
        Ok(())
    } else {
        bail!("{piece} is still missing after installing `{package}`")
    }
}

/// Once for the whole run.
fn read_package_lists() -> Result<()> {
    static READ: Once = Once::new();
    let mut outcome = Ok(());
    READ.call_once(|| outcome = step("apt-get update", apt().args(["update", "-qq"])));
    outcome
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// Makes a virtual environment with the pinned clients, unless it is there already.
fn python() -> Result<PathBuf> {
    let requirements = run::root().join("tests/python/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).context("tests/python/requirements.txt")?;
    let home = target_folder()?.join("python");
    let python = home.join("bin/python");
    let stamp = home.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    debian("python3", "python3", || on_path("python3"))?;
    debian(
        "Python's module venv",
        "python3-venv",
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

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let metadata = ["metadata", "--format-version=1", "--no-deps", "--locked"];
    let metadata: Value = serde_json::from_str(&run::output(&mut run::cargo(&metadata))?)?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("target_directory")?;
    Ok(Path::new(folder).to_owned())
}
