//! One client in the storm: draws what to do next, and writes down what was acknowledged.

use fastrand::Rng;
use reqwest::blocking::RequestBuilder;
use serde_json::json;
use snowglobe_testkit::{Answer, Http};

use super::ledger::{Fate, Page};
use crate::world::{Credentials, SERVICENOW, STRICT};

pub(super) struct Worker<'a> {
    pub(super) http: Http,
    pub(super) client: &'a Credentials,
    pub(super) page: Page,
    pub(super) random: Rng,
}

/// No answer came: the process is gone, and nobody knows what it did.
struct CutOff;

impl Worker<'_> {
    /// Works until an answer fails to come, and hands its page back.
    pub(super) fn work_until_cut_off(mut self, acknowledge: impl Fn()) -> Page {
        while self.step().is_ok() {
            acknowledge();
        }
        self.page
    }

    fn step(&mut self) -> Result<(), CutOff> {
        let live = self
            .page
            .tokens
            .iter()
            .rposition(|token| token.fate == Fate::Live);
        match (self.random.u8(..10), live) {
            (0..2, _) => self.rotate(),
            (2..4, Some(token)) => self.revoke(token),
            (4..7, Some(token)) => self.create(token),
            _ => self.issue(),
        }
    }

    fn issue(&mut self) -> Result<(), CutOff> {
        let form = self.client.form(&[("grant_type", "client_credentials")]);
        let answer = ask(self.http.request("POST", SERVICENOW).form(&form), 200)?;
        self.page.issued(answer.text("access_token"));
        Ok(())
    }

    fn rotate(&mut self) -> Result<(), CutOff> {
        let grant = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &self.page.refresh_token),
        ];
        let form = self.client.form(&grant);
        let answer = ask(self.http.request("POST", STRICT).form(&form), 200)?;
        self.page.refresh_token = answer.text("refresh_token");
        self.page.issued(answer.text("access_token"));
        Ok(())
    }

    fn revoke(&mut self, token: usize) -> Result<(), CutOff> {
        let path = format!(
            "/oauth_revoke_token.do?token={}",
            self.page.tokens[token].text
        );
        self.page.tokens[token].fate = Fate::Unknown;
        ask(self.http.request("POST", &path), 200)?;
        self.page.tokens[token].fate = Fate::Revoked;
        Ok(())
    }

    fn create(&mut self, token: usize) -> Result<(), CutOff> {
        let mark = self.page.next_mark();
        let body = json!({"short_description": "In the storm", "correlation_id": mark});
        let token = &self.page.tokens[token].text;
        let request = self
            .http
            .bearer(token, "POST", "/api/now/table/incident")
            .json(&body);
        let record = ask(request, 201)?.json()["result"].clone();
        let field = |name: &str| record[name].as_str().unwrap().to_owned();
        self.page.created(mark, field("sys_id"), field("number"));
        Ok(())
    }
}

/// An answer that came is the expected one.
fn ask(request: RequestBuilder, expected: u16) -> Result<Answer, CutOff> {
    let answer = Answer::try_of(request).map_err(|_| CutOff)?;
    assert_eq!(answer.status, expected, "{}", answer.body);
    Ok(answer)
}
