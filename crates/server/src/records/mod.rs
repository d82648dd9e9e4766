//! Reading and writing records for a signed-in caller: what the Table API and the console have in common.
//!
//! A [`Session`] is who calls and the snapshots that the call sees. The flows here read, ask the rules of
//! `snowglobe_records::acl`, and apply; they know neither JSON nor pages, and say in a [`RecordError`] what
//! went wrong, for each surface to put into its own words.

mod fault;
mod journal;
mod making;
mod outbound;
mod question;
mod read;
mod reader;
mod rotate;
mod rules;
mod secrets;
mod session;
pub(crate) mod standard_change;
mod write;

pub(crate) use fault::RecordError;
pub(crate) use journal::{History, Written};
pub(crate) use making::{Inserted, Making, insert, prepare};
pub(crate) use question::Question;
pub(crate) use read::{name_of, one, permit};
pub(crate) use reader::Reader;
pub(crate) use rotate::rotate_secret;
pub(crate) use secrets::Generated;
pub(crate) use session::Session;
pub(crate) use write::{Input, delete, row, update};
