//! System properties (`sys_properties`), as one snapshot.

use std::collections::HashMap;

use snowglobe_records::Dictionary;

use super::Find;
use crate::{Store, backend::StoreError};

/// Every system property.
#[derive(Debug, Default)]
pub struct Properties(HashMap<Box<str>, Box<str>>);

impl Properties {
    /// Returns a property's text, if there is such a property.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| &**value)
    }

    /// Returns a property as true or false; `default` where there is none.
    #[must_use]
    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.text(name)
            .map_or(default, |value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns a property as a number; `default` where there is none or it is no number.
    #[must_use]
    pub fn number(&self, name: &str, default: i64) -> i64 {
        self.text(name)
            .and_then(|value| value.trim().parse().ok())
            .unwrap_or(default)
    }
}

impl Store {
    pub(crate) async fn load_properties(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Properties, StoreError> {
        let rows = self
            .select(dictionary, "sys_properties", Find::All, &["name", "value"])
            .await?;
        Ok(Properties(
            rows.iter()
                .map(|row| (row.text(0).into(), row.text(1).into()))
                .collect(),
        ))
    }
}
