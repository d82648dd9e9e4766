//! Records: permitted plans and writes become statements, and the dictionary lives here.

mod aggregate;
mod application_file;
mod attachments;
mod copies;
mod counts;
mod customer_update;
mod declared;
mod delete;
mod dictionary;
mod holders;
mod insert_text;
mod journal;
mod journal_read;
mod labels;
mod numbers;
mod properties;
mod read;
mod row;
mod rules;
mod sealed;
mod seed;
mod select;
mod stream;
mod system;
mod write;

pub use attachments::PIECE_BYTES;
pub(crate) use counts::Counts;
pub use holders::{SecretHolder, SecretKey};
pub use journal_read::{Entry, Journals};
pub(crate) use numbers::Numbers;
pub use properties::Properties;
pub use read::{Displays, Page};
pub(crate) use select::{Find, Look};
pub use stream::Keys;
pub(crate) use write::{end_tokens, insert_row};
