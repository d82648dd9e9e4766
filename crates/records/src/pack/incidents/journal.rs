//! What people write in an incident while they work on it.

use super::Incident;
use crate::{
    SysId,
    base::{Seed, derived_id},
    pack::{
        chance::Chance,
        moment::{MINUTE, Moment},
    },
};

const FIRST_LOOKS: &[&str] = &[
    "Taken over. Looking at it now.",
    "Reproduced on a test account.",
    "Called back, nobody answered. Trying again after lunch.",
    "Seen before; comparing with the earlier incident.",
    "Logs show nothing unusual yet. Raised the level and waiting for the next time.",
    "Asked a colleague at the site to check the cabling.",
];
const ANSWERS: &[&str] = &[
    "Thank you for reporting this. We are looking into it.",
    "Could you tell us since when this happens, and whether a restart changes anything?",
    "We believe that we found the cause and will keep you posted.",
];

/// Returns the entries of one incident, none for one that nobody has taken yet.
pub(super) fn entries(
    incident: &Incident<'_>,
    sys_id: SysId,
    now: Moment,
    chance: &mut Chance,
) -> Vec<Seed> {
    let Some(agent) = incident.assigned_to else {
        return Vec::new();
    };
    let first_look = incident
        .opened
        .later(chance.between(MINUTE, 30 * MINUTE))
        .min(now);
    let note = chance.pick(FIRST_LOOKS).unwrap_or_default();
    let mut entries = vec![entry(
        sys_id,
        "work_notes",
        note,
        agent.user_name,
        first_look,
    )];
    if chance.percent(40) {
        let answer = chance.pick(ANSWERS).unwrap_or_default();
        entries.push(entry(
            sys_id,
            "comments",
            answer,
            agent.user_name,
            first_look.later(MINUTE).min(now),
        ));
    }
    if let Some(resolved) = incident.progress.resolved() {
        entries.push(entry(
            sys_id,
            "comments",
            incident.act.story.fix,
            agent.user_name,
            resolved,
        ));
    }
    entries
}

fn entry(
    sys_id: SysId,
    element: &'static str,
    text: &'static str,
    by: &'static str,
    at: Moment,
) -> Seed {
    let key = format!("{sys_id} {element} {text}");
    Seed::new("sys_journal_field", derived_id("sys_journal_field", &key))
        .with("name", "incident")
        .with("element", element)
        .with("element_id", sys_id.to_string())
        .with("value", text)
        .with("sys_created_on", at.date_time())
        .with("sys_created_by", by)
}
