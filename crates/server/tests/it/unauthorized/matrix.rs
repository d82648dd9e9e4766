//! A row for every route: which methods it takes, and how it finds out who calls.

/// How a route finds out who calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Guard {
    /// Bearer token or Basic credentials of a user.
    User,
    /// An access token, and the refusals of RFC 6750.
    Bearer,
    /// Client authentication, and the refusals of ServiceNow's dialect.
    Client,
    /// Client authentication, and the refusals of RFC 6749.
    StrictClient,
    /// The token that is revoked is all it asks for.
    Token,
    /// A browser session; who has none is sent to the login page.
    Session,
    /// The operator's credential, or an administrator's own.
    Operator,
    /// Nobody in particular.
    None,
}

#[rustfmt::skip]
const MATRIX: &[(&str, &[&str], Guard)] = &[
    // `oauth_auth`: who asks is the client, who answers the session's person.
    ("/oauth_auth.do", &[], Guard::None),
    ("/oauth2/authorize", &[], Guard::None),
    // It shows a code that its URL carries: `oauth_auth::code_page`.
    ("/sdk-oauth.do", &["GET"], Guard::None),
    ("/oauth_token.do", &["POST"], Guard::Client),
    ("/oauth2/token", &["POST"], Guard::StrictClient),
    ("/oauth_revoke_token.do", &["GET", "POST"], Guard::Token),
    ("/oauth_revoke.do", &["GET", "POST"], Guard::Token),
    ("/oauth2/revoke", &["POST"], Guard::StrictClient),
    ("/oauth2/device_authorization", &["POST"], Guard::StrictClient),
    // Its POSTs ask for a token of the session: `oauth_device`.
    ("/oauth2/device", &["GET", "POST"], Guard::Session),
    ("/oauth2/introspect", &["POST"], Guard::StrictClient),
    ("/oauth2/userinfo", &["GET", "POST"], Guard::Bearer),
    ("/.well-known/oauth-authorization-server", &["GET"], Guard::None),
    ("/.well-known/openid-configuration", &["GET"], Guard::None),
    // Its POST comes back as a link: `oauth_logout`.
    ("/oauth2/logout", &["GET"], Guard::None),
    ("/oauth2/jwks", &["GET"], Guard::None),
    ("/api/now/oauth/jwks", &["GET"], Guard::None),
    ("/api/now/table/{table}", LIST, Guard::User),
    ("/api/now/v1/table/{table}", LIST, Guard::User),
    ("/api/now/v2/table/{table}", LIST, Guard::User),
    ("/api/now/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/v1/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/v2/table/{table}/{sys_id}", RECORD, Guard::User),
    ("/api/now/stats/{table}", STATS, Guard::User),
    ("/api/now/v1/stats/{table}", STATS, Guard::User),
    ("/api/now/attachment", STATS, Guard::User),
    ("/api/now/v1/attachment", STATS, Guard::User),
    ("/api/now/attachment/file", &["POST"], Guard::User),
    ("/api/now/v1/attachment/file", &["POST"], Guard::User),
    ("/api/now/attachment/upload", &["POST"], Guard::User),
    ("/api/now/v1/attachment/upload", &["POST"], Guard::User),
    ("/api/now/attachment/{sys_id}", ATTACHED, Guard::User),
    ("/api/now/v1/attachment/{sys_id}", ATTACHED, Guard::User),
    ("/api/now/attachment/{sys_id}/file", STATS, Guard::User),
    ("/api/now/v1/attachment/{sys_id}/file", STATS, Guard::User),
    ("/api/now/attachment/{sys_id}/{file_name}/file", STATS, Guard::User),
    ("/api/now/v1/attachment/{sys_id}/{file_name}/file", STATS, Guard::User),
    (
        "/api/now/attachment/{sys_id}/attributes",
        &["GET", "POST", "DELETE"],
        Guard::User,
    ),
    (
        "/api/now/attachment/{sys_id}/attributes/{key}",
        &["GET", "PUT", "DELETE"],
        Guard::User,
    ),
    ("/api/now/consumer", LIST, Guard::User),
    ("/api/now/consumer/{sys_id}", STATS, Guard::User),
    ("/api/now/email", &["POST"], Guard::User),
    ("/api/now/email/{id}", STATS, Guard::User),
    ("/api/sn_km_api/knowledge/articles", STATS, Guard::User),
    (
        "/api/sn_km_api/knowledge/articles/featured",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_km_api/knowledge/articles/most_viewed",
        STATS,
        Guard::User,
    ),
    ("/api/sn_km_api/knowledge/articles/{id}", STATS, Guard::User),
    (
        "/api/sn_km_api/knowledge/articles/{id}/attachments/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_codesearch/code_search/search",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_codesearch/code_search/tables",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/{sys_id}/approvals",
        &["PATCH"],
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/{sys_id}/risk",
        &["PATCH"],
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/standard/{sys_id}/risk",
        &["PATCH"],
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/{sys_id}/refresh_impacted_services",
        &["POST"],
        Guard::User,
    ),
    ("/api/sn_chg_rest/change/model", STATS, Guard::User),
    ("/api/sn_chg_rest/change/model/{sys_id}", STATS, Guard::User),
    (
        "/api/sn_chg_rest/change/worker/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/standard/template",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/standard/template/{sys_id}",
        STATS,
        Guard::User,
    ),
    (
        "/api/sn_chg_rest/change/{sys_id}/nextstates",
        STATS,
        Guard::User,
    ),
    ("/api/sn_chg_rest/change/{sys_id}/ci", LIST, Guard::User),
    (
        "/api/sn_chg_rest/change/{sys_id}/conflict",
        &["GET", "POST", "DELETE"],
        Guard::User,
    ),
    ("/api/now/batch", &["POST"], Guard::User),
    ("/api/now/v1/batch", &["POST"], Guard::User),
    ("/api/now/import/{staging}", &["POST"], Guard::User),
    ("/api/now/import/{staging}/insertMultiple", &["POST"], Guard::User),
    ("/api/now/import/{staging}/{sys_id}", STATS, Guard::User),
    ("/api/now/cmdb/instance/{class}", LIST, Guard::User),
    ("/api/now/cmdb/instance/{class}/{sys_id}", &["GET", "PUT", "PATCH"], Guard::User),
    ("/api/now/cmdb/instance/{class}/{sys_id}/relation", &["POST"], Guard::User),
    ("/api/now/cmdb/instance/{class}/{sys_id}/relation/{rel_id}", &["DELETE"], Guard::User),
    ("/api/now/cmdb/meta/{class}", STATS, Guard::User),
    ("/api/now/identifyreconcile", &["POST"], Guard::User),
    ("/api/now/identifyreconcile/query", &["POST"], Guard::User),
    ("/api/now/v1/import/{staging}", &["POST"], Guard::User),
    ("/api/now/v1/import/{staging}/insertMultiple", &["POST"], Guard::User),
    ("/api/now/v1/import/{staging}/{sys_id}", STATS, Guard::User),
    ("/api/now/v1/cmdb/instance/{class}", LIST, Guard::User),
    ("/api/now/v1/cmdb/instance/{class}/{sys_id}", &["GET", "PUT", "PATCH"], Guard::User),
    ("/api/now/v1/cmdb/instance/{class}/{sys_id}/relation", &["POST"], Guard::User),
    ("/api/now/v1/cmdb/instance/{class}/{sys_id}/relation/{rel_id}", &["DELETE"], Guard::User),
    ("/api/now/v1/cmdb/meta/{class}", STATS, Guard::User),
    ("/api/now/v1/identifyreconcile", &["POST"], Guard::User),
    ("/api/now/v1/identifyreconcile/query", &["POST"], Guard::User),
    ("/api/now/identifyreconcile/enhanced", &["POST"], Guard::User),
    ("/api/now/identifyreconcile/queryEnhanced", &["POST"], Guard::User),
    ("/api/now/account", STATS, Guard::User),
    ("/api/now/account/{sys_id}", STATS, Guard::User),
    ("/api/now/contact", LIST, Guard::User),
    ("/api/now/contact/{sys_id}", STATS, Guard::User),
    ("/api/sn_customerservice/case", LIST, Guard::User),
    ("/api/sn_customerservice/case/{sys_id}", &["GET", "PUT", "PATCH"], Guard::User),
    ("/api/global/user_role_inheritance", STATS, Guard::User),
    ("/api/now/doc", STATS, Guard::User),
    ("/api/now/doc/namespaces", STATS, Guard::User),
    ("/api/now/doc/services", STATS, Guard::User),
    ("/api/now/doc/oas_3", STATS, Guard::User),
    ("/api/now/tinyurl", &["POST"], Guard::User),
    ("/api/now/ui/user/current_user", STATS, Guard::User),
    ("/api/now/ui/meta/{table}", STATS, Guard::User),
    ("/api/now/doc/table/schema", STATS, Guard::User),
    ("/api/now/doc/table/schema/{table}", STATS, Guard::User),
    ("/api/sn_broker/alias/{alias}/resolve", STATS, Guard::User),
    ("/api/sn_broker/alias/{alias}/grant", &["GET", "HEAD", "POST", "DELETE"], Guard::User),
    ("/api/sn_broker/health", STATS, Guard::User),
    ("/api/sn_broker/flow/{flow}/run", &["POST"], Guard::User),
    ("/api/sn_broker/flow_run/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/catalogs", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/catalogs/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/catalogs/{sys_id}/categories", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/categories/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/items", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/items/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/items/{sys_id}/variables", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/items/{sys_id}/order_now", &["POST"], Guard::User),
    ("/api/sn_sc/servicecatalog/items/{sys_id}/add_to_cart", &["POST"], Guard::User),
    ("/api/sn_sc/servicecatalog/items/{sys_id}/submit_producer", &["POST"], Guard::User),
    ("/api/sn_sc/servicecatalog/cart", STATS, Guard::User),
    ("/api/sn_sc/servicecatalog/cart/checkout", &["POST"], Guard::User),
    ("/api/sn_sc/servicecatalog/cart/submit_order", &["POST"], Guard::User),
    ("/api/sn_sc/servicecatalog/cart/{cart_item_id}", &["PUT", "DELETE"], Guard::User),
    ("/api/sn_sc/servicecatalog/cart/{cart_id}/empty", &["DELETE"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/catalogs", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}/categories", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/categories/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items/{sys_id}", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items/{sys_id}/variables", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items/{sys_id}/order_now", &["POST"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items/{sys_id}/add_to_cart", &["POST"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/items/{sys_id}/submit_producer", &["POST"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/cart", STATS, Guard::User),
    ("/api/sn_sc/v1/servicecatalog/cart/checkout", &["POST"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/cart/submit_order", &["POST"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/cart/{cart_item_id}", &["PUT", "DELETE"], Guard::User),
    ("/api/sn_sc/v1/servicecatalog/cart/{cart_id}/empty", &["DELETE"], Guard::User),
    ("/api/sn_chg_rest/change", LIST, Guard::User),
    ("/api/sn_chg_rest/change/normal", LIST, Guard::User),
    ("/api/sn_chg_rest/change/emergency", LIST, Guard::User),
    ("/api/sn_chg_rest/change/standard", STATS, Guard::User),
    ("/api/sn_chg_rest/change/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/change/normal/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/change/emergency/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/change/standard/{sys_id}", STANDARD, Guard::User),
    ("/api/sn_chg_rest/change/{sys_id}/task", LIST, Guard::User),
    ("/api/sn_chg_rest/change/{sys_id}/task/{task_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/v1/change", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/normal", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/emergency", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/standard", STATS, Guard::User),
    ("/api/sn_chg_rest/v1/change/model", STATS, Guard::User),
    (
        "/api/sn_chg_rest/v1/change/standard/template",
        STATS,
        Guard::User,
    ),
    ("/api/sn_chg_rest/v1/change/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/v1/change/normal/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/v1/change/emergency/{sys_id}", CHANGE, Guard::User),
    ("/api/sn_chg_rest/v1/change/standard/{sys_id}", STANDARD, Guard::User),
    ("/api/sn_chg_rest/v1/change/{sys_id}/task", LIST, Guard::User),
    ("/api/sn_chg_rest/v1/change/{sys_id}/task/{task_id}", CHANGE, Guard::User),
    ("/", &["GET"], Guard::Session),
    ("/sg_requests.do", &["GET"], Guard::Session),
    ("/sg_credentials.do", &["GET"], Guard::Session),
    // Lists and forms of tables: `console::access`.
    ("/{page}", &["GET", "POST"], Guard::Session),
    // `console::hostile`: they only lead on.
    ("/nav_to.do", &[], Guard::None),
    ("/navpage.do", &[], Guard::None),
    ("/now/nav/ui/classic", &[], Guard::None),
    // Its POST asks for the form's own token: `login::form`.
    ("/login.do", &["GET"], Guard::None),
    // A log-in of its own, and who am I: `api_session`.
    ("/angular.do", &[], Guard::None),
    // Its POST asks for the session's: `login::session`.
    ("/logout.do", &["GET"], Guard::None),
    // It asks for the handle of a log-in: `login::second_factor`.
    ("/validate_multifactor_auth_code.do", &[], Guard::None),
    // Their POSTs ask for a token of the session, or the handle of a log-in: `login::*`.
    ("/my_second_factor.do", &["GET"], Guard::Session),
    ("/change_password.do", &["GET"], Guard::Session),
    ("/my_connected_apps.do", &["GET", "POST"], Guard::Session),
    ("/oauth_initiator.do", &["GET"], Guard::Session),
    // Who comes back without a session brings nothing: `outbound::consent`.
    ("/oauth_redirect.do", &[], Guard::None),
    ("/oauth_password_input.do", &["GET", "POST"], Guard::Session),
    ("/api/sn_broker/token/{alias}", STATS, Guard::User),
    // `login::pages`
    ("/_sg/assets/{name}", &[], Guard::None),
    ("/_sg/health", &["GET"], Guard::None),
    ("/_sg/ready", &["GET"], Guard::None),
    ("/_sg/metrics", &["GET"], Guard::None),
    ("/_sg/clock", &["GET", "POST"], Guard::Operator),
    ("/_sg/explain/{id}", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/rest_message/{message}/{function}", &["POST"], Guard::Operator),
    ("/api/sn_broker/rest_message/{message}/{function}/execute", &["POST"], Guard::User),
    ("/api/sn_broker/alias/{alias}/request", &["POST"], Guard::User),
    ("/api/sn_broker/request", &["POST"], Guard::User),
    ("/_sg/rest_execution/{sys_id}", &["GET", "HEAD"], Guard::Operator),
    ("/api/sn_broker/rest_execution/{sys_id}", &["GET", "HEAD"], Guard::User),
    ("/_sg/alias/{alias}", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/alias/{alias}/request", &["POST"], Guard::Operator),
    ("/_sg/request", &["POST"], Guard::Operator),
    ("/_sg/token/{alias}", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/grant/{alias}", &["GET", "HEAD", "POST", "DELETE"], Guard::Operator),
    ("/_sg/grants", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/flow/{flow}", &["POST"], Guard::Operator),
    ("/_sg/flow_run/{sys_id}", &["GET", "HEAD"], Guard::Operator),
    ("/_sg/requests", &["GET", "HEAD"], Guard::Operator),
];
const LIST: &[&str] = &["GET", "HEAD", "POST"];
const CHANGE: &[&str] = &["GET", "HEAD", "PATCH", "DELETE"];
/// The POST makes one of a template.
const STANDARD: &[&str] = &["GET", "HEAD", "POST", "PATCH", "DELETE"];
const STATS: &[&str] = &["GET", "HEAD"];
const ATTACHED: &[&str] = &["GET", "HEAD", "PATCH", "DELETE"];
const RECORD: &[&str] = &["GET", "HEAD", "PUT", "PATCH", "DELETE"];

/// The paths that have a row.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    MATRIX.iter().map(|row| row.0)
}

/// The rows whose route finds out who calls.
pub(super) fn guarded() -> impl Iterator<Item = (&'static str, &'static [&'static str], Guard)> {
    MATRIX.iter().copied().filter(|row| row.2 != Guard::None)
}

/// The paths and methods behind a guard.
pub(super) fn rows(guard: Guard) -> impl Iterator<Item = (&'static str, &'static str)> {
    MATRIX
        .iter()
        .filter(move |row| row.2 == guard)
        .flat_map(|(path, methods, _)| methods.iter().map(move |method| (*path, *method)))
}

/// A path with a table and a key in it.
pub(super) fn on(path: &str, table: &str, sys_id: &str) -> String {
    path.replace("{table}", table).replace("{sys_id}", sys_id)
}
