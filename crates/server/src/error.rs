//! Every error body of the REST surface, in one place (`rest-and-records.md` §1.7).

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use snowglobe_oauth::api_access::policy::Scheme;
use snowglobe_records::{acl::Denied, write::Abort};
use snowglobe_store::backend::{ApplyError, StoreError};

use crate::{
    records::RecordError,
    refusal::{self, Why},
    rest::body::push_string,
};

/// What a REST call can be refused with. The names are the rows of §1.7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RestError {
    /// E1.
    InvalidTable(String),
    /// E2: missing and unreadable look alike.
    NoRecord,
    /// E3.
    NotAuthenticated,
    /// E3, where an access policy says what it takes.
    Challenged(Vec<Scheme>),
    /// E3 where the password was right, and no code of the second factor came with it (`inbound-oauth.md` §9.2).
    SecondFactor,
    /// E3 for a session's cookie without its token, which the answer tells (§1.4).
    UserToken(String),
    /// The token's client lacks an auth scope, which has this name (`inbound-oauth.md` §9.2).
    MissingScope(Option<Box<str>>),
    /// E4, E5, E6: what could not be done, such as `Insert`.
    Refused(&'static str),
    /// E7: a rule refuses what would be stored.
    Aborted {
        table: String,
        rule: &'static str,
        code: &'static str,
        why: String,
    },
    /// E7, E8: a rule that people declared refuses it.
    Declared(Box<Abort>),
    /// E9.
    UnreadableQuery,
    /// E10: the table.
    UnreadableTable(String),
    /// E11.
    ApiAcl,
    /// The caller is neither the operator nor an administrator.
    NotOperator,
    /// No refusal of this id is remembered.
    NoRefusal,
    /// E11: the API is for these roles.
    RoleMissing(&'static [&'static str]),
    /// E12.
    NoSuchApi,
    /// E21.
    UnknownApi { api: String, namespace: String },
    /// The answer is a file of octets, whatever is in it.
    OnlyOctets,
    /// E13: the body cannot be read; the text says why.
    UnreadableBody(String),
    /// E14.
    TooLarge { bytes: usize, most: usize },
    /// E15.
    RateLimited {
        limit: u32,
        api: String,
        retry_after: i64,
    },
    /// E19.
    NoAggregate,
    /// E20: the text says why.
    Having(String),
    /// A parameter cannot be used.
    BadParameter(String),
    /// The path does not take this method.
    Method,
    /// The answer cannot be given in a form that `Accept` takes.
    NotAcceptable,
    /// The body is in a form that is not read here.
    MediaType,
    /// Another row has this value in a unique column.
    Duplicate { table: String, column: String },
    /// A part of the query means nothing, and the instance is strict about it.
    InvalidQuery(String),
    /// Somebody else changed the record at the same time, again and again.
    Contended,
    /// E18: our fault. The log has the reason under the request's id.
    Internal,
    /// The database cannot be reached.
    Unavailable,
    /// Too many password checks are waiting.
    Overloaded,
    /// Another party's refusal, or trouble on the way there.
    Outbound(OutboundRefusal),
}

/// Why an outbound call, or a token for one, is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutboundRefusal {
    pub(crate) code: &'static str,
    pub(crate) why: String,
    /// Where a person's consent would mend it.
    pub(crate) initiator: Option<String>,
}

impl OutboundRefusal {
    pub(crate) fn new(code: &'static str, why: String) -> Self {
        Self {
            code,
            why,
            initiator: None,
        }
    }

    /// The other side is to blame (502) unless a person has to consent first (409), or another attempt may do (503).
    fn status(&self) -> StatusCode {
        match self.code {
            "alias_unknown" | "rest_message_unknown" | "rest_function_unknown" => {
                StatusCode::NOT_FOUND
            }
            "rest_message_ambiguous" => StatusCode::CONFLICT,
            "rest_endpoint_missing" | "rest_path_elsewhere" | "rest_header_invalid" => {
                StatusCode::BAD_REQUEST
            }
            "broker_not_permitted" => StatusCode::FORBIDDEN,
            "outbound_waited" | "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ if self.initiator.is_some() => StatusCode::CONFLICT,
            _ => StatusCode::BAD_GATEWAY,
        }
    }

    fn detail(&self) -> String {
        match &self.initiator {
            Some(initiator) => format!("{} A person has to consent at {initiator}", self.why),
            None => self.why.clone(),
        }
    }
}

impl RestError {
    fn status(&self) -> StatusCode {
        match self {
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::InvalidTable(_)
            | Self::NoSuchApi
            | Self::UnreadableBody(_)
            | Self::TooLarge { .. }
            | Self::NoAggregate
            | Self::Having(_)
            | Self::InvalidQuery(_)
            | Self::BadParameter(_) => StatusCode::BAD_REQUEST,
            Self::NotAuthenticated
            | Self::Challenged(_)
            | Self::SecondFactor
            | Self::UserToken(_) => StatusCode::UNAUTHORIZED,
            Self::Aborted { .. }
            | Self::Declared(_)
            | Self::Refused(_)
            | Self::UnreadableQuery
            | Self::UnreadableTable(_)
            | Self::ApiAcl
            | Self::NotOperator
            | Self::RoleMissing(_)
            | Self::MissingScope(_)
            | Self::Duplicate { .. } => StatusCode::FORBIDDEN,
            Self::NoRecord | Self::NoRefusal | Self::UnknownApi { .. } => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable | Self::OnlyOctets => StatusCode::NOT_ACCEPTABLE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Contended => StatusCode::CONFLICT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Outbound(refusal) => refusal.status(),
        }
    }

    /// The `message` and `detail` of the envelope.
    fn texts(&self) -> (String, Option<String>) {
        let pair = |message: &str, detail: &str| (message.to_owned(), Some(detail.to_owned()));
        match self {
            Self::InvalidTable(name) => (format!("Invalid table {name}"), None),
            Self::NoRecord => pair(
                "No Record found",
                "Record doesn't exist or ACL restricts the record retrieval",
            ),
            Self::NoRefusal => pair(
                "No refusal found",
                "No refused request with this id is remembered: it was answered well, by another node, or too long ago",
            ),
            Self::NotAuthenticated
            | Self::Challenged(_)
            | Self::SecondFactor
            | Self::UserToken(_) => pair(
                "User Not Authenticated",
                "Required to provide Auth information",
            ),
            Self::Refused(what) => (
                "Operation Failed".to_owned(),
                Some(format!(
                    "ACL Exception {what} Failed due to security constraints"
                )),
            ),
            // The real thing keeps the rule's own reason to itself; ours helps.
            Self::Aborted {
                table, rule, why, ..
            } => (
                "Operation Failed".to_owned(),
                Some(format!(
                    "Operation against file '{table}' was aborted by Business Rule '{rule}'. {why}"
                )),
            ),
            Self::Declared(abort) => ("Operation Failed".to_owned(), Some(abort.to_string())),
            Self::UnreadableQuery => pair(
                "Insufficient rights to query records",
                "Field(s) present in the query do not have permission to be read",
            ),
            Self::UnreadableTable(name) => (
                "Insufficient rights to query records".to_owned(),
                Some(format!("No permission to read table '{name}'")),
            ),
            Self::NoAggregate => (
                "No request parameter for aggregate operation specified".to_owned(),
                None,
            ),
            Self::Having(why) => (why.clone(), None),
            Self::MissingScope(name) => {
                pair("User Not Authorized", &missing_scope(name.as_deref()))
            }
            Self::ApiAcl | Self::NotOperator | Self::RoleMissing(_) => {
                pair("User Not Authorized", "Failed API level ACL Validation")
            }
            Self::NoSuchApi => (
                "Requested URI does not represent any resource".to_owned(),
                None,
            ),
            Self::UnknownApi { api, namespace } => (
                format!("API {api} not found in namespace {namespace}"),
                None,
            ),
            Self::OnlyOctets => pair(
                "Requested media type not acceptable",
                "Supported response media types for this service are: [application/octet-stream]",
            ),
            Self::UnreadableBody(why) => pair("Exception while reading request", why),
            Self::TooLarge { bytes, most } => (
                "Exception while reading request".to_owned(),
                Some(format!(
                    "Rejected large REST payload with content-length = {bytes} bytes. Max allowed: {most} bytes."
                )),
            ),
            other => other.texts_of_the_call(),
        }
    }

    /// Those of what is wrong with a call as such, or with the instance.
    fn texts_of_the_call(&self) -> (String, Option<String>) {
        let pair = |message: &str, detail: &str| (message.to_owned(), Some(detail.to_owned()));
        match self {
            Self::RateLimited { limit, api, .. } => (
                "Rate limit exceeded".to_owned(),
                Some(format!(
                    "Rate limit of {limit} requests per hour for {api} exceeded"
                )),
            ),
            Self::BadParameter(why) => pair("Invalid request parameter", why),
            Self::InvalidQuery(why) => pair("Invalid query", why),
            Self::Method => pair(
                "Method not supported",
                "The resource does not offer this method",
            ),
            Self::NotAcceptable => pair(
                "Requested media type not acceptable",
                "Supported: application/json, application/xml, text/xml",
            ),
            Self::MediaType => pair(
                "Unsupported media type",
                "Supported request types: application/json, application/xml, text/xml",
            ),
            Self::Duplicate { table, column } => (
                "Operation Failed".to_owned(),
                Some(format!(
                    "Unique Key violation: a row of {table} has the same {column}"
                )),
            ),
            Self::Contended => pair(
                "Operation Failed",
                "The record was changed by others at the same time; try again",
            ),
            Self::Internal => pair(
                "Internal error",
                "The request could not be processed. Check logs for error trace of this transaction",
            ),
            Self::Unavailable => pair(
                "Service unavailable",
                "The database cannot be reached; try again",
            ),
            Self::Outbound(refusal) => pair("No outbound token or answer", &refusal.detail()),
            _ => pair(
                "Service unavailable",
                "Too many passwords are being checked; try again, or call with a token",
            ),
        }
    }

    /// Returns the `detail` of the envelope.
    pub(crate) fn detail(&self) -> Option<String> {
        self.texts().1
    }

    /// Returns the reason, where nothing nearer to the cause has said it.
    fn why(&self) -> Why {
        let refusal = Why::new(self.code());
        match self {
            Self::InvalidTable(name) => refusal.received(format_args!("the table {name}")),
            Self::RoleMissing(roles) => {
                refusal.expected(format_args!("one of the roles {roles:?}"))
            }
            Self::TooLarge { bytes, most } => refusal
                .expected(format_args!("at most {most} bytes"))
                .received(format_args!("{bytes} bytes")),
            Self::Aborted { .. }
            | Self::Declared(_)
            | Self::Refused(_)
            | Self::UnreadableTable(_)
            | Self::Having(_)
            | Self::BadParameter(_)
            | Self::InvalidQuery(_)
            | Self::Duplicate { .. } => {
                let (message, detail) = self.texts();
                refusal.received(detail.unwrap_or(message))
            }
            _ => refusal,
        }
    }

    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::InvalidTable(_) => "table_unknown",
            Self::NoRecord => "record_not_found",
            Self::NoRefusal => "refusal_not_found",
            Self::NotAuthenticated
            | Self::Challenged(_)
            | Self::SecondFactor
            | Self::UserToken(_) => "not_authenticated",
            Self::MissingScope(_) => "auth_scope_missing",
            Self::Aborted { code, .. } => code,
            Self::Declared(abort) => abort.code(),
            Self::Refused(_) => "acl_write_denied",
            Self::UnreadableQuery => "acl_query_denied",
            Self::UnreadableTable(_) => "acl_table_denied",
            Self::RateLimited { .. } => "rate_limited",
            Self::NoAggregate => "aggregate_missing",
            Self::Having(_) => "having_invalid",
            Self::ApiAcl => "table_not_for_web_services",
            Self::NotOperator => "not_operator",
            Self::RoleMissing(_) => "role_missing",
            Self::NoSuchApi | Self::UnknownApi { .. } => "api_unknown",
            Self::UnreadableBody(_) => "body_unreadable",
            Self::TooLarge { .. } => "body_too_large",
            Self::BadParameter(_) => "parameter_invalid",
            Self::InvalidQuery(_) => "query_invalid",
            Self::Method => "method_not_allowed",
            Self::NotAcceptable | Self::OnlyOctets => "accept_not_json",
            Self::MediaType => "body_not_json",
            Self::Duplicate { .. } => "value_not_unique",
            Self::Contended => "record_contended",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::Overloaded => "overloaded",
            Self::Outbound(refusal) => refusal.code,
        }
    }

    /// Tells whether the call got as far as its credentials, and they were good.
    fn knows_the_caller(&self) -> bool {
        !matches!(
            self,
            Self::NotAuthenticated
                | Self::Challenged(_)
                | Self::SecondFactor
                | Self::NoSuchApi
                | Self::Method
                | Self::Overloaded
        )
    }

    /// Returns the schemes that the answer asks for.
    fn challenges(&self) -> &[Scheme] {
        match self {
            // `inbound-oauth.md` §7, §9.2: where no access policy says otherwise, the first scheme only. RFC 6750 §3
            // asks for Bearer as well, but clients that read the last of several headers look for Basic.
            Self::NotAuthenticated | Self::SecondFactor | Self::UserToken(_) => &[Scheme::Basic],
            Self::Challenged(schemes) => schemes,
            _ => &[],
        }
    }

    /// Returns the envelope: `{"error":{"message":…,"detail":…},"status":"failure"}`.
    pub(crate) fn body(&self) -> String {
        let (message, detail) = self.texts();
        let mut out = String::from("{\"error\":{\"message\":");
        push_string(&message, &mut out);
        out.push_str(",\"detail\":");
        match detail {
            Some(detail) => push_string(&detail, &mut out),
            None => out.push_str("null"),
        }
        out.push_str("},\"status\":\"failure\"}");
        out
    }
}

/// §9.2 of `inbound-oauth.md`.
fn missing_scope(name: Option<&str>) -> String {
    let mut text = "Missing required api access scope".to_owned();
    if let Some(name) = name {
        text.extend([": ", name]);
    }
    text
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        refusal::say(self.why());
        let mut response = json(self.status(), self.body());
        let headers = response.headers_mut();
        if !self.knows_the_caller() {
            headers.insert(LOGGED_IN, HeaderValue::from_static("false"));
        }
        if let Self::RateLimited { retry_after, .. } = &self {
            headers.insert(header::RETRY_AFTER, (*retry_after).into());
        }
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if matches!(self, Self::SecondFactor) {
            headers.insert(MFA, HeaderValue::from_static("invalid"));
        }
        if let Self::UserToken(token) = &self
            && let Ok(token) = HeaderValue::from_str(token)
        {
            // Their cookie is good, so they are logged in; only this call is not known to be theirs.
            headers.insert(USER_TOKEN, token);
        }
        for scheme in self.challenges() {
            let challenge = match scheme {
                Scheme::Basic => "BASIC realm=\"Service-now\"",
                Scheme::Bearer => "BEARER realm=\"Service-now\"",
                Scheme::ApiKey => "APIKEY realm=\"Service-now\"",
            };
            let challenge = HeaderValue::from_static(challenge);
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Returns a REST answer with a body.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");
    let mut response = common(status, body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Returns the answer to a deletion.
pub(crate) fn no_content() -> Response {
    common(StatusCode::NO_CONTENT, Body::empty())
}

/// Every answer has these headers, so they are neither copied nor is their map made larger step by step.
fn common(status: StatusCode, body: Body) -> Response {
    const MOST: usize = 12;
    let mut headers = HeaderMap::with_capacity(MOST);
    for (name, value) in COMMON {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Where a client finds the token that it has to send as `X-UserToken`.
const USER_TOKEN: HeaderName = HeaderName::from_static("x-usertoken-response");
/// Tells a program that its password was right all the same (`inbound-oauth.md` §8.3).
const MFA: HeaderName = HeaderName::from_static("x-mfa_token");
const LOGGED_IN: HeaderName = HeaderName::from_static("x-is-logged-in");

/// The headers of every REST answer (§1.5).
const COMMON: [(HeaderName, &str); 5] = [
    (
        header::CACHE_CONTROL,
        "no-cache,no-store,must-revalidate,max-age=-1",
    ),
    (header::PRAGMA, "no-store,no-cache"),
    (header::EXPIRES, "0"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (LOGGED_IN, "true"),
];

impl From<Denied> for RestError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Insert => Self::Refused("Insert"),
            Denied::Update => Self::Refused("Update"),
            Denied::Delete => Self::Refused("Delete"),
            Denied::Query | Denied::Table => Self::UnreadableQuery,
        }
    }
}

impl From<RecordError> for RestError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Missing => Self::NoRecord,
            RecordError::Denied(denied) => denied.into(),
            RecordError::Refused {
                table,
                rule,
                code,
                why,
                ..
            } => Self::Aborted {
                table,
                rule,
                code,
                why,
            },
            RecordError::Aborted(abort) => Self::Declared(Box::new(abort)),
            RecordError::Duplicate { table, column } => Self::Duplicate { table, column },
            RecordError::Contended | RecordError::Stale => Self::Contended,
            RecordError::Overloaded(_) => Self::Overloaded,
            RecordError::NoRandomness(_) => {
                tracing::error!(error = %error, "a secret cannot be made");
                Self::Internal
            }
            RecordError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for RestError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        match error {
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Corrupt { .. } | StoreError::Driver(_) | StoreError::WrongMasterKey => {
                Self::Internal
            }
        }
    }
}

impl From<ApplyError> for RestError {
    fn from(error: ApplyError) -> Self {
        RecordError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_exact() {
        for (error, status, body) in [
            (
                RestError::InvalidTable("nope".to_owned()),
                400,
                r#"{"error":{"message":"Invalid table nope","detail":null},"status":"failure"}"#,
            ),
            (
                RestError::NoRecord,
                404,
                r#"{"error":{"message":"No Record found","detail":"Record doesn't exist or ACL restricts the record retrieval"},"status":"failure"}"#,
            ),
            (
                RestError::NotAuthenticated,
                401,
                r#"{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}"#,
            ),
            (
                RestError::Refused("Update"),
                403,
                r#"{"error":{"message":"Operation Failed","detail":"ACL Exception Update Failed due to security constraints"},"status":"failure"}"#,
            ),
            (
                RestError::UnreadableQuery,
                403,
                r#"{"error":{"message":"Insufficient rights to query records","detail":"Field(s) present in the query do not have permission to be read"},"status":"failure"}"#,
            ),
            (
                RestError::NoSuchApi,
                400,
                r#"{"error":{"message":"Requested URI does not represent any resource","detail":null},"status":"failure"}"#,
            ),
        ] {
            assert_eq!(error.body(), body);
            assert_eq!(error.status().as_u16(), status, "{body}");
        }
    }

    #[test]
    fn a_challenge_names_the_realm_that_discovery_tools_look_for() {
        let response = RestError::NotAuthenticated.into_response();
        let challenge = response
            .headers()
            .get(header::WWW_AUTHENTICATE)
            .expect("a challenge");
        assert_eq!(challenge, "BASIC realm=\"Service-now\"");
    }
}
