//! What each error says on the wire.

use super::RestError;
use crate::rest::body::push_string;

impl RestError {
    /// The `message` and `detail` of the envelope.
    pub(super) fn texts(&self) -> (String, Option<String>) {
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
            Self::NotServed { what, instead } => (
                "Requested URI does not represent any resource".to_owned(),
                Some(format!("{what} is not served here: {instead}")),
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
}
