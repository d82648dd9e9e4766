//! A throw-away PostgreSQL cluster: made, started and removed by a shell that watches its owner.
//!
//! The shell reads from a pipe that the owner holds open. When the owner drops the cluster, ends,
//! or is killed, the pipe ends, and the shell stops the server and removes its folder. So nothing
//! is left behind by a run that was interrupted.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// The Debian package that brings `initdb` and `postgres`.
pub const SERVER_PACKAGE: &str = "postgresql";

/// A running server on a free port of loopback, with everything in one temporary folder.
#[derive(Debug)]
pub struct Cluster {
    watcher: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and starts it with these settings beside its own.
    ///
    /// # Errors
    /// When the server's programs are not found, or one of them fails; the text says which.
    pub fn start(settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let binaries = binaries()?;
        let account = Account::for_server()?;
        let folder = tempfile::Builder::new()
            .prefix("snowglobe-postgres-")
            .tempdir()?;
        account.give(folder.path())?;
        initdb(&binaries, &account, folder.path())?;
        let port = free_port()?;
        let folder = folder.keep();
        let watcher = watch(&binaries, &account, &folder, port, settings)?;
        let cluster = Self {
            watcher,
            folder,
            port,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Where it is, as `postgres://…`.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&self) -> anyhow::Result<()> {
        let url = self.url();
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            if super::on_own_thread(|| super::execute(&url, "SELECT 1")).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        bail!("the PostgreSQL server at {url} was not ready after 30 s: {log}")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ended = self.watcher.wait();
    }
}

/// Finds the folder of `initdb` and `postgres`: on the PATH, or where Debian puts them.
///
/// # Errors
/// When there is none; the text names the package.
pub fn binaries() -> anyhow::Result<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    std::env::split_paths(&on_path)
        .chain(versions)
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .with_context(|| {
            format!(
                "no PostgreSQL server here (initdb and postgres, on the PATH or in \
                 /usr/lib/postgresql/*/bin): `apt-get install {SERVER_PACKAGE}` brings it, \
                 `cargo xtask test` installs it as root, and {} names a running one",
                super::SERVER_VARIABLE
            )
        })
}

/// The major version in `/usr/lib/postgresql/15/bin`.
fn version(binaries: &Path) -> u32 {
    let folder = binaries
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    folder.and_then(|name| name.parse().ok()).unwrap_or(0)
}

fn initdb(binaries: &Path, account: &Account, folder: &Path) -> anyhow::Result<()> {
    // A collation that is not byte order, as most people's databases have: a query that leaves its
    // order to the database's mood is found out here.
    let output = account
        .command(&binaries.join("initdb"), folder)
        .args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ])
        .args([
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en-US",
        ])
        .arg(folder.join("data"))
        .output()
        .context("initdb")?;
    ensure!(
        output.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Stops the server and removes the folder when standard input ends. Two signals: TERM ends a
/// server that did not get as far as handling them (a shell's background jobs ignore INT), INT
/// makes a running one disconnect its clients.
const WATCH: &str = r#"
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
read -r _
kill -TERM "$server"
kill -INT "$server"
wait "$server"
rm -rf "$folder"
"#;

fn watch(
    binaries: &Path,
    account: &Account,
    folder: &Path,
    port: u16,
    settings: &[(&str, &str)],
) -> anyhow::Result<Child> {
    let mut command = account.command(Path::new("/bin/sh"), folder);
    command.args(["-c", WATCH, "watch"]).arg(folder);
    command
        .arg(binaries.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"));
    let port = port.to_string();
    let own = [
        ("port", port.as_str()),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("max_connections", "300"),
    ];
    for (name, value) in own.iter().chain(settings) {
        command.args(["-c", &format!("{name}={value}")]);
    }
    // In a group of its own: an interrupt on the terminal reaches the owner only, and the end of
    // the owner is what stops the server.
    command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().context("/bin/sh")
}

/// Who runs the server: PostgreSQL refuses to run as root.
struct Account {
    ids: Option<(u32, u32)>,
}

impl Account {
    fn for_server() -> anyhow::Result<Self> {
        let root = std::fs::metadata("/proc/self").context("/proc/self")?.uid() == 0;
        if !root {
            return Ok(Self { ids: None });
        }
        let passwd = std::fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
        let ids = ["postgres", "nobody"]
            .iter()
            .find_map(|name| account_ids(&passwd, name));
        ensure!(
            ids.is_some(),
            "PostgreSQL does not run as root, and there is no user `nobody`"
        );
        Ok(Self { ids })
    }

    fn give(&self, folder: &Path) -> anyhow::Result<()> {
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(folder, Some(user), Some(group)).context("chown")?;
        }
        Ok(())
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }
}

/// A user's numbers in the text of `/etc/passwd`.
fn account_ids(passwd: &str, name: &str) -> Option<(u32, u32)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(name);
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        is_it.then_some((user, group))
    })
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("a free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_read_by_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:n:/:/bin/false\n";
        assert_eq!(account_ids(passwd, "nobody"), Some((65_534, 65_533)));
        assert_eq!(account_ids(passwd, "postgres"), None);
    }

    #[test]
    fn the_newest_server_is_taken() {
        assert!(version(Path::new("/usr/lib/postgresql/15/bin")) > version(Path::new("/9/bin")));
    }
}
