//! The REST surface under `/api/now` (`rest-and-records.md` §1, §2).

pub(crate) mod body;
pub(crate) mod input;
mod journal;
mod links;
mod page;
mod params;
mod path;
mod secrets;
mod session;
pub(crate) mod table;
