//! The built-in tables and the data packs: that they hold together, and that they are what was promised.

#![expect(clippy::expect_used, reason = "tests")]

mod access;
mod definition;
mod known;
mod packs;
mod records;

use jiff::Timestamp;
use snowglobe_records::{
    Dictionary,
    base::{self, Seed},
};

fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().expect("a moment")
}

fn dictionary() -> Dictionary {
    let (dictionary, problems) = Dictionary::build(&base::definition());
    assert_eq!(problems, []);
    dictionary
}

fn count(seeds: &[Seed], table: &str) -> usize {
    seeds.iter().filter(|seed| seed.table == table).count()
}

fn rows<'s>(seeds: &'s [Seed], table: &'s str) -> impl Iterator<Item = &'s Seed> {
    seeds.iter().filter(move |seed| seed.table == table)
}
