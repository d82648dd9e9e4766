//! Asking a provider for a token: noted before it is sent, and on disk before it is used.

use std::time::Duration;

use snowglobe_oauth::{
    outbound::{
        Answer, Granted, Held, Material, NewRefresh, OutboundGrant, Outcome, Settled, Standing,
        Step, Terms, TokenCall,
    },
    secret::Secret,
    time::UnixMillis,
};
use snowglobe_store::{HeldGrant, NewTokens, Parties, Requestor, TakeOff, backend::ApplyError};

use super::{
    BrokerFault,
    proof::{Proof, signed},
    token::Sides,
};
use crate::{
    app::App,
    clock, entropy,
    outbound::{FormPost, SendFault},
};

/// What a person brought back, or typed.
#[derive(Debug)]
pub(crate) enum Consented {
    /// RFC 6749 §4.1.3
    Code {
        code: Secret,
        redirect_uri: String,
        verifier: Secret,
    },
    /// RFC 6749 §4.3
    Password { username: String, password: Secret },
}

/// Fetches a token and waits for the outcome, which is stored. It goes on when nobody waits any more.
pub(super) async fn fetch(app: &App, requestor: &Requestor, step: Step) -> Result<(), BrokerFault> {
    let (app, requestor) = (app.clone(), requestor.clone());
    let flight = tokio::spawn(async move { fly(&app, &requestor, Ask::Step(step)).await });
    flight.await.unwrap_or(Err(BrokerFault::Waited)).map(|_| ())
}

/// Fetches a token while nobody waits.
pub(super) fn ahead(app: &App, requestor: &Requestor, step: Step) {
    let (app, requestor) = (app.clone(), requestor.clone());
    tokio::spawn(async move {
        let line = app.flights.line(&requestor);
        // Whoever stands in it asks already.
        let Ok(_first) = line.try_lock() else { return };
        if let Err(fault) = fly(&app, &requestor, Ask::Step(step)).await {
            tracing::warn!(fault = fault.code(), "a token cannot be renewed: {fault}");
        }
    });
}

/// Exchanges what a person brought for tokens, and returns what the provider said if it refused.
pub(crate) async fn consented(
    app: &App,
    requestor: &Requestor,
    consented: Consented,
) -> Result<(), BrokerFault> {
    let (app, requestor) = (app.clone(), requestor.clone());
    let flight = tokio::spawn(async move {
        let line = app.flights.line(&requestor);
        let _first = line.lock().await;
        fly(&app, &requestor, Ask::Consented(consented)).await
    });
    match flight.await.unwrap_or(Err(BrokerFault::Waited))? {
        Held {
            standing: Standing::Healthy,
            ..
        } => Ok(()),
        held => Err(held
            .standing
            .trouble()
            .cloned()
            .map_or(BrokerFault::Waited, BrokerFault::Trouble)),
    }
}

/// What is asked with.
enum Ask {
    Step(Step),
    Consented(Consented),
}

impl Ask {
    fn step(&self) -> Step {
        match self {
            Self::Step(step) => *step,
            Self::Consented(_) => Step::Obtain,
        }
    }
}

/// Takes off, asks and settles; returns what is held then.
async fn fly(app: &App, requestor: &Requestor, ask: Ask) -> Result<Held, BrokerFault> {
    let sides = Sides::of(app, &requestor.profile)?;
    let step = ask.step();
    let Some((seen, flight)) = take_off(app, requestor, &sides, step).await? else {
        // Somebody else is asking; whoever waits looks again.
        return Ok(Held::nothing());
    };
    let asked = app.now();
    let reply = send(app, &sides, &seen, &ask).await;
    let (outcome, granted) = understand(reply, &seen, app);
    let terms = Terms {
        refresh_token_lifespan: sides.provider.refresh_token_lifespan,
        extend_refresh_token_expiry: sides.provider.extend_refresh_token_expiry,
        needs_person: sides.grant.needs_person(),
    };
    let settled = seen.held.settle(step, &outcome, terms, asked);
    // What a person brought was refused: what is held besides is as good as before.
    if matches!(ask, Ask::Consented(_)) && granted.is_none() {
        app.store.land(&seen, &flight).await?;
        return Ok(settled.held);
    }
    let own_scope = sides.profile.scope();
    let tokens = match &granted {
        None => None,
        Some(granted) => Some(NewTokens {
            access: (&granted.access_token, nonce()?),
            refresh: match (&granted.refresh_token, settled.new_refresh) {
                (Some(token), true) => Some((token, nonce()?)),
                _ => None,
            },
            scope: granted.scope.as_deref().unwrap_or(&own_scope),
        }),
    };
    let parties = sides.parties(requestor);
    let stored =
        store_until_done(app, parties, (&seen, &flight), (&settled, tokens.as_ref())).await;
    note(&sides, &settled.held);
    match stored {
        Ok(()) => Ok(settled.held),
        // Newer tokens are there, or somebody else took over: whoever waits looks again.
        Err(ApplyError::Conflict) => Ok(Held::nothing()),
        Err(error) => Err(error.into()),
    }
}

/// Notes the request, once nobody else's is under way; `None` when somebody else's is.
async fn take_off(
    app: &App,
    requestor: &Requestor,
    sides: &Sides,
    step: Step,
) -> Result<Option<(HeldGrant, Box<str>)>, BrokerFault> {
    let random = entropy::random().map_err(|_| BrokerFault::NoRandomness)?;
    let nonce = u64::from_le_bytes(random);
    for _ in 0..2 {
        let machine = clock::machine();
        let seen = app.store.held(requestor, machine).await?;
        if seen
            .as_ref()
            .is_some_and(|it| it.held.flight.is_some_and(|it| it.live))
        {
            return Ok(None);
        }
        let take_off = TakeOff {
            step,
            nonce,
            until: UnixMillis(machine.0.saturating_add(LEASE_MS)),
            now: app.now(),
        };
        let parties = sides.parties(requestor);
        match app.store.take_off(parties, seen.as_ref(), take_off).await {
            Ok(flight) => {
                let seen = app.store.held(requestor, clock::machine()).await?;
                return Ok(seen.map(|seen| (seen, flight)));
            }
            Err(ApplyError::Conflict | ApplyError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// What came of sending.
enum Reply {
    Answered(Answer),
    Failed(SendFault),
    /// What the request needs is not there.
    Unsent(BrokerFault),
}

async fn send(app: &App, sides: &Sides, seen: &HeldGrant, ask: &Ask) -> Reply {
    let call = match call(app, sides, seen, ask) {
        Ok(call) => call,
        Err(fault) => return Reply::Unsent(fault),
    };
    let post = FormPost {
        url: &call.url,
        form: &call.form,
        authorization: call.authorization.as_ref(),
        within: WITHIN,
    };
    match app.outbound.post_form(post).await {
        Ok(reply) => Reply::Answered(Answer::read(reply.status, &reply.body)),
        Err(fault) => Reply::Failed(fault),
    }
}

fn call(app: &App, sides: &Sides, seen: &HeldGrant, ask: &Ask) -> Result<TokenCall, BrokerFault> {
    let Sides {
        profile, provider, ..
    } = sides;
    let assertion;
    let refresh;
    let material = match ask {
        Ask::Consented(Consented::Code {
            code,
            redirect_uri,
            verifier,
        }) => Material::Code {
            code,
            redirect_uri,
            verifier,
        },
        Ask::Consented(Consented::Password { username, password }) => {
            Material::Password { username, password }
        }
        Ask::Step(Step::Refresh) => {
            refresh = app.store.held_refresh(seen).ok_or(BrokerFault::NoSecret)?;
            Material::Refresh(&refresh)
        }
        Ask::Step(Step::Obtain) => match &profile.jwt_provider {
            _ if sides.grant != OutboundGrant::JwtBearer => Material::ClientCredentials,
            by => {
                assertion = signed(app, by.as_deref(), |by, jti| {
                    by.assertion(provider, jti, app.now())
                })?;
                Material::Assertion(&assertion)
            }
        },
    };
    // RFC 7521 §4.2: an assertion may be all the proof there is.
    let none_will_do = provider.public || matches!(material, Material::Assertion(_));
    let proof = Proof::of(app, provider, none_will_do)?;
    Ok(TokenCall::new(
        provider,
        &material,
        &profile.scope(),
        &proof.as_client(),
    )?)
}

/// Tells what a reply means for what is held.
fn understand(reply: Reply, seen: &HeldGrant, app: &App) -> (Outcome, Option<Granted>) {
    match reply {
        Reply::Answered(Answer::Granted(granted)) => {
            let refresh = match &granted.refresh_token {
                None => NewRefresh::None,
                Some(token) => {
                    let before = app.store.held_refresh(seen);
                    let same = before.is_some_and(|it| it.expose() == token.expose());
                    let lives = granted.refresh_expires_in;
                    if same {
                        NewRefresh::Same(lives)
                    } else {
                        NewRefresh::New(lives)
                    }
                }
            };
            let outcome = Outcome::Granted {
                expires_in: granted.expires_in,
                refresh,
            };
            (outcome, Some(granted))
        }
        Reply::Answered(Answer::Refused(refusal)) => (Outcome::Refused(refusal), None),
        Reply::Answered(Answer::Unusable(why)) => (Outcome::Unusable(why), None),
        Reply::Failed(fault) if fault.was_sent() => {
            (Outcome::NoAnswer(fault.to_string().into()), None)
        }
        Reply::Failed(fault) if fault.is_passing() => {
            (Outcome::Unreached(fault.to_string().into()), None)
        }
        Reply::Failed(fault) => {
            let (code, detail) = (fault.code(), fault.to_string().into());
            (Outcome::NotSent { code, detail }, None)
        }
        Reply::Unsent(fault) => {
            let (code, detail) = (fault.code(), fault.to_string().into());
            (Outcome::NotSent { code, detail }, None)
        }
    }
}

/// An answer is the only copy of what it holds, so a database that is away for a moment is waited for.
async fn store_until_done(
    app: &App,
    parties: Parties<'_>,
    (seen, flight): (&HeldGrant, &str),
    (settled, tokens): (&Settled, Option<&NewTokens<'_>>),
) -> Result<(), ApplyError> {
    let mut rest = Duration::from_millis(50);
    loop {
        let stored = app
            .store
            .settle_grant(parties, (seen, flight), (settled, tokens), app.now())
            .await;
        match stored {
            Err(ApplyError::Store(error)) if rest < Duration::from_secs(20) => {
                tracing::error!(error = %error, "what a provider answered cannot be stored yet");
                tokio::time::sleep(rest).await;
                rest *= 2;
            }
            stored => return stored,
        }
    }
}

fn note(sides: &Sides, held: &Held) {
    let provider = &*sides.provider.name;
    match held.standing.trouble() {
        None => tracing::info!(provider, "another provider gave a token"),
        Some(trouble) => tracing::warn!(
            provider,
            state = held.standing.name(),
            reason = &*trouble.code,
            "another provider gave no token: {}",
            trouble.detail
        ),
    }
}

fn nonce() -> Result<[u8; 24], BrokerFault> {
    entropy::random().map_err(|_| BrokerFault::NoRandomness)
}

/// How long a provider may take.
const WITHIN: Duration = Duration::from_secs(10);
/// How long others take a request for one that is still under way; longer than any takes.
const LEASE_MS: i64 = 14_000;
