//! A production instance: nobody but whom an administrator makes, on the command line, in its own database.

use std::{
    collections::HashMap,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use snowglobe_testkit::{Answer, Http, Launch};
use tempfile::TempDir;

/// A folder with a complete configuration in it.
struct Site {
    folder: TempDir,
    port: u16,
}

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        std::fs::write(folder.path().join("master.key"), "0f".repeat(32)).unwrap();
        let config = format!(
            "issuer = \"https://snow.example\"\nlisten = \"127.0.0.1:{port}\"\ndata = \"{data}\"\nmaster_key_file = \"{key}\"\n",
            data = folder.path().join("data").display(),
            key = folder.path().join("master.key").display(),
        );
        std::fs::write(folder.path().join("snowglobe.toml"), config).unwrap();
        Self { folder, port }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("snowglobe.toml")
    }

    /// Runs `snowglobe admin` and returns what it prints, by name.
    fn admin(&self, arguments: &[&str]) -> Result<HashMap<String, String>, String> {
        let output = binary(&["admin", "--config"])
            .arg(self.config())
            .args(arguments)
            .output()
            .unwrap();
        if !output.status.success() {
            return Err(String::from_utf8(output.stderr).unwrap());
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Ok(text.lines().map(pair).collect())
    }

    /// Serves until the guard is dropped; returns when it is ready.
    fn serve(&self) -> (Serving, Http) {
        let child = binary(&["serve", "--config"])
            .arg(self.config())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let http = Http::new(&format!("http://127.0.0.1:{}", self.port));
        let ready =
            || Answer::try_of(http.request("GET", "/_sg/ready")).is_ok_and(|it| it.status == 200);
        let tries = (0..200).any(|_| {
            ready() || {
                std::thread::sleep(std::time::Duration::from_millis(25));
                false
            }
        });
        assert!(tries, "not ready after five seconds");
        (Serving(child), http)
    }
}

/// Ends the process with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snowglobe"));
    command.args(arguments);
    command
}

#[test]
fn nobody_is_there_until_an_administrator_is_made() {
    let site = Site::new();
    let admin = site
        .admin(&["create-user", "root", "--role", "admin"])
        .unwrap();
    let client = site
        .admin(&["create-client", "App", "--user", "root"])
        .unwrap();
    let (_serving, http) = site.serve();
    let users = "/api/now/table/sys_user?sysparm_fields=user_name";
    let list = http
        .request("GET", users)
        .basic_auth("root", Some(&admin["password"]));
    assert_eq!(
        Answer::of(list).json(),
        serde_json::json!({"result": [{"user_name": "root"}]})
    );

    // Client credentials are off in production until the property is there (inbound-oauth.md §2.4).
    let grant = [
        ("grant_type", "client_credentials"),
        ("client_id", &client["client_id"]),
        ("client_secret", &client["client_secret"]),
    ];
    assert_eq!(http.form("/oauth_token.do", &grant).status, 401);
    let property = serde_json::json!({
        "name": "glide.oauth.inbound.client.credential.grant_type.enabled",
        "type": "boolean",
        "value": "true",
    });
    let switch = http
        .request("POST", "/api/now/table/sys_properties")
        .basic_auth("root", Some(&admin["password"]))
        .json(&property);
    assert_eq!(Answer::of(switch).status, 201);
    let token = http.form("/oauth_token.do", &grant).text("access_token");
    let answer = Answer::of(http.bearer(&token, "GET", "/api/now/table/sys_user?sysparm_limit=1"));
    assert_eq!(answer.status, 200);
    let link = answer.header("link").to_owned();
    assert!(
        link.starts_with("<https://snow.example/api/now/table/sys_user?"),
        "{link}"
    );
}

#[test]
fn what_cannot_be_made_is_explained() {
    let site = Site::new();
    site.admin(&["create-role", "clerk"]).unwrap();
    site.admin(&["create-user", "jo", "--role", "clerk"])
        .unwrap();
    for (arguments, said) in [
        (&["create-user", "jo"][..], "there is a user 'jo' already"),
        (&["create-role", "clerk"], "there is a role 'clerk' already"),
        (
            &["create-user", "al", "--role", "king"],
            "snowglobe admin create-role king",
        ),
        (
            &["create-client", "App", "--user", "nobody"],
            "snowglobe admin create-user nobody",
        ),
    ] {
        let error = site.admin(arguments).unwrap_err();
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}

#[test]
fn a_rotated_key_keeps_old_tokens_and_another_master_key_opens_nothing() {
    let site = Site::new();
    let root = site
        .admin(&["create-user", "root", "--role", "admin"])
        .unwrap();
    let client = site.admin(&["create-client", "App"]).unwrap();
    let grant = [
        ("grant_type", "password"),
        ("client_id", &client["client_id"]),
        ("client_secret", &client["client_secret"]),
        ("username", "root"),
        ("password", &root["password"]),
    ];
    let works = |http: &Http, token: &str| {
        Answer::of(http.bearer(token, "GET", "/api/now/table/sys_user?sysparm_limit=1")).status
            == 200
    };
    let (serving, http) = site.serve();
    let old = http.form("/oauth_token.do", &grant).text("access_token");
    drop(serving);
    assert_eq!(site.admin(&["rotate-keys"]).unwrap()["key"], "2");
    let (serving, http) = site.serve();
    assert!(works(&http, &old));
    drop(serving);

    write_key(&site, "f0");
    let error = site.admin(&["rotate-keys"]).unwrap_err();
    assert!(error.contains("another master key"), "{error}");
}

fn write_key(site: &Site, byte: &str) {
    let path: &Path = &site.folder.path().join("master.key");
    std::fs::write(path, byte.repeat(32)).unwrap();
}

#[test]
fn a_running_instance_keeps_its_database_to_itself() {
    let site = Site::new();
    site.admin(&["create-role", "clerk"]).unwrap();
    let (_serving, _) = site.serve();
    let error = site.admin(&["create-role", "king"]).unwrap_err();
    assert!(
        error.contains("another process") || error.contains("in use"),
        "{error}"
    );
}

#[test]
fn the_clock_stands_where_it_is_and_the_command_says_why() {
    let site = Site::new();
    site.admin(&["create-user", "jo", "--role", "admin"])
        .unwrap();
    let (_serving, http) = site.serve();
    assert_eq!(http.get("/_sg/clock").status, 404);
    let output = binary(&["clock", "--config"])
        .arg(site.config())
        .args(["advance", "31m"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("serves in production"), "{said}");
}

#[test]
fn a_reason_is_for_the_operator_and_never_in_an_answer() {
    let site = Site::new();
    let (_serving, http) = site.serve();
    let refused = http.get("/api/now/table/incident");
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("x-snowglobe-reason"), "");
    assert_eq!(http.get("/_sg/requests").status, 404);
    let id = refused.header("x-transaction-id");
    assert_eq!(http.get(&format!("/_sg/explain/{id}")).status, 401);
    let output = binary(&["explain", "--config"])
        .arg(site.config())
        .arg(id)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("no_credentials"), "{text}");
}

/// The memory of an instance holds secrets and tokens.
#[test]
fn security_58_a_crash_leaves_no_core() {
    let unlimited = ["sh", "-c", "ulimit -c unlimited && exec \"$0\" \"$@\""];
    let instance = Launch::new(env!("CARGO_BIN_EXE_snowglobe"))
        .through(&unlimited)
        .start();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", instance.pid())).unwrap();
    let cores = limits.lines().find(|line| line.contains("core file size"));
    let cores: Vec<&str> = cores.unwrap().split_whitespace().skip(4).collect();
    assert_eq!(cores, ["0", "0", "bytes"]);
    let ended = instance.abort();
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
}
