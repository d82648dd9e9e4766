//! `snowglobe simulate provider` as a child process.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use snowglobe_testkit::{Answer, Http};

/// The simulated provider; it ends with this value.
pub(super) struct Provider {
    child: Child,
    url: String,
}

impl Provider {
    pub(super) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_snowglobe"))
            .args(["simulate", "provider", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Self { child, url }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn ledger(&self, entry: &str) -> u64 {
        let ledger = Http::new(&self.url).get("/_ledger").json();
        ledger[entry].as_u64().unwrap_or_else(|| panic!("{ledger}"))
    }

    pub(super) fn control(&self, control: &Value) {
        let request = Http::new(&self.url)
            .request("POST", "/_control")
            .json(control);
        let answer = Answer::of(request);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// The status of a call of its API.
    pub(super) fn call(&self, token: &str) -> u16 {
        Answer::of(Http::new(&self.url).bearer(token, "GET", "/api/x")).status
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}
