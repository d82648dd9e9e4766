//! Debian's packages, where apt works.

use std::os::unix::fs::MetadataExt;
use std::process::Command;
use std::sync::Once;

use anyhow::{Result, bail};

use crate::run::{on_path, step};

/// Installs Debian packages unless the piece is there already.
///
/// # Errors
/// When it is missing and cannot be installed; the text names both.
pub(crate) fn debian(piece: &str, packages: &[&str], is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let names = packages.join(" ");
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root || !on_path("apt-get") {
        bail!("{piece} is missing: install it (from Debian: `{names}`) and try again");
    }
    read_package_lists()?;
    let mut install = apt();
    install.args(["install", "-y", "-qq", "--no-install-recommends"]);
    step(
        &format!("apt-get install {names}"),
        install.args(packages).stdout(std::process::Stdio::null()),
    )?;
    if is_there() {
        Ok(())
    } else {
        bail!("{piece} is still missing after installing `{names}`")
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
