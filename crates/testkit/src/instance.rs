//! The real binary as a child process.
//!
//! [`Launch`] says how to start it, [`Instance`] is one that answers. It ends with the value that
//! holds it: its standard input is a pipe of ours, and `--exit-with-stdin` makes it leave when the
//! pipe does, so a killed test leaves no server behind.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;
use snowglobe_oauth::jose::{Algorithm, SigningKey};

use crate::Http;

/// How to start an instance; it can be started again and again.
#[derive(Clone, Debug)]
pub struct Launch {
    binary: PathBuf,
    prefix: Vec<String>,
    arguments: Vec<String>,
    data: Option<PathBuf>,
    database: Option<String>,
}

/// A person whom a development instance starts with.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadyUser {
    /// What is typed into the login form.
    pub name: String,
    /// In clear, as only a development instance tells it.
    pub password: String,
    /// Names of roles.
    pub roles: Vec<String>,
}

/// An application that a development instance starts with.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadyClient {
    /// As the registry shows it.
    pub name: String,
    /// RFC 6749 §2.2.
    pub client_id: String,
    /// In clear; a public client has none.
    pub client_secret: Option<String>,
}

impl ReadyClient {
    /// The secret of a confidential client.
    ///
    /// # Panics
    /// When the client is public.
    pub fn secret(&self) -> &str {
        let secret = self.client_secret.as_deref();
        secret.unwrap_or_else(|| panic!("the client `{}` is public", self.name))
    }
}

/// Where a development instance speaks HTTPS.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadyHttps {
    /// The base URL.
    pub url: String,
    /// The certificate to trust.
    pub ca_file: PathBuf,
}

/// A client that comes with JWTs, and the key to sign them with.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadyJwtClient {
    /// `iss` and `aud`.
    pub client_id: String,
    /// The key's name.
    pub kid: String,
    /// The key, for HS256.
    pub shared_key: String,
}

impl ReadyJwtClient {
    /// A JWT with these claims, as the client signs it.
    ///
    /// # Panics
    /// When the claims are no object.
    #[must_use]
    pub fn sign(&self, claims: &serde_json::Value) -> String {
        let key = SigningKey::shared(Algorithm::Hs256, &self.kid, self.shared_key.as_bytes());
        let key = key.unwrap_or_else(|fault| panic!("the shared key: {fault}"));
        crate::identity_provider::signed(&key, claims)
    }
}

/// The line that a development instance writes when it answers.
#[derive(Clone, Debug, Deserialize)]
struct Ready {
    url: String,
    pid: u32,
    #[serde(rename = "ready_ms")]
    milliseconds: f64,
    #[serde(default)]
    users: Vec<ReadyUser>,
    #[serde(default)]
    clients: Vec<ReadyClient>,
    #[serde(default)]
    jwt_clients: Vec<ReadyJwtClient>,
    https: Option<ReadyHttps>,
}

/// A running instance.
#[derive(Debug)]
pub struct Instance {
    child: Child,
    ready: Ready,
    http: Http,
}

impl Launch {
    /// An instance of this binary that keeps nothing.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            prefix: Vec::new(),
            arguments: Vec::new(),
            data: None,
            database: None,
        }
    }

    /// Keeps everything in this folder.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// Keeps records in this PostgreSQL database; the folder of [`Self::data`] keeps the rest.
    #[must_use]
    pub fn database(mut self, url: &str) -> Self {
        self.database = Some(url.to_owned());
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Starts it through another program, such as `taskset -c 0`.
    #[must_use]
    pub fn through(mut self, words: &[&str]) -> Self {
        self.prefix = words.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Starts it and waits until it answers.
    ///
    /// # Panics
    /// When it ends before that; its words are on standard error.
    pub fn start(&self) -> Instance {
        self.try_start()
            .unwrap_or_else(|error| panic!("{}: {error:#}", self.binary.display()))
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// When it cannot be run, or ends before its ready line.
    pub fn try_start(&self) -> anyhow::Result<Instance> {
        let mut child = self.command().spawn().context("it cannot be run")?;
        let stdout = child.stdout.take().context("standard output is a pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.is_empty() {
            let status = child.wait()?;
            ensure!(!line.is_empty(), "it ended before it was ready: {status}");
        }
        let ready: Ready =
            serde_json::from_str(&line).with_context(|| format!("ready line: {line}"))?;
        let http = Http::new(&ready.url);
        Ok(Instance { child, ready, http })
    }

    fn command(&self) -> Command {
        let mut words = self
            .prefix
            .iter()
            .map(std::ffi::OsString::from)
            .collect::<Vec<_>>();
        words.push(self.binary.clone().into_os_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command.args(["up", "--port", "0", "--ready-json", "--exit-with-stdin"]);
        match &self.data {
            Some(folder) => command.arg("--data").arg(folder),
            None => command.arg("--ephemeral"),
        };
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.args(&self.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }
}

impl Instance {
    /// The base URL, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.ready.url
    }

    /// The process id of the server, which is not the child's when it was started through another
    /// program.
    pub fn pid(&self) -> u32 {
        self.ready.pid
    }

    /// How long it took from the start of the process until it answered, as it says; milliseconds.
    pub fn ready_ms(&self) -> f64 {
        self.ready.milliseconds
    }

    /// Requests to it.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// Where it speaks HTTPS.
    ///
    /// # Panics
    /// When it was not started with `--tls`.
    pub fn https(&self) -> &ReadyHttps {
        let https = self.ready.https.as_ref();
        https.unwrap_or_else(|| panic!("no HTTPS: {:?}", self.ready))
    }

    /// Everyone it starts with.
    pub fn users(&self) -> &[ReadyUser] {
        &self.ready.users
    }

    /// A person it starts with.
    ///
    /// # Panics
    /// When the ready line names nobody like that.
    pub fn user(&self, name: &str) -> &ReadyUser {
        let user = self.ready.users.iter().find(|user| user.name == name);
        user.unwrap_or_else(|| panic!("no user `{name}` in {:?}", self.ready.users))
    }

    /// An application it starts with.
    ///
    /// # Panics
    /// When the ready line names none like that.
    pub fn client(&self, name: &str) -> &ReadyClient {
        let client = self.ready.clients.iter().find(|client| client.name == name);
        client.unwrap_or_else(|| panic!("no client `{name}` in {:?}", self.ready.clients))
    }

    /// The application for JWT bearer that it starts with.
    ///
    /// # Panics
    /// When the ready line names none.
    pub fn jwt_client(&self) -> &ReadyJwtClient {
        let first = self.ready.jwt_clients.first();
        first.unwrap_or_else(|| panic!("no client for JWT bearer"))
    }

    /// Ends it with SIGKILL, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child
            .kill()
            .unwrap_or_else(|error| panic!("kill: {error}"));
        let _status = self.child.wait();
    }

    /// Ends it with SIGTERM, as an init system does, and waits.
    pub fn terminate(self) -> ExitStatus {
        self.signal("TERM")
    }

    /// Ends it with SIGABRT, as a crash does, and waits.
    pub fn abort(self) -> ExitStatus {
        self.signal("ABRT")
    }

    fn signal(mut self, name: &str) -> ExitStatus {
        let told = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status();
        assert!(
            told.is_ok_and(|status| status.success()),
            "kill -s {name} {}",
            self.pid()
        );
        self.child
            .wait()
            .unwrap_or_else(|error| panic!("wait: {error}"))
    }

    /// Closes its standard input and waits until it left.
    pub fn stop(mut self) -> ExitStatus {
        self.close()
    }

    fn close(&mut self) -> ExitStatus {
        drop(self.child.stdin.take());
        self.child
            .wait()
            .unwrap_or_else(|error| panic!("wait: {error}"))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _killed = self.child.kill();
            let _status = self.child.wait();
        }
    }
}
