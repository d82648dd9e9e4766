//! The REST surface under `/api/now` (`rest-and-records.md` §1, §2).

pub(crate) mod access;
pub(crate) mod attachment;
pub(crate) mod batch;
pub(crate) mod body;
mod broker;
pub(crate) mod cmdb;
pub(crate) mod csm;
pub(crate) mod discover;
pub(crate) mod doc;
pub(crate) mod import_set;
pub(crate) mod input;
pub(crate) mod jsonv2;
mod links;
mod look;
mod page;
pub(crate) mod params;
pub(crate) mod path;
mod rate;
pub(crate) mod roles;
pub(crate) mod routes;
mod session;
pub(crate) mod stats;
mod stream;
pub(crate) mod table;
pub(crate) mod tiny;
mod xml;
