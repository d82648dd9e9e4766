//! Problems: causes that were looked for, and some that were found.

use super::{
    chance::Chance,
    cmdb, groups,
    moment::{DAY, HOUR, Moment},
    people,
};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// A suspected cause, the item it is suspected in, what was found and what was done.
struct Cause {
    short: &'static str,
    item: &'static str,
    category: &'static str,
    found: &'static str,
    fix: &'static str,
}

const fn cause(
    short: &'static str,
    item: &'static str,
    category: &'static str,
    found: &'static str,
    fix: &'static str,
) -> Cause {
    Cause {
        short,
        item,
        category,
        found,
        fix,
    }
}

#[rustfmt::skip]
const CAUSES: &[Cause] = &[
    cause("Order confirmations are sent twice", "Order Portal", "software", "The mail job retries without an idempotency key.", "Each mail has a key; a second attempt is recognised."),
    cause("Portal sessions are lost after each release", "Customer Portal", "software", "Sessions live in the memory of one process.", "Sessions are kept in the database."),
    cause("Nightly load does not finish before work starts", "Data Warehouse", "database", "Statistics of the largest table are stale after month end.", "Statistics are gathered as part of the load."),
    cause("Wireless drops when people walk between floors", "Wireless LAN", "network", "Access points on two floors share a channel.", "Channels were planned anew for all sites."),
    cause("VPN ends when the line is idle", "Corporate VPN", "network", "Home routers forget UDP flows after thirty seconds.", "The client sends a keep-alive every twenty seconds."),
    cause("Print queue stops at umlauts in file names", "win-print-01", "hardware", "The driver expects another character set.", "A newer driver is rolled out."),
    cause("Deadlocks while posting at month end", "mssql-finance", "database", "Two jobs write the same tables in opposite order.", "The second job waits for the first."),
    cause("Disks of web servers fill up", "lnx-web-01", "hardware", "Debug logging was left on after an analysis.", "Logs are rotated daily and debug logging ends by itself."),
    cause("Payroll import stops at names with apostrophes", "Payroll", "software", "Text is put into the statement unquoted.", "The import binds its values."),
    cause("Handheld scanners sign out while roaming", "Warehouse Scanner", "software", "The session is tied to the address of the access point.", "The session is tied to the device."),
    cause("Replica falls behind every Sunday", "pg-orders", "database", "The weekly report holds one transaction for three hours.", "The report reads from a snapshot."),
    cause("Laptops forget their second screen", "Workplace", "hardware", "The firmware of the dock loses its table after power loss.", "Firmware 2.14 is installed with the next maintenance."),
    cause("Name resolution fails when a site loses its line", "rt-berlin-01", "network", "Sites ask the central servers only.", "Each site has a resolver of its own."),
    cause("Expense receipts arrive rotated", "Expense Reports", "software", "The orientation of pictures is ignored.", "Pictures are turned as their metadata says."),
    cause("Calendar entries move by an hour for some people", "Email", "software", "Time zones of two sites had changed, the table had not.", "The zone table is updated each quarter."),
    cause("Search in the wiki misses new pages", "Intranet Wiki", "software", "The index is built weekly.", "Pages are indexed when they are saved."),
    cause("Backup of the file servers takes all night", "win-file-01", "hardware", "Every run reads everything.", "Backups are incremental during the week."),
    cause("Calls have one-way audio after network changes", "Telephony", "network", "The rule for voice is not part of the template.", "The rule is part of the template and is tested."),
    cause("CRM shows figures of last year", "Sales CRM", "software", "Dates are compared as text.", "Dates are compared as dates."),
    cause("Sign-in is slow on Monday mornings", "Identity and Sign-in", "software", "One of two directory servers is preferred by every site.", "Sites prefer the server that is near."),
];
const COUNT: usize = 2 * CAUSES.len();

/// Returns the key of some problem.
pub(super) fn any(chance: &mut Chance) -> SysId {
    id(chance.below(COUNT))
}

fn id(n: usize) -> SysId {
    derived_id("problem", &number(n))
}

fn number(n: usize) -> String {
    format!("PRB{:07}", n + 1)
}

/// Each cause comes up twice: solved long ago, and again lately.
pub(super) fn seeds(now: Moment) -> impl Iterator<Item = Seed> {
    let mut chance = Chance::new(4);
    (0..COUNT)
        .zip(CAUSES.iter().cycle())
        .map(move |(n, cause)| {
            let age = if n < CAUSES.len() {
                chance.between(40, 88)
            } else {
                chance.between(1, 35)
            };
            let opened = now.earlier(age * DAY + chance.between(0, 9) * HOUR);
            problem(n, cause, opened, now, &mut chance)
        })
}

fn problem(n: usize, cause: &Cause, opened: Moment, now: Moment, chance: &mut Chance) -> Seed {
    let number = number(n);
    let manager = if n.is_multiple_of(3) {
        "problem.manager"
    } else {
        "problem.admin"
    };
    let state = state(now.since(opened), chance);
    let (impact, urgency) = (chance.between(1, 3), chance.between(2, 3));
    let seed = Seed::new("problem", id(n))
        .with("number", number.clone())
        .with("task_effective_number", number)
        .with("short_description", cause.short)
        .with(
            "description",
            format!("Several incidents point to {}.", cause.item),
        )
        .with("category", cause.category)
        .with("state", state)
        .with("problem_state", state)
        .with("impact", impact.to_string())
        .with("urgency", urgency.to_string())
        .with("priority", (impact + urgency - 1).to_string())
        .with("opened_at", opened.date_time())
        .with_reference("opened_by", people::id(manager))
        .with_reference("assignment_group", groups::id("Problem Management"))
        .with_reference("assigned_to", people::id(manager))
        .with_reference("cmdb_ci", cmdb::id(cause.item))
        .with("sys_created_on", opened.date_time())
        .with("sys_created_by", manager)
        .with("sys_updated_by", manager);
    let seed = match subcategory(cause.item) {
        Some(subcategory) => seed.with("subcategory", subcategory),
        None => seed,
    };
    let updated = opened.later(chance.between(HOUR, 5 * DAY)).min(now);
    outcome(seed, cause, state, updated, manager).with("sys_updated_on", updated.date_time())
}

/// What kind of its category a problem of this item is, where that has a name.
fn subcategory(item: &str) -> Option<&'static str> {
    Some(match item {
        "Email" | "Order Portal" => "email",
        "Corporate VPN" => "vpn",
        "Wireless LAN" => "wireless",
        "rt-berlin-01" => "dns",
        "mssql-finance" => "sql server",
        "lnx-web-01" | "win-file-01" => "disk",
        "Workplace" => "monitor",
        _ => return None,
    })
}

fn state(age: i64, chance: &mut Chance) -> &'static str {
    match chance.below(4) {
        _ if age > 40 * DAY => "107",
        0 => "101",
        1 => "103",
        2 => "104",
        _ => "106",
    }
}

/// What is known in each state: the cause from analysis on, the fix from when it is being made.
fn outcome(seed: Seed, cause: &Cause, state: &str, at: Moment, by: &str) -> Seed {
    let seed = if state > "103" {
        seed.with("cause_notes", cause.found)
    } else {
        seed
    };
    if state < "106" {
        return seed.with_flag("known_error", state == "104");
    }
    let seed = seed
        .with("fix_notes", cause.fix)
        .with("resolution_code", "fix_applied")
        .with("resolved_at", at.date_time())
        .with_reference("resolved_by", people::id(by));
    if state == "106" {
        return seed;
    }
    seed.with("active", "false")
        .with("closed_at", at.date_time())
        .with_reference("closed_by", people::id(by))
}
