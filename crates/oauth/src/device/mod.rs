//! Device authorization (RFC 8628): a device without a browser gets two codes, and a person with one lets it in.
//!
//! ```text
//! device ── DeviceRequest ── begin ─┬─ device_code ── poll, poll, … ── grants::device_code ── tokens
//!                                   └─ user_code ── the person's page ── Asked::check ── Allow │ Deny
//! ```
//! The device code is a token that proves itself, for the client it was made for. The user code is short, so it counts
//! for minutes, is asked for by people who are logged in only, and whoever guesses has to wait.

mod asked;
mod request;
mod user_code;

pub use asked::{Allowed, Asked};
pub use request::{DeviceRequest, Grounds, NewDevice, begin};
pub use user_code::{UserCode, UserCodeFault};

/// Seconds between two polls, unless the device was told to slow down (RFC 8628 §3.2).
pub const INTERVAL: u32 = 5;
