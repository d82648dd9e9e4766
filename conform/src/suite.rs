//! What a client does at an issuer, step by step.

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Url;
use serde_json::Value;

use crate::ask::Ask;
use crate::jose;
use crate::person::{Callback, End, Landing, Person};
use crate::target::{Client, Target};
use crate::wire::{Request, Response, Wire};

/// An issuer, and a way to it.
pub struct Suite<'s> {
    pub(crate) wire: &'s dyn Wire,
    pub(crate) target: &'s Target,
}

/// How a client says who it is.
#[derive(Clone, Debug)]
pub(crate) enum Auth<'a> {
    /// `client_secret_basic`
    Basic(&'a Client),
    /// `client_secret_post`
    Post(&'a Client),
    /// `none`
    Public(&'a str),
    /// `private_key_jwt`
    Assertion(&'a str),
}

/// What a code became.
#[derive(Clone, Debug)]
pub(crate) struct Tokens(pub(crate) Value);

impl Tokens {
    pub(crate) fn access(&self) -> &str {
        self.text("access_token")
    }

    pub(crate) fn refresh(&self) -> &str {
        self.text("refresh_token")
    }

    pub(crate) fn id_token(&self) -> &str {
        self.text("id_token")
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }
}

impl<'s> Suite<'s> {
    /// Looks at an issuer through a wire.
    pub fn new(wire: &'s dyn Wire, target: &'s Target) -> Self {
        Self { wire, target }
    }

    /// Somebody who is not signed in.
    pub(crate) fn person(&self) -> Person<'s> {
        Person::new(self.wire, self.target)
    }

    pub(crate) fn ask(&self) -> Ask {
        Ask::new(self.target)
    }

    /// A document at a path that is appended to the issuer.
    pub(crate) fn well_known(&self, path: &str) -> Result<Value> {
        let url = Url::parse(&format!("{}{path}", self.target.issuer_text()))?;
        let response = self.wire.send(Request::get(url))?;
        ensure!(response.status == 200, "{path} answers {}", response.status);
        response.json()
    }

    pub(crate) fn discovery(&self) -> Result<Value> {
        self.well_known("/.well-known/openid-configuration")
    }

    pub(crate) fn endpoint(&self, member: &str) -> Result<Url> {
        let discovery = self.discovery()?;
        let url = discovery[member].as_str();
        Ok(Url::parse(
            url.with_context(|| format!("no {member} is published"))?,
        )?)
    }

    pub(crate) fn keys(&self) -> Result<Value> {
        let response = self.wire.send(Request::get(self.endpoint("jwks_uri")?))?;
        ensure!(
            response.status == 200,
            "the JWK set answers {}",
            response.status
        );
        response.json()
    }

    /// Opens the authorization endpoint and goes wherever it leads.
    pub(crate) fn authorize(&self, person: &mut Person<'_>, ask: &Ask) -> Result<Landing> {
        let mut url = self.endpoint("authorization_endpoint")?;
        url.query_pairs_mut().extend_pairs(&ask.parameters);
        person.open(url)
    }

    /// The same, and it has to lead to the client.
    pub(crate) fn callback(&self, person: &mut Person<'_>, ask: &Ask) -> Result<Callback> {
        match self.authorize(person, ask)?.end {
            End::Client(callback) => Ok(callback),
            End::Page(page) => bail!(
                "stuck on a page: {} {}",
                page.status,
                first_words(&page.body)
            ),
        }
    }

    /// The same, and with a code.
    pub(crate) fn code(&self, person: &mut Person<'_>, ask: &Ask) -> Result<String> {
        let callback = self.callback(person, ask)?;
        let code = callback.get("code").map(str::to_owned);
        code.with_context(|| format!("no code at {}", callback.uri))
    }

    /// A token request.
    pub(crate) fn token(&self, auth: &Auth<'_>, form: &[(&str, &str)]) -> Result<Response> {
        self.call("token_endpoint", auth, form)
    }

    /// A request of an authenticated client to an endpoint.
    pub(crate) fn call(
        &self,
        endpoint: &str,
        auth: &Auth<'_>,
        form: &[(&str, &str)],
    ) -> Result<Response> {
        let mut form: Vec<(String, String)> = form
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut say = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
        let mut header = None;
        match *auth {
            Auth::Basic(client) => header = Some(basic(client)),
            Auth::Post(client) => {
                say("client_id", &client.id);
                say("client_secret", &client.secret);
            }
            Auth::Public(id) => say("client_id", id),
            Auth::Assertion(jwt) => {
                say("client_assertion_type", JWT_BEARER);
                say("client_assertion", jwt);
            }
        }
        let mut request = Request::post(self.endpoint(endpoint)?, form);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        self.wire.send(request)
    }

    /// Redeems a code as the client that asked for it.
    pub(crate) fn redeem(&self, ask: &Ask, code: &str) -> Result<Response> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", ask.get("redirect_uri")),
        ];
        if !ask.get("code_challenge").is_empty() {
            form.push(("code_verifier", &ask.verifier));
        }
        self.token(&self.auth_of(ask), &form)
    }

    fn auth_of<'a>(&'a self, ask: &'a Ask) -> Auth<'a> {
        let id = ask.get("client_id");
        let clients = [&self.target.client, &self.target.other];
        let client = clients.into_iter().find(|client| client.id == id);
        client.map_or(Auth::Public(id), Auth::Basic)
    }

    /// From the authorization endpoint to the tokens.
    pub(crate) fn tokens_of(&self, person: &mut Person<'_>, ask: &Ask) -> Result<Tokens> {
        let code = self.code(person, ask)?;
        let response = self.redeem(ask, &code)?;
        ensure!(
            response.status == 200,
            "no tokens: {} {}",
            response.status,
            response.body
        );
        Ok(Tokens(response.json()?))
    }

    /// The same, by somebody new.
    pub(crate) fn tokens(&self, ask: &Ask) -> Result<Tokens> {
        self.tokens_of(&mut self.person(), ask)
    }

    /// The claims of an ID token whose signature was checked.
    pub(crate) fn id_token(&self, tokens: &Tokens) -> Result<Value> {
        ensure!(!tokens.id_token().is_empty(), "no id_token in {}", tokens.0);
        jose::verified(tokens.id_token(), &self.keys()?)
    }

    pub(crate) fn userinfo(&self, method: &'static str, access_token: &str) -> Result<Response> {
        let mut request = Request::get(self.endpoint("userinfo_endpoint")?);
        request.method = method;
        self.wire
            .send(request.header("authorization", format!("Bearer {access_token}")))
    }
}

/// RFC 7523 §2.2
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn basic(client: &Client) -> String {
    // RFC 6749 §2.3.1: both are form-encoded first.
    let encode = |text: &str| -> String {
        let mut url = Url::parse("http://x/").map(|mut url| {
            url.query_pairs_mut().append_key_only(text);
            url
        });
        url.as_mut()
            .map(|url| url.query().unwrap_or_default().to_owned())
            .unwrap_or_default()
    };
    let pair = format!("{}:{}", encode(&client.id), encode(&client.secret));
    format!("Basic {}", STANDARD.encode(pair))
}

fn first_words(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<') {
        text.push_str(piece.rsplit('>').next().unwrap_or_default().trim());
        text.push(' ');
    }
    text.split_whitespace()
        .take(40)
        .collect::<Vec<_>>()
        .join(" ")
}
