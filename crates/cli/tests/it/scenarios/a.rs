//! Scenario A: a PHP web page reads accounts for a signed-in user.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use snowglobe_testkit::Instance;

use super::{free_port, register, script};
use crate::world::{Credentials, launch};

/// PHP's own server, ended with this value.
struct Php(Child);

impl Php {
    fn serve(port: u16, instance: &Instance, client: &Credentials) -> Self {
        let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/php/reads_accounts.php");
        let mut php = Command::new("php");
        php.args(["-S", &format!("127.0.0.1:{port}")])
            .arg(app)
            .env("SNOW_URL", instance.url())
            .env("SNOW_CLIENT_ID", &client.id)
            .env("SNOW_CLIENT_SECRET", &client.secret)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let php = Self(php.spawn().expect("php: `cargo xtask setup` installs it"));
        let answers = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        for _ in 0..400 {
            if answers() {
                return php;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        panic!("PHP's server does not answer");
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _status = self.0.wait();
    }
}

#[test]
fn a_php_page_reads_accounts_for_a_person_who_allowed_it() {
    let instance = launch().start();
    let port = free_port();
    let app = format!("http://127.0.0.1:{port}");
    let client = register(
        &instance,
        "Accounts in PHP",
        &format!("{app}/callback"),
        &json!({}),
    );
    let _php = Php::serve(port, &instance, &client);
    script(&instance, "scenario_a.mjs")
        .env("SNOW_APP", &app)
        .env("SNOW_CLIENT_NAME", "Accounts in PHP")
        .run();
}
