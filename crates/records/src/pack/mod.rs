//! Data packs: the rows that a new instance starts with, besides the built-in tables' own.
//!
//! ```text
//! minimal   admin and guest, roles, access control rules, system properties: nothing works without them
//! compat    minimal, and what documentation and clients' tests take for granted (rest-and-records.md §15)
//! demo      compat, and the work of 90 days: incidents, changes, requests, articles
//! load      incidents without end, for measuring; they belong to the people of compat
//! ```
//! A pack is the same every time it is made for the same moment. Names and texts are invented, apart from those
//! that others' tests ask for. No pack holds a password or a client's secret: the server makes those.

mod access;
mod chance;
mod changes;
mod clients;
mod cmdb;
    seeds.extend(development::seeds());
