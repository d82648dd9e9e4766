//! The list of a table: `{table}_list.do`.
//!
//! ```text
//! URL --Asked--> Query --Plan, acl--> Permitted<Plan> --store--> rows --view--> page
//! ```
//! Everything that a list shows is in its URL: the encoded query, the search, the page and the columns.

pub(super) mod filter;
mod page;
mod view;

pub(super) use page::get;
pub(super) use snowglobe_records::parameters::list::{Asked, Built};
pub(super) use view::{Cell, Header, Line, headers, lines, record_href};
