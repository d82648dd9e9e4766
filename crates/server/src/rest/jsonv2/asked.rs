//! What a call asks for: parameters of the URL and of the body, where the body wins (§11.1).

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, request::Parts},
};
use serde_json::{Map, Value};

use super::Failure;
use crate::{
    app::App,
    error::RestError,
    records::Session,
    rest::{
        input,
        params::{DisplayMode, pairs},
    },
};

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    Get,
    GetRecords,
    GetKeys,
    /// `insert`, `insertMultiple`: what tells them apart is the body.
    Insert,
    Update,
    DeleteRecord,
    DeleteMultiple,
    Unknown(String),
}

/// A call.
pub(super) struct Asked {
    pub(super) action: Action,
    parameters: BTreeMap<String, String>,
    /// The records of the body, without parameters.
    pub(super) records: Vec<Map<String, Value>>,
}

impl Asked {
    pub(super) async fn read(app: &App, parts: &Parts, body: &mut Body) -> Result<Self, RestError> {
        let query = pairs(parts.uri.query().unwrap_or_default());
        let mut parameters: BTreeMap<_, _> = query
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut records = Vec::new();
        if parts.method == Method::POST {
            if !input::is_json(&parts.headers) {
                return Err(RestError::MediaType);
            }
            let bytes = input::content(&parts.headers, body, input::most(app)).await?;
            records = input::objects(&bytes)?;
        }
        for record in &mut records {
            let named: Vec<String> = record
                .keys()
                .filter(|name| name.starts_with("sysparm_"))
                .cloned()
                .collect();
            for name in named {
                if let Some(Value::String(value)) = record.remove(&name) {
                    parameters.insert(name, value);
                }
            }
        }
        let action = action(&parameters, &parts.method);
        Ok(Self {
            action,
            parameters,
            records,
        })
    }

    /// Returns a parameter, `""` where it is not given.
    pub(super) fn text(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// Returns a parameter without which the action would concern everything.
    pub(super) fn needed(&self, name: &str, verb: &str) -> Result<&str, Failure> {
        let text = self.text(name).trim();
        if text.is_empty() {
            return Err(Failure::Call(format!("Cannot {verb} with empty {name}")));
        }
        Ok(text)
    }

    /// Returns how many rows are wanted at most (`glide.processor.json.row_limit`).
    pub(super) fn count(&self, session: &Session) -> u32 {
        let properties = session.app.store.properties();
        let most = properties.number("glide.processor.json.row_limit", 250);
        let most = u32::try_from(most).unwrap_or(250);
        let asked = self.text("sysparm_record_count").trim().parse();
        asked.map_or(most, |asked: u32| asked.min(most))
    }

    /// Returns how values are shown.
    pub(super) fn display(&self) -> DisplayMode {
        match &*self.text("displayvalue").to_ascii_lowercase() {
            "true" => DisplayMode::Display,
            "all" => DisplayMode::All,
            _ => DisplayMode::Value,
        }
    }
}

fn action(parameters: &BTreeMap<String, String>, method: &Method) -> Action {
    let named = |name: &str| parameters.get(name).map(String::as_str);
    let action = named("sysparm_action").or_else(|| named("sysparm_sysaction"));
    match action.unwrap_or_default() {
        "" if method == Method::POST => Action::Insert,
        "" if named("sysparm_sys_id").is_some() => Action::Get,
        "" | "getRecords" => Action::GetRecords,
        "get" => Action::Get,
        "getKeys" => Action::GetKeys,
        // What changes something is not done by a link.
        name if method != Method::POST => Action::Unknown(format!("{name} (by {method})")),
        "insert" | "insertMultiple" => Action::Insert,
        "update" => Action::Update,
        "deleteRecord" => Action::DeleteRecord,
        "deleteMultiple" => Action::DeleteMultiple,
        name => Action::Unknown(name.to_owned()),
    }
}
