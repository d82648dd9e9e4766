//! Clients that take nothing but HTTPS: `up --tls`, and `exec` for those that insist on a name of service-now.com too.
//! The clients are curl, Node and Python as they come.

use std::{
    path::Path,
    process::{Command, Output},
};

use snowglobe_testkit::Instance;

use crate::world::{Place, Store};

const BINARY: &str = env!("CARGO_BIN_EXE_snowglobe");
const LIST: &str = "/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=user_name,manager&sysparm_query=user_name=admin";

/// A program that starts with nothing of ours in its environment.
fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy().to_ascii_lowercase();
        if name.contains("proxy") || name.contains("ca_") || name.contains("cert") {
            command.env_remove(&variable);
        }
    }
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn with_tls(place: &Place) -> Instance {
    let launch = place.launch().argument("--tls");
    launch.argument("--tls-port").argument("0").start()
}

fn login(instance: &Instance) -> String {
    format!("admin:{}", instance.user("admin").password)
}

/// What Node prints of a list, asked with its own `fetch`.
fn node(url: &str, login: &str) -> String {
    format!(
        "const r = await fetch({:?}, {{headers: {{authorization: 'Basic ' + btoa({login:?})}}}});\n\
         console.log(r.status, (await r.json()).result[0].user_name);",
        format!("{url}{LIST}")
    )
}

/// The same of Python, with its standard library.
fn python(url: &str, login: &str) -> String {
    format!(
        "import urllib.request, json, base64\n\
         q = urllib.request.Request({:?}, headers={{'Authorization': 'Basic ' + base64.b64encode({login:?}.encode()).decode()}})\n\
         r = urllib.request.urlopen(q)\n\
         print(r.status, json.load(r)['result'][0]['user_name'])",
        format!("{url}{LIST}")
    )
}

#[test]
fn curl_node_and_python_reach_https_when_they_trust_the_authority_and_only_then() {
    let place = Place::new(Store::Sqlite);
    let instance = with_tls(&place);
    let (https, login) = (instance.https(), login(&instance));
    let url = format!("{}{LIST}", https.url);
    let trusting = run(program("curl")
        .args(["-sS", "-i", "-u", &login, &url])
        .env("CURL_CA_BUNDLE", &https.ca_file));
    let answer = text(&trusting.stdout);
    assert!(
        answer.contains(" 200"),
        "{answer}{}",
        text(&trusting.stderr)
    );
    // What it leads on to is where the client is.
    assert!(
        answer.contains(&format!("{}/api/now/", https.url)),
        "{answer}"
    );
    let doubting = run(program("curl").args(["-sS", "-u", &login, &url]));
    assert_eq!(
        doubting.status.code(),
        Some(60),
        "{}",
        text(&doubting.stderr)
    );

    let script = node(&https.url, &login);
    let node = |trust: bool| {
        let mut command = program("node");
        command.args(["--input-type=module", "-e", &script]);
        if trust {
            command.env("NODE_EXTRA_CA_CERTS", &https.ca_file);
        }
        run(&mut command)
    };
    assert_eq!(
        text(&node(true).stdout).trim(),
        "200 admin",
        "{}",
        text(&node(true).stderr)
    );
    assert!(!node(false).status.success());

    let script = python(&https.url, &login);
    let python = |trust: bool| {
        let mut command = program("python3");
        command.args(["-c", &script]);
        if trust {
            command.env("SSL_CERT_FILE", &https.ca_file);
        }
        run(&mut command)
    };
    assert_eq!(
        text(&python(true).stdout).trim(),
        "200 admin",
        "{}",
        text(&python(true).stderr)
    );
    assert!(!python(false).status.success());
}

#[test]
fn the_authority_stays_the_same_when_the_instance_starts_again() {
    let place = Place::new(Store::Sqlite);
    let first = with_tls(&place);
    let ca_file = first.https().ca_file.clone();
    let certificate = std::fs::read_to_string(&ca_file).unwrap();
    first.stop();
    let second = with_tls(&place);
    assert_eq!(second.https().ca_file, ca_file);
    assert_eq!(std::fs::read_to_string(&ca_file).unwrap(), certificate);
    let url = format!("{}/_sg/health", second.https().url);
    let answered = run(program("curl")
        .args(["-sSf", "--cacert"])
        .arg(&ca_file)
        .arg(&url));
    assert!(answered.status.success(), "{}", text(&answered.stderr));
}

fn exec(folder: &Path, command: &[&str]) -> Output {
    let mut exec = program(BINARY);
    exec.args(["exec", "--as", "dev12345", "--data"])
        .arg(folder);
    run(exec.arg("--").args(command))
}

#[test]
fn exec_runs_clients_that_insist_on_an_instance_of_service_now_com() {
    let place = Place::new(Store::Sqlite);
    // Without --tls: `exec` finds its own way in.
    let instance = place.launch().start();
    let login = login(&instance);
    let url = "https://dev12345.service-now.com";
    let curl = exec(
        place.folder(),
        &["curl", "-sS", "-i", "-u", &login, &format!("{url}{LIST}")],
    );
    let answer = text(&curl.stdout);
    assert!(
        answer.contains("\"user_name\":\"admin\""),
        "{answer}{}",
        text(&curl.stderr)
    );
    assert!(answer.contains(&format!("{url}/api/now/")), "{answer}");
    let script = node(url, &login);
    let node = exec(
        place.folder(),
        &["node", "--input-type=module", "-e", &script],
    );
    assert_eq!(
        text(&node.stdout).trim(),
        "200 admin",
        "{}",
        text(&node.stderr)
    );
    let script = format!(
        "$c = curl_init('{url}{LIST}'); curl_setopt($c, CURLOPT_USERPWD, '{login}'); \
         curl_setopt($c, CURLOPT_RETURNTRANSFER, true); echo curl_exec($c) . curl_error($c);"
    );
    let php = exec(place.folder(), &["php", "-r", &script]);
    let said = text(&php.stdout);
    assert!(said.contains("\"user_name\":\"admin\""), "{said}");
    let script = python(url, &login);
    let python = exec(place.folder(), &["python3", "-c", &script]);
    assert_eq!(
        text(&python.stdout).trim(),
        "200 admin",
        "{}",
        text(&python.stderr)
    );
}

#[test]
fn exec_refuses_every_other_host_loudly() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    for url in [
        "https://example.com/",
        "http://example.com/",
        "http://dev12345.service-now.com/",
        "https://dev99999.service-now.com/",
        "https://dev12345.service-now.com:8080/",
    ] {
        let curl = exec(place.folder(), &["curl", "-sSf", "-m", "20", url]);
        assert!(!curl.status.success(), "{url}: {}", text(&curl.stdout));
        let said = text(&curl.stderr);
        assert!(said.contains("snowglobe exec: refused"), "{url}: {said}");
    }
    let script = "fetch('https://example.com/').then(() => process.exit(0), () => process.exit(3))";
    let node = exec(place.folder(), &["node", "-e", script]);
    assert_eq!(node.status.code(), Some(3));
    let said = text(&node.stderr);
    assert!(said.contains("refused example.com:443"), "{said}");
    // What listens on this machine is the client's own business.
    let health = format!("{}/_sg/health", instance.url());
    let script = format!("fetch({health:?}).then(r => process.exit(r.status === 200 ? 0 : 1))");
    for command in [&["curl", "-sSf", &health][..], &["node", "-e", &script]] {
        let direct = exec(place.folder(), command);
        assert!(
            direct.status.success(),
            "{command:?}: {}",
            text(&direct.stderr)
        );
    }
}

#[test]
fn exec_ends_as_its_program_does_and_says_what_it_lacks() {
    let place = Place::new(Store::Sqlite);
    let nobody = exec(place.folder(), &["true"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(
        text(&nobody.stderr).contains("snowglobe up"),
        "{}",
        text(&nobody.stderr)
    );
    let _instance = place.launch().start();
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143)] {
        let ended = exec(place.folder(), &["sh", "-c", script]);
        assert_eq!(ended.status.code(), Some(code), "{script}");
    }
    let unknown = exec(place.folder(), &["no-such-program-anywhere"]);
    assert!(
        text(&unknown.stderr).contains("cannot be run"),
        "{}",
        text(&unknown.stderr)
    );
}

#[test]
fn env_prints_what_a_client_reads() {
    let place = Place::new(Store::Sqlite);
    let instance = with_tls(&place);
    let env = |arguments: &[&str]| {
        let mut command = program(BINARY);
        run(command
            .arg("env")
            .args(arguments)
            .arg("--data")
            .arg(place.folder()))
    };
    let list = text(&env(&["--list"]).stdout);
    for name in [
        "now-sdk",
        "pysnc",
        "ansible",
        "terraform",
        "mfa-servicenow-mcp",
    ] {
        assert!(
            list.lines().any(|line| line.starts_with(name)),
            "{name}: {list}"
        );
    }
    let printed = env(&["--for", "pysnc"]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let script = format!(
        "{}\ncurl -sS -u \"$PYSNC_USERNAME:$PYSNC_PASSWORD\" --cacert \"$SSL_CERT_FILE\" \"$PYSNC_SERVER{LIST}\"",
        text(&printed.stdout)
    );
    let used = run(program("sh").args(["-c", &script]));
    assert!(
        text(&used.stdout).contains("\"admin\""),
        "{}",
        text(&used.stderr)
    );
    let secret = &instance.client("Demo client").secret().to_owned();
    assert!(text(&printed.stdout).contains(secret));
    let unknown = env(&["--for", "nobody"]);
    assert!(!unknown.status.success());
    assert!(
        text(&unknown.stderr).contains("--list"),
        "{}",
        text(&unknown.stderr)
    );
}
