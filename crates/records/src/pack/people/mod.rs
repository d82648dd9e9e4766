//! The people of the pack and the roles they have. Passwords are not part of a pack.

mod roster;

pub(super) use roster::{PEOPLE, Person};

use super::{access, known};
use crate::{
    SysId,
    base::{Seed, derived_id},
};
use roster::CONTACTS;

pub(super) fn id(user_name: &str) -> SysId {
    known::id("sys_user", user_name)
}

/// Returns the administrator and the guest, without whom no instance is.
pub(super) fn first_seeds() -> impl Iterator<Item = Seed> {
    let admin = user("admin", "System", "Administrator").with("email", "admin@example.com");
    let guest = user("guest", "", "Guest");
    [admin, guest, has_role("admin", "admin", None)].into_iter()
}

/// Gives the administrator the place in the company that clients' tests expect (§15.4).
pub(super) fn employ_admin(seeds: &mut [Seed]) {
    let admin = id("admin");
    for seed in seeds
        .iter_mut()
        .filter(|seed| seed.table == "sys_user" && seed.sys_id == admin)
    {
        let employed = std::mem::replace(seed, Seed::new("sys_user", admin))
            .with("title", "System Administrator")
            .with_reference("department", known::id("cmn_department", "Finance"))
            .with_reference("company", known::id("core_company", "ACME Corporation"))
            .with_reference("location", known::id("cmn_location", "San Diego"));
        *seed = employed;
    }
}

/// Returns everybody else, their roles, the contacts of the accounts, and the account for integrations.
pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let people = PEOPLE
        .iter()
        .enumerate()
        .map(|(at, person)| employee(at, person));
    let roles = PEOPLE.iter().flat_map(|person| {
        person
            .roles
            .iter()
            .map(|role| has_role(person.user_name, role, None))
    });
    people
        .chain(roles)
        .chain(CONTACTS.iter().map(contact))
        .chain(integration())
}

/// Returns the record that a user has a role, through a group if there is one.
pub(super) fn has_role(user_name: &str, role: &str, granted_by: Option<SysId>) -> Seed {
    let key = format!("{user_name} {role}");
    let seed = Seed::new("sys_user_has_role", derived_id("sys_user_has_role", &key))
        .with_reference("user", id(user_name))
        .with_reference("role", access::role(role));
    match granted_by {
        None => seed,
        Some(group) => seed
            .with_reference("granted_by", group)
            .with("inherited", "true")
            .with("inh_count", "1"),
    }
}

/// Tells whether a person has a role without any group.
pub(super) fn has_directly(user_name: &str, role: &str) -> bool {
    let found = |person: &&Person| person.user_name == user_name;
    PEOPLE
        .iter()
        .find(found)
        .is_some_and(|person| person.roles.contains(&role))
}

fn user(user_name: &'static str, first_name: &'static str, last_name: &'static str) -> Seed {
    let name = format!("{first_name} {last_name}");
    Seed::new("sys_user", id(user_name))
        .with("user_name", user_name)
        .with("name", name.trim().to_owned())
        .with("first_name", first_name)
        .with("last_name", last_name)
}

fn employee(at: usize, person: &'static Person) -> Seed {
    /// Clients' tests expect fewer than twenty people with a mobile phone (§15.4).
    const EVERY_FOURTH: usize = 4;
    let mobile = if at.is_multiple_of(EVERY_FOURTH) {
        format!("+1 555 01{at:02}")
    } else {
        String::new()
    };
    user(person.user_name, person.first_name, person.last_name)
        .with("email", format!("{}@example.com", person.user_name))
        .with("title", person.title)
        .with("employee_number", format!("E{:04}", 1001 + at))
        .with("phone", format!("+1 555 02{at:02}"))
        .with("mobile_phone", mobile)
        .with_reference("department", known::id("cmn_department", person.department))
        .with_reference("location", known::id("cmn_location", person.location))
        .with_reference("company", known::id("core_company", "ACME Corporation"))
        .with_flag("vip", person.title.starts_with("Head of"))
}

fn contact([user_name, first_name, last_name, account]: &'static [&str; 4]) -> Seed {
    let account = known::id("customer_account", account);
    Seed::new("customer_contact", known::id("customer_contact", user_name))
        .with("user_name", *user_name)
        .with("name", format!("{first_name} {last_name}"))
        .with("first_name", *first_name)
        .with("last_name", *last_name)
        .with("email", format!("{user_name}@customer.example"))
        .with_reference("account", account)
        .with_reference("company", account)
}

/// A program that may work on incidents and on nothing else, and may not sign in to pages.
fn integration() -> impl Iterator<Item = Seed> {
    let account = user("integration.user", "Integration", "User")
        .with("email", "integration.user@example.com")
        .with("web_service_access_only", "true")
        .with("identity_type", "machine");
    let roles = ["sn_incident_write", "snc_platform_rest_api_access"];
    [account]
        .into_iter()
        .chain(roles.map(|role| has_role("integration.user", role, None)))
}
