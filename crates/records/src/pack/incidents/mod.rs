//! Incidents: a fixed number of them spread over the last 90 days, or as many as somebody wants.

mod journal;
mod progress;
mod stage;
mod stories;

use super::{
    chance::Chance,
    moment::{DAY, HOUR, Moment, duration},
    problems,
};
use crate::{
    SysId,
    base::{Seed, derived_id},
};
use progress::Progress;
use stage::{Act, Somebody, Stage};

/// So many incidents does the demo pack have.
const DEMO: usize = 200;
/// Incidents lie this far back.
const SPAN: i64 = 90 * DAY;
/// Some of the incidents of these stories were found to have a common cause.
const LINKED_TO_PROBLEM: usize = 12;

/// Returns the demo pack's incidents and what people wrote in them.
pub(super) fn seeds(now: Moment) -> Vec<Seed> {
    let stage = Stage::set();
    let mut chance = Chance::new(1);
    let mut seeds = Vec::new();
    for n in 0..DEMO {
        let number = format!("INC{:07}", n + 1);
        let sys_id = derived_id("incident", &number);
        let incident =
            Incident::happen(&stage, opened(n, DEMO, now, &mut chance), now, &mut chance);
        let mut seed = incident.seed(sys_id, number);
        if chance.percent(LINKED_TO_PROBLEM) {
            seed = seed.with_reference("problem_id", problems::any(&mut chance));
        }
        seeds.push(seed);
        seeds.extend(journal::entries(&incident, sys_id, now, &mut chance));
    }
    seeds
}

/// Returns so many incidents that look like the demo pack's and belong to its people, oldest first.
pub(super) fn load(count: usize, now: Moment) -> impl Iterator<Item = Seed> {
    /// Far from the numbers that the demo pack and the counter use.
    const FIRST_NUMBER: usize = 1_000_000;
    /// Keys in the order of making, so that a row lands at the end of every index.
    const FIRST_ORDER: u64 = 0x5e1f_0000_0000;
    let stage = Stage::set();
    let mut chance = Chance::new(2);
    (0..count).map(move |n| {
        let sys_id = SysId::in_order(FIRST_ORDER + n as u64, chance.next());
        let opened = opened(n, count, now, &mut chance);
        let incident = Incident::happen(&stage, opened, now, &mut chance);
        incident.seed(sys_id, format!("INC{:07}", FIRST_NUMBER + n))
    })
}

/// The moment of the `n`th of `count` incidents: in order, evenly, with a little noise.
fn opened(n: usize, count: usize, now: Moment, chance: &mut Chance) -> Moment {
    let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
    let step = SPAN / count;
    let n = i64::try_from(n).unwrap_or_default();
    now.earlier(
        SPAN - SPAN.saturating_mul(n) / count - chance.between(0, step.max(1) - 1).min(HOUR),
    )
}

/// One incident, as it stands now.
struct Incident<'s> {
    company: SysId,
    act: &'s Act,
    subject: &'static str,
    caller: &'s Somebody,
    opened_by: &'s Somebody,
    assigned_to: Option<&'s Somebody>,
    opened: Moment,
    updated: Moment,
    progress: Progress,
    contact_type: &'static str,
    impact: i64,
    urgency: i64,
}

impl<'s> Incident<'s> {
    fn happen(stage: &'s Stage, opened: Moment, now: Moment, chance: &mut Chance) -> Self {
        let act = stage.act(chance);
        let caller = stage.caller(chance);
        let (contact_type, opened_by) = stage.contact(caller, chance);
        let (impact, urgency) = (act.story.impact, act.story.impact.max(chance.between(1, 3)));
        let progress = Progress::decide(opened, now, impact + urgency - 1, chance);
        let assigned_to = match progress {
            Progress::New => None,
            _ => act.members.get(chance.below(act.members.len())),
        };
        let touched = opened.later(chance.between(0, now.since(opened).max(0)));
        Self {
            company: stage.company,
            subject: act.subject(chance),
            updated: match progress {
                Progress::New => opened,
                _ => progress.last_change().unwrap_or(touched),
            },
            act,
            caller,
            opened_by,
            assigned_to,
            opened,
            progress,
            contact_type,
            impact,
            urgency,
        }
    }

    fn seed(&self, sys_id: SysId, number: String) -> Seed {
        let seed = self.report(Seed::new("incident", sys_id), number);
        self.outcome(seed)
    }

    /// What was known when it was opened.
    fn report(&self, seed: Seed, number: String) -> Seed {
        let Act {
            story,
            group,
            service,
            ..
        } = self.act;
        let (category, subcategory) = story.kind.split_once('/').unwrap_or((story.kind, ""));
        let seed = seed
            .with("number", number.clone())
            .with("task_effective_number", number)
            .with(
                "short_description",
                story.short.replacen("{}", self.subject, 1),
            )
            .with("description", story.detail.replacen("{}", self.subject, 1))
            .with("category", category)
            .with("subcategory", subcategory)
            .with("contact_type", self.contact_type)
            .with("impact", digit(self.impact))
            .with("urgency", digit(self.urgency))
            // The matrix of §14.2 is a sum.
            .with("priority", digit(self.impact + self.urgency - 1))
            .with_reference("caller_id", self.caller.sys_id)
            .with_reference("location", self.caller.location)
            .with_reference("opened_by", self.opened_by.sys_id)
            .with_reference("assignment_group", *group)
            .with_reference("business_service", *service)
            .with_reference("company", self.company)
            .with("opened_at", self.opened.date_time());
        match self.act.item(self.subject) {
            Some(item) => seed.with_reference("cmdb_ci", item),
            None => seed,
        }
    }

    /// What has become of it.
    fn outcome(&self, seed: Seed) -> Seed {
        let state = self.progress.state();
        let last_hand = self.assigned_to.unwrap_or(self.opened_by);
        let mut seed = seed.with("state", state).with("incident_state", state);
        if let Some(somebody) = self.assigned_to {
            seed = seed.with_reference("assigned_to", somebody.sys_id);
        }
        if let Some(resolved) = self.progress.resolved() {
            let took = resolved.since(self.opened);
            seed = seed
                .with("resolved_at", resolved.date_time())
                .with_reference("resolved_by", last_hand.sys_id)
                .with("close_code", self.act.story.close_code)
                .with("close_notes", self.act.story.fix)
                .with("calendar_stc", took.to_string())
                .with("calendar_duration", duration(took));
        }
        seed = match self.progress {
            Progress::Closed { at, .. } | Progress::Canceled { at } => seed
                .with("active", "false")
                .with("closed_at", at.date_time())
                .with_reference("closed_by", last_hand.sys_id),
            Progress::OnHold { reason } => seed.with("hold_reason", reason),
            _ => seed,
        };
        let touches = if self.updated == self.opened {
            "0"
        } else {
            "3"
        };
        seed.with("sys_created_on", self.opened.date_time())
            .with("sys_created_by", self.opened_by.user_name)
            .with("sys_updated_on", self.updated.date_time())
            .with("sys_updated_by", last_hand.user_name)
            .with("sys_mod_count", touches)
    }
}

/// A number from 1 to 5 as text that need not be made.
fn digit(n: i64) -> &'static str {
    match n {
        ..=1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        _ => "5",
    }
}
