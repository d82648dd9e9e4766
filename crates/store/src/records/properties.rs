//! System properties (`sys_properties`), as one snapshot.

use std::collections::HashMap;

use snowglobe_oauth::properties::Properties as OauthProperties;
use snowglobe_records::Dictionary;

use super::Find;
use crate::{Store, backend::StoreError};

/// Every system property.
#[derive(Debug, Default)]
pub struct Properties {
    by_name: HashMap<Box<str>, Box<str>>,
    oauth: OauthProperties,
}

impl Properties {
    fn new(by_name: HashMap<Box<str>, Box<str>>) -> Self {
        let mut properties = Self {
            by_name,
            oauth: OauthProperties::default(),
        };
        properties.oauth = OauthProperties {
            oauth_active: properties.flag("com.snc.platform.security.oauth.is.active", true),
            client_credentials_enabled: properties.flag(
                "glide.oauth.inbound.client.credential.grant_type.enabled",
                false,
            ),
            password_disabled: properties
                .flag("glide.oauth.inbound.ropc.grant_type.disabled", false),
            password_heeds_second_factor: properties
                .flag("snowglobe.oauth.password.second_factor", false),
            administrators_asserted: properties
                .flag("snowglobe.oauth.jwt_bearer.administrators", false),
            devices_allowed: properties.flag("snowglobe.oauth.device_authorization", true),
            state_required: properties.flag("glide.oauth.state.parameter.required", false),
        };
        properties
    }

    /// Returns the switches that the token endpoint looks at (`inbound-oauth.md` §7).
    #[must_use]
    pub fn oauth(&self) -> &OauthProperties {
        &self.oauth
    }

    /// Returns a property's text, if there is such a property.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(|value| &**value)
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
        let pairs = rows
            .iter()
            .map(|row| (row.text(0).into(), row.text(1).into()));
        Ok(Properties::new(pairs.collect()))
    }
}
