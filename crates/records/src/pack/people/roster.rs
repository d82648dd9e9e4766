//! Who there is. Those whose names documentation and clients' tests use come first; the others are invented.

/// A person, or an account that a program uses.
pub(in crate::pack) struct Person {
    pub(in crate::pack) user_name: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) title: &'static str,
    pub(super) department: &'static str,
    pub(in crate::pack) location: &'static str,
    /// Roles of their own, besides those of their groups.
    pub(super) roles: &'static [&'static str],
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

#[rustfmt::skip]
pub(in crate::pack) const PEOPLE: &[Person] = &[
    person("itil", ("ITIL", "User"), "Service Desk Analyst", "IT", "San Diego", ITIL),
    person("employee", ("Joe", "Employee"), "Office Clerk", "Accounting", "San Diego", NONE),
    person("abel.tuter", ("Abel", "Tuter"), "Sales Representative", "Sales", "Atlanta", NONE),
    person("beth.anglin", ("Beth", "Anglin"), "Head of IT", "IT", "San Diego", ITIL),
    person("fred.luddy", ("Fred", "Luddy"), "Platform Architect", "IT", "San Diego", ADMIN),
    person("rick.berzle", ("Rick", "Berzle"), "Network Engineer", "IT", "Florida", NONE),
    person("david.loo", ("David", "Loo"), "Software Engineer", "IT", "San Diego", NONE),
    person("charlie.whitherspoon", ("Charlie", "Whitherspoon"), "Controller", "Finance", "Florida", NONE),
    person("don.goodliffe", ("Don", "Goodliffe"), "Database Engineer", "IT", "San Diego", NONE),
    person("rowan.pike", ("Rowan", "Pike"), "Account Manager", "Sales", "Manchester", NONE),
    person("problem.admin", ("Problem", "Administrator"), "Problem Manager", "IT", "San Diego", &["itil_admin"]),
    person("problem.manager", ("Problem", "Manager"), "Problem Manager", "IT", "Florida", ITIL),
    person("natasha.ingram", ("Natasha", "Ingram"), "Head of Finance", "Finance", "San Diego", NONE),
    person("abraham.lincoln", ("Abraham", "Lincoln"), "Counsel", "Legal", "Atlanta", NONE),
    // The team that runs the instance.
    person("ines.almeida", ("Ines", "Almeida"), "Platform Engineer", "IT", "Lisbon", ADMIN),
    person("tomasz.wrona", ("Tomasz", "Wrona"), "Platform Engineer", "IT", "Berlin", ADMIN),
    person("priya.raghavan", ("Priya", "Raghavan"), "Platform Engineer", "IT", "San Diego", ADMIN),
    person("oskar.lindqvist", ("Oskar", "Lindqvist"), "Platform Engineer", "IT", "Berlin", ADMIN),
    person("mei.tanaka", ("Mei", "Tanaka"), "Platform Engineer", "IT", "Osaka", ADMIN),
    person("jonas.albrecht", ("Jonas", "Albrecht"), "Platform Engineer", "IT", "Berlin", ADMIN),
    person("carla.fuentes", ("Carla", "Fuentes"), "Platform Engineer", "IT", "Florida", ADMIN),
    person("amara.okafor", ("Amara", "Okafor"), "Platform Engineer", "IT", "Nairobi", ADMIN),
    person("liam.donnelly", ("Liam", "Donnelly"), "Platform Engineer", "IT", "Toronto", ADMIN),
    person("sofie.vandamme", ("Sofie", "Vandamme"), "Platform Engineer", "IT", "Lisbon", ADMIN),
    // Accounts for the roles that are worth trying.
    person("oauth.admin", ("OAuth", "Administrator"), "Integration Manager", "IT", "San Diego", &["oauth_admin"]),
    person("user.admin", ("User", "Administrator"), "Identity Manager", "IT", "San Diego", &["user_admin"]),
    person("read.only", ("Read", "Only"), "Auditor", "Legal", "Toronto", &["itil", "snc_read_only"]),
    // The people who solve what others report.
    person("hannah.brandt", ("Hannah", "Brandt"), "Service Desk Lead", "IT", "Berlin", NONE),
    person("marco.bellini", ("Marco", "Bellini"), "Service Desk Analyst", "IT", "Lisbon", NONE),
    person("yusuf.demir", ("Yusuf", "Demir"), "Service Desk Analyst", "IT", "Berlin", NONE),
    person("chloe.marchand", ("Chloe", "Marchand"), "Service Desk Analyst", "IT", "Toronto", NONE),
    person("daniel.osei", ("Daniel", "Osei"), "Network Engineer", "IT", "Manchester", NONE),
    person("grace.kimani", ("Grace", "Kimani"), "Network Engineer", "IT", "Nairobi", NONE),
    person("viktor.novak", ("Viktor", "Novak"), "Database Engineer", "IT", "Berlin", NONE),
    person("leila.haddad", ("Leila", "Haddad"), "Database Engineer", "IT", "Atlanta", NONE),
    person("pedro.salgado", ("Pedro", "Salgado"), "Hardware Technician", "IT", "Lisbon", NONE),
    person("nora.eide", ("Nora", "Eide"), "Hardware Technician", "IT", "Manchester", NONE),
    person("samuel.whitlock", ("Samuel", "Whitlock"), "Security Analyst", "IT", "Manchester", NONE),
    person("anika.sharma", ("Anika", "Sharma"), "Application Developer", "IT", "San Diego", NONE),
    // The people who report.
    person("emma.castellan", ("Emma", "Castellan"), "Head of Sales", "Sales", "Atlanta", NONE),
    person("noah.fairweather", ("Noah", "Fairweather"), "Sales Representative", "Sales", "Toronto", NONE),
    person("olivia.brenner", ("Olivia", "Brenner"), "Head of Customer Support", "Customer Support", "Manchester", NONE),
    person("lucas.moreau", ("Lucas", "Moreau"), "Head of People", "Human Resources", "Lisbon", NONE),
    person("mia.sorensen", ("Mia", "Sorensen"), "Recruiter", "Human Resources", "Berlin", NONE),
    person("ethan.calloway", ("Ethan", "Calloway"), "Support Agent", "Customer Support", "Florida", NONE),
    person("isla.redmond", ("Isla", "Redmond"), "Head of Product", "Product", "Manchester", NONE),
    person("mateo.quiroga", ("Mateo", "Quiroga"), "General Counsel", "Legal", "San Diego", NONE),
    person("zoe.papadakis", ("Zoe", "Papadakis"), "Product Designer", "Product", "Lisbon", NONE),
    person("hugo.lefevre", ("Hugo", "Lefevre"), "Accountant", "Accounting", "Lisbon", NONE),
    person("aisha.bello", ("Aisha", "Bello"), "Support Agent", "Customer Support", "Nairobi", NONE),
    person("felix.neumann", ("Felix", "Neumann"), "Product Manager", "Product", "Berlin", NONE),
    person("ruby.thackeray", ("Ruby", "Thackeray"), "Paralegal", "Legal", "Manchester", NONE),
    person("kenji.watanabe", ("Kenji", "Watanabe"), "Sales Engineer", "Sales", "Osaka", NONE),
    person("lena.fischer", ("Lena", "Fischer"), "Accountant", "Accounting", "Berlin", NONE),
    person("arjun.mehta", ("Arjun", "Mehta"), "Financial Analyst", "Finance", "San Diego", NONE),
    person("beatriz.lopes", ("Beatriz", "Lopes"), "Support Agent", "Customer Support", "Lisbon", NONE),
    person("callum.fraser", ("Callum", "Fraser"), "Sales Representative", "Sales", "Manchester", NONE),
    person("dina.sokolov", ("Dina", "Sokolov"), "Treasurer", "Finance", "Toronto", NONE),
];

/// User name, first and last name, account.
#[rustfmt::skip]
pub(super) const CONTACTS: &[[&str; 4]] = &[
    ["george.warren", "George", "Warren", "Boxeo"],
    ["amelie.roux", "Amelie", "Roux", "Boxeo EMEA"],
    ["gavin.tremblay", "Gavin", "Tremblay", "Boxeo Canada"],
    ["marla.jennings", "Marla", "Jennings", "Avid Corporation"],
    ["owen.prescott", "Owen", "Prescott", "Saltmarsh Foods"],
    ["greta.vogel", "Greta", "Vogel", "Meridian Rail"],
];
