//! Speaks HTTP: the OAuth endpoints, the Table API, the endpoints for whoever runs the instance, background jobs.
//!
//! A handler and its flow share a file: HTTP at the top, the flow below it. Rules live in `snowglobe-oauth` and
//! `snowglobe-records`; here they are read for, asked, and applied.

pub mod admin;
mod app;
mod broker;
mod clock;
pub mod config;
pub mod dev;
mod entropy;
mod error;
mod events;
mod flow;
mod gate;
pub mod https;
mod identity;
mod instance;
mod jobs;
mod mended;
mod methods;
mod oauth;
mod observe;
pub mod operator;
mod ops;
mod outbound;
mod pages;
mod patience;
mod records;
mod refusal;
mod rest;
mod router;
mod serve;
pub mod simulate;
mod surface;

pub use instance::{Instance, StartError};
pub use router::routes;
