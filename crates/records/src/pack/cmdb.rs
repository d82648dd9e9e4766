//! Configuration items and what depends on what. Apart from the three well-known ones all are invented.

use super::{
    chance::Chance,
    groups, known,
    moment::{DAY, Moment},
};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// Items of one class that one group supports.
struct Family {
    class: &'static str,
    group: &'static str,
    environment: &'static str,
    /// What `os` or `version` says; `""` where the class has neither.
    runs: &'static str,
    names: &'static [&'static str],
}

const fn family(
    class: &'static str,
    group: &'static str,
    runs: &'static str,
    names: &'static [&'static str],
) -> Family {
    Family {
        class,
        group,
        environment: "Production",
        runs,
        names,
    }
}

const FAMILIES: &[Family] = &[
    family(
        "cmdb_ci_linux_server",
        "Hardware",
        "Linux Debian",
        &[
            "PS LinuxApp01",
            "PS LinuxApp02",
            "lnx-web-01",
            "lnx-web-02",
            "lnx-web-03",
            "lnx-app-01",
            "lnx-app-02",
            "lnx-app-03",
            "lnx-mail-01",
            "lnx-db-01",
            "lnx-db-02",
            "lnx-build-01",
        ],
    ),
    Family {
        environment: "Test",
        ..family(
            "cmdb_ci_linux_server",
            "Hardware",
            "Linux Debian",
            &["lnx-test-01", "lnx-test-02"],
        )
    },
    family(
        "cmdb_ci_win_server",
        "Hardware",
        "Windows 2022 Standard",
        &[
            "win-ad-01",
            "win-ad-02",
            "win-file-01",
            "win-file-02",
            "win-print-01",
        ],
    ),
    family("cmdb_ci_db_ora_instance", "Database", "19c", &["PS ORA01"]),
    family(
        "cmdb_ci_db_postgresql_instance",
        "Database",
        "17",
        &["pg-orders", "pg-customers"],
    ),
    family(
        "cmdb_ci_db_mysql_instance",
        "Database",
        "8.4",
        &["mysql-intranet"],
    ),
    family(
        "cmdb_ci_db_mssql_instance",
        "Database",
        "2022",
        &["mssql-finance"],
    ),
    family(
        "cmdb_ci_ip_switch",
        "Network",
        "",
        &[
            "sw-sandiego-01",
            "sw-sandiego-02",
            "sw-florida-01",
            "sw-atlanta-01",
            "sw-toronto-01",
            "sw-lisbon-01",
            "sw-berlin-01",
            "sw-manchester-01",
        ],
    ),
    family(
        "cmdb_ci_ip_router",
        "Network",
        "",
        &["rt-sandiego-01", "rt-berlin-01", "rt-osaka-01"],
    ),
    family(
        "cmdb_ci_printer",
        "Hardware",
        "",
        &[
            "prn-sandiego-2f",
            "prn-atlanta-1f",
            "prn-berlin-3f",
            "prn-lisbon-1f",
            "prn-manchester-2f",
        ],
    ),
    family(
        "cmdb_ci_appl",
        "Software",
        "4.2",
        &[
            "Order Portal",
            "Customer Portal",
            "Payroll",
            "Expense Reports",
            "Sales CRM",
            "Data Warehouse",
            "Intranet Wiki",
            "Warehouse Scanner",
        ],
    ),
    family(
        "cmdb_ci_service",
        "Service Desk",
        "",
        &[
            "Email",
            "Corporate VPN",
            "Wireless LAN",
            "Telephony",
            "Order to Cash",
            "Finance Systems",
            "Identity and Sign-in",
            "File Shares",
            "Workplace",
        ],
    ),
    family(
        "service_offering",
        "Service Desk",
        "",
        &["Standard Laptop", "Mailbox 50 GB", "Guest Wi-Fi"],
    ),
];

const DEPENDS_ON: &str = "Depends on::Used by";
const EXCHANGES: &str = "Exchanges data with::Exchanges data with";

/// Programs name them: what the parent does, and what the child does.
const RELATION_TYPES: [&str; 20] = [
    DEPENDS_ON,
    EXCHANGES,
    "Runs on::Runs",
    "Hosted on::Hosts",
    "Contains::Contained by",
    "Connects to::Connected by",
    "Uses::Used by",
    "Managed by::Manages",
    "Members::Member of",
    "Owns::Owned by",
    "Virtualized by::Virtualizes",
    "Instantiates::Instantiated by",
    "Registered on::Has registered",
    "Defines resources for::Gets resources from",
    "Provided by::Provides",
    "Provides storage for::Stored on",
    "Located in::Houses",
    "Sends data to::Receives data from",
    "IP Connection::IP Connection",
    "Cluster of::Cluster",
];

/// The item that depends, or exchanges data, and the other one.
#[rustfmt::skip]
const RELATIONS: &[(&str, &str, &str)] = &[
    ("PS LinuxApp01", DEPENDS_ON, "PS ORA01"),
    ("PS LinuxApp02", DEPENDS_ON, "PS ORA01"),
    ("PS LinuxApp01", EXCHANGES, "PS LinuxApp02"),
    ("Order Portal", DEPENDS_ON, "lnx-web-01"),
    ("Order Portal", DEPENDS_ON, "lnx-web-02"),
    ("Order Portal", DEPENDS_ON, "pg-orders"),
    ("Customer Portal", DEPENDS_ON, "lnx-web-03"),
    ("Customer Portal", DEPENDS_ON, "pg-customers"),
    ("Sales CRM", DEPENDS_ON, "lnx-app-01"),
    ("Sales CRM", DEPENDS_ON, "pg-customers"),
    ("Sales CRM", EXCHANGES, "Order Portal"),
    ("Payroll", DEPENDS_ON, "mssql-finance"),
    ("Expense Reports", DEPENDS_ON, "mssql-finance"),
    ("Data Warehouse", DEPENDS_ON, "PS ORA01"),
    ("Data Warehouse", EXCHANGES, "Sales CRM"),
    ("Intranet Wiki", DEPENDS_ON, "mysql-intranet"),
    ("Warehouse Scanner", DEPENDS_ON, "lnx-app-03"),
    ("pg-orders", DEPENDS_ON, "lnx-db-01"),
    ("pg-customers", DEPENDS_ON, "lnx-db-02"),
    ("Email", DEPENDS_ON, "lnx-mail-01"),
    ("Corporate VPN", DEPENDS_ON, "rt-sandiego-01"),
    ("Corporate VPN", DEPENDS_ON, "rt-berlin-01"),
    ("Wireless LAN", DEPENDS_ON, "sw-sandiego-01"),
    ("Order to Cash", DEPENDS_ON, "Order Portal"),
    ("Order to Cash", DEPENDS_ON, "Finance Systems"),
    ("Finance Systems", DEPENDS_ON, "Payroll"),
    ("Identity and Sign-in", DEPENDS_ON, "win-ad-01"),
    ("File Shares", DEPENDS_ON, "win-file-01"),
];

pub(super) fn id(name: &str) -> SysId {
    known::id("cmdb_ci", name)
}

/// Tells whether the pack has an item of this name.
pub(super) fn knows(name: &str) -> bool {
    FAMILIES.iter().any(|family| family.names.contains(&name))
}

pub(super) fn seeds(now: Moment) -> Vec<Seed> {
    let mut chance = Chance::new(3);
    let mut seeds: Vec<Seed> = RELATION_TYPES
        .iter()
        .filter_map(|name| Some((*name, name.split_once("::")?)))
        .map(|(name, (parent, child))| {
            Seed::new("cmdb_rel_type", known::id("cmdb_rel_type", name))
                .with("name", name)
                .with("parent_descriptor", parent)
                .with("child_descriptor", child)
        })
        .collect();
    for family in FAMILIES {
        seeds.extend(
            family
                .names
                .iter()
                .map(|name| item(family, name, now, &mut chance)),
        );
    }
    seeds.extend(RELATIONS.iter().map(|(parent, kind, child)| {
        let key = format!("{parent} {kind} {child}");
        Seed::new("cmdb_rel_ci", derived_id("cmdb_rel_ci", &key))
            .with_reference("parent", id(parent))
            .with_reference("child", id(child))
            .with_reference("type", known::id("cmdb_rel_type", kind))
    }));
    seeds
}

fn item(family: &Family, name: &'static str, now: Moment, chance: &mut Chance) -> Seed {
    let installed = now.earlier(chance.between(200, 1500) * DAY);
    let seed = Seed::new(family.class, id(name))
        .with("name", name)
        .with("short_description", format!("{} in {}", name, place(name)))
        .with("environment", family.environment)
        .with("discovery_source", "Manual Entry")
        .with("install_date", installed.date())
        .with_reference("support_group", groups::id(family.group))
        .with_reference("company", known::id("core_company", "ACME Corporation"))
        .with_reference("location", known::id("cmn_location", place(name)));
    let seed = match family.class {
        "cmdb_ci_linux_server" | "cmdb_ci_win_server" => server(seed, family, chance),
        "cmdb_ci_service" => seed.with("busines_criticality", "2 - somewhat critical"),
        class if class.starts_with("cmdb_ci_db") || class == "cmdb_ci_appl" => {
            seed.with("version", family.runs)
        }
        _ => seed,
    };
    if family.class.starts_with("cmdb_ci_ip") || family.class.ends_with("_server") {
        let (net, host) = (chance.between(1, 40), chance.between(2, 250));
        return seed
            .with("ip_address", format!("10.20.{net}.{host}"))
            .with("serial_number", format!("SG{:08X}", chance.next() >> 32))
            .with(
                "asset_tag",
                format!("P{:06}", chance.between(1000, 999_999)),
            );
    }
    seed
}

fn server(seed: Seed, family: &Family, chance: &mut Chance) -> Seed {
    let memory = 8192 << chance.below(4);
    let cores = 4 << chance.below(3);
    seed.with("os", family.runs)
        .with("ram", memory.to_string())
        .with("cpu_count", "1")
        .with("cpu_core_count", cores.to_string())
        .with("virtual", "true")
}

/// Where an item stands, which its name often tells.
fn place(name: &str) -> &'static str {
    let (short, _) = name
        .split_once('-')
        .and_then(|(_, rest)| rest.split_once('-'))
        .unwrap_or(("", ""));
    match short {
        "florida" => "Florida",
        "atlanta" => "Atlanta",
        "toronto" => "Toronto",
        "lisbon" => "Lisbon",
        "berlin" => "Berlin",
        "manchester" => "Manchester",
        "osaka" => "Osaka",
        _ => "San Diego",
    }
}
