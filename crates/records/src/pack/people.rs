//! The people of the pack. Those whose names documentation and clients' tests use come first; the others are
//! invented. Passwords are not part of a pack.

use super::{access, known};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// A person, or an account that a program uses.
pub(super) struct Person {
    pub(super) user_name: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    title: &'static str,
    department: &'static str,
    pub(super) location: &'static str,
    /// Roles of their own, besides those of their groups.
    roles: &'static [&'static str],
}

const fn person(
    user_name: &'static str,
    name: (&'static str, &'static str),
    title: &'static str,
    department: &'static str,
    location: &'static str,
    roles: &'static [&'static str],
) -> Person {
    Person {
        user_name,
        first_name: name.0,
        last_name: name.1,
        title,
        department,
        location,
        roles,
    }
}

const ADMIN: &[&str] = &["admin"];
const ITIL: &[&str] = &["itil"];
const NONE: &[&str] = &[];

pub(super) const PEOPLE: &[Person] = &[
    person(
        "itil",
        ("ITIL", "User"),
        "Service Desk Analyst",
        "IT",
        "San Diego",
        ITIL,
    ),
    person(
        "employee",
        ("Joe", "Employee"),
        "Office Clerk",
        "Accounting",
        "San Diego",
        NONE,
    ),
    person(
        "abel.tuter",
        ("Abel", "Tuter"),
        "Sales Representative",
        "Sales",
        "Atlanta",
        NONE,
    ),
    person(
        "beth.anglin",
        ("Beth", "Anglin"),
        "Head of IT",
        "IT",
        "San Diego",
        ITIL,
    ),
    person(
        "fred.luddy",
        ("Fred", "Luddy"),
        "Platform Architect",
        "IT",
        "San Diego",
        ADMIN,
    ),
    person(
        "rick.berzle",
        ("Rick", "Berzle"),
        "Network Engineer",
        "IT",
        "Florida",
        NONE,
    ),
    person(
        "david.loo",
        ("David", "Loo"),
        "Software Engineer",
        "IT",
        "San Diego",
        NONE,
    ),
    person(
        "charlie.whitherspoon",
        ("Charlie", "Whitherspoon"),
        "Controller",
        "Finance",
        "Florida",
        NONE,
    ),
    person(
        "don.goodliffe",
        ("Don", "Goodliffe"),
        "Database Engineer",
        "IT",
        "San Diego",
        NONE,
    ),
    person(
        "rowan.pike",
        ("Rowan", "Pike"),
        "Account Manager",
        "Sales",
        "Manchester",
        NONE,
    ),
    person(
        "problem.admin",
        ("Problem", "Administrator"),
        "Problem Manager",
        "IT",
        "San Diego",
        &["itil_admin"],
    ),
    person(
        "problem.manager",
        ("Problem", "Manager"),
        "Problem Manager",
        "IT",
        "Florida",
        ITIL,
    ),
    person(
        "natasha.ingram",
        ("Natasha", "Ingram"),
        "Head of Finance",
        "Finance",
        "San Diego",
        NONE,
    ),
    person(
        "abraham.lincoln",
        ("Abraham", "Lincoln"),
        "Counsel",
        "Legal",
        "Atlanta",
        NONE,
    ),
    // The team that runs the instance.
    person(
        "ines.almeida",
        ("Ines", "Almeida"),
        "Platform Engineer",
        "IT",
        "Lisbon",
        ADMIN,
    ),
    person(
        "tomasz.wrona",
        ("Tomasz", "Wrona"),
        "Platform Engineer",
        "IT",
        "Berlin",
        ADMIN,
    ),
    person(
        "priya.raghavan",
        ("Priya", "Raghavan"),
        "Platform Engineer",
        "IT",
        "San Diego",
        ADMIN,
    ),
    person(
        "oskar.lindqvist",
        ("Oskar", "Lindqvist"),
        "Platform Engineer",
        "IT",
        "Berlin",
        ADMIN,
    ),
    person(
        "mei.tanaka",
        ("Mei", "Tanaka"),
        "Platform Engineer",
        "IT",
        "Osaka",
        ADMIN,
    ),
    person(
        "jonas.albrecht",
        ("Jonas", "Albrecht"),
        "Platform Engineer",
        "IT",
        "Berlin",
        ADMIN,
    ),
    person(
        "carla.fuentes",
        ("Carla", "Fuentes"),
        "Platform Engineer",
        "IT",
        "Florida",
        ADMIN,
    ),
    person(
        "amara.okafor",
        ("Amara", "Okafor"),
        "Platform Engineer",
        "IT",
        "Nairobi",
        ADMIN,
    ),
    person(
        "liam.donnelly",
        ("Liam", "Donnelly"),
        "Platform Engineer",
        "IT",
        "Toronto",
        ADMIN,
    ),
    person(
        "sofie.vandamme",
        ("Sofie", "Vandamme"),
        "Platform Engineer",
        "IT",
        "Lisbon",
        ADMIN,
    ),
    // Accounts for the roles that are worth trying.
    person(
        "oauth.admin",
        ("OAuth", "Administrator"),
        "Integration Manager",
        "IT",
        "San Diego",
        &["oauth_admin"],
    ),
    person(
        "user.admin",
        ("User", "Administrator"),
        "Identity Manager",
        "IT",
        "San Diego",
        &["user_admin"],
    ),
    person(
        "read.only",
        ("Read", "Only"),
        "Auditor",
        "Legal",
        "Toronto",
        &["itil", "snc_read_only"],
    ),
    // The people who solve what others report.
    person(
        "hannah.brandt",
        ("Hannah", "Brandt"),
        "Service Desk Lead",
        "IT",
        "Berlin",
        NONE,
    ),
    person(
        "marco.bellini",
        ("Marco", "Bellini"),
        "Service Desk Analyst",
        "IT",
        "Lisbon",
        NONE,
    ),
    person(
        "yusuf.demir",
        ("Yusuf", "Demir"),
        "Service Desk Analyst",
        "IT",
        "Berlin",
        NONE,
    ),
    person(
        "chloe.marchand",
        ("Chloe", "Marchand"),
        "Service Desk Analyst",
        "IT",
        "Toronto",
        NONE,
    ),
    person(
        "daniel.osei",
        ("Daniel", "Osei"),
        "Network Engineer",
        "IT",
        "Manchester",
        NONE,
    ),
    person(
        "grace.kimani",
        ("Grace", "Kimani"),
        "Network Engineer",
        "IT",
        "Nairobi",
        NONE,
    ),
    person(
        "viktor.novak",
        ("Viktor", "Novak"),
        "Database Engineer",
        "IT",
        "Berlin",
        NONE,
    ),
    person(
        "leila.haddad",
        ("Leila", "Haddad"),
        "Database Engineer",
        "IT",
        "Atlanta",
        NONE,
    ),
    person(
        "pedro.salgado",
        ("Pedro", "Salgado"),
        "Hardware Technician",
        "IT",
        "Lisbon",
        NONE,
    ),
    person(
        "nora.eide",
        ("Nora", "Eide"),
        "Hardware Technician",
        "IT",
        "Manchester",
        NONE,
    ),
    person(
        "samuel.whitlock",
        ("Samuel", "Whitlock"),
        "Security Analyst",
        "IT",
        "Manchester",
        NONE,
    ),
    person(
        "anika.sharma",
        ("Anika", "Sharma"),
        "Application Developer",
        "IT",
        "San Diego",
        NONE,
    ),
    // The people who report.
    person(
        "emma.castellan",
        ("Emma", "Castellan"),
        "Head of Sales",
        "Sales",
        "Atlanta",
        NONE,
    ),
    person(
        "noah.fairweather",
        ("Noah", "Fairweather"),
        "Sales Representative",
        "Sales",
        "Toronto",
        NONE,
    ),
    person(
        "olivia.brenner",
        ("Olivia", "Brenner"),
        "Head of Customer Support",
        "Customer Support",
        "Manchester",
        NONE,
    ),
    person(
        "lucas.moreau",
        ("Lucas", "Moreau"),
        "Head of People",
        "Human Resources",
        "Lisbon",
        NONE,
    ),
    person(
        "mia.sorensen",
        ("Mia", "Sorensen"),
        "Recruiter",
        "Human Resources",
        "Berlin",
        NONE,
    ),
    person(
        "ethan.calloway",
        ("Ethan", "Calloway"),
        "Support Agent",
        "Customer Support",
        "Florida",
        NONE,
    ),
    person(
        "isla.redmond",
        ("Isla", "Redmond"),
        "Head of Product",
        "Product",
        "Manchester",
        NONE,
    ),
    person(
        "mateo.quiroga",
        ("Mateo", "Quiroga"),
        "General Counsel",
        "Legal",
        "San Diego",
        NONE,
    ),
    person(
        "zoe.papadakis",
        ("Zoe", "Papadakis"),
        "Product Designer",
        "Product",
        "Lisbon",
        NONE,
    ),
    person(
        "hugo.lefevre",
        ("Hugo", "Lefevre"),
        "Accountant",
        "Accounting",
        "Lisbon",
        NONE,
    ),
    person(
        "aisha.bello",
        ("Aisha", "Bello"),
        "Support Agent",
        "Customer Support",
        "Nairobi",
        NONE,
    ),
    person(
        "felix.neumann",
        ("Felix", "Neumann"),
        "Product Manager",
        "Product",
        "Berlin",
        NONE,
    ),
    person(
        "ruby.thackeray",
        ("Ruby", "Thackeray"),
        "Paralegal",
        "Legal",
        "Manchester",
        NONE,
    ),
    person(
        "kenji.watanabe",
        ("Kenji", "Watanabe"),
        "Sales Engineer",
        "Sales",
        "Osaka",
        NONE,
    ),
    person(
        "lena.fischer",
        ("Lena", "Fischer"),
        "Accountant",
        "Accounting",
        "Berlin",
        NONE,
    ),
    person(
        "arjun.mehta",
        ("Arjun", "Mehta"),
        "Financial Analyst",
        "Finance",
        "San Diego",
        NONE,
    ),
    person(
        "beatriz.lopes",
        ("Beatriz", "Lopes"),
        "Support Agent",
        "Customer Support",
        "Lisbon",
        NONE,
    ),
    person(
        "callum.fraser",
        ("Callum", "Fraser"),
        "Sales Representative",
        "Sales",
        "Manchester",
        NONE,
    ),
    person(
        "dina.sokolov",
        ("Dina", "Sokolov"),
        "Treasurer",
        "Finance",
        "Toronto",
        NONE,
    ),
];

/// User name, first and last name, account.
const CONTACTS: &[[&str; 4]] = &[
    ["george.warren", "George", "Warren", "Boxeo"],
    ["amelie.roux", "Amelie", "Roux", "Boxeo EMEA"],
    ["gavin.tremblay", "Gavin", "Tremblay", "Boxeo Canada"],
    ["marla.jennings", "Marla", "Jennings", "Avid Corporation"],
    ["owen.prescott", "Owen", "Prescott", "Saltmarsh Foods"],
    ["greta.vogel", "Greta", "Vogel", "Meridian Rail"],
];

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
    let mobile = if at % EVERY_FOURTH == 0 {
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
