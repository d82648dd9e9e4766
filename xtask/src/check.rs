//! `cargo xtask check`: what must hold before any test runs.

use anyhow::Result;

use crate::run::{cargo, step};
use crate::{coverage, generate, layers};

/// Formatting, layers, lints and documentation.
pub(crate) fn all() -> Result<()> {
    step("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    layers::check()?;
    generate::check()?;
    coverage::check()?;
    step(
        "lints",
        &mut cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-Dwarnings",
        ]),
    )?;
    step(
        "documentation",
        cargo(&["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"),
    )
}
