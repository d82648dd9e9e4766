//! A browser as far as pages need one: it keeps cookies, fills in forms, and follows nothing by itself.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::blocking::RequestBuilder;
use snowglobe_testkit::Answer;

use crate::world::World;

/// Somebody in front of a browser.
pub(crate) struct Browser<'w> {
    world: &'w World,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl<'w> Browser<'w> {
    /// A browser that was never here.
    pub(crate) fn new(world: &'w World) -> Self {
        Self {
            world,
            cookies: Mutex::default(),
        }
    }

    /// A browser in which one of the people that the instance starts with is logged in.
    pub(crate) fn of(world: &'w World, user_name: &str) -> Self {
        let browser = Self::new(world);
        let answer = browser.log_in(user_name, world.password(user_name));
        assert_eq!(answer.status, 303, "{user_name}: {}", answer.body);
        browser
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(self.world.http.request("GET", path))
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.world.http.request("POST", path).form(fields))
    }

    /// Calls the API as a page's script does: with the cookies, and with a token if there is one.
    pub(crate) fn call(&self, method: &str, path: &str, token: Option<&str>) -> Answer {
        let request = self.world.http.request(method, path);
        let request = match method {
            "GET" | "HEAD" => request,
            _ => request.json(&serde_json::json!({"short_description": "by a session"})),
        };
        self.send(match token {
            Some(token) => request.header("X-UserToken", token),
            None => request,
        })
    }

    /// The same with a bearer token beside the cookies.
    pub(crate) fn call_as_bearer(&self, path: &str, token: &str) -> Answer {
        self.send(self.world.http.bearer(token, "GET", path))
    }

    /// Posts a page's form: its hidden fields, and what is typed in.
    pub(crate) fn submit(&self, page: &Answer, path: &str, typed: &[(&str, &str)]) -> Answer {
        let hidden = hidden_fields(&page.body);
        let hidden = hidden.iter().map(|(name, value)| (&**name, &**value));
        let untouched = hidden.filter(|(name, _)| typed.iter().all(|(other, _)| other != name));
        let fields: Vec<_> = untouched.chain(typed.iter().copied()).collect();
        self.post(path, &fields)
    }

    /// Fills in the login form.
    pub(crate) fn log_in(&self, user_name: &str, password: &str) -> Answer {
        self.log_in_at("/login.do", user_name, password)
    }

    /// Fills in the login form that is shown at this address.
    pub(crate) fn log_in_at(&self, address: &str, user_name: &str, password: &str) -> Answer {
        let page = self.get(address);
        assert_eq!(page.status, 200, "{}", page.body);
        let typed = [("user_name", user_name), ("user_password", password)];
        self.submit(&page, "/login.do", &typed)
    }

    /// The name that the pages greet, if anybody is logged in.
    pub(crate) fn who(&self) -> Option<String> {
        let body = self.get("/logout.do").body;
        let (_, rest) = body.split_once("You are logged in as <strong>")?;
        Some(rest.split_once("</strong>")?.0.to_owned())
    }

    /// The `sysparm_ck` of the forms of this session.
    pub(crate) fn ck(&self) -> String {
        hidden(&self.get("/logout.do").body, "sysparm_ck")
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.insert(name.to_owned(), value.to_owned());
    }

    fn send(&self, request: RequestBuilder) -> Answer {
        let all: Vec<String> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = Answer::of(request.header("Cookie", all.join("; ")));
        for line in answer.headers.get_all("set-cookie") {
            self.keep(line.to_str().unwrap());
        }
        answer
    }

    fn keep(&self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.lock().unwrap().remove(name);
        } else {
            self.set_cookie(name, value);
        }
    }
}

/// The value of a hidden field, which must be there.
pub(crate) fn hidden(html: &str, name: &str) -> String {
    let found = hidden_fields(html)
        .into_iter()
        .find(|(known, _)| known == name);
    found
        .unwrap_or_else(|| panic!("no hidden field {name} in {html}"))
        .1
}

/// Every hidden field in the order of the page.
fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = inputs.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        Some((name.to_owned(), unescape(value)))
    });
    fields.collect()
}

pub(crate) fn unescape(text: &str) -> String {
    let named = [
        ("&#34;", "\""),
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    named
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| {
            text.replace(escaped, plain)
        })
}
