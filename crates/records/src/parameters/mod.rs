//! The `sysparm_*` parameters of calls and pages: from the query part of a URL to what is asked for.
//!
//! Nothing here looks at a table yet: names and queries are held against a dictionary where they are used.

mod aggregate;
pub mod jsonv2;
pub mod list;
mod table;

use std::borrow::Cow;

pub use aggregate::AggregateWords;
pub use table::{BadParam, DisplayMode, Params};

/// Splits a query into decoded pairs; bytes that are no UTF-8 become the replacement character, and so does NUL,
/// which PostgreSQL takes in no text.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (storable(name), storable(value)))
}

fn storable(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}").into()
    } else {
        text
    }
}

/// Tells whether a parameter says yes: booleans are the words (`rest-and-records.md` §2.2).
#[must_use]
pub fn flag(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}
