//! The bodies of writes: from foreign text to the fields of a record (`rest-and-records.md` §1.2, §1.3, §2.5).
//!
//! What is read here says nothing about tables yet: [`crate::write::Draft`] holds it against a dictionary.

pub mod batch;
pub mod charset;
pub mod form;
pub mod json;
pub mod xml;

/// The fields of a body: what each key says, `None` for a JSON null.
pub type Fields = Vec<(String, Option<String>)>;

/// The text is no body: what is wrong with it is for whoever sent it to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body cannot be read")]
pub struct Unreadable;
