//! Groups, their members and their roles.

use super::{access, known, people};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// A group: its first member manages it.
struct Group {
    name: &'static str,
    description: &'static str,
    parent: &'static str,
    roles: &'static [&'static str],
    members: &'static [&'static str],
}

const GROUPS: &[Group] = &[
    Group {
        name: "CAB Approval",
        description: "Advises on changes",
        parent: "",
        roles: &[],
        members: &["beth.anglin", "marco.bellini"],
    },
    Group {
        name: "Network CAB Managers",
        description: "Advises on changes of the network",
        parent: "CAB Approval",
        roles: &[],
        members: &["marco.bellini", "yusuf.demir"],
    },
    Group {
        name: "IT Finance CAB",
        description: "Advises on changes that cost",
        parent: "CAB Approval",
        roles: &[],
        members: &["hannah.brandt"],
    },
    Group {
        name: "Service Desk",
        description: "First contact for everybody",
        parent: "",
        roles: &["itil"],
        members: &[
            "hannah.brandt",
            "marco.bellini",
            "yusuf.demir",
            "chloe.marchand",
            "itil",
        ],
    },
    Group {
        name: "Network",
        description: "Offices, wireless, VPN and DNS",
        parent: "",
        roles: &["itil"],
        members: &["daniel.osei", "grace.kimani", "rick.berzle"],
    },
    Group {
        name: "Database",
        description: "All databases",
        parent: "",
        roles: &["itil"],
        members: &["don.goodliffe", "viktor.novak", "leila.haddad"],
    },
    Group {
        name: "Database Atlanta",
        description: "Databases of the Atlanta site",
        parent: "Database",
        roles: &[],
        members: &["leila.haddad"],
    },
    Group {
        name: "Database San Diego",
        description: "Databases of the San Diego site",
        parent: "Database",
        roles: &[],
        members: &["don.goodliffe"],
    },
    Group {
        name: "Software",
        description: "Applications people work with",
        parent: "",
        roles: &["itil"],
        members: &["david.loo", "anika.sharma", "beth.anglin"],
    },
    Group {
        name: "Hardware",
        description: "Laptops, phones, printers and servers",
        parent: "",
        roles: &["itil", "asset"],
        members: &["pedro.salgado", "nora.eide"],
    },
    Group {
        name: "Application Development",
        description: "Applications we build ourselves",
        parent: "Software",
        roles: &["personalize_dictionary"],
        members: &["anika.sharma", "david.loo"],
    },
    Group {
        name: "Problem Management",
        description: "Finds the causes of incidents",
        parent: "",
        roles: &["itil_admin"],
        members: &["problem.admin", "problem.manager"],
    },
    Group {
        name: "Change Advisory Board",
        description: "Advises on changes",
        parent: "",
        roles: &["approver_user"],
        members: &["beth.anglin", "fred.luddy", "daniel.osei", "don.goodliffe"],
    },
    Group {
        name: "Security Operations",
        description: "Watches, and answers when something is wrong",
        parent: "",
        roles: &["itil", "user_admin"],
        members: &["samuel.whitlock"],
    },
    Group {
        name: "Platform Team",
        description: "Runs this instance",
        parent: "",
        roles: &["import_admin", "web_service_admin"],
        members: &[
            "fred.luddy",
            "ines.almeida",
            "tomasz.wrona",
            "priya.raghavan",
            "mei.tanaka",
        ],
    },
    Group {
        name: "Catalog Fulfilment",
        description: "Delivers what people order",
        parent: "",
        roles: &["itil", "catalog_admin"],
        members: &["nora.eide", "chloe.marchand"],
    },
    Group {
        name: "Knowledge Managers",
        description: "Keeps articles true",
        parent: "",
        roles: &["knowledge_admin"],
        members: &["hannah.brandt"],
    },
    Group {
        name: "Field Services",
        description: "Goes where the problem is",
        parent: "Hardware",
        roles: &[],
        members: &["pedro.salgado", "grace.kimani"],
    },
];

pub(super) fn id(name: &str) -> SysId {
    known::id("sys_user_group", name)
}

/// Returns the user names of a group's members; none for a group that is not in the pack.
pub(super) fn members(name: &str) -> &'static [&'static str] {
    GROUPS
        .iter()
        .find(|group| group.name == name)
        .map_or(&[], |group| group.members)
}

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    GROUPS
        .iter()
        .flat_map(|group| {
            [record(group)]
                .into_iter()
                .chain(group.members.iter().map(|member| membership(group, member)))
                .chain(group.roles.iter().map(|role| group_role(group, role)))
        })
        .chain(inherited_roles())
}

fn record(group: &Group) -> Seed {
    let mail = group.name.to_lowercase().replace(' ', ".");
    let seed = Seed::new("sys_user_group", id(group.name))
        .with("name", group.name)
        .with("description", group.description)
        .with("email", format!("{mail}@example.com"));
    let seed = match group.members.first() {
        Some(manager) => seed.with_reference("manager", people::id(manager)),
        None => seed,
    };
    match group.parent {
        "" => seed,
        parent => seed.with_reference("parent", id(parent)),
    }
}

fn membership(group: &Group, user_name: &str) -> Seed {
    let key = format!("{} {user_name}", group.name);
    Seed::new("sys_user_grmember", derived_id("sys_user_grmember", &key))
        .with_reference("group", id(group.name))
        .with_reference("user", people::id(user_name))
}

fn group_role(group: &Group, role: &str) -> Seed {
    let key = format!("{} {role}", group.name);
    Seed::new("sys_group_has_role", derived_id("sys_group_has_role", &key))
        .with_reference("group", id(group.name))
        .with_reference("role", access::role(role))
}

/// What members have through their groups and the groups above, each role once for each of them (§15.2).
fn inherited_roles() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = Vec::new();
    for group in GROUPS {
        let parent = GROUPS.iter().find(|other| other.name == group.parent);
        let roles = parent
            .into_iter()
            .chain([group])
            .flat_map(|group| group.roles);
        for role in roles {
            for member in group.members {
                let seed = people::has_role(member, role, Some(id(group.name)));
                let direct = people::has_directly(member, role);
                if !direct && !seeds.iter().any(|other| other.sys_id == seed.sys_id) {
                    seeds.push(seed);
                }
            }
        }
    }
    seeds
}
