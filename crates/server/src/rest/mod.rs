//! The REST surface under `/api/now` (`rest-and-records.md` §1, §2).

pub(crate) mod body;
pub(crate) mod input;
mod links;
mod page;
pub(crate) mod params;
pub(crate) mod path;
mod session;
pub(crate) mod table;
