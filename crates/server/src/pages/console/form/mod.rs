//! The form of a record: `{table}.do?sys_id=…`, and `sys_id=-1` for a new one.
//!
//! ```text
//! GET   row, rules ---------------------------> fields --view--> page
//! POST  bytes --Submission--> Entries, errors --Input--> records::{insert, update} --303--> GET
//!                                  |
//!                                  +-- anything wrong: the same page again, with what was typed
//! ```
//! Nothing needs a script: choosing a referenced record is a page of its own that carries the form along.

mod delete;
mod entries;
mod lookup;
mod page;
mod record;
mod related;
mod value;
mod view;

pub(super) use delete::ask;
pub(super) use page::{get, post};
pub(super) use record::Record;
pub(super) use snowglobe_records::body::form::{Named, Submission};
pub(super) use value::local_to_utc;
pub(super) use view::{Button, FormPage, Message, show};
