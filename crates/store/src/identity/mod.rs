//! People: accounts with the roles that count, read from `sys_user` and the role tables.

mod cache;
mod lockout;
mod password;
mod roles;
mod second_factor;
mod sessions;
mod users;

pub(crate) use cache::UserCache;
pub(crate) use roles::Contains;
pub use second_factor::SecondFactor;
pub use sessions::{StoredSession, session_key};
pub use users::User;
