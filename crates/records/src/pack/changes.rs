//! Changes: what was planned, done and looked back upon.

use super::{
    chance::Chance,
    cmdb, groups,
    moment::{DAY, HOUR, Moment},
    people,
};
use crate::base::{Seed, derived_id};

/// Short description, item, category and group.
#[rustfmt::skip]
const PLANS: &[[&str; 4]] = &[
    ["Install the monthly security updates", "lnx-web-01", "System Software", "Hardware"],
    ["Install the monthly security updates", "win-ad-01", "System Software", "Hardware"],
    ["Move the database to larger disks", "pg-orders", "Hardware", "Database"],
    ["Upgrade the database to its next major version", "pg-customers", "Software", "Database"],
    ["Release 4.2.1: order confirmations", "Order Portal", "Applications Software", "Application Development"],
    ["Release 4.3: self-service returns", "Customer Portal", "Applications Software", "Application Development"],
    ["Replace the switch in the second rack", "sw-berlin-01", "Network", "Network"],
    ["Renew the certificate of the VPN gateway", "Corporate VPN", "Network", "Network"],
    ["Plan wireless channels anew", "Wireless LAN", "Network", "Network"],
    ["Gather statistics as part of the nightly load", "Data Warehouse", "Software", "Database San Diego"],
    ["Keep scanner sessions while roaming", "Warehouse Scanner", "Applications Software", "Application Development"],
    ["Add voice to the firewall template", "Telephony", "Telecom", "Network"],
    ["Switch off the old file server", "win-file-02", "Hardware", "Hardware"],
    ["Exchange the drum of the printer", "prn-berlin-3f", "Hardware", "Field Services"],
    ["Rotate the signing keys of sign-in", "Identity and Sign-in", "Service", "Security Operations"],
    ["Raise the mailbox limit", "Email", "Service", "Service Desk"],
    ["Index wiki pages when they are saved", "Intranet Wiki", "Applications Software", "Software"],
    ["Let backups of the file servers be incremental", "win-file-01", "Software", "Hardware"],
    ["Correct the import of names with apostrophes", "Payroll", "Applications Software", "Software"],
    ["Move the build server to the new cluster", "lnx-build-01", "Hardware", "Hardware"],
];
const COUNT: usize = 2 * PLANS.len();

pub(super) fn seeds(now: Moment) -> impl Iterator<Item = Seed> {
    let mut chance = Chance::new(6);
    (0..COUNT)
        .zip(PLANS.iter().cycle())
        .map(move |(n, plan)| change(n, plan, now, &mut chance))
}

fn change(n: usize, plan: &'static [&'static str; 4], now: Moment, chance: &mut Chance) -> Seed {
    let [short, item, category, group] = plan;
    let number = format!("CHG{:07}", n + 1);
    // The first half is done, the second half lies around today.
    let start = if n < PLANS.len() {
        now.earlier(chance.between(10, 80) * DAY)
    } else {
        now.later(chance.between(-6, 20) * DAY)
    };
    let opened = start.min(now).earlier(chance.between(2, 8) * DAY);
    let requester = groups::members(group)
        .first()
        .copied()
        .unwrap_or("beth.anglin");
    let end = start.later(chance.between(1, 6) * HOUR);
    let kind = ["normal", "normal", "standard", "emergency"][chance.below(4) % 4];
    let seed = Seed::new("change_request", derived_id("change_request", &number))
        .with("number", number.clone())
        .with("task_effective_number", number)
        .with("short_description", *short)
        .with("description", format!("{short} ({item})."))
        .with("type", kind)
        .with("category", *category)
        .with("risk", chance.between(2, 4).to_string())
        .with("justification", "Follows from a problem that was analysed.")
        .with(
            "implementation_plan",
            "Announce, back up, carry out, check, announce again.",
        )
        .with("backout_plan", "Restore the state from before the change.")
        .with(
            "test_plan",
            "The service's owner signs in and runs through the usual tasks.",
        )
        .with("start_date", start.date_time())
        .with("end_date", end.date_time())
        .with("opened_at", opened.date_time())
        .with_reference("opened_by", people::id(requester))
        .with_reference("requested_by", people::id(requester))
        .with_reference("assigned_to", people::id(requester))
        .with_reference("assignment_group", groups::id(group))
        .with_reference("cmdb_ci", cmdb::id(item))
        .with("sys_created_on", opened.date_time())
        .with("sys_created_by", requester)
        .with("sys_updated_by", requester);
    outcome(seed, start, end, now, chance).with("sys_updated_on", end.min(now).date_time())
}

fn outcome(seed: Seed, start: Moment, end: Moment, now: Moment, chance: &mut Chance) -> Seed {
    if now.since(end) > 4 * DAY {
        let close_code = if chance.percent(85) {
            "successful"
        } else {
            "successful_issues"
        };
        return seed
            .with("state", "3")
            .with("active", "false")
            .with("approval", "approved")
            .with("phase_state", "closed")
            .with("close_code", close_code)
            .with("close_notes", "Carried out as planned.")
            .with("work_start", start.date_time())
            .with("work_end", end.date_time())
            .with("closed_at", end.later(DAY).date_time());
    }
    match (now.since(start) > 0, now.since(end) > 0) {
        (_, true) => seed.with("state", "0").with("approval", "approved"),
        (true, false) => seed.with("state", "-1").with("approval", "approved"),
        (false, false) if start.since(now) < 7 * DAY => {
            seed.with("state", "-2").with("approval", "approved")
        }
        (false, false) => seed.with("state", ["-5", "-4", "-3"][chance.below(3) % 3]),
    }
}
