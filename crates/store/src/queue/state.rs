//! When a writer is called, and what it takes: the rules of group commit, without a clock or a thread.
//!
//! A batch that somebody waits for calls the writer at once; a linger time would only add latency. But when many
//! were answered together, most of their callers come again within a moment. Neither the first of them nor those who
//! came during the flush must take one for themselves that the others have to stand behind: the writer waits until
//! all are here, for as long as the last flush took at most, or as so many callers need to come again if that is
//! longer. Otherwise they would part into companies, and each flush, which costs the same for one as for many,
//! would serve a few of them.
//!
//! Batches written behind must not cost a flush each: they ride along with the next group, or call the writer
//! after [`LINGER`], or when [`EAGER`] of them have come together.

use std::{
    collections::VecDeque,
    mem,
    time::{Duration, Instant},
};

use super::{Work, Write, job::Job, stopped};
use crate::{
    backend::{StoreError, Tally},
    sql::Batch,
};

/// What waits, in the order of its coming.
#[derive(Debug, Default)]
pub(crate) struct State {
    jobs: VecDeque<Job>,
    /// How many of them are written behind.
    behind: usize,
    /// How many such the writer took last and has not settled.
    in_hand: usize,
    /// When those that wait call the writer, if there are any.
    due: Option<Instant>,
    /// The database was not available when last asked.
    resting: bool,
    /// When the writer last took something.
    taken: Option<Instant>,
    /// Who was answered last and may come again.
    company: Option<Company>,
    tally: Tally,
    closed: bool,
}

/// Callers who are expected together.
#[derive(Debug, Clone, Copy)]
struct Company {
    size: usize,
    until: Instant,
}

/// What a writer does next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// There is work.
    Now,
    /// There is work that can wait until then.
    At(Instant),
    /// There is no work.
    Idle,
    /// There is no work and there will be none.
    End,
}

/// How long a small company may take to come together, however fast the disk is.
const GATHER: Duration = Duration::from_millis(1);
/// How long each of a large one takes to be answered and to ask again, where all share a core: records that are made
/// take three times as long as tokens.
const EACH: Duration = Duration::from_micros(75);
/// The longest that callers wait for others, unless the disk is as slow.
const LONGEST: Duration = Duration::from_millis(10);
/// The most batches of one transaction, so that none holds its locks for long.
const MOST: usize = 4096;
/// How many batches written behind are worth a transaction of their own.
const EAGER: usize = 1024;
/// How long batches written behind wait for company.
const LINGER: Duration = Duration::from_millis(50);
/// How long they wait after a database that was not available.
const REST: Duration = Duration::from_secs(1);
/// The most batches written behind that are kept: about ten megabytes of them.
const BACKLOG: usize = 16_384;

impl State {
    /// Adds what somebody waits for; tells whether the writer must be woken.
    pub(super) fn push(&mut self, job: Job) -> Result<bool, StoreError> {
        if self.closed {
            return Err(stopped());
        }
        self.jobs.push_back(job);
        // Of a company the last one wakes, for the writer has its time; else the first one, and the others find it
        // awake.
        let waiting = self.waiting();
        Ok(match self.company {
            Some(company) => waiting == company.size,
            None => waiting == 1,
        })
    }

    /// Adds what nobody waits for, unless there is too much of it; tells whether the writer must be woken.
    pub(super) fn leave(&mut self, batch: Batch) -> Result<bool, Batch> {
        if self.closed || self.behind >= BACKLOG {
            return Err(batch);
        }
        self.jobs
            .push_back(Job::Write(Write { batch, reply: None }));
        self.behind += 1;
        let first = self.due.is_none();
        self.due.get_or_insert_with(|| Instant::now() + LINGER);
        Ok(first || self.behind == EAGER)
    }

    /// Says what the writer does next.
    pub(crate) fn call(&mut self, now: Instant) -> Call {
        let waiting = self.waiting();
        let gathers = |it: &Company| waiting < it.size && now < it.until;
        self.company = self.company.filter(|it| !self.closed && gathers(it));
        if let Some(company) = self.company {
            return Call::At(company.until);
        }
        if self.jobs.is_empty() {
            return if self.closed { Call::End } else { Call::Idle };
        }
        let urgent = self.waiting() > 0 || self.closed;
        let eager = self.behind >= EAGER && !self.resting;
        match self.due {
            Some(due) if !urgent && !eager && now < due => Call::At(due),
            _ => Call::Now,
        }
    }

    /// How many jobs somebody waits for.
    fn waiting(&self) -> usize {
        self.jobs.len() - self.behind
    }

    /// Tells whether something written behind is not on disk yet.
    pub(super) fn is_behind(&self) -> bool {
        self.behind + self.in_hand > 0
    }

    /// Notes that a group is on disk for which so many callers waited.
    pub(super) fn committed(&mut self, callers: usize, now: Instant) {
        self.tally.commits += u64::from(callers > 0);
        self.tally.batches += callers as u64;
        self.answered(callers, now);
    }

    /// Says what was committed so far.
    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Notes that so many callers have their answers.
    pub(super) fn answered(&mut self, size: usize, now: Instant) {
        self.in_hand = 0;
        let took = self.taken.map(|taken| now.saturating_duration_since(taken));
        let size = size + self.waiting();
        self.company = took.filter(|_| size > 1).map(|took| Company {
            size,
            until: now + took.max(gathering(size)),
        });
    }

    /// Takes the next group, or the next script by itself.
    pub(crate) fn take(&mut self, now: Instant) -> Work {
        self.taken = Some(now);
        self.company = None;
        let mut group = Vec::with_capacity(self.jobs.len().min(MOST));
        while group.len() < MOST
            && let Some(job) = self.jobs.pop_front()
        {
            match job {
                Job::Write(write) => group.push(write),
                Job::Script(script) if group.is_empty() => return Work::Script(script),
                Job::Script(script) => {
                    self.jobs.push_front(Job::Script(script));
                    break;
                }
            }
        }
        self.in_hand = group.iter().filter(|write| write.reply.is_none()).count();
        self.behind -= self.in_hand;
        self.resting = false;
        if self.behind == 0 {
            self.due = None;
        }
        Work::Group(group)
    }

    /// Takes back what nobody waits for, to try again after a rest, and refuses everything else.
    pub(super) fn rest(&mut self, group: Vec<Write>, error: &StoreError) {
        self.in_hand = 0;
        let waiting = mem::take(&mut self.jobs);
        for job in group.into_iter().map(Job::Write).chain(waiting) {
            if job.is_behind() && !self.closed {
                self.jobs.push_back(job);
            } else {
                job.refuse(error);
            }
        }
        self.behind = self.jobs.len();
        self.resting = true;
        self.due = (self.behind > 0).then(|| Instant::now() + REST);
    }

    /// Lets no more in.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Lets no more in and refuses what is here.
    pub(super) fn abandon(&mut self) {
        self.closed = true;
        self.behind = 0;
        self.jobs.drain(..).for_each(|job| job.refuse(&stopped()));
    }
}

fn gathering(size: usize) -> Duration {
    let each = u32::try_from(size).map_or(LONGEST, |size| EACH.saturating_mul(size));
    each.clamp(GATHER, LONGEST)
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::{super::Script, *};

    fn waited_for() -> Job {
        let reply = Some(oneshot::channel().0);
        let batch = Batch::default();
        Job::Write(Write { batch, reply })
    }

    fn script() -> Job {
        let reply = oneshot::channel().0;
        Job::Script(Script {
            sql: "".into(),
            reply,
        })
    }

    fn group(work: Work) -> usize {
        match work {
            Work::Group(group) => group.len(),
            Work::Script(_) => panic!("a script"),
        }
    }

    #[test]
    fn what_somebody_waits_for_calls_at_once_and_takes_the_rest_along() {
        let mut state = State::default();
        assert!(state.leave(Batch::default()).unwrap());
        assert!(state.push(waited_for()).unwrap());
        assert!(!state.push(waited_for()).unwrap());
        assert_eq!(state.call(Instant::now()), Call::Now);
        assert_eq!(group(state.take(Instant::now())), 3);
        assert_eq!(state.call(Instant::now()), Call::Idle);
    }

    #[test]
    fn who_was_answered_together_is_waited_for_together() {
        let mut state = State::default();
        let start = Instant::now();
        let flush = Duration::from_millis(4);
        for _ in 0..3 {
            state.push(waited_for()).unwrap();
        }
        assert_eq!(group(state.take(start)), 3);
        let answered = start + flush;
        state.answered(3, answered);
        let due = answered + flush;
        assert_eq!(state.call(answered), Call::At(due));
        let woken: Vec<bool> = (0..3).map(|_| state.push(waited_for()).unwrap()).collect();
        assert_eq!(woken, [false, false, true]);
        assert_eq!(state.call(answered), Call::Now);
    }

    #[test]
    fn who_does_not_come_again_is_not_waited_for_long() {
        let mut state = State::default();
        let start = Instant::now();
        let flush = Duration::from_millis(4);
        for _ in 0..3 {
            state.push(waited_for()).unwrap();
        }
        assert_eq!(group(state.take(start)), 3);
        state.answered(3, start + flush);
        assert!(!state.push(waited_for()).unwrap());
        let due = start + 2 * flush;
        assert_eq!(state.call(start + flush), Call::At(due));
        assert_eq!(state.call(due), Call::Now);
        assert_eq!(group(state.take(due)), 1);
        assert_eq!(state.call(due), Call::Idle);
        assert!(state.push(waited_for()).unwrap());
    }

    #[test]
    fn who_came_during_a_flush_waits_for_those_it_served() {
        let mut state = State::default();
        let start = Instant::now();
        state.push(waited_for()).unwrap();
        assert_eq!(group(state.take(start)), 1);
        state.push(waited_for()).unwrap();
        let answered = start + Duration::from_millis(4);
        state.answered(1, answered);
        assert_eq!(
            state.call(answered),
            Call::At(answered + Duration::from_millis(4))
        );
        assert!(state.push(waited_for()).unwrap());
        assert_eq!(state.call(answered), Call::Now);
    }

    #[test]
    fn a_fast_disk_leaves_time_to_come_again() {
        let mut state = State::default();
        let start = Instant::now();
        for _ in 0..3 {
            state.push(waited_for()).unwrap();
        }
        assert_eq!(group(state.take(start)), 3);
        let answered = start + GATHER / 10;
        state.answered(3, answered);
        state.push(waited_for()).unwrap();
        assert_eq!(state.call(answered), Call::At(answered + GATHER));
    }

    #[test]
    fn a_large_company_has_longer_but_not_for_ever() {
        for (size, micros) in [(2, 1000), (13, 1000), (32, 2400), (4096, 10_000)] {
            assert_eq!(gathering(size), Duration::from_micros(micros), "{size}");
        }
    }

    #[test]
    fn who_comes_alone_never_waits_for_company() {
        let mut state = State::default();
        let start = Instant::now();
        state.push(waited_for()).unwrap();
        assert_eq!(group(state.take(start)), 1);
        state.answered(1, start + Duration::from_millis(4));
        state.push(waited_for()).unwrap();
        assert_eq!(state.call(start + Duration::from_millis(4)), Call::Now);
    }

    #[test]
    fn what_is_written_behind_lingers() {
        let mut state = State::default();
        let start = Instant::now();
        assert!(state.leave(Batch::default()).unwrap());
        assert!(!state.leave(Batch::default()).unwrap());
        let Call::At(due) = state.call(start) else {
            panic!("no time")
        };
        assert!(due >= start + LINGER);
        assert_eq!(state.call(due), Call::Now);
    }

    #[test]
    fn what_was_written_behind_is_behind_until_it_is_answered() {
        let mut state = State::default();
        assert!(!state.is_behind());
        state.leave(Batch::default()).unwrap();
        assert!(state.is_behind());
        state.take(Instant::now());
        assert!(state.is_behind());
        state.answered(0, Instant::now());
        assert!(!state.is_behind());
    }

    #[test]
    fn enough_rows_written_behind_call_at_once() {
        let mut state = State::default();
        let woken: Vec<usize> = (1..=EAGER)
            .filter(|_| state.leave(Batch::default()).unwrap())
            .collect();
        assert_eq!(woken, [1, EAGER]);
        assert_eq!(state.call(Instant::now()), Call::Now);
    }

    #[test]
    fn the_backlog_has_a_bound() {
        let mut state = State::default();
        let kept = (0..BACKLOG + 10).filter(|_| state.leave(Batch::default()).is_ok());
        assert_eq!(kept.count(), BACKLOG);
    }

    #[test]
    fn a_script_runs_alone_and_in_order() {
        let mut state = State::default();
        for job in [waited_for(), script(), waited_for()] {
            state.push(job).unwrap();
        }
        assert_eq!(group(state.take(Instant::now())), 1);
        assert!(matches!(state.take(Instant::now()), Work::Script(_)));
        assert_eq!(group(state.take(Instant::now())), 1);
        assert_eq!(state.call(Instant::now()), Call::Idle);
    }

    #[test]
    fn an_outage_refuses_who_waits_and_keeps_what_nobody_waits_for() {
        let mut state = State::default();
        let (reply, mut answer) = oneshot::channel();
        let batch = Batch::default();
        state.leave(Batch::default()).unwrap();
        state
            .push(Job::Write(Write {
                batch,
                reply: Some(reply),
            }))
            .unwrap();
        let Work::Group(taken) = state.take(Instant::now()) else {
            panic!("a script")
        };
        state.rest(taken, &StoreError::Unavailable("gone".into()));
        assert!(answer.try_recv().unwrap().is_err());
        assert!(matches!(state.call(Instant::now()), Call::At(_)));
        assert_eq!(group(state.take(Instant::now())), 1);
    }

    #[test]
    fn a_closed_queue_does_what_it_has_and_ends() {
        let mut state = State::default();
        state.leave(Batch::default()).unwrap();
        state.close();
        assert!(state.leave(Batch::default()).is_err());
        assert!(state.push(waited_for()).is_err());
        assert_eq!(state.call(Instant::now()), Call::Now);
        assert_eq!(group(state.take(Instant::now())), 1);
        assert_eq!(state.call(Instant::now()), Call::End);
    }
}
