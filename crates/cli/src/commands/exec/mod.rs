//! `snowglobe exec`: runs a program that insists on an instance of the real thing, against this one.
//!
//! ```text
//! COMMAND ── CONNECT dev12345.service-now.com:443 ──> proxy ──> the instance's HTTPS door
//!         ── CONNECT anything else ─────────────────> refused, loudly
//! ```
//! The program, and what it starts, gets a proxy and an authority in its environment; nothing outside of it changes: no
//! trust of the system's, no hosts file. Addresses of this machine are reached directly, so that a program may listen
//! for its own redirect.

mod hook;
mod proxy;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus, Stdio},
};

use anyhow::{Context as _, bail};
use clap::Args;
use snowglobe_server::dev::Running;

use super::trust;

/// Arguments of `exec`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe exec --as dev12345 -- curl -u admin:$PASSWORD https://dev12345.service-now.com/api/now/table/incident
  snowglobe exec --as dev12345 -- ansible-playbook incidents.yml
  snowglobe exec --as dev12345 -- node sync.mjs

The exit code is the program's. Programs that read no proxy variables are not reached, but for those on Node.")]
pub(crate) struct Exec {
    /// The name that the program knows its instance by, such as dev12345
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// The folder of the development instance that runs
    #[arg(long, value_name = "DIR", default_value = ".snowglobe")]
    data: PathBuf,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let host = host(&self.name)?;
        let running = Running::of_folder(&self.data)?;
        let Some(https) = &running.https else {
            bail!(
                "the instance at {} has no HTTPS; start it again with: snowglobe up --tls",
                running.url
            );
        };
        let status = super::block_on(async {
            let proxy = proxy::start(&host, https.address).await?;
            let hook = hook::Hook::write(&host, https.address, &https.ca_file)?;
            let mut command = self.prepare(&https.ca_file)?;
            if has_trust_store(&https.ca_file) {
                let options = [trust::java_options(&https.ca_file), proxy.java_options()];
                command.env("JAVA_TOOL_OPTIONS", options.join(" "));
            }
            command
                .envs(proxy.variables())
                .envs(hook.variables())
                .env("SNOWGLOBE_URL", &running.url);
            let child = tokio::task::spawn_blocking(move || command.status());
            let status = child.await?;
            drop(hook);
            status.with_context(|| format!("{} cannot be run", self.program()))
        })?;
        Ok(code(status))
    }

    fn program(&self) -> String {
        let program = self.command.first();
        program.map_or_else(String::new, |it| it.to_string_lossy().into_owned())
    }

    fn prepare(&self, ca_file: &Path) -> anyhow::Result<Command> {
        let (program, arguments) = self.command.split_first().context("no command")?;
        let mut command = Command::new(program);
        command.args(arguments);
        for variable in &trust::VARIABLES {
            command.env(variable.name, ca_file);
        }
        Ok(command)
    }
}

/// Returns the name of a host: of an instance that is named by its first part, or as it is given.
fn host(name: &str) -> anyhow::Result<String> {
    let name = name.to_ascii_lowercase();
    let label = name.strip_suffix(".service-now.com").unwrap_or(&name);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if label.is_empty() || !label.bytes().all(plain) {
        bail!("'{name}' is no instance's name; one looks like dev12345");
    }
    Ok(format!("{label}.service-now.com"))
}

/// Java trusts a store of its own format, which its own tool makes, where there is Java.
fn has_trust_store(ca_file: &Path) -> bool {
    if ca_file.with_file_name(trust::TRUST_STORE).exists() {
        return true;
    }
    Command::new("keytool")
        .args(trust::keytool_arguments(ca_file))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The program's own exit code; as shells have it, 128 and the signal when it was killed.
fn code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt as _;
    let killed = || status.signal().map(|signal| 128 + signal);
    let code = status.code().or_else(killed).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_goes_by_its_short_name_or_its_host() {
        for name in ["dev12345", "Dev12345", "dev12345.service-now.com"] {
            assert_eq!(host(name).expect("a name"), "dev12345.service-now.com");
        }
        for wrong in [
            "",
            "a b",
            "evil.example",
            "a.b.service-now.com",
            "-/.service-now.com",
        ] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }
}
