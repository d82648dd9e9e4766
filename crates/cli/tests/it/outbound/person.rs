//! A person who logs in and consents: as little of a browser as that needs.

use std::collections::BTreeMap;

use reqwest::blocking::RequestBuilder;
use snowglobe_testkit::{Answer, Http, Instance};

use super::Grant;

/// Logs in, and consents at the provider for what was set up.
pub(super) fn consent(instance: &Instance, grant: &Grant) {
    Person::log_in(instance).consent(grant);
}

/// An administrator who is logged in.
pub(super) struct Person(Browser);

impl Person {
    pub(super) fn log_in(instance: &Instance) -> Self {
        let admin = instance.user("admin");
        let mut browser = Browser {
            http: instance.http().clone(),
            cookies: BTreeMap::new(),
        };
        let login = browser.send("GET", "/login.do", &[]);
        let mut fields = hidden(&login.body);
        fields.push(("user_name".to_owned(), admin.name.clone()));
        fields.push(("user_password".to_owned(), admin.password.clone()));
        assert_eq!(browser.send("POST", "/login.do", &fields).status, 303);
        Self(browser)
    }

    /// Consents at the simulated provider, which asks nothing.
    pub(super) fn consent(&mut self, grant: &Grant) {
        let to = self.leaves(grant);
        let (base, rest) = to.split_at(to.find("/authorize").unwrap());
        let back = Http::new(base).get(rest);
        self.returns(back.header("location"));
    }

    /// Opens a page.
    pub(super) fn get(&mut self, path: &str) -> Answer {
        self.0.send("GET", path, &[])
    }

    /// Where *Get OAuth Token* leads.
    pub(super) fn leaves(&mut self, grant: &Grant) -> String {
        let path = format!(
            "/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor={}\
             &oauth_provider_profile={}&response_type=code",
            grant.credential, grant.profile
        );
        let left = self.0.send("GET", &path, &[]);
        assert_eq!(left.status, 303, "{}", left.body);
        left.header("location").to_owned()
    }

    /// Comes back from the provider.
    pub(super) fn returns(&mut self, back: &str) {
        let back = &back[back.find("/oauth_redirect.do").unwrap()..];
        let done = self.0.send("GET", back, &[]);
        assert!(done.body.contains("OAuth token obtained"), "{}", done.body);
    }
}

struct Browser {
    http: Http,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn send(&mut self, method: &str, path: &str, fields: &[(String, String)]) -> Answer {
        let mut request: RequestBuilder = self.http.request(method, path);
        if !fields.is_empty() {
            request = request.form(fields);
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = Answer::of(request.header("Cookie", cookies.join("; ")));
        for line in answer.headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

/// The hidden fields of a page.
fn hidden(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = inputs.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        Some((name.to_owned(), value.to_owned()))
    });
    fields.collect()
}
