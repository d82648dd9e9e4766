//! The broker: gets tokens of other providers, keeps them, and hands out one that lives (`outbound-oauth.md` §7).
//!
//! ```text
//! token ── held ── decide ┬─ use                                  store/outbound, oauth::outbound
//!                         ├─ wait for whoever is asking
//!                         └─ fetch: take off ── send ── settle ── (on disk) ── use
//! ```
//! One request is under way for a requestor and profile at any time, in all processes: the guard is in the database.
//! A request goes on when whoever wanted it has gone, since its answer may be the only copy of a refresh token.

mod alerts;
mod call;
mod farewell;
mod fault;
mod fetch;
mod flights;
mod grant;
mod hand_out;
mod log;
mod overview;
mod proof;
mod queue;
mod sign;
mod token;
mod wanted;
mod way;

pub(crate) use alerts::{deliver, watch};
pub(crate) use call::{CallFault, Done, Run, Took, Turn, attempt, find, run, seconds_since};
pub(crate) use farewell::say_farewells;
pub(crate) use fault::BrokerFault;
pub(crate) use fetch::{Consented, consented};
pub(crate) use flights::Flights;
pub(crate) use grant::Grant;
pub(crate) use hand_out::{Asked, NotGiven, hand_out};
pub(crate) use overview::{Entry, Sight, overview, overview_of};
pub(crate) use queue::{after, enqueue, longest, perform};
pub(crate) use token::{Token, keep_alive, token};
pub(crate) use wanted::{Wanted, pairs};
pub(crate) use way::PROFILES;
