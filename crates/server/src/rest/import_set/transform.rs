//! Transform maps: which field of a staging row becomes which field of a record, and how the record is found again.

use std::sync::Arc;

use serde_json::{Value, json};
use snowglobe_records::{Table, plan::Window, write::Mode};

use crate::{
    error::RestError,
    records::{self, Input, RecordError, Session},
    rest::look::{self, As, Found},
};

/// A record of `sys_transform_map` with its entries.
pub(super) struct Map {
    sys_id: String,
    name: String,
    target: String,
    /// Whether empty fields of the row clear those of the record.
    copies_empty: bool,
    entries: Vec<Entry>,
}

/// A record of `sys_transform_entry`.
struct Entry {
    source: String,
    target: String,
    /// Whether a record with the same value is the same record.
    coalesces: bool,
}

/// What became of a row.
pub(super) struct Outcome {
    map: String,
    map_id: String,
    table: String,
    status: &'static str,
    /// The record's, or the staging row's where none was written.
    sys_id: String,
    /// What the record is called: the field, and its value.
    display: (String, String),
    message: String,
}

/// Reads the active maps of a staging table, in their order.
pub(super) async fn maps(session: &Session, staging: &Table) -> Result<Vec<Map>, RestError> {
    let of = [
        ("source_table", staging.name().as_str()),
        ("active", "true"),
    ];
    let fields = [
        "sys_id",
        "name",
        "target_table",
        "copy_empty_fields",
        "order",
    ];
    let mut found = look::known(session, "sys_transform_map", &of, &fields).await?;
    found.sort_by_key(|map| map.text("order").parse::<i64>().unwrap_or(i64::MAX));
    let mut maps = Vec::with_capacity(found.len());
    for map in found {
        let of = [("map", map.text("sys_id"))];
        let fields = ["source_field", "target_field", "coalesce"];
        let entries = look::known(session, "sys_transform_entry", &of, &fields).await?;
        let entry = |entry: Found| Entry {
            source: entry.text("source_field").to_owned(),
            target: entry.text("target_field").to_owned(),
            coalesces: entry.is("coalesce"),
        };
        maps.push(Map {
            sys_id: map.text("sys_id").to_owned(),
            name: map.text("name").to_owned(),
            target: map.text("target_table").to_owned(),
            copies_empty: map.is("copy_empty_fields"),
            entries: entries.into_iter().map(entry).collect(),
        });
    }
    Ok(maps)
}

impl Map {
    /// Carries a staging row to its record.
    pub(super) async fn carry(&self, session: &Session, row: &Found) -> Result<Outcome, RestError> {
        let Some(target) = session.dictionary.table(&self.target).map(Arc::clone) else {
            return Ok(self.outcome(row, "error", "Invalid table".to_owned()));
        };
        let existing = self.existing(session, &target, row).await?;
        let pairs = self.pairs(row);
        let input = Input {
            pairs: &pairs,
            mode: Mode {
                input_display_value: Some(&session.user.format),
                ..Mode::default()
            },
        };
        let (verb, written) = match &existing {
            None => (
                "insert",
                records::insert(session, &target, input)
                    .await
                    .map(|made| made.sys_id),
            ),
            Some(record) => {
                let sys_id = record.text("sys_id").to_owned();
                let updated = records::update(session, &target, &sys_id, input, None).await;
                ("update", updated.map(|()| sys_id))
            }
        };
        match written {
            Ok(sys_id) => {
                self.written(session, &target, row, existing.as_ref(), sys_id)
                    .await
            }
            Err(error) => self.failed(row, verb, error),
        }
    }

    /// The fields that are written; the last entry of a field counts.
    fn pairs<'r>(&'r self, row: &'r Found) -> Vec<(&'r str, &'r str)> {
        let pair = |entry: &'r Entry| (&*entry.target, row.text(&entry.source));
        let pairs = self.entries.iter().map(pair);
        pairs
            .filter(|(_, text)| self.copies_empty || !text.is_empty())
            .collect()
    }

    /// Finds the record that a row is about: all coalesced fields are the same. A row without any of them is new.
    async fn existing(
        &self,
        session: &Session,
        target: &Arc<Table>,
        row: &Found,
    ) -> Result<Option<Found>, RestError> {
        let coalesced = self.entries.iter().filter(|entry| entry.coalesces);
        let pairs: Vec<(&str, &str)> = coalesced
            .map(|entry| (&*entry.target, row.text(&entry.source)))
            .collect();
        if pairs.is_empty() || pairs.iter().any(|(_, text)| text.is_empty()) {
            return Ok(None);
        }
        let query = look::equal(target, &pairs);
        let first = Window {
            limit: 1,
            offset: 0,
        };
        let fields = ["sys_id", "sys_mod_count"];
        let found = look::rows(session, (target, query), &fields, first, As::Caller).await?;
        Ok(found.into_iter().next())
    }

    async fn written(
        &self,
        session: &Session,
        target: &Table,
        row: &Found,
        before: Option<&Found>,
        sys_id: String,
    ) -> Result<Outcome, RestError> {
        let name = target
            .display()
            .map_or("sys_id", |column| column.element.as_str());
        let of = [("sys_id", &*sys_id)];
        let now = look::known(session, target.name(), &of, &["sys_mod_count", name]).await?;
        let now = now.into_iter().next().unwrap_or_default();
        let status = match before {
            None => "inserted",
            Some(before) if before.text("sys_mod_count") != now.text("sys_mod_count") => "updated",
            Some(_) => {
                let why = "Row transform ignored: no field values changed".to_owned();
                return Ok(self.outcome(row, "ignored", why));
            }
        };
        Ok(Outcome {
            sys_id,
            display: (name.to_owned(), now.text(name).to_owned()),
            ..self.outcome(row, status, String::new())
        })
    }

    /// §7: what is wrong with a row is told in its place; what is wrong with the instance fails the call.
    fn failed(&self, row: &Found, verb: &str, error: RecordError) -> Result<Outcome, RestError> {
        let why = match RestError::from(error) {
            error @ (RestError::Internal | RestError::Unavailable | RestError::Overloaded) => {
                return Err(error);
            }
            refused => refused.detail().unwrap_or_default(),
        };
        let message = format!("Error during {verb} of {} (); {why}", self.target);
        Ok(self.outcome(row, "error", message))
    }

    fn outcome(&self, row: &Found, status: &'static str, message: String) -> Outcome {
        Outcome {
            map: self.name.clone(),
            map_id: self.sys_id.clone(),
            table: self.target.clone(),
            status,
            sys_id: row.text("sys_id").to_owned(),
            display: Default::default(),
            message,
        }
    }
}

impl Outcome {
    /// Reads what became of a row that was carried on before.
    pub(super) async fn of_row(session: &Session, row: &Found) -> Result<Option<Self>, RestError> {
        let states = ["inserted", "updated", "ignored", "error"];
        let state = row.text("sys_import_state");
        let Some(status) = states.into_iter().find(|known| *known == state) else {
            return Ok(None);
        };
        let of = [("sys_id", row.text("sys_transform_map"))];
        let map = look::known(session, "sys_transform_map", &of, &["name"]).await?;
        let table = row.text("sys_target_table").to_owned();
        let target = session.dictionary.table(&table);
        let name = target.and_then(|target| Some(target.display()?.element.as_str()));
        let name = name.unwrap_or("sys_id");
        let mut display = (String::new(), String::new());
        if matches!(status, "inserted" | "updated") && target.is_some() {
            let of = [("sys_id", row.text("sys_target_sys_id"))];
            let found = look::known(session, &table, &of, &[name]).await?;
            let value = found.first().map_or("", |found| found.text(name));
            display = (name.to_owned(), value.to_owned());
        }
        let written = matches!(status, "inserted" | "updated");
        let key = if written {
            "sys_target_sys_id"
        } else {
            "sys_id"
        };
        Ok(Some(Self {
            map: map.first().map_or("", |map| map.text("name")).to_owned(),
            map_id: row.text("sys_transform_map").to_owned(),
            table,
            status,
            sys_id: row.text(key).to_owned(),
            display,
            message: row.text("sys_import_state_comment").to_owned(),
        }))
    }

    /// Returns what the staging row remembers.
    pub(super) fn note(&self) -> [(&str, &str); 5] {
        let written = matches!(self.status, "inserted" | "updated");
        [
            ("sys_import_state", self.status),
            ("sys_import_state_comment", &self.message),
            ("sys_transform_map", &self.map_id),
            ("sys_target_table", &self.table),
            ("sys_target_sys_id", if written { &self.sys_id } else { "" }),
        ]
    }

    /// Returns the entry of an answer.
    pub(super) fn told(&self, session: &Session) -> Value {
        let mut told = json!({"transform_map": self.map, "table": self.table});
        match self.status {
            "inserted" | "updated" => {
                let issuer = &session.app.issuer;
                told["display_name"] = self.display.0.as_str().into();
                told["display_value"] = self.display.1.as_str().into();
                told["record_link"] =
                    format!("{issuer}/api/now/table/{}/{}", self.table, self.sys_id).into();
                told["status"] = self.status.into();
            }
            "error" => {
                told["status"] = self.status.into();
                told["error_message"] = self.message.as_str().into();
            }
            status => {
                told["status"] = status.into();
                told["status_message"] = self.message.as_str().into();
            }
        }
        told["sys_id"] = self.sys_id.as_str().into();
        told
    }
}
