//! Logging in and out, and what keeps a session (`inbound-oauth.md` §8).

mod equal_work;
mod form;
mod lockout;
mod my_connected_apps;
mod new_password;
mod pages;
mod race;
mod second_factor;
mod session;
