//! What is held of grants at other providers: one request at a time, and no answer lost.

use futures_util::future::join_all;
use snowglobe_oauth::{
    outbound::{
        Held, NewRefresh, Outcome, Profile, Provider, Refusal, Settled, Standing, Step, Terms,
    },
    secret::Secret,
    time::UnixMillis,
};
use snowglobe_store::{
    HeldGrant, NewTokens, Parties, Requestor, Store, TakeOff, backend::ApplyError,
};

use crate::fixture::{NOW, Place};

const TERMS: Terms = Terms {
    refresh_token_lifespan: 100,
    extend_refresh_token_expiry: false,
    needs_person: true,
};

struct World {
    requestor: Requestor,
    profile: Profile,
    provider: Provider,
}

fn world() -> World {
    World {
        requestor: Requestor {
            context: "oauth_2_0_credentials".into(),
            id: "00000000000000000000000000000001".into(),
            profile: "00000000000000000000000000000002".into(),
            user: None,
        },
        profile: Profile {
            sys_id: "00000000000000000000000000000002".into(),
            name: "p".into(),
            provider: "00000000000000000000000000000003".into(),
            grant_type: "authorization_code".into(),
            default: true,
            jwt_provider: None,
            scopes: Vec::new(),
        },
        provider: Provider {
            sys_id: "00000000000000000000000000000003".into(),
            name: "o".into(),
            ..Provider::default()
        },
    }
}

impl World {
    fn parties(&self) -> Parties<'_> {
        Parties {
            requestor: &self.requestor,
            profile: &self.profile,
            provider: &self.provider,
        }
    }

    async fn held(&self, store: &Store) -> Option<HeldGrant> {
        store.held(&self.requestor, NOW).await.unwrap()
    }

    async fn take_off(&self, store: &Store, nonce: u64) -> Result<Box<str>, ApplyError> {
        let seen = self.held(store).await;
        let take_off = TakeOff {
            step: Step::Refresh,
            nonce,
            until: UnixMillis(NOW.0 + 1000),
            now: NOW,
        };
        store
            .take_off(self.parties(), seen.as_ref(), take_off)
            .await
    }

    async fn settle(
        &self,
        store: &Store,
        (seen, flight): (&HeldGrant, &str),
        tokens: Option<(&str, &str)>,
    ) -> Result<(), ApplyError> {
        let outcome = match tokens {
            Some(_) => Outcome::Granted {
                expires_in: Some(60),
                refresh: NewRefresh::New(None),
            },
            None => Outcome::Refused(Refusal {
                status: 400,
                error: "invalid_grant".into(),
                description: "".into(),
                silent: false,
            }),
        };
        let settled: Settled = seen.held.settle(Step::Refresh, &outcome, TERMS, NOW);
        let secrets = tokens.map(|(access, refresh)| {
            (
                Secret::new(access.to_owned()),
                Secret::new(refresh.to_owned()),
            )
        });
        let tokens = secrets.as_ref().map(|(access, refresh)| NewTokens {
            access: (access, [1; 24]),
            refresh: Some((refresh, [2; 24])),
            scope: "s",
        });
        let settled = (&settled, tokens.as_ref());
        store
            .settle_grant(self.parties(), (seen, flight), settled, NOW)
            .await
    }

    /// Takes off and settles.
    async fn grant(&self, store: &Store, nonce: u64, access: &str, refresh: &str) {
        let flight = self.take_off(store, nonce).await.unwrap();
        let seen = self.held(store).await.unwrap();
        let tokens = Some((access, refresh));
        self.settle(store, (&seen, &flight), tokens).await.unwrap();
    }
}

fn opened(store: &Store, grant: &HeldGrant) -> (Option<String>, Option<String>) {
    let text = |secret: Option<Secret>| secret.map(|it| it.expose().to_owned());
    (
        text(store.held_access(grant)),
        text(store.held_refresh(grant)),
    )
}

fn both(access: &str, refresh: &str) -> (Option<String>, Option<String>) {
    (Some(access.to_owned()), Some(refresh.to_owned()))
}

pub(crate) async fn one_of_many_takes_off(place: Place) {
    let store = place.open().await;
    let world = world();
    for round in 0..3_u64 {
        let all = join_all((0..32).map(|nonce| world.take_off(&store, round * 100 + nonce))).await;
        let mut flights = all.into_iter().filter_map(Result::ok);
        let flight = flights.next().expect("one takes off");
        // The one after it saw the first, whose flight it may not end.
        assert_eq!(flights.count(), 0);
        let seen = world.held(&store).await.unwrap();
        assert!(seen.held.flight.is_some_and(|it| it.live));
        store.land(&seen, &flight).await.unwrap();
    }
}

pub(crate) async fn what_was_granted_is_held_sealed_and_outlives_a_restart(place: Place) {
    let store = place.open().await;
    let world = world();
    world.grant(&store, 1, "access-1", "refresh-1").await;
    let first = world.held(&store).await.unwrap();
    assert_eq!(opened(&store, &first), both("access-1", "refresh-1"));
    assert_eq!((first.held.generation, &*first.scope), (1, "s"));
    assert_eq!(first.held.standing, Standing::Healthy);
    world.grant(&store, 2, "access-2", "refresh-2").await;
    let store = place.kept(store).await;
    let second = world.held(&store).await.unwrap();
    assert_eq!(opened(&store, &second), both("access-2", "refresh-2"));
    let all = store.held_grants(NOW).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0, world.requestor);
}

pub(crate) async fn a_late_answer_is_kept_and_a_late_refusal_is_not(place: Place) {
    let store = place.open().await;
    let world = world();
    world.grant(&store, 1, "access-1", "refresh-1").await;
    let late_flight = world.take_off(&store, 2).await.unwrap();
    let late = world.held(&store).await.unwrap();
    // Somebody takes it for dead, tries the same refresh token and is refused.
    store.land(&late, &late_flight).await.unwrap();
    let flight = world.take_off(&store, 3).await.unwrap();
    let seen = world.held(&store).await.unwrap();
    world.settle(&store, (&seen, &flight), None).await.unwrap();
    let dead = world.held(&store).await.unwrap();
    assert_eq!(dead.held.standing.name(), "needs_consent");
    assert_eq!(opened(&store, &dead).1, None);
    let refused = world.settle(&store, (&late, &late_flight), None).await;
    assert!(matches!(refused, Err(ApplyError::Conflict)));
    let tokens = Some(("access-2", "refresh-2"));
    world
        .settle(&store, (&late, &late_flight), tokens)
        .await
        .unwrap();
    let held = world.held(&store).await.unwrap();
    assert_eq!(opened(&store, &held), both("access-2", "refresh-2"));
    assert_eq!(held.held.standing, Standing::Healthy);
    // Newer tokens are there: the same answer again changes nothing.
    let again = world.settle(&store, (&late, &late_flight), tokens).await;
    assert!(matches!(again, Err(ApplyError::Conflict)));
}

pub(crate) async fn a_warm_grant_is_what_was_written_last(place: Place) {
    let store = place.open().await;
    let world = world();
    let warm = async || {
        let found = store.warm_grant(&world.requestor, NOW).await.unwrap();
        found.map(|it| (it.access.expose().to_owned(), it.held.flight.is_some()))
    };
    assert_eq!(warm().await, None);
    for (nonce, access) in [(1, "access-1"), (3, "access-2")] {
        world.grant(&store, nonce, access, "refresh").await;
        let found = Some((access.to_owned(), false));
        assert_eq!(warm().await, found);
        assert_eq!(warm().await, found, "and the second time");
        let flight = world.take_off(&store, nonce + 1).await.unwrap();
        let in_flight = Some((access.to_owned(), true));
        assert_eq!(warm().await, in_flight);
        let seen = world.held(&store).await.unwrap();
        store.land(&seen, &flight).await.unwrap();
        assert_eq!(warm().await, found);
    }
    let seen = world.held(&store).await.unwrap();
    store.forget_grant(&seen, NOW).await.unwrap();
    assert_eq!(warm().await, None, "what is forgotten is not at hand");
}

pub(crate) async fn a_request_that_a_crash_left_behind_may_have_spent_the_token(place: Place) {
    let store = place.open().await;
    let world = world();
    world.grant(&store, 1, "access-1", "refresh-1").await;
    world.take_off(&store, 2).await.unwrap();
    let live = world.held(&store).await.unwrap().held;
    assert!(live.flight.is_some_and(|it| it.live) && !live.answer_lost);
    let store = place.kept(store).await;
    let after = UnixMillis(NOW.0 + 2000);
    let left: Held = store
        .held(&world.requestor, after)
        .await
        .unwrap()
        .unwrap()
        .held;
    assert!(left.flight.is_some_and(|it| !it.live) && left.answer_lost);
}
