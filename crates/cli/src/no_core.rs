//! An instance leaves no core behind: its memory holds secrets and tokens (security.md §2, 58).

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Keeps the system from writing this process's memory down when it crashes, and other programs of the same user from
/// reading it.
pub(crate) fn leave_no_core() -> anyhow::Result<()> {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, nothing).context("the size of cores cannot be limited")?;
    hide()
}

/// core(5): a program that takes cores from a pipe takes them whatever the limit is.
#[cfg(target_os = "linux")]
fn hide() -> anyhow::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    hidden.context("the memory of this process cannot be hidden")
}

#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere there is no such switch"
)]
fn hide() -> anyhow::Result<()> {
    Ok(())
}
