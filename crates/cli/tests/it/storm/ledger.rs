//! What was acknowledged, and whether it still holds.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use snowglobe_testkit::{Answer, Http};

use crate::world::{Credentials, STRICT, call};

/// An access token, as its holder knows it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) fate: Fate,
    round: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Acknowledged, and nothing was said since.
    Live,
    /// Its revocation was acknowledged.
    Revoked,
    /// Its revocation was on its way.
    Unknown,
}

/// A record whose creation was acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Created {
    /// Unique, chosen by the client before it asked.
    pub(super) mark: String,
    pub(super) sys_id: String,
    pub(super) number: String,
    round: u32,
}

/// What one worker writes; pages are kept apart so that workers never wait for each other.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) round: u32,
    pub(super) worker: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) created: Vec<Created>,
    /// The newest acknowledged refresh token of the worker's family.
    pub(super) refresh_token: String,
    marks: u32,
}

impl Page {
    pub(super) fn issued(&mut self, text: String) {
        self.tokens.push(Token {
            text,
            fate: Fate::Live,
            round: self.round,
        });
    }

    pub(super) fn next_mark(&mut self) -> String {
        self.marks += 1;
        format!("storm-{}-{}-{}", self.round, self.worker, self.marks)
    }

    pub(super) fn created(&mut self, mark: String, sys_id: String, number: String) {
        self.created.push(Created {
            mark,
            sys_id,
            number,
            round: self.round,
        });
    }
}

/// All pages.
pub(super) struct Ledger(Vec<Page>);

impl Ledger {
    pub(super) fn new(refresh_tokens: Vec<String>) -> Self {
        let pages = refresh_tokens
            .into_iter()
            .enumerate()
            .map(|(worker, refresh_token)| Page {
                round: 0,
                worker,
                tokens: Vec::new(),
                created: Vec::new(),
                refresh_token,
                marks: 0,
            });
        Self(pages.collect())
    }

    pub(super) fn begin(&mut self, round: u32) -> u32 {
        for page in &mut self.0 {
            page.round = round;
        }
        round
    }

    pub(super) fn hand_out(&mut self) -> Vec<Page> {
        std::mem::take(&mut self.0)
    }

    pub(super) fn take_back(&mut self, pages: Vec<Page>) {
        self.0 = pages;
    }

    fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.0.iter().flat_map(|page| &page.tokens)
    }

    /// Checks what this round wrote, and a sample of what earlier ones did.
    pub(super) fn check(
        &mut self,
        http: &Http,
        client: &Credentials,
        round: u32,
        sample: usize,
        random: &mut Rng,
    ) {
        let (new, mut old): (Vec<&Token>, Vec<&Token>) =
            self.tokens().partition(|token| token.round == round);
        random.shuffle(&mut old);
        old.truncate(sample);
        check_tokens(http, new.into_iter().chain(old));
        let created = self.0.iter().flat_map(|page| &page.created);
        let created: Vec<&Created> = created.filter(|created| created.round == round).collect();
        let reader = client.access_token(http);
        check_records(http, &reader, &format!("storm-{round}-"), &created);
        self.check_refresh_tokens(http, client);
    }

    /// Checks everything that any round wrote, and that it was enough to mean something.
    pub(super) fn check_everything(&self, http: &Http, client: &Credentials) {
        let with = |fate| self.tokens().filter(|token| token.fate == fate).count();
        assert!(
            with(Fate::Live) > 100 && with(Fate::Revoked) > 100,
            "too calm for a storm"
        );
        check_tokens(http, self.tokens());
        let created: Vec<&Created> = self.0.iter().flat_map(|page| &page.created).collect();
        assert!(created.len() > 100, "too calm for a storm");
        check_records(http, &client.access_token(http), "storm-", &created);
        let numbers: BTreeSet<&str> = created
            .iter()
            .map(|created| created.number.as_str())
            .collect();
        assert_eq!(numbers.len(), created.len(), "a number was given twice");
    }

    /// The newest acknowledged refresh token works: either it was not used since, or its use was
    /// cut off before the answer, and then the retry gets the same successor.
    fn check_refresh_tokens(&mut self, http: &Http, client: &Credentials) {
        for page in &mut self.0 {
            let grant = [
                ("grant_type", "refresh_token"),
                ("refresh_token", &page.refresh_token),
            ];
            let answer = client.request(http, STRICT, &grant);
            assert_eq!(answer.status, 200, "round {}: {}", page.round, answer.body);
            let again = client.request(http, STRICT, &grant);
            let successor = answer.text("refresh_token");
            assert_eq!(
                again.text("refresh_token"),
                successor,
                "two successors of one token"
            );
            page.refresh_token = successor;
        }
    }
}

fn check_tokens<'a>(http: &Http, tokens: impl Iterator<Item = &'a Token>) {
    for token in tokens {
        let status = call(http, &token.text);
        match token.fate {
            Fate::Live => assert_eq!(status, 200, "an acknowledged token is lost: {token:?}"),
            Fate::Revoked => assert_eq!(status, 401, "a revocation is lost: {token:?}"),
            Fate::Unknown => assert!(matches!(status, 200 | 401), "{status} {token:?}"),
        }
    }
}

/// Each acknowledged record is there once, as it was told; what was cut off is there at most once.
fn check_records(http: &Http, reader: &str, prefix: &str, created: &[&Created]) {
    let path = format!(
        "/api/now/table/incident?sysparm_query=correlation_idSTARTSWITH{prefix}\
         &sysparm_fields=correlation_id,sys_id,number&sysparm_limit=100000"
    );
    let answer = Answer::of(http.bearer(reader, "GET", &path));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut there = BTreeMap::new();
    for record in answer.json()["result"].as_array().unwrap() {
        let field = |name: &str| record[name].as_str().unwrap().to_owned();
        let earlier = there.insert(field("correlation_id"), (field("sys_id"), field("number")));
        assert!(earlier.is_none(), "created twice: {record}");
    }
    for created in created {
        let told = (created.sys_id.clone(), created.number.clone());
        assert_eq!(
            there.get(&created.mark),
            Some(&told),
            "an acknowledged record: {created:?}"
        );
    }
}
