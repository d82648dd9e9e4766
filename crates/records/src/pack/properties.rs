//! The system properties of a new instance (`inbound-oauth.md` §7; `rest-and-records.md` §1.8).

use crate::base::{Seed, derived_id};

/// Name, type, value, description.
#[rustfmt::skip]
const PROPERTIES: &[(&str, &str, &str, &str)] = &[
    ("com.snc.platform.security.oauth.is.active", "boolean", "true", "Turns OAuth on"),
    ("glide.oauth.state.parameter.required", "boolean", "true", "Authorization requests must carry state"),
    ("glide.oauth.allow.parameters.in.post.body.only", "boolean", "true", "The token endpoint reads its parameters from the body only"),
    // A real instance does not have it, which means false. This one is for development: an application that
    // names an application user is enough.
    ("glide.oauth.inbound.client.credential.grant_type.enabled", "boolean", "true", "Allows the client credentials grant"),
    ("glide.oauth.inbound.ropc.grant_type.disabled", "boolean", "false", "Forbids the password grant"),
    ("glide.oauth.clients.allowed.for.implicit.grant", "string", "", "Client ids that may use the implicit grant, separated by commas"),
    ("glide.oauth.enforce_restricted_binding_for_ui", "boolean", "false", "Restricted tokens do not open pages"),
    // How long is not documented; a day is ours.
    ("com.snc.platform.security.oauth.hours.expired.credential.is.kept", "integer", "24", "Hours that tokens are kept after their end"),
    ("glide.oauth.update_last_login_time", "boolean", "true", "A call with a token counts as a login"),
    ("glide.basicauth.update_last_login_time", "boolean", "true", "A call with basic authentication counts as a login"),
    ("glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled", "boolean", "true", "A session that a token made ends with the token"),
    ("com.glide.processors.aprocessor.donot_reuse_api_session", "boolean", "true", "The cookie of an API session does not open pages"),
    ("com.glide.rest.api.auth.scope.check.enable", "boolean", "true", "Checks the auth scopes of REST APIs"),
    // Ours: a real instance always asks for a policy.
    ("snowglobe.api_key.policy_required", "boolean", "true", "API keys open only APIs that have an access policy with an API Key profile"),
    ("glide.authenticate.api.user.reset_password.mandatory", "boolean", "true", "Who must reset their password may not call APIs"),
    ("glide.authenticate.multifactor.for_integrations", "boolean", "false", "Asks enrolled people for a second factor on API logins too"),
    ("glide.security.response.authenticate.header.auth_profile.first_scheme_only", "boolean", "true", "Names one authentication scheme only when it refuses a call"),
    ("glide.authenticate.global.blocking_policy.error_code", "integer", "403", "The status of what the Global Blocking Policy refuses: 403 or 404"),
    ("glide.authenticate.global.blocking_policy.error_message", "string", "Requests from this address are blocked", "The message of what the Global Blocking Policy refuses"),
    ("glide.user.max_unlock_attempts", "integer", "5", "Failed logins before a user is locked out"),
    ("glide.user.unlock_timeout_in_mins", "integer", "15", "Minutes after which a locked user is unlocked"),
    ("glide.ui.session_timeout", "integer", "30", "Minutes after which an idle session ends"),
    ("glide.integrations.active.session.life_span", "integer", "0", "Minutes an integration's session may last; 0 means no limit"),
    ("glide.rest.cors.enabled", "boolean", "true", "Evaluates CORS rules on REST calls"),
    ("glide.rest.debug", "boolean", "false", "Logs REST calls"),
    ("glide.rest.max_content_length", "integer", "10", "The largest body of a REST call, in MB"),
    ("glide.rest.choice.allow_non_existing_value", "boolean", "false", "Stores choice values that are not in the list"),
    ("glide.http.timeout", "integer", "175000", "Milliseconds that a call of another's API takes at most"),
    ("glide.outbound_http.content.max_limit", "integer", "100", "Characters of a body in the outbound HTTP log, 1000 at most"),
    ("glide.outbound_http.db.log", "boolean", "true", "Calls of others' APIs are logged"),
    ("glide.outbound_http_log.override", "boolean", "false", "All are logged at the level of the next property"),
    ("glide.outbound_http_log.override.level", "string", "basic", "basic, elevated or all"),
    ("snowglobe.outbound.log.days", "integer", "7", "Days that logged and finished calls of others' APIs are kept"),
    ("glide.fdih.retry.max_time_in_seconds", "integer", "86400", "Seconds in which a call that nobody waits for is tried again"),
    ("glide.invalid_query.returns_no_rows", "boolean", "false", "A query with an unknown field finds nothing"),
    ("snowglobe.query.strict", "boolean", "false", "A query with an unknown field is refused"),
    ("glide.ui.filter.first_day_of_week", "integer", "2", "The day that weeks begin with: 1 is Sunday"),
    ("glide.processor.json.row_limit", "integer", "250", "The most rows of a JSONv2 answer"),
    ("com.glide.attachment.max_size", "integer", "1024", "The largest attachment, in MB"),
    ("glide.attachment.extensions", "string", "", "File types that may be attached; empty means all"),
    ("glide.attachment.role", "string", "public", "Roles that may attach files"),
    ("glide.security.granular.create", "boolean", "true", "An insert needs write access to its fields"),
    ("glide.security.checkacl.before.setvalue", "boolean", "true", "Checks write access before a field is set"),
    ("glide.sm.default_mode", "string", "deny", "What the * rules do: deny lets only admin through"),
    ("glide.sys_reference_row_check", "boolean", "false", "Evaluates script conditions for reference fields"),
    ("glide.itil.assign.number.on.insert", "boolean", "false", "Assigns numbers at insert only"),
    ("glide.read_only.legacy_read_only_behavior", "string", "client_script_modifiable", "What read only means for older fields"),
    ("snowglobe.outbound.alert_webhook", "string", "", "The URL that alerts of outbound credentials are posted to"),
    ("glide.use_tiny_urls", "boolean", "true", "Shortens long URLs"),
    ("glide.tiny_url_min_length", "integer", "1024", "The length from which a URL is shortened"),
    ("glide.ui.autoclose.time", "integer", "7", "Days after which a resolved incident is closed"),
    // Clients ask which release this is: ours, under our own name.
    ("glide.buildtag.last", "string", concat!("snowglobe-", env!("CARGO_PKG_VERSION")), "What the instance was built from"),
    ("glide.war", "string", concat!("snowglobe-", env!("CARGO_PKG_VERSION")), "The release that the instance runs"),
    ("instance_name", "string", "snowglobe", "What the instance is called"),
    ("glide.sys.default.tz", "timezone", "America/Los_Angeles", "The time zone of people who chose none"),
    ("glide.sys.date_format", "date_format", "yyyy-MM-dd", "How dates are shown"),
    ("glide.sys.time_format", "time_format", "HH:mm:ss", "How times are shown"),
];

/// Lets every kind of client be tried, as the public ones that people have expect it: requests without `state`, and
/// the demo client's implicit grant. A new instance ([`super::minimal`]) allows neither.
pub(super) fn allow_trying_out(seeds: &mut [Seed]) {
    for (name, value) in [
        ("glide.oauth.state.parameter.required", "false"),
        ("snowglobe.api_key.policy_required", "false"),
        (
            "glide.oauth.clients.allowed.for.implicit.grant",
            super::DEMO_CLIENT.client_id,
        ),
    ] {
        let sys_id = derived_id("sys_properties", name);
        for seed in seeds.iter_mut().filter(|seed| seed.sys_id == sys_id) {
            seed.values.retain(|(element, _)| *element != "value");
            seed.values.push(("value", value.into()));
        }
    }
}

/// The auth scope that stands for everything a user may do; its key is compared, not its name
/// (`inbound-oauth.md` §5.1).
pub(super) fn useraccount() -> crate::SysId {
    derived_id("sys_auth_scope", "useraccount")
}

/// Returns the properties, the auth scope that one of them names, and the profiles of access policies.
pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let scope = Seed::new("sys_auth_scope", useraccount())
        .with("name", "useraccount")
        .with("description", "Everything the user may do");
    let fixed = PROPERTIES.iter().map(|(name, kind, value, description)| {
        property(name, kind, description).with("value", *value)
    });
    let all_access = property(
        "glide.oauth.token.scope.useraccount",
        "string",
        "The auth scope that opens every API",
    )
    .with_reference("value", useraccount());
    // Nothing is blocked until it has filter criteria.
    let blocking = Seed::new(
        "sys_authentication_policy",
        derived_id("sys_authentication_policy", GLOBAL_BLOCKING_POLICY),
    )
    .with("name", GLOBAL_BLOCKING_POLICY)
    .with(
        "description",
        "Requests that its filter criteria are true of are refused, whatever they are for and whoever sends them.",
    );
    fixed
        .chain([all_access, scope, blocking])
        .chain(PROFILES.map(profile))
}

/// The name of the authentication policy that every instance has, and that turns requests away before anything else
/// looks at them (`inbound-oauth.md` §5.2).
pub const GLOBAL_BLOCKING_POLICY: &str = "Global Blocking Policy";

/// The profiles that a new instance has for access policies (§5.2): name and type.
const PROFILES: [(&str, &str); 2] = [("ID Token", "id_token"), ("OAuth Token", "oauth")];

fn profile((name, kind): (&'static str, &'static str)) -> Seed {
    Seed::new("std_http_auth", derived_id("std_http_auth", name))
        .with("name", name)
        .with("type", kind)
}

fn property(name: &'static str, kind: &'static str, description: &'static str) -> Seed {
    Seed::new("sys_properties", derived_id("sys_properties", name))
        .with("name", name)
        .with("type", kind)
        .with("description", description)
}
