//! What people report: invented, but the way it reads in a service desk's list on an ordinary day.

mod database;
mod desk;
mod hardware;
mod network;
mod software;

/// An incident that happens again and again, each time about something else.
pub(super) struct Story {
    /// `{}` stands for one of the subjects.
    pub(super) short: &'static str,
    pub(super) detail: &'static str,
    pub(super) subjects: &'static [&'static str],
    /// `category/subcategory`.
    pub(super) kind: &'static str,
    pub(super) group: &'static str,
    pub(super) service: &'static str,
    /// 1 to 3.
    pub(super) impact: i64,
    pub(super) fix: &'static str,
    pub(super) close_code: &'static str,
}

const APPS: &[&str] = &[
    "Order Portal",
    "Customer Portal",
    "Payroll",
    "Expense Reports",
    "Sales CRM",
    "Intranet Wiki",
];
const SITES: &[&str] = &[
    "San Diego",
    "Atlanta",
    "Toronto",
    "Lisbon",
    "Berlin",
    "Manchester",
];
const PRINTERS: &[&str] = &[
    "prn-sandiego-2f",
    "prn-atlanta-1f",
    "prn-berlin-3f",
    "prn-lisbon-1f",
];
const SERVERS: &[&str] = &[
    "lnx-web-01",
    "lnx-web-02",
    "lnx-app-01",
    "lnx-app-03",
    "lnx-build-01",
];
const SWITCHES: &[&str] = &[
    "sw-florida-01",
    "sw-toronto-01",
    "sw-lisbon-01",
    "sw-berlin-01",
];
const SHARES: &[&str] = &["win-file-01", "win-file-02"];

/// Returns every story.
pub(super) fn all() -> impl Iterator<Item = &'static Story> {
    let topics = [
        software::STORIES,
        network::STORIES,
        hardware::STORIES,
        desk::STORIES,
        database::STORIES,
    ];
    topics.into_iter().flatten()
}
