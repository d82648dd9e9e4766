//! Data packs: the rows that a new instance starts with, besides the built-in tables' own.
//!
//! ```text
//! minimal   admin and guest, roles, access control rules, system properties: nothing works without them
//! compat    minimal, and what documentation and clients' tests take for granted (rest-and-records.md §15)
//! demo      compat, and the work of 90 days: incidents, changes, requests, articles
//! load      incidents without end, for measuring; they belong to the people of compat
//! ```
//! A pack is the same every time it is made for the same moment. Names and texts are invented, apart from those
//! that others' tests ask for. No pack holds a password or a client's secret: the server makes those.

mod access;
mod chance;
mod change_models;
mod changes;
mod clients;
mod cmdb;
mod development;
mod filters;
mod groups;
mod import_sets;
mod incidents;
mod knowledge;
mod known;
mod log;
mod moment;
mod organisation;
mod people;
mod policies;
mod problems;
mod properties;
mod requests;
mod web_services;

pub use properties::GLOBAL_BLOCKING_POLICY;

pub use clients::{
    Client, DEMO_API_KEY, DEMO_CLIENT, DEMO_JWT_CLIENT, DEMO_JWT_CLIENT_ID, DEMO_JWT_KID,
    DEMO_PUBLIC_CLIENT, DEMO_SERVICE, SERVICENOW_SDK,
};
pub use policies::{change_goes_to, change_transition};

use jiff::Timestamp;

use crate::{SysId, base::Seed};
use moment::Moment;

/// Returns the key of a user of the packs; the administrator's and a few others' are known the world over.
#[must_use]
pub fn user_id(user_name: &str) -> SysId {
    people::id(user_name)
}

/// Returns the key of the auth scope that opens every API, where no property names another.
#[must_use]
pub fn useraccount_scope() -> SysId {
    properties::useraccount()
}

/// Returns what no instance can do without.
#[must_use]
pub fn minimal() -> Vec<Seed> {
    let mut seeds = Vec::with_capacity(1000);
    seeds.extend(access::seeds());
    seeds.extend(properties::seeds());
    seeds.extend(policies::seeds());
    seeds.extend(web_services::seeds());
    seeds.extend(development::seeds());
    seeds.extend(filters::seeds());
    seeds.extend(import_sets::seeds());
    seeds.extend(people::first_seeds());
    seeds.extend(clients::first_seeds());
    seeds
}

/// Returns [`minimal`] and what documentation and clients' tests take for granted.
#[must_use]
pub fn compat(now: Timestamp) -> Vec<Seed> {
    let now = Moment::of(now);
    let mut seeds = minimal();
    people::employ_admin(&mut seeds);
    properties::allow_trying_out(&mut seeds);
    seeds.extend(organisation::seeds());
    seeds.extend(people::seeds());
    seeds.extend(groups::seeds());
    seeds.extend(clients::demo_seeds());
    seeds.extend(cmdb::seeds(now));
    seeds.extend(problems::seeds(now));
    seeds.extend(log::seeds(now));
    seeds.extend(change_models::seeds());
    seeds
}

/// Returns [`compat`] and 90 days of work.
#[must_use]
pub fn demo(now: Timestamp) -> Vec<Seed> {
    let mut seeds = compat(now);
    let now = Moment::of(now);
    seeds.extend(incidents::seeds(now));
    seeds.extend(changes::seeds(now));
    seeds.extend(requests::seeds(now));
    seeds.extend(knowledge::seeds(now));
    seeds
}

/// Returns so many incidents, oldest first; they refer to rows of [`compat`].
pub fn load(count: usize, now: Timestamp) -> impl Iterator<Item = Seed> {
    incidents::load(count, Moment::of(now))
}
