//! Devices without a browser (RFC 8628): the endpoint, the person's page, and the polls.

mod device;
mod flow;
mod page;
mod polls;
