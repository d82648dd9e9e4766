//! What the simulated provider knows: its tokens, and the ledger.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use snowglobe_oauth::{Form, secret::Secret};

use super::{Control, Options, Temper};
use crate::entropy;

/// What happened so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Requests to the token endpoint, whatever became of them.
    pub token_requests: u64,
    /// Those that gave tokens.
    pub granted: u64,
    /// Those of them by refresh tokens.
    pub refreshed: u64,
    /// Refresh tokens that were used after they had been replaced, outside of the grace.
    pub replays: u64,
    /// Refresh tokens that were used again within the grace.
    pub forgiven: u64,
    /// Calls of the API that were let in.
    pub api_calls: u64,
    /// Calls of the API that were refused.
    pub api_refusals: u64,
    /// Tokens that the client ended (RFC 7009).
    pub revoked: u64,
    /// Refresh tokens that would be taken now.
    pub living_refresh_tokens: u64,
}

/// Its tokens.
#[derive(Debug)]
pub(super) struct Books {
    options: Options,
    pub(super) control: Control,
    ledger: Ledger,
    access: HashMap<String, Instant>,
    refresh: HashMap<String, Refresh>,
    codes: HashMap<String, String>,
    families: u64,
}

/// A refresh token.
#[derive(Debug)]
struct Refresh {
    family: u64,
    /// When it was replaced, and by what.
    replaced: Option<(Instant, String, String)>,
    dead: bool,
}

/// Why a token request is refused.
pub(super) type Refused = (u16, &'static str);

impl Books {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            control: Control::default(),
            ledger: Ledger::default(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            codes: HashMap::new(),
            families: 0,
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        let living = |it: &&Refresh| !it.dead && it.replaced.is_none();
        let living = self.refresh.values().filter(living).count();
        Ledger {
            living_refresh_tokens: u64::try_from(living).unwrap_or(u64::MAX),
            ..self.ledger
        }
    }

    /// Counts a token request, and says what shall go wrong with it.
    pub(super) fn count(&mut self) -> Mishap {
        self.ledger.token_requests += 1;
        if self.control.fail > 0 {
            self.control.fail -= 1;
            return Mishap::Unavailable;
        }
        if self.control.drop > 0 {
            self.control.drop -= 1;
            return Mishap::Dropped;
        }
        match (self.options.temper, self.ledger.token_requests % 9) {
            (Temper::Flaky, 3) => Mishap::Unavailable,
            (Temper::Flaky, 6) => Mishap::Dropped,
            (Temper::Flaky, 0) => Mishap::Late,
            _ => Mishap::None,
        }
    }

    pub(super) fn obey(&mut self, control: Control) {
        if control.expire {
            self.access.clear();
        }
        if control.revoke {
            self.refresh.values_mut().for_each(|it| it.dead = true);
        }
        self.control = control;
    }

    /// Notes a code and the challenge that came with the request for it.
    pub(super) fn code(&mut self, challenge: &str) -> String {
        let code = self.random();
        self.codes.insert(code.clone(), challenge.to_owned());
        code
    }

    /// Grants a token request, or refuses it.
    pub(super) fn grant(&mut self, form: &Form<'_>) -> Result<serde_json::Value, Refused> {
        let value = |name| form.get(name).ok().flatten().unwrap_or_default();
        match value("grant_type") {
            "client_credentials" | "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
                Ok(self.issue(None))
            }
            "password" if value("password").is_empty() => Err((400, "invalid_grant")),
            "password" => {
                let refresh = self.begin_family();
                Ok(self.issue(Some(&refresh)))
            }
            "authorization_code" => {
                let challenge = self
                    .codes
                    .remove(value("code"))
                    .ok_or((400, "invalid_grant"))?;
                let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
                if !challenge.is_empty() && challenge != digest {
                    return Err((400, "invalid_grant"));
                }
                let refresh = self.begin_family();
                Ok(self.issue(Some(&refresh)))
            }
            "refresh_token" => self.refresh(value("refresh_token")),
            _ => Err((400, "unsupported_grant_type")),
        }
    }

    fn refresh(&mut self, token: &str) -> Result<serde_json::Value, Refused> {
        let grace = Duration::from_millis(self.options.grace_ms);
        let known = self.refresh.get(token).filter(|it| !it.dead);
        let known = known.ok_or((400, "invalid_grant"))?;
        let family = known.family;
        if let Some((at, access, next)) = &known.replaced {
            if at.elapsed() <= grace {
                self.ledger.forgiven += 1;
                return Ok(self.answer(&access.clone(), Some(next)));
            }
            self.ledger.replays += 1;
            let of_family = self.refresh.values_mut().filter(|it| it.family == family);
            of_family.for_each(|it| it.dead = true);
            return Err((400, "invalid_grant"));
        }
        self.ledger.refreshed += 1;
        if self.options.temper == Temper::Strict {
            return Ok(self.issue(None));
        }
        let next = self.begin(family);
        let answer = self.issue(Some(&next));
        let access = answer["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(known) = self.refresh.get_mut(token) {
            known.replaced = Some((Instant::now(), access, next));
        }
        Ok(answer)
    }

    fn begin_family(&mut self) -> String {
        self.families += 1;
        self.begin(self.families)
    }

    fn begin(&mut self, family: u64) -> String {
        let token = self.random();
        let refresh = Refresh {
            family,
            replaced: None,
            dead: false,
        };
        self.refresh.insert(token.clone(), refresh);
        token
    }

    fn issue(&mut self, refresh: Option<&str>) -> serde_json::Value {
        self.ledger.granted += 1;
        let access = self.random();
        let ends = Instant::now() + Duration::from_secs(self.options.lifetime.into());
        self.access.insert(access.clone(), ends);
        self.answer(&access, refresh)
    }

    fn random(&self) -> String {
        // Without randomness there is nothing to simulate; a token that everybody knows guards nothing here anyway.
        let bytes: [u8; 32] = entropy::random().unwrap_or_default();
        let secret = Secret::generate(bytes);
        format!("{}{}", self.options.token_prefix, secret.expose())
    }

    fn answer(&self, access: &str, refresh: Option<&str>) -> serde_json::Value {
        let mut answer = serde_json::json!({
            "access_token": access, "token_type": "Bearer", "expires_in": self.options.lifetime,
        });
        if let Some(refresh) = refresh {
            answer["refresh_token"] = refresh.into();
            if self.control.refresh_expires_in > 0 {
                answer["refresh_expires_in"] = self.control.refresh_expires_in.into();
            }
        }
        answer
    }

    /// Ends a token, unless it shall not work this time.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        if self.control.fail_revocations > 0 {
            self.control.fail_revocations -= 1;
            return false;
        }
        let known = self.access.remove(token).is_some();
        let refresh = self.refresh.get_mut(token);
        if known || refresh.is_some() {
            self.ledger.revoked += 1;
        }
        if let Some(refresh) = refresh {
            refresh.dead = true;
        }
        true
    }

    /// Lets a call of the API in, or does not.
    pub(super) fn admits(&mut self, bearer: &str) -> bool {
        let admitted = self
            .access
            .get(bearer)
            .is_some_and(|ends| *ends > Instant::now());
        if admitted {
            self.ledger.api_calls += 1;
        } else {
            self.ledger.api_refusals += 1;
        }
        admitted
    }
}

/// What goes wrong with a token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    None,
    /// 503, and nothing is done.
    Unavailable,
    /// All is done, and nobody hears of it.
    Dropped,
    /// The answer comes a second later.
    Late,
}
