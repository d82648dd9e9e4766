//! The person in front of a browser without JavaScript: logs in, consents, and sees where it leads.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use reqwest::Url;

use crate::html::{self, Form};
use crate::target::Target;
use crate::wire::{Request, Response, Wire};

/// A browser of its own: nobody is signed in when it is opened.
pub(crate) struct Person<'s> {
    wire: &'s dyn Wire,
    target: &'s Target,
    cookies: BTreeMap<String, String>,
    /// Presses *Deny* instead of *Allow*.
    pub(crate) denies: bool,
    /// The status of every redirect it followed.
    pub(crate) redirects: Vec<u16>,
}

/// Where it led.
#[derive(Debug)]
pub(crate) struct Landing {
    pub(crate) end: End,
    /// Login pages on the way.
    pub(crate) logins: usize,
    /// Pages of any kind on the way.
    pub(crate) pages: usize,
}

#[derive(Debug)]
pub(crate) enum End {
    /// At the client's redirect URI.
    Client(Callback),
    /// At a page of the issuer's on which the person is stuck.
    Page(Response),
}

/// What the client got.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub(crate) uri: String,
    pub(crate) mode: Mode,
    pub(crate) parameters: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Query,
    Fragment,
    FormPost,
}

impl Callback {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl<'s> Person<'s> {
    pub(crate) fn new(wire: &'s dyn Wire, target: &'s Target) -> Self {
        Self {
            wire,
            target,
            cookies: BTreeMap::new(),
            denies: false,
            redirects: Vec::new(),
        }
    }

    /// Opens a URL and does what the pages ask until it is over.
    pub(crate) fn open(&mut self, url: Url) -> Result<Landing> {
        let mut request = Request::get(url);
        let (mut logins, mut pages) = (0, 0);
        let landing = |end, logins, pages| Landing { end, logins, pages };
        for _ in 0..12 {
            let url = request.url.clone();
            if let Some(callback) = self.at_client(&request) {
                return Ok(landing(End::Client(callback), logins, pages));
            }
            let response = self.send(request)?;
            if let Some(location) = location(&url, &response)? {
                self.redirects.push(response.status);
                request = Request::get(location);
                continue;
            }
            pages += 1;
            match self.answer(&url, &response)? {
                Some((next, is_login)) => {
                    logins += usize::from(is_login);
                    pages -= usize::from(self.at_client(&next).is_some());
                    request = next;
                }
                None => return Ok(landing(End::Page(response), logins, pages)),
            }
        }
        bail!("the pages go round in circles")
    }

    /// What a person does on a page: the request it makes, and whether it was the login page.
    fn answer(&self, url: &Url, page: &Response) -> Result<Option<(Request, bool)>> {
        let forms = html::forms(&page.body);
        if let Some(form) = forms.iter().find(|form| form.field("password").is_some()) {
            return Ok(Some((self.log_in(url, form)?, true)));
        }
        let words: &[&str] = if self.denies { &NO } else { &YES };
        for form in &forms {
            let sends_itself = self.is_client(&url.join(&form.action)?);
            let button = form
                .button_saying(words)
                .or_else(|| form.button_saying(&GO_ON));
            if sends_itself || button.is_some() {
                let request = submit(url, form, form.sent_by(button))?;
                return Ok(Some((request, false)));
            }
        }
        Ok(None)
    }

    fn log_in(&self, url: &Url, form: &Form) -> Result<Request> {
        let password = form.field("password").context("a password field")?;
        let is_name = |kind: &str| matches!(kind, "text" | "email");
        let name = form.fields.iter().find(|field| is_name(&field.kind));
        let name = &name.context("a login form asks for a name")?.name;
        let mut sent = form.sent_by(form.buttons.first());
        for (field, value) in &mut sent {
            if *field == password.name {
                value.clone_from(&self.target.password);
            } else if field == name {
                value.clone_from(&self.target.user);
            }
        }
        submit(url, form, sent)
    }

    fn send(&mut self, request: Request) -> Result<Response> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let origin = request.url.origin().ascii_serialization();
        let mut request = request.header("accept", "text/html");
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if request.method == "POST" {
            request = request.header("origin", origin);
        }
        let response = self.wire.send(request)?;
        for (_, cookie) in response
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            self.keep(cookie);
        }
        Ok(response)
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let is_over = parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) || value.is_empty();
        if is_over {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The callback, when a request would leave the issuer for the client.
    fn at_client(&self, request: &Request) -> Option<Callback> {
        if !self.is_client(&request.url) {
            return None;
        }
        let fragment = request.url.fragment().filter(|text| text.contains('='));
        let (mode, parameters) = match (request.method, fragment) {
            ("POST", _) => (Mode::FormPost, request.form.clone()),
            (_, Some(fragment)) => {
                let read = Url::parse(&format!("http://x/?{fragment}")).ok()?;
                (Mode::Fragment, read.query_pairs().into_owned().collect())
            }
            _ => (
                Mode::Query,
                request.url.query_pairs().into_owned().collect(),
            ),
        };
        Some(Callback {
            uri: request.url.to_string(),
            mode,
            parameters,
        })
    }

    /// Everything that is not the issuer's is the client's, or an attacker's.
    fn is_client(&self, url: &Url) -> bool {
        url.origin() != self.target.issuer.origin()
    }
}

fn submit(page: &Url, form: &Form, sent: Vec<(String, String)>) -> Result<Request> {
    let mut action = page.join(&form.action)?;
    if form.is_post {
        return Ok(Request::post(action, sent));
    }
    action.query_pairs_mut().extend_pairs(&sent);
    Ok(Request::get(action))
}

fn location(from: &Url, response: &Response) -> Result<Option<Url>> {
    if !(300..400).contains(&response.status) {
        return Ok(None);
    }
    let location = response
        .header("location")
        .context("a redirect without a Location")?;
    Ok(Some(from.join(location)?))
}

/// Whatever the answer will be.
const GO_ON: [&str; 2] = ["continue", "next"];
const YES: [&str; 6] = ["allow", "accept", "authorize", "approve", "log out", "yes"];
const NO: [&str; 4] = ["deny", "refuse", "cancel", "no"];
