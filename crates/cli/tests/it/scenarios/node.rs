//! Runs scripts of `tests/node` with the packages that `cargo xtask setup` installed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A script that is about to run.
pub(crate) struct Node {
    name: String,
    command: Command,
}

impl Node {
    pub(crate) fn script(name: &str) -> Self {
        let home = home();
        let mut command = Command::new("node");
        command
            .args(["--preserve-symlinks", "--preserve-symlinks-main"])
            .arg(home.join("scripts").join(name))
            .env("NO_PROXY", "*");
        Self {
            name: name.to_owned(),
            command,
        }
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command, for a script that goes on while it is needed.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    /// Runs it to its end, which has to be a good one, and returns what it printed.
    pub(super) fn run(mut self) -> String {
        let output = self.command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}:\n{said}\n{complained}",
            self.name
        );
        said
    }
}

/// The folder that has `node_modules` and, under the name `scripts`, `tests/node`.
pub(super) fn home() -> PathBuf {
    let made =
        std::env::var_os("SNOWGLOBE_TEST_NODE").map_or_else(beside_the_binary, PathBuf::from);
    assert!(
        made.join("scripts").exists(),
        "no {}: `cargo xtask setup` makes it",
        made.display()
    );
    made
}

/// In cargo's target folder: `target/debug/snowglobe` has it in `target/node`.
fn beside_the_binary() -> PathBuf {
    target_folder().join("node")
}

pub(super) fn target_folder() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_snowglobe"));
    binary.ancestors().nth(2).unwrap().to_owned()
}
