//! People: accounts with the roles that count, read from `sys_user` and the role tables.

mod cache;
mod roles;
mod users;

pub(crate) use cache::UserCache;
pub(crate) use roles::Contains;
pub use users::User;
