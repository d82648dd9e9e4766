//! The Attachment API (`rest-and-records.md` §6): files that hang on records.
//!
//! What we chose where the documentation is open: the rules of `sys_attachment` decide who may see an attachment, and
//! besides it is as hidden as the record it hangs on; whoever may write that record may attach to it.

mod attribute;
mod download;
mod name;
mod shown;
mod target;
mod upload;

pub(crate) use attribute::{
    add as add_attribute, change as change_attribute, clear as clear_attributes,
    list as attributes, read as attribute, remove as remove_attribute,
};
pub(crate) use download::{content, content_by_name, list, of_record, read};
pub(crate) use name::{delete, rename};
pub(crate) use upload::{file, multipart};
