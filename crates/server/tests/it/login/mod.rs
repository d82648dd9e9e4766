//! Logging in and out, and what keeps a session (`inbound-oauth.md` §8).

mod form;
mod lockout;
mod pages;
mod session;
