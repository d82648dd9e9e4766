//! Companies, accounts, places and departments. Apart from the well-known ones all are invented.

use super::known;
use crate::base::{Seed, derived_id};

/// Name, street, city, state, zip, country, time zone.
#[rustfmt::skip]
const LOCATIONS: &[[&str; 7]] = &[
    ["San Diego", "1020 Harbor Lane", "San Diego", "CA", "92101", "USA", "America/Los_Angeles"],
    ["Florida", "48 Mangrove Court", "Tampa", "FL", "33602", "USA", "America/New_York"],
    ["Atlanta", "310 Peachtree Walk", "Atlanta", "GA", "30303", "USA", "America/New_York"],
    ["Toronto", "77 Maple Quay", "Toronto", "ON", "M5J 2N8", "Canada", "America/Toronto"],
    ["Lisbon", "Rua das Gaivotas 12", "Lisbon", "", "1200-202", "Portugal", "Europe/Lisbon"],
    ["Berlin", "Lindenhof 8", "Berlin", "", "10969", "Germany", "Europe/Berlin"],
    ["Manchester", "5 Weavers Yard", "Manchester", "", "M4 5JD", "United Kingdom", "Europe/London"],
    ["Nairobi", "22 Acacia Drive", "Nairobi", "", "00100", "Kenya", "Africa/Nairobi"],
    ["Osaka", "3-4 Kitahama", "Osaka", "", "541-0041", "Japan", "Asia/Tokyo"],
];

/// Name, id, description and head (`""` for none).
#[rustfmt::skip]
const DEPARTMENTS: &[[&str; 4]] = &[
    ["Finance", "FIN", "Planning, controlling and treasury", "natasha.ingram"],
    ["Accounting", "ACC", "Invoices, payments and books", "natasha.ingram"],
    ["IT", "IT", "Infrastructure, applications and support", "beth.anglin"],
    ["Sales", "SAL", "New business and key accounts", "emma.castellan"],
    ["Customer Support", "SUP", "Help for customers", "olivia.brenner"],
    ["Human Resources", "HR", "People and culture", "lucas.moreau"],
    ["Product", "PRD", "Product management and design", "isla.redmond"],
    ["Legal", "LEG", "Contracts and compliance", "mateo.quiroga"],
];

/// Name, city, and what it is: `c`ustomer, `v`endor, `m`anufacturer.
#[rustfmt::skip]
const COMPANIES: &[[&str; 3]] = &[
    ["ACME Corporation", "San Diego", "c"],
    ["Iris", "Toronto", "v"],
    ["Cloudward", "Lisbon", "v"],
    ["Hollowbrook Industries", "Manchester", "c"],
    ["Tessel Networks", "Berlin", "vm"],
    ["Brightforge Hardware", "Osaka", "vm"],
    ["Quillmark Software", "Lisbon", "v"],
    ["Larkspur Telecom", "Atlanta", "v"],
    ["Ferrous & Pine", "Florida", "m"],
];

/// Number, name, city, account code, registration code and parent (`""` for none).
#[rustfmt::skip]
const ACCOUNTS: &[[&str; 6]] = &[
    ["ACCT0000001", "Boxeo", "San Diego", "1", "BOXEO", ""],
    ["ACCT0000003", "Boxeo EMEA", "Lisbon", "3", "BOXEO-EMEA", "Boxeo"],
    ["ACCT0000004", "Boxeo Canada", "Toronto", "4", "BOXEO-CANADA", "Boxeo"],
    ["ACCT0000009", "Avid Corporation", "Florida", "9", "AVID", ""],
    ["ACCT0000010", "Saltmarsh Foods", "Manchester", "a", "SALTMARSH", ""],
    ["ACCT0000011", "Meridian Rail", "Berlin", "b", "MERIDIAN", ""],
    ["ACCT0000012", "Tidewater Clinics", "Atlanta", "c", "TIDEWATER", ""],
    ["ACCT0000013", "Orchard Lane Press", "Toronto", "d", "ORCHARD", ""],
    ["ACCT0000014", "Kibo Coffee Traders", "Nairobi", "e", "KIBO", ""],
    ["ACCT0000015", "Hoshi Instruments", "Osaka", "f", "HOSHI", ""],
    ["ACCT0000016", "Umbra Lighting", "Lisbon", "g", "UMBRA", ""],
];

/// Code, name, manager, place.
#[rustfmt::skip]
const COST_CENTERS: &[[&str; 4]] = &[
    ["1100", "Finance and Accounting", "natasha.ingram", "San Diego"],
    ["1200", "IT Operations", "beth.anglin", "San Diego"],
    ["1300", "Sales", "emma.castellan", "Atlanta"],
    ["1400", "Customer Support", "olivia.brenner", "Manchester"],
];

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let locations = LOCATIONS.iter().map(location);
    let departments = DEPARTMENTS.iter().map(department);
    let companies = COMPANIES.iter().map(company);
    let accounts = ACCOUNTS.iter().map(account);
    let cost_centers = COST_CENTERS.iter().map(cost_center);
    locations
        .chain(departments)
        .chain(companies)
        .chain(accounts)
        .chain(cost_centers)
        .chain([account_counter()])
}

/// New accounts go on behind the last of [`ACCOUNTS`]: their numbers begin with 1 (§13.5).
fn account_counter() -> Seed {
    let id = derived_id("sys_number_counter", "customer_account");
    Seed::new("sys_number_counter", id)
        .with("table", "customer_account")
        .with("number", "16")
}

fn location([name, street, city, state, zip, country, time_zone]: &'static [&str; 7]) -> Seed {
    Seed::new("cmn_location", known::id("cmn_location", name))
        .with("name", *name)
        .with("full_name", format!("{name}, {country}"))
        .with("street", *street)
        .with("city", *city)
        .with("state", *state)
        .with("zip", *zip)
        .with("country", *country)
        .with("time_zone", *time_zone)
}

fn department([name, id, description, head]: &'static [&str; 4]) -> Seed {
    Seed::new("cmn_department", known::id("cmn_department", name))
        .with("name", *name)
        .with("id", *id)
        .with("description", *description)
        .with_reference("dept_head", known::id("sys_user", head))
        .with_reference("company", known::id("core_company", "ACME Corporation"))
}

fn company([name, city, is]: &'static [&str; 3]) -> Seed {
    Seed::new("core_company", known::id("core_company", name))
        .with("name", *name)
        .with("city", *city)
        .with_flag("customer", is.contains('c'))
        .with_flag("vendor", is.contains('v'))
        .with_flag("manufacturer", is.contains('m'))
        .with_flag("primary", *name == "ACME Corporation")
}

fn account([number, name, city, code, registration, parent]: &'static [&str; 6]) -> Seed {
    let seed = Seed::new("customer_account", known::id("customer_account", name))
        .with("number", *number)
        .with("name", *name)
        .with("city", *city)
        .with("account_code", format!("~~~~{code}"))
        .with("registration_code", *registration);
    if parent.is_empty() {
        return seed.with("account_path", format!("~~~~{code}"));
    }
    // A child's path is its parent's, a slash and its own code; only Boxeo, whose code is 1, has children.
    seed.with("account_path", format!("~~~~1/~~~~{code}"))
        .with_reference("account_parent", known::id("customer_account", parent))
}

fn cost_center([code, name, manager, place]: &'static [&str; 4]) -> Seed {
    Seed::new("cmn_cost_center", known::id("cmn_cost_center", name))
        .with("code", *code)
        .with("name", *name)
        .with_reference("manager", known::id("sys_user", manager))
        .with_reference("location", known::id("cmn_location", place))
}
