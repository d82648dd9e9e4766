//! The system properties that steer the endpoints (`inbound-oauth.md` §7).

/// The values of the properties at the time of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are system properties")]
pub struct Properties {
    /// `com.snc.platform.security.oauth.is.active`: the master switch.
    pub oauth_active: bool,
    /// `glide.oauth.inbound.client.credential.grant_type.enabled`: does not exist by default, which is off.
    pub client_credentials_enabled: bool,
    /// `glide.oauth.inbound.ropc.grant_type.disabled`: switches the password grant off.
    pub password_disabled: bool,
    /// `snowglobe.oauth.password.second_factor` (our own): keeps people who have a second factor from the password
    /// grant, which asks for none.
    pub password_heeds_second_factor: bool,
    /// `snowglobe.oauth.jwt_bearer.administrators` (our own): lets assertions speak for users with the role
    /// `admin`, which ServiceNow refuses (§6.1).
    pub administrators_asserted: bool,
    /// `snowglobe.oauth.device_authorization` (our own): lets devices without a browser ask (RFC 8628), where the
    /// dialect knows them.
    pub devices_allowed: bool,
    /// `glide.oauth.state.parameter.required`: authorization requests must carry `state`.
    pub state_required: bool,
}

impl Default for Properties {
    /// Returns what a fresh instance has.
    fn default() -> Self {
        Self {
            oauth_active: true,
            client_credentials_enabled: false,
            password_disabled: false,
            password_heeds_second_factor: false,
            administrators_asserted: false,
            devices_allowed: true,
            state_required: true,
        }
    }
}
