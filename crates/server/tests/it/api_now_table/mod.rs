//! The Table API (`rest-and-records.md` §1, §2, §4, §16).

mod access;
mod declared;
mod display;
mod errors;
mod input;
mod journal;
pub(crate) mod list;
mod registration;
mod rules;
mod secrets;
pub(crate) mod stream;
mod write;

use serde_json::{Value, json};

use crate::world::{World, text};

/// The row of `incident` with these fields, made by the administrator.
fn incident(world: &World, fields: &Value) -> Value {
    world.admin().create("incident", fields)
}

/// Incidents that nobody else's query finds, told apart by `short_description`.
fn incidents(world: &World, marker: &str, count: usize) -> Vec<String> {
    (1..=count)
        .map(|n| {
            let fields =
                json!({"correlation_id": marker, "short_description": format!("{marker} {n}")});
            text(&incident(world, &fields), "sys_id")
        })
        .collect()
}

/// The values of one field.
fn column(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| text(row, field)).collect()
}

fn user(world: &World, name: &str) -> String {
    world
        .admin()
        .sys_id("sys_user", &format!("user_name={name}"))
}
