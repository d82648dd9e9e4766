//! What every request of an instance shares.

use std::{ops::Deref, sync::Arc};

use snowglobe_oauth::{
    account::UserNo,
    policy::{Dialect, Policy, TokenReuse},
    resource::{self, Resources},
    time::UnixMillis,
};
use snowglobe_store::Store;

use crate::{
    broker::Flights,
    clock::Clock,
    config::{self, TokenDurability},
    identity::{
        guesses::{self, Buckets, Throttle, Turns},
        slow::SlowHashes,
    },
    observe::Observer,
    operator::OperatorKey,
    outbound::{Outbound, TrustedKeys},
};

/// An instance; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct App(Arc<Named>);

/// An instance by one of its names: what is reached at several addresses has one in each.
#[derive(Debug)]
pub(crate) struct Named {
    /// The base of every link, without a slash at its end.
    pub(crate) issuer: String,
    /// Who a token is for that names nobody.
    own_audience: Resources,
    parts: Arc<Parts>,
}

/// What an instance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Trying and testing, on one machine: its clock moves, and it says why it refuses.
    Development,
    /// Serving people.
    Production,
}

/// What an instance is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) mode: Mode,
    /// Opens what only whoever runs the instance may do.
    pub(crate) operator: OperatorKey,
    pub(crate) observer: Observer,
    pub(crate) hashes: SlowHashes,
    pub(crate) throttle: Throttle,
    pub(crate) turns: Turns,
    /// Devices that ask to be let in, by address.
    pub(crate) device_requests: Throttle,
    /// Wrong user codes of devices, by who typed them.
    pub(crate) user_codes: Buckets<UserNo>,
    /// Keys of other parties, fetched and kept.
    pub(crate) trusted_keys: TrustedKeys,
    /// Sends whatever this instance asks of others.
    pub(crate) outbound: Arc<Outbound>,
    /// Who waits for tokens of other providers.
    pub(crate) flights: Flights,
    /// Whether an answer waits until its tokens' rows are on disk.
    pub(crate) durability: TokenDurability,
    /// Held while a signing key is made.
    pub(crate) making_key: tokio::sync::Mutex<()>,
    servicenow: Policy,
    strict: Policy,
}

impl App {
    pub(crate) fn new(
        store: Store,
        issuer: String,
        oauth: config::OAuth,
        observer: Observer,
        (mode, operator): (Mode, OperatorKey),
        outbound: Outbound,
    ) -> Self {
        let reuse = match oauth.token_reuse {
            config::TokenReuse::Current => TokenReuse::Current,
            config::TokenReuse::Fresh => TokenReuse::Fresh,
        };
        let outbound = Arc::new(outbound);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let parts = Arc::new(Parts {
            clock: Clock::new(store.clone()),
            mode,
            operator,
            store,
            hashes: SlowHashes::new(cores, 64, observer.password_checks()),
            observer,
            throttle: Throttle::new(guesses::PASSWORDS),
            device_requests: Throttle::new(guesses::DEVICES),
            user_codes: Buckets::new(guesses::USER_CODES),
            turns: Turns::default(),
            trusted_keys: TrustedKeys::new(Arc::clone(&outbound)),
            outbound,
            flights: Flights::default(),
            durability: oauth.token_durability,
            making_key: tokio::sync::Mutex::default(),
            servicenow: Policy {
                token_reuse: reuse,
                ..Policy::servicenow()
            },
            strict: Policy::strict(),
        });
        Self::by_name(parts, issuer)
    }

    fn by_name(parts: Arc<Parts>, issuer: String) -> Self {
        Self(Arc::new(Named {
            own_audience: Resources::of([&*issuer]),
            issuer,
            parts,
        }))
    }

    /// Returns the same instance under another URL.
    pub(crate) fn named(&self, issuer: &str) -> Self {
        Self::by_name(Arc::clone(&self.0.parts), issuer.to_owned())
    }

    /// Returns the rules of a dialect.
    pub(crate) fn policy(&self, dialect: Dialect) -> &Policy {
        match dialect {
            Dialect::ServiceNow => &self.servicenow,
            Dialect::Strict => &self.strict,
        }
    }

    /// Returns who a token is for: its resources, or else this instance (RFC 9068 §3).
    pub(crate) fn audience<'a>(&'a self, resources: &'a Resources) -> &'a Resources {
        if resources.is_empty() {
            &self.own_audience
        } else {
            resources
        }
    }

    /// Tells whether tokens are issued for this URI: it names this instance, or a registered resource server.
    pub(crate) fn is_resource(&self, uri: &str) -> bool {
        resource::is_instance(uri, &self.issuer) || self.store.clients().is_resource(uri)
    }

    /// Returns the names this instance goes by in the `aud` of assertions (RFC 7523 §3): its issuer and its token
    /// endpoints.
    pub(crate) fn names_in_aud(&self) -> [String; 3] {
        let issuer = &self.issuer;
        [
            issuer.clone(),
            format!("{issuer}/oauth2/token"),
            format!("{issuer}/oauth_token.do"),
        ]
    }

    /// Returns the time as the protocol counts it.
    pub(crate) fn now(&self) -> UnixMillis {
        self.clock.millis()
    }
}

impl Deref for App {
    type Target = Named;
    fn deref(&self) -> &Named {
        &self.0
    }
}

impl Deref for Named {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}
