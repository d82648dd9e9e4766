//! A person's browser as far as forms need one: it keeps cookies, and follows nothing by itself.

use std::{cell::RefCell, collections::BTreeMap};

use reqwest::blocking::RequestBuilder;
use snowglobe_testkit::{Answer, Http};

/// Somebody in front of a browser, who outlives the process that they visit.
#[derive(Default)]
pub(crate) struct Visitor {
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Visitor {
    pub(crate) fn get(&self, http: &Http, path: &str) -> Answer {
        self.send(http, "GET", path, &[])
    }

    /// Fills in the login page.
    pub(crate) fn log_in(&self, http: &Http, user_name: &str, password: &str) {
        let page = self.get(http, "/login.do");
        let typed = [
            ("user_name", user_name),
            ("user_password", password),
            ("sys_action", "sysverb_login"),
        ];
        let answer = self.submit(http, "/login.do", &page, &typed);
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// Posts a page's form, with what is typed in.
    pub(crate) fn submit(
        &self,
        http: &Http,
        path: &str,
        page: &Answer,
        typed: &[(&str, &str)],
    ) -> Answer {
        let ck = ck(page);
        let fields = [&[("sysparm_ck", &*ck)], typed].concat();
        self.send(http, "POST", path, &fields)
    }

    /// Posts a page's form with all its hidden fields, but for those that are typed over.
    pub(crate) fn fill_in(
        &self,
        http: &Http,
        path: &str,
        page: &Answer,
        typed: &[(&str, &str)],
    ) -> Answer {
        let hidden = page.body.split("<input type=\"hidden\" name=\"").skip(1);
        let hidden = hidden.filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            Some((name, rest.split_once('"')?.0))
        });
        let untouched = hidden.filter(|(name, _)| typed.iter().all(|(other, _)| other != name));
        let fields: Vec<_> = untouched.chain(typed.iter().copied()).collect();
        self.send(http, "POST", path, &fields)
    }

    /// Presses a button of a page that asks for consent.
    pub(crate) fn press(&self, http: &Http, path: &str, page: &Answer, button: &str) -> Answer {
        self.submit(http, path, page, &[("oauth_auth_check_action", button)])
    }

    /// Calls an API that knows people by their cookies.
    pub(crate) fn send_json(
        &self,
        http: &Http,
        method: &str,
        path: &str,
        body: &serde_json::Value,
    ) -> reqwest::Result<Answer> {
        let request = self.with_cookies(http, method, path);
        Answer::try_of(request.json(body)).inspect(|answer| self.keep_cookies(answer))
    }

    fn send(&self, http: &Http, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut request = self.with_cookies(http, method, path);
        if method == "POST" {
            request = request.form(form);
        }
        let answer = Answer::of(request);
        self.keep_cookies(&answer);
        answer
    }

    fn with_cookies(&self, http: &Http, method: &str, path: &str) -> RequestBuilder {
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = http.request(method, path);
        request.header("Cookie", cookies.join("; "))
    }

    fn keep_cookies(&self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let (name, value) = line.to_str().unwrap().split_once('=').unwrap();
            let value = value.split(';').next().unwrap_or_default();
            let mut cookies = self.cookies.borrow_mut();
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The first `sysparm_ck` of a page: its form's.
fn ck(page: &Answer) -> String {
    let (_, rest) = page
        .body
        .split_once("name=\"sysparm_ck\" value=\"")
        .unwrap_or_else(|| panic!("no form: {} {}", page.status, page.body));
    rest.split('"').next().unwrap().to_owned()
}
