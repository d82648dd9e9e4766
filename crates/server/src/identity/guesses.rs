//! What keeps one guesser from using up what is there for everybody.
//!
//! Each address may fail so often ([`Throttle`]), and each address and each user name has its own short line in front
//! of the slow hashes ([`Turns`]): a flood from one place, or at one name, waits behind itself.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use snowglobe_oauth::{
    throttle::{Allowance, Bucket},
    time::UnixMillis,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::slow::Overloaded;

/// How often a place may fail with names, passwords and codes: 30 times in a row, and then ten times a minute.
pub(crate) const PASSWORDS: Allowance = Allowance {
    burst: 30,
    refill_ms: 6_000,
};
/// How often devices of a place may ask to be let in (RFC 8628 §3.1): 60 times in a row, and then once a second.
pub(crate) const DEVICES: Allowance = Allowance {
    burst: 60,
    refill_ms: 1_000,
};
/// How many wrong user codes somebody may type (RFC 8628 §5.1): ten in a row, and then two a minute. With 34 bits, a
/// thousand people who do nothing else meet one of a thousand codes that wait once in years.
pub(crate) const USER_CODES: Allowance = Allowance {
    burst: 10,
    refill_ms: 30_000,
};

/// Counts what each of many does.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    allowance: Allowance,
    by_key: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            by_key: Mutex::default(),
        }
    }

    /// Tells whether one more is allowed.
    pub(crate) fn allows(&self, key: &K, now: UnixMillis) -> bool {
        let bucket = lock(&self.by_key).get(key).copied();
        bucket.is_none_or(|bucket| bucket.allows(self.allowance, now))
    }

    /// Counts one.
    pub(crate) fn count(&self, key: K, now: UnixMillis) {
        /// Some megabytes.
        const REMEMBERED: usize = 65_536;
        let mut buckets = lock(&self.by_key);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        if buckets.len() < REMEMBERED || buckets.contains_key(&key) {
            let bucket = buckets.entry(key).or_insert_with(|| Bucket::full(now));
            *bucket = bucket.less(self.allowance, now);
        }
    }
}

/// Counts by address.
#[derive(Debug)]
pub(crate) struct Throttle(Buckets<IpAddr>);

impl Throttle {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self(Buckets::new(allowance))
    }

    /// Tells whether this place may try.
    pub(crate) fn allows(&self, address: Option<IpAddr>, now: UnixMillis) -> bool {
        let place = address.and_then(place);
        place.is_none_or(|place| self.0.allows(&place, now))
    }

    /// Counts a failure, or whatever else has a bound.
    pub(crate) fn count(&self, address: Option<IpAddr>, now: UnixMillis) {
        if let Some(place) = address.and_then(place) {
            self.0.count(place, now);
        }
    }
}

/// What counts as one place: an address, or the network that one customer is given (RFC 6177). This machine is none:
/// whoever is on it needs no guesses, and a proxy on it that is not trusted would be everybody.
fn place(address: IpAddr) -> Option<IpAddr> {
    let address = address.to_canonical();
    if address.is_loopback() {
        return None;
    }
    Some(match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    })
}

/// Lines in front of the slow hashes.
#[derive(Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<Line, Arc<Room>>>>);

/// Who stands in one line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Line {
    Name(Box<str>),
    Place(IpAddr),
}

/// The room in a line.
#[derive(Debug)]
struct Room {
    /// One permit for each that may have its turn.
    turn: Arc<Semaphore>,
    /// One for each that may have its turn or wait.
    admitted: Arc<Semaphore>,
}

/// A turn; the next one comes when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    permits: Vec<OwnedSemaphorePermit>,
    lines: Vec<Line>,
    rooms: Arc<Mutex<HashMap<Line, Arc<Room>>>>,
}

impl Turns {
    /// Waits for a turn of this name and place.
    pub(crate) async fn take(
        &self,
        user_name: &str,
        address: Option<IpAddr>,
    ) -> Result<Turn, Overloaded> {
        const WAITING: usize = 64;
        let mut turn = Turn {
            permits: Vec::with_capacity(4),
            lines: Vec::with_capacity(2),
            rooms: Arc::clone(&self.0),
        };
        // Two guesses at one name at a time: no more than these can outrun the count of failures.
        turn.stand(
            Line::Name(user_name.to_ascii_lowercase().into()),
            2,
            WAITING,
        )
        .await?;
        if let Some(place) = address.and_then(place) {
            turn.stand(Line::Place(place), 8, WAITING).await?;
        }
        Ok(turn)
    }
}

impl Turn {
    async fn stand(&mut self, line: Line, turns: usize, waiting: usize) -> Result<(), Overloaded> {
        let room = {
            let mut rooms = lock(&self.rooms);
            let room = rooms.entry(line.clone()).or_insert_with(|| {
                Arc::new(Room {
                    turn: Arc::new(Semaphore::new(turns)),
                    admitted: Arc::new(Semaphore::new(turns + waiting)),
                })
            });
            Arc::clone(room)
        };
        self.lines.push(line);
        let admitted = Arc::clone(&room.admitted).try_acquire_owned();
        self.permits.push(admitted.map_err(|_| Overloaded)?);
        let turn = Arc::clone(&room.turn).acquire_owned().await;
        self.permits.push(turn.map_err(|_| Overloaded)?);
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut rooms = lock(&self.rooms);
        self.permits.clear();
        for line in &self.lines {
            // Whoever waits or has a turn holds the room too.
            if rooms
                .get(line)
                .is_some_and(|room| Arc::strong_count(room) == 1)
            {
                rooms.remove(line);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn at(address: &str) -> Option<IpAddr> {
        address.parse().ok()
    }

    #[test]
    fn a_place_that_fails_too_often_has_to_wait_alone() {
        let throttle = Throttle::new(PASSWORDS);
        for _ in 0..30 {
            assert!(throttle.allows(at("192.0.2.1"), NOW));
            throttle.count(at("192.0.2.1"), NOW);
        }
        assert!(!throttle.allows(at("192.0.2.1"), NOW));
        assert!(throttle.allows(at("192.0.2.2"), NOW));
        assert!(throttle.allows(at("192.0.2.1"), UnixMillis(NOW.0 + 6_000)));
    }

    #[test]
    fn a_network_of_one_customer_is_one_place_and_this_machine_is_none() {
        let throttle = Throttle::new(PASSWORDS);
        for host in 0..30 {
            throttle.count(at(&format!("2001:db8:1:1::{host}")), NOW);
            throttle.count(at("127.0.0.1"), NOW);
            throttle.count(None, NOW);
        }
        assert!(!throttle.allows(at("2001:db8:1:1:ffff::1"), NOW));
        assert!(throttle.allows(at("2001:db8:1:2::1"), NOW));
        assert!(throttle.allows(at("127.0.0.1"), NOW) && throttle.allows(None, NOW));
    }

    #[tokio::test]
    async fn guesses_at_one_name_wait_behind_each_other_and_nobody_else() {
        let turns = Arc::new(Turns::default());
        let first = turns.take("abel", None).await.unwrap();
        let _second = turns.take("ABEL", None).await.unwrap();
        let mut waiting: Vec<_> = (0..64)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move { turns.take("abel", None).await.map(drop) })
            })
            .collect();
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(turns.take("abel", None).await.map(drop), Err(Overloaded));
        assert_eq!(turns.take("beth", None).await.map(drop), Ok(()));
        assert!(waiting.iter().all(|task| !task.is_finished()));
        drop(first);
        for task in waiting.drain(..) {
            assert_eq!(task.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_place_with_many_names_has_eight_turns() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for n in 0..8 {
            taken.push(
                turns
                    .take(&format!("user {n}"), at("192.0.2.1"))
                    .await
                    .unwrap(),
            );
        }
        let ninth = turns.take("user 9", at("192.0.2.1"));
        let ninth = tokio::time::timeout(std::time::Duration::from_millis(20), ninth).await;
        assert!(ninth.is_err(), "it waits");
        assert!(turns.take("user 9", at("192.0.2.2")).await.is_ok());
    }

    #[tokio::test]
    async fn lines_that_nobody_stands_in_are_forgotten() {
        let turns = Turns::default();
        drop(turns.take("abel", at("192.0.2.1")).await.unwrap());
        assert!(lock(&turns.0).is_empty());
    }
}
