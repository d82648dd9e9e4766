//! Models of changes, and templates of standard changes.

use super::known;
use crate::base::{Seed, derived_id};

/// Name, what it is for, and the type of the changes that it makes.
const MODELS: &[[&str; 3]] = &[
    [
        "Normal",
        "A change that is assessed and authorised before it is made",
        "normal",
    ],
    [
        "Standard",
        "A change that was authorised once and for all",
        "standard",
    ],
    [
        "Emergency",
        "A change that cannot wait for its assessment",
        "emergency",
    ],
];
/// Name, category, and what is done.
const TEMPLATES: &[[&str; 3]] = &[
    [
        "Clear BGP sessions on a Cisco router",
        "Network",
        "Log in to the router, clear the sessions, see them come back",
    ],
    [
        "Add network switch to datacenter cabinet",
        "Network",
        "Mount the switch, connect it, add it to monitoring",
    ],
    [
        "Replace failed hard drive",
        "Hardware",
        "Take the drive out of its array, exchange it, let the array rebuild",
    ],
    [
        "Decommission local office Domain Controller",
        "Hardware",
        "Move its roles, demote it, switch it off",
    ],
];

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let models = MODELS.iter().map(|[name, description, kind]| {
        Seed::new("chg_model", derived_id("chg_model", name))
            .with("name", *name)
            .with("description", *description)
            .with("default_change_model", (*kind == "normal").to_string())
            .with("record_preset", format!("type={kind}^EQ"))
    });
    models.chain(TEMPLATES.iter().flat_map(template))
}

/// A template and its first version; changes name the version.
fn template([name, category, plan]: &'static [&'static str; 3]) -> [Seed; 2] {
    let producer = known::id("std_change_record_producer", name);
    let title = format!("{name} - 1");
    let version = known::id("std_change_producer_version", &title);
    [
        Seed::new("std_change_record_producer", producer)
            .with("name", *name)
            .with("short_description", *name)
            .with("table_name", "change_request")
            .with(
                "template",
                format!(
                    "type=standard^short_description={name}^category={category}^implementation_plan={plan}^EQ"
                ),
            )
            .with_reference("current_version", version),
        Seed::new("std_change_producer_version", version)
            .with("name", title)
            .with_reference("std_change_producer", producer),
    ]
}
