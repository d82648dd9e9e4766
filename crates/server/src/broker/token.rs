//! One call: a token that lives, or why there is none.

use std::time::Duration;

use snowglobe_oauth::{
    outbound::{Decision, Demand, Held, OutboundGrant, Profile, Provider, Step},
    secret::Secret,
    time::UnixMillis,
};
use snowglobe_store::{HeldGrant, Parties, Requestor, WarmGrant};

use super::{BrokerFault, fetch};
use crate::{app::App, clock};

/// A token to be sent.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) access: Secret,
    /// When it ends.
    pub(crate) expires: UnixMillis,
    /// What to name when it is refused: [`Demand::Newer`].
    pub(crate) generation: u32,
    pub(crate) scope: Box<str>,
}

/// A profile and its provider, as they are at this moment.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub(super) profile: Profile,
    pub(super) provider: Provider,
    pub(super) grant: OutboundGrant,
}

impl Sides {
    pub(super) fn of(app: &App, profile: &str) -> Result<Self, BrokerFault> {
        let outbound = app.store.outbound();
        let registry = outbound.registry();
        let profile = registry.profiles.get(profile).ok_or(BrokerFault::Profile)?;
        let provider = registry.provider_of(profile).filter(|it| it.active);
        Ok(Self {
            grant: profile.grant().ok_or(BrokerFault::Grant)?,
            provider: provider.ok_or(BrokerFault::Profile)?.clone(),
            profile: profile.clone(),
        })
    }

    pub(super) fn parties<'a>(&'a self, requestor: &'a Requestor) -> Parties<'a> {
        Parties {
            requestor,
            profile: &self.profile,
            provider: &self.provider,
        }
    }
}

/// Returns a token for a requestor.
pub(crate) async fn token(
    app: &App,
    requestor: &Requestor,
    demand: Demand,
) -> Result<Token, BrokerFault> {
    let grant = grant(app, &requestor.profile)?;
    if let Some(warm) = app.store.warm_grant(requestor, clock::machine()).await?
        && let Decision::Use { ahead } = warm.held.decide(grant, demand, app.now())
    {
        if let Some(step) = ahead {
            fetch::ahead(app, requestor, step);
        }
        return warm_token(&warm).ok_or(BrokerFault::NoSecret);
    }
    // Boxed: few need it, and its state would make the future of every call larger.
    Box::pin(cold_token(app, requestor, demand)).await
}

/// Returns a token that has to be fetched, or that somebody else is fetching.
async fn cold_token(
    app: &App,
    requestor: &Requestor,
    demand: Demand,
) -> Result<Token, BrokerFault> {
    let sides = Sides::of(app, &requestor.profile)?;
    let (_, decision) = look(app, requestor, sides.grant, demand).await?;
    if let Decision::Refuse(trouble) = decision {
        return Err(BrokerFault::Trouble(trouble));
    }
    let wait = tokio::time::timeout(LONGEST_WAIT, in_line(app, requestor, &sides, demand));
    wait.await.unwrap_or(Err(BrokerFault::Waited))
}

/// Returns the grant that a profile's tokens are got with, while it and its provider are in use.
fn grant(app: &App, profile: &str) -> Result<OutboundGrant, BrokerFault> {
    let outbound = app.store.outbound();
    let registry = outbound.registry();
    let profile = registry.profiles.get(profile).ok_or(BrokerFault::Profile)?;
    let provider = registry.provider_of(profile).filter(|it| it.active);
    provider.ok_or(BrokerFault::Profile)?;
    profile.grant().ok_or(BrokerFault::Grant)
}

/// Waits in line; whoever is first asks the provider, and those behind find what it got.
async fn in_line(
    app: &App,
    requestor: &Requestor,
    sides: &Sides,
    demand: Demand,
) -> Result<Token, BrokerFault> {
    let line = app.flights.line(requestor);
    let _first = line.lock().await;
    // Whoever insists on a new token gets one that was fetched after they asked; one fetch is enough.
    let mut demand = demand;
    loop {
        let (seen, decision) = look(app, requestor, sides.grant, demand).await?;
        match (decision, seen) {
            (Decision::Use { .. }, Some(seen)) => {
                return open(app, &seen).ok_or(BrokerFault::NoSecret);
            }
            (Decision::Refuse(trouble), _) => return Err(BrokerFault::Trouble(trouble)),
            (Decision::Fetch(step), before) => {
                fetch::fetch(app, requestor, step).await?;
                // What came a moment ago is handed out, however short it lives.
                let before = before.map_or(0, |it| it.held.generation);
                let now = app.store.held(requestor, clock::machine()).await?;
                let newer = now.filter(|it| it.held.generation > before);
                if let Some(token) = newer.and_then(|it| open(app, &it)) {
                    return Ok(token);
                }
                demand = match demand {
                    Demand::Fresh => Demand::Any,
                    other => other,
                };
            }
            // Another process asks: its answer is in the database a moment later.
            (Decision::Wait, _) | (Decision::Use { .. }, None) => {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }
    }
}

pub(super) async fn look(
    app: &App,
    requestor: &Requestor,
    grant: OutboundGrant,
    demand: Demand,
) -> Result<(Option<HeldGrant>, Decision), BrokerFault> {
    let seen = app.store.held(requestor, clock::machine()).await?;
    let nothing = Held::nothing();
    let held = seen.as_ref().map_or(&nothing, |it| &it.held);
    let decision = held.decide(grant, demand, app.now());
    Ok((seen, decision))
}

fn open(app: &App, seen: &HeldGrant) -> Option<Token> {
    Some(Token {
        access: app.store.held_access(seen)?,
        expires: seen.held.access?.expires,
        generation: seen.held.generation,
        scope: seen.scope.clone(),
    })
}

fn warm_token(warm: &WarmGrant) -> Option<Token> {
    Some(Token {
        access: warm.access.clone(),
        expires: warm.held.access?.expires,
        generation: warm.held.generation,
        scope: warm.scope.clone(),
    })
}

/// Renews what is near its end, and learns what became of requests that a crash left behind.
pub(crate) async fn keep_alive(app: &App) -> Result<(), BrokerFault> {
    let now = app.now();
    for (requestor, seen) in app.store.held_grants(clock::machine()).await? {
        if seen.held.wants_refresh(now) {
            fetch::ahead(app, &requestor, Step::Refresh);
        }
    }
    Ok(())
}

const LONGEST_WAIT: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);
