//! A wire that breaks a server in one point: what goes there is changed, or what comes from it.

use std::cell::RefCell;

use anyhow::Result;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use serde_json::{Value, json};
use snowglobe_conform::{Direct, Request, Response, Target, Wire};

/// Carries a request through the broken point.
pub(crate) type Fault = fn(&Broken<'_>, Request) -> Result<Response>;

/// The server, broken.
pub(crate) struct Broken<'a> {
    direct: &'a Direct,
    pub(crate) target: &'a Target,
    fault: Fault,
    key: KeyPair,
    first: RefCell<Option<Response>>,
}

impl Wire for Broken<'_> {
    fn send(&self, request: Request) -> Result<Response> {
        (self.fault)(self, request)
    }
}

impl<'a> Broken<'a> {
    pub(crate) fn new(direct: &'a Direct, target: &'a Target, fault: Fault) -> Self {
        Self {
            direct,
            target,
            fault,
            key: KeyPair::generate(KeySize::Rsa2048).unwrap(),
            first: RefCell::default(),
        }
    }

    /// Unbroken.
    pub(crate) fn pass(&self, request: Request) -> Result<Response> {
        self.direct.send(request)
    }

    /// Answers at one path are changed.
    pub(crate) fn answer(
        &self,
        path: &str,
        request: Request,
        change: impl FnOnce(&mut Response),
    ) -> Result<Response> {
        let is_there = request.url.path() == path;
        let mut response = self.pass(request)?;
        if is_there {
            change(&mut response);
        }
        Ok(response)
    }

    /// JSON answers at one path are changed.
    pub(crate) fn json(
        &self,
        path: &str,
        request: Request,
        change: impl FnOnce(&mut Value),
    ) -> Result<Response> {
        self.answer(path, request, |response| {
            if let Ok(mut body) = serde_json::from_str(&response.body) {
                change(&mut body);
                response.body = body.to_string();
            }
        })
    }

    /// Requests to one path are changed: query and form alike.
    pub(crate) fn ask(
        &self,
        path: &str,
        mut request: Request,
        change: impl Fn(&mut Vec<(String, String)>),
    ) -> Result<Response> {
        if request.url.path() == path {
            let mut query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
            change(&mut query);
            change(&mut request.form);
            request.url.set_query(None);
            if !query.is_empty() {
                request.url.query_pairs_mut().extend_pairs(query);
            }
        }
        self.pass(request)
    }

    /// What is redirected to the client is changed.
    pub(crate) fn callback(
        &self,
        request: Request,
        change: impl FnOnce(&mut Vec<(String, String)>),
    ) -> Result<Response> {
        let mut response = self.pass(request)?;
        let issuer = self.target.issuer.origin();
        for (name, value) in &mut response.headers {
            let Some(mut url) = (name == "location")
                .then(|| Url::parse(value).ok())
                .flatten()
            else {
                continue;
            };
            if url.origin() != issuer {
                let mut pairs = url.query_pairs().into_owned().collect();
                change(&mut pairs);
                url.query_pairs_mut().clear().extend_pairs(pairs);
                *value = url.into();
                break;
            }
        }
        Ok(response)
    }

    /// ID tokens are changed and signed again, by a key that is published in place of the real ones.
    pub(crate) fn id_token(
        &self,
        request: Request,
        change: impl FnOnce(&mut Value),
    ) -> Result<Response> {
        if request.url.path() == super::faults::JWKS {
            let keys = json!({"keys": [self.public_key()]});
            return Ok(answer(200, &keys));
        }
        self.json(super::faults::TOKEN, request, |body| {
            let Some(token) = body["id_token"].as_str() else {
                return;
            };
            let payload = token.split('.').nth(1).unwrap();
            let mut claims =
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
            change(&mut claims);
            body["id_token"] = self.signed(&claims).into();
        })
    }

    fn signed(&self, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let header = json!({"alg": "RS256", "kid": "broken"});
        let input = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                input.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn public_key(&self) -> Value {
        let key = self.key.public_key();
        let encode = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
        json!({
            "kty": "RSA",
            "kid": "broken",
            "use": "sig",
            "alg": "RS256",
            "n": encode(key.modulus().big_endian_without_leading_zero()),
            "e": encode(key.exponent().big_endian_without_leading_zero()),
        })
    }

    /// What succeeded once at a path is answered again and again.
    pub(crate) fn again(&self, path: &str, request: Request) -> Result<Response> {
        if request.url.path() != path {
            return self.pass(request);
        }
        if let Some(first) = &*self.first.borrow() {
            return Ok(first.clone());
        }
        let response = self.pass(request)?;
        if response.status == 200 {
            self.first.replace(Some(response.clone()));
        }
        Ok(response)
    }

    /// The authorization endpoint refuses a request that says this.
    pub(crate) fn refuse(&self, request: Request, name: &str, error: &str) -> Result<Response> {
        let is_meant = request.url.path() == super::faults::AUTHORIZE;
        if !is_meant || request.parameter(name).is_none() {
            return self.pass(request);
        }
        let state = request.parameter("state").unwrap_or_default();
        Ok(self.leads_to(&request, &[("error", error), ("state", &state)]))
    }

    /// A redirect to the URI that the request names, whatever it is.
    pub(crate) fn leads_to(&self, request: &Request, say: &[(&str, &str)]) -> Response {
        let uri = ["redirect_uri", "post_logout_redirect_uri"]
            .iter()
            .find_map(|name| request.parameter(name))
            .unwrap_or_else(|| self.target.redirect_uri.clone());
        let mut url = Url::parse(&uri).unwrap();
        url.query_pairs_mut().extend_pairs(say);
        Response {
            status: 303,
            headers: vec![("location".to_owned(), url.into())],
            body: String::new(),
        }
    }

    /// The client that sends a request is taken for the first one, properly authenticated.
    pub(crate) fn as_first_client(&self, mut request: Request) -> Result<Response> {
        if request.url.path() == super::faults::TOKEN {
            let client = &self.target.client;
            request.headers.clear();
            request
                .form
                .retain(|(name, _)| !name.starts_with("client_"));
            for (name, value) in [("client_id", &client.id), ("client_secret", &client.secret)] {
                request.form.push((name.to_owned(), value.clone()));
            }
        }
        self.pass(request)
    }
}

/// An answer that the server never gave.
pub(crate) fn answer(status: u16, body: &Value) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.to_string(),
    }
}

/// Takes a parameter out.
pub(crate) fn without(pairs: &mut Vec<(String, String)>, name: &str) {
    pairs.retain(|(known, _)| known != name);
}

/// Puts a parameter in, unless nothing else is there.
pub(crate) fn with(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    if !pairs.is_empty() {
        without(pairs, name);
        pairs.push((name.to_owned(), value.to_owned()));
    }
}
