//! Where a call goes and what proves it: the proof is added last, and a token that the API refuses is replaced once
//! (`outbound-oauth.md` §6.3, §7.6).

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method, Url,
    header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use snowglobe_oauth::{
    outbound::{
        Built, Credential, CredentialKind, Demand, KeyPlace, MessageAuth, Registry, ResolveFault,
        RetryPolicy, Selector,
    },
    secret::Secret,
};
use snowglobe_store::{Requestor, SecretOf};

use super::{
    BrokerFault,
    call::{CallFault, Run},
    token,
};
use crate::{
    app::App,
    outbound::{ApiCall, Reply, SendFault, sensitive},
};

/// Where a call goes and what proves it.
#[derive(Debug)]
pub(super) struct Way {
    /// The connection's URL.
    pub(super) base: Option<Box<str>>,
    /// The connection's headers.
    headers: Vec<(Box<str>, Box<str>)>,
    /// Milliseconds that the connection gives a call.
    timeout_ms: Option<u32>,
    proof: Proof,
    pub(super) policy: Option<RetryPolicy>,
    /// What no log may show.
    pub(super) secrets: Vec<Secret>,
    /// How long the other side was waited for.
    pub(super) away: Duration,
}

#[derive(Debug, Clone)]
enum Proof {
    None,
    Basic {
        user: Box<str>,
        password: Secret,
    },
    ApiKey {
        place: KeyPlace,
        name: Box<str>,
        key: Secret,
    },
    Bearer(Requestor),
}

impl Way {
    pub(super) fn of(app: &App, run: &Run) -> Result<Self, CallFault> {
        let outbound = app.store.outbound();
        let registry = outbound.registry();
        let mut way = Self {
            base: None,
            headers: Vec::new(),
            timeout_ms: None,
            proof: Proof::None,
            policy: None,
            secrets: Vec::new(),
            away: Duration::ZERO,
        };
        match run.message.auth(&run.function) {
            MessageAuth::Inherit | MessageAuth::None => {}
            MessageAuth::Basic(profile) => way.proof = basic_profile(app, registry, profile)?,
            MessageAuth::OAuth(profile) => way.proof = Proof::Bearer(of_profile(run, profile)),
            MessageAuth::Alias(alias) => way.by_alias(app, registry, alias, run)?,
        }
        let own = run.message.retry_policy.as_deref();
        if let Some(policy) = own.and_then(|key| registry.retry_policies.get(key)) {
            way.policy = Some(policy.clone());
        }
        way.remember_secrets();
        Ok(way)
    }

    fn by_alias(
        &mut self,
        app: &App,
        registry: &Registry,
        alias: &str,
        run: &Run,
    ) -> Result<(), CallFault> {
        let resolved = registry.resolve(alias, Selector::First)?;
        if let Some(connection) = resolved.connection {
            self.base = Some(connection.url.clone());
            self.headers.clone_from(&connection.headers);
            self.timeout_ms = Some(connection.timeout_ms).filter(|it| *it > 0);
        }
        let policy = resolved.alias.retry_policy.as_deref();
        let policy = policy.and_then(|key| registry.retry_policies.get(key));
        self.policy = policy.cloned();
        if let Some(credential) = resolved.credential {
            self.proof = proof(app, credential, run)?;
        }
        Ok(())
    }

    fn remember_secrets(&mut self) {
        self.secrets = match &self.proof {
            Proof::Basic { user, password } => vec![password.clone(), pair(user, password)],
            Proof::ApiKey { key, .. } => vec![key.clone()],
            Proof::None | Proof::Bearer(_) => Vec::new(),
        };
    }

    /// Returns whose consent a call waits for.
    pub(super) fn consent_for(&self, sent: &Result<Reply, CallFault>) -> Option<&Requestor> {
        match (&self.proof, sent) {
            (Proof::Bearer(requestor), Err(CallFault::Broker(fault))) if fault.needs_consent() => {
                Some(requestor)
            }
            _ => None,
        }
    }

    /// Sends a call; with a token that the API refuses, once more with a newer one.
    pub(super) async fn send(
        &mut self,
        app: &App,
        built: &Built,
        timeout_ms: Option<u32>,
    ) -> Result<Reply, CallFault> {
        let within = self.within(app, timeout_ms);
        let Proof::Bearer(requestor) = self.proof.clone() else {
            let call = self.call(built, None, within)?;
            return self.leave(app, call).await;
        };
        // PRB1974412: a call that has to prove itself never leaves without its proof.
        let refused = token(app, &requestor, Demand::Any).await?;
        let reply = self.send_with(app, built, &refused.access, within).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        // §7.6: invalidated, renewed once, replayed once; a second 401 is the answer.
        match token(app, &requestor, Demand::Newer(refused.generation)).await {
            Ok(newer) => self.send_with(app, built, &newer.access, within).await,
            Err(fault) => {
                tracing::info!(
                    fault = fault.code(),
                    "the API refuses the token, and there is no newer one: {fault}"
                );
                Ok(reply)
            }
        }
    }

    async fn send_with(
        &mut self,
        app: &App,
        built: &Built,
        token: &Secret,
        within: Duration,
    ) -> Result<Reply, CallFault> {
        self.secrets.push(token.clone());
        let call = self.call(built, Some(token), within)?;
        self.leave(app, call).await
    }

    async fn leave(&mut self, app: &App, mut call: ApiCall) -> Result<Reply, CallFault> {
        // §6.2
        let agent = app
            .store
            .properties()
            .text("glide.http.user.agent")
            .map(HeaderValue::try_from);
        if let Some(Ok(agent)) = agent.filter(|_| !call.headers.contains_key(USER_AGENT)) {
            call.headers.insert(USER_AGENT, agent);
        }
        let left = Instant::now();
        let reply = app.outbound.call(call).await;
        self.away += left.elapsed();
        Ok(reply?)
    }

    /// §6.4: what the caller says, or else the connection, and never more than the instance gives.
    fn within(&self, app: &App, timeout_ms: Option<u32>) -> Duration {
        let most = app.store.properties().number("glide.http.timeout", 175_000);
        let most = u32::try_from(most.clamp(1, 600_000)).unwrap_or(175_000);
        let asked = timeout_ms.or(self.timeout_ms).unwrap_or(most);
        Duration::from_millis(asked.min(most).into())
    }

    fn call(
        &self,
        built: &Built,
        bearer: Option<&Secret>,
        within: Duration,
    ) -> Result<ApiCall, CallFault> {
        let mut url = Url::parse(&built.url).map_err(|_| SendFault::Url)?;
        let mut headers = HeaderMap::new();
        let connection = self.headers.iter().map(|(name, value)| (name, &**value));
        let brought = built.headers.iter().map(|(name, value)| (name, &**value));
        for (name, value) in connection.chain(brought) {
            let name = HeaderName::try_from(&**name).map_err(|_| CallFault::Header)?;
            let value = HeaderValue::try_from(value).map_err(|_| CallFault::Header)?;
            headers.insert(name, value);
        }
        if let Some((name, secret)) = self.proven(bearer, &mut url) {
            let name = HeaderName::try_from(&*name).map_err(|_| CallFault::Header)?;
            headers.insert(name, sensitive(&secret)?);
        }
        Ok(ApiCall {
            method: Method::from_bytes(built.method.as_bytes()).map_err(|_| CallFault::Header)?,
            url,
            headers,
            body: built.body.clone().map(String::into_bytes),
            within,
            most: MOST,
        })
    }

    /// The header that proves a call, unless it is a parameter that does.
    fn proven(&self, bearer: Option<&Secret>, url: &mut Url) -> Option<(Box<str>, Secret)> {
        let authorization = |scheme: &str, secret: &Secret| {
            let text = Secret::new(format!("{scheme} {}", secret.expose()));
            Some(("authorization".into(), text))
        };
        match &self.proof {
            Proof::None => None,
            Proof::Basic { user, password } => authorization("Basic", &pair(user, password)),
            Proof::Bearer(_) => authorization("Bearer", bearer?),
            Proof::ApiKey { place, name, key } => match place {
                KeyPlace::Header => Some((name.clone(), key.clone())),
                KeyPlace::Query => {
                    url.query_pairs_mut().append_pair(name, key.expose());
                    None
                }
            },
        }
    }
}

/// §7.1: a message has tokens of its own; calls that no record describes share the profile's.
fn of_profile(run: &Run, profile: &str) -> Requestor {
    let (context, id) = match &*run.message.sys_id {
        "" => (PROFILES, profile),
        message => ("sys_rest_message", message),
    };
    Requestor {
        context: context.into(),
        id: id.into(),
        profile: profile.into(),
        user: None,
    }
}

fn basic_profile(app: &App, registry: &Registry, profile: &str) -> Result<Proof, CallFault> {
    let found = registry.basic_profiles.get(profile);
    let password = app.store.outbound_secret(SecretOf::BasicProfile, profile);
    let (found, password) = found.zip(password).ok_or(CallFault::BasicProfile)?;
    let user = found.user_name.clone();
    Ok(Proof::Basic { user, password })
}

fn proof(app: &App, credential: &Credential, run: &Run) -> Result<Proof, CallFault> {
    let secret = |of| {
        let opened = app.store.outbound_secret(of, &credential.sys_id);
        opened.ok_or(BrokerFault::NoSecret)
    };
    Ok(match &credential.kind {
        CredentialKind::OAuth { profile, personal } => Proof::Bearer(Requestor {
            context: "oauth_2_0_credentials".into(),
            id: credential.sys_id.clone(),
            profile: profile.clone(),
            user: match (personal, &run.user) {
                (false, _) => None,
                (true, Some(user)) => Some(user.clone()),
                (true, None) => return Err(CallFault::Nobody),
            },
        }),
        CredentialKind::Basic { user_name } => Proof::Basic {
            user: user_name.clone(),
            password: secret(SecretOf::BasicPassword)?,
        },
        CredentialKind::ApiKey { place, name } => Proof::ApiKey {
            place: *place,
            name: name.clone(),
            key: secret(SecretOf::ApiKey)?,
        },
        CredentialKind::Other(_) => return Err(ResolveFault::CredentialUnusable.into()),
    })
}

/// RFC 7617 §2
fn pair(user: &str, password: &Secret) -> Secret {
    let pair = Secret::new(format!("{user}:{}", password.expose()));
    Secret::new(STANDARD.encode(pair.expose()))
}

/// The context of tokens that all share who name their profile.
pub(crate) const PROFILES: &str = "oauth_entity_profile";
/// `outbound-oauth.md` §4.5: bytes of an answer.
const MOST: usize = 5 * 1024 * 1024;
