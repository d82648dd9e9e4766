//! The service catalog, and what people ordered from it.

use super::{
    chance::Chance,
    groups, known,
    moment::{DAY, Moment},
    people,
};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

const CATALOGS: &[(&str, &str)] = &[
    ("Service Catalog", "What people may order"),
    (
        "Technical Catalog",
        "What those who run the systems may order",
    ),
];
const CATEGORIES: &[(&str, &str)] = &[
    ("Hardware", "Things to work with"),
    ("Software", "Applications and licences"),
    ("Access", "Rights and accounts"),
];
/// Name, short description, category, price.
#[rustfmt::skip]
const ITEMS: &[[&str; 4]] = &[
    ["Standard Laptop", "14 inch, 32 GB, three years of service", "Hardware", "1450.0000"],
    ["Second Screen", "27 inch with a dock built in", "Hardware", "420.0000"],
    ["Headset", "Wireless, for calls in open offices", "Hardware", "130.0000"],
    ["Diagram Editor", "A licence for one year", "Software", "96.0000"],
    ["Access to a File Share", "Read or write, agreed with its owner", "Access", "0.0000"],
    ["Mailbox for a Team", "With a shared calendar", "Access", "0.0000"],
    ["Tablet", "An iPad or a tablet of another make, with a keyboard", "Hardware", "600.0000"],
    ["New Email Account", "For somebody who has none yet", "Access", "0.0000"],
];
/// What the technical catalog offers.
const TECHNICAL: &[[&str; 3]] = &[
    ["Virtual Machine", "Four cores, 16 GB, Linux", "Servers"],
    [
        "Database Schema",
        "On the shared cluster, with a nightly backup",
        "Databases",
    ],
];
const COUNT: usize = 12;

pub(super) fn seeds(now: Moment) -> Vec<Seed> {
    let mut chance = Chance::new(7);
    let mut seeds: Vec<Seed> = CATALOGS
        .iter()
        .map(|(title, description)| {
            Seed::new("sc_catalog", known::id("sc_catalog", title))
                .with("title", *title)
                .with("description", *description)
        })
        .collect();
    let catalog = known::id("sc_catalog", "Service Catalog");
    seeds.extend(CATEGORIES.iter().map(|(title, description)| {
        Seed::new("sc_category", known::id("sc_category", title))
            .with("title", *title)
            .with("description", *description)
            .with_reference("sc_catalog", catalog)
    }));
    seeds.extend(
        ITEMS
            .iter()
            .map(|[name, short_description, category, price]| {
                Seed::new("sc_cat_item", known::id("sc_cat_item", name))
                    .with("name", *name)
                    .with("short_description", *short_description)
                    .with_reference("category", known::id("sc_category", category))
                    .with("price", *price)
                    .with("sc_catalogs", catalog.to_string())
            }),
    );
    seeds.extend(technical());
    seeds.extend(questions());
    for (n, item) in (0..COUNT).zip(ITEMS.iter().cycle()) {
        seeds.extend(order(n, item, now, &mut chance));
    }
    seeds
}

/// The technical catalog: a category for each item.
fn technical() -> impl Iterator<Item = Seed> {
    let catalog = known::id("sc_catalog", "Technical Catalog");
    TECHNICAL.iter().flat_map(move |[name, short, category]| {
        let parent = known::id("sc_category", category);
        [
            Seed::new("sc_category", parent)
                .with("title", *category)
                .with_reference("sc_catalog", catalog),
            Seed::new("sc_cat_item", known::id("sc_cat_item", name))
                .with("name", *name)
                .with("short_description", *short)
                .with_reference("category", parent)
                .with("sc_catalogs", catalog.to_string()),
        ]
    })
}

/// What is asked of whoever orders: the item, and the name and the text of its variable.
#[rustfmt::skip]
const QUESTIONS: &[[&str; 3]] = &[
    ["New Email Account", "new_email", "The address that the account is to have"],
    ["Virtual Machine", "host_name", "What is it to be called?"],
    ["Database Schema", "schema_name", "What is it to be called?"],
];

fn questions() -> impl Iterator<Item = Seed> {
    QUESTIONS.iter().map(|[item, name, text]| {
        Seed::new("item_option_new", derived_id("item_option_new", name))
            .with("name", *name)
            .with("question_text", *text)
            .with("type", "6")
            .with_reference("cat_item", known::id("sc_cat_item", item))
    })
}

/// A request, its one item and the task to deliver it.
fn order(
    n: usize,
    item: &'static [&'static str; 4],
    now: Moment,
    chance: &mut Chance,
) -> [Seed; 3] {
    let [name, _, _, price] = item;
    let person = &people::PEOPLE[chance.below(people::PEOPLE.len())];
    let opened = now.earlier(chance.between(1, 60) * DAY);
    let done = now.since(opened) > 14 * DAY;
    let (request, requested_item) = (key("sc_request", n), key("sc_req_item", n));
    let requested_for = people::id(person.user_name);
    let open = |table: &'static str, prefix: &str| {
        let number = format!("{prefix}{:07}", n + 1);
        let state = if done { "3" } else { "2" };
        let seed = Seed::new(table, key(table, n))
            .with("number", number.clone())
            .with("task_effective_number", number)
            .with("short_description", *name)
            .with("state", state)
            .with("opened_at", opened.date_time())
            .with_reference("opened_by", requested_for)
            .with("sys_created_on", opened.date_time())
            .with("sys_created_by", person.user_name);
        if !done {
            return seed;
        }
        seed.with("active", "false")
            .with("closed_at", opened.later(5 * DAY).date_time())
    };
    let stage = if done { "completed" } else { "fulfillment" };
    let request_state = if done {
        "closed_complete"
    } else {
        "in_process"
    };
    [
        open("sc_request", "REQ")
            .with_reference("requested_for", requested_for)
            .with("request_state", request_state)
            .with("approval", "approved")
            .with("price", *price),
        open("sc_req_item", "RITM")
            .with_reference("request", request)
            .with_reference("requested_for", requested_for)
            .with_reference("cat_item", known::id("sc_cat_item", name))
            .with("stage", stage)
            .with("price", *price),
        open("sc_task", "SCTASK")
            .with_reference("request", request)
            .with_reference("request_item", requested_item)
            .with_reference("assignment_group", groups::id("Catalog Fulfilment")),
    ]
}

fn key(table: &str, n: usize) -> SysId {
    derived_id(table, &n.to_string())
}
