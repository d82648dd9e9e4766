//! `snowglobe env`: prints what a client reads, for this instance.

mod known;

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use snowglobe_server::dev::{Running, demo};

use self::known::{CLIENTS, Known, Value};

/// Arguments of `env`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe env --list
  eval \"$(snowglobe env --for now-sdk)\"; now-sdk query incident
  snowglobe env --for pysnc > .env

Secrets are printed: they are the development instance's own.")]
pub(crate) struct Env {
    /// The client whose variables are printed
    #[arg(long = "for", value_name = "CLIENT", required_unless_present = "list")]
    client: Option<String>,
    /// Name the clients that are known
    #[arg(long, conflicts_with = "client")]
    list: bool,
    /// The folder of the development instance that runs
    #[arg(long, value_name = "DIR", default_value = ".snowglobe")]
    data: PathBuf,
}

impl Env {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let Some(name) = &self.client else {
            for Known { name, about, .. } in CLIENTS {
                println!("{name:<26} {about}");
            }
            return Ok(());
        };
        let known = CLIENTS.iter().find(|known| known.name == name);
        let Some(known) = known else {
            bail!("no client '{name}' is known; snowglobe env --list names those that are");
        };
        let running = Running::of_folder(&self.data)?;
        print!("{}", render(known, &running)?);
        Ok(())
    }
}

fn render(known: &Known, running: &Running) -> anyhow::Result<String> {
    use std::fmt::Write as _;
    let mut text = String::new();
    if let Some(note) = known.note {
        let _ = writeln!(text, "# {note}");
    }
    for (variable, value) in known.variables {
        let value =
            value_of(*value, running).with_context(|| format!("{variable} has no value"))?;
        let _ = writeln!(text, "export {variable}={}", quoted(&value));
    }
    Ok(text)
}

fn value_of(value: Value, running: &Running) -> anyhow::Result<String> {
    let known = |value: Option<&String>, what: &str| {
        let value = value.with_context(|| format!("the instance has told no {what}"));
        value.cloned()
    };
    Ok(match value {
        Value::Text(text) => text.to_owned(),
        Value::Url => running.url.clone(),
        Value::SecureUrl => secure(running)?.url.clone(),
        Value::SecureHost => {
            let url = &secure(running)?.url;
            url.trim_start_matches("https://").to_owned()
        }
        Value::CaFile => secure(running)?.ca_file.display().to_string(),
        Value::Password => known(running.users.get("admin"), "password of admin")?,
        Value::ClientId => demo::CLIENT_ID.to_owned(),
        Value::ClientSecret => known(
            running.clients.get(demo::CLIENT_ID),
            "secret of the demo client",
        )?,
        Value::PublicClientId => demo::PUBLIC_CLIENT_ID.to_owned(),
        Value::ApiKey => known(running.api_keys.values().next(), "API key")?,
        Value::TokenUrl => format!("{}/oauth_token.do", running.url),
        Value::AuthUrl => format!("{}/oauth_auth.do", running.url),
    })
}

fn secure(running: &Running) -> anyhow::Result<&snowglobe_server::dev::RunningHttps> {
    let https = running.https.as_ref().filter(|https| https.announced);
    https.context(
        "this client takes https only: start the instance with --tls, or run it with snowglobe exec",
    )
}

/// Quotes a value for a shell.
fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_value_as_it_is() {
        assert_eq!(quoted("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a b$(c)"), "'a b$(c)'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn every_known_client_has_a_name_of_its_own_and_variables() {
        let mut names: Vec<_> = CLIENTS.iter().map(|known| known.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CLIENTS.len());
        for known in CLIENTS {
            assert!(!known.variables.is_empty(), "{}", known.name);
        }
    }

    #[test]
    fn what_insists_on_https_says_how_to_get_it() {
        let running = Running {
            url: "http://127.0.0.1:8080".to_owned(),
            ..Running::default()
        };
        let pysnc = CLIENTS.iter().find(|it| it.name == "pysnc").expect("pysnc");
        let error = render(pysnc, &running).expect_err("no HTTPS");
        assert!(format!("{error:#}").contains("--tls"), "{error:#}");
    }
}
