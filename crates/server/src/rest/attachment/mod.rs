//! The Attachment API (`rest-and-records.md` §6): files that hang on records.
//!
//! What we chose where the documentation is open: the rules of `sys_attachment` decide who may see an attachment, and
//! besides it is as hidden as the record it hangs on; whoever may write that record may attach to it.

mod download;
mod name;
mod shown;
mod target;
mod upload;

pub(crate) use download::{content, content_by_name, list, read};
pub(crate) use name::{delete, rename};
pub(crate) use upload::{file, multipart};
