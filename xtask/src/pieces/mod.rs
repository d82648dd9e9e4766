//! What the tests need beside Rust: found, or fetched, or named.
//!
//! | piece | for | fetched by |
//! |---|---|---|
//! | PostgreSQL's server | the second database | apt, as root |
//! | curl | the scenarios that people type | apt, as root |
//! | Chromium | the person in front of a browser | apt, as root |
//! | PHP with its curl extension | scenario A's application | apt, as root |
//! | Glewlwyd and `sqlite3` | an authorization server that we did not write | apt, as root |
//! | Node and npm | clients and tools in JavaScript, and what drives the browser | apt, as root |
//! | `tests/node/package-lock.json` | those, pinned | npm, into the target folder |
//! | Python's `venv` | OAuth clients that we did not write | apt, as root |
//! | `tests/python/requirements.txt` | those clients, pinned | pip, into the target folder |

mod debian;
mod node;
mod python;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use snowglobe_testkit::postgres;

pub(crate) use self::debian::debian;
use crate::run::{self, on_path};

/// Where the pieces are.
pub(crate) struct Pieces {
    /// An interpreter that has the pinned clients.
    pub(crate) python: PathBuf,
    /// The folder whose `node_modules` has the pinned packages.
    pub(crate) node: PathBuf,
}

/// Finds or fetches everything.
pub(crate) fn all() -> Result<Pieces> {
    debian("curl", &["curl"], || on_path("curl"))?;
    debian("PostgreSQL's server", &[postgres::SERVER_PACKAGE], || {
        postgres::binaries().is_ok()
    })?;
    debian("Chromium", &["chromium"], || on_path("chromium"))?;
    debian("PHP with curl", &["php-cli", "php-curl"], php_has_curl)?;
    let glewlwyd = || on_path("glewlwyd") && on_path("sqlite3");
    debian("Glewlwyd", &["glewlwyd", "sqlite3"], glewlwyd)?;
    Ok(Pieces {
        python: python::environment()?,
        node: node::packages()?,
    })
}

fn php_has_curl() -> bool {
    let modules = run::output(Command::new("php").arg("-m"));
    modules.is_ok_and(|modules| modules.lines().any(|module| module == "curl"))
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
