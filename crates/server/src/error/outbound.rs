//! Refusals of calls that this instance makes.

use axum::http::StatusCode;

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
    pub(super) fn status(&self) -> StatusCode {
        match self.code {
            "alias_unknown"
            | "rest_message_unknown"
            | "rest_function_unknown"
            | "flow_not_found" => StatusCode::NOT_FOUND,
            "rest_message_ambiguous" | "flow_ambiguous" | "flow_inactive" | "flow_user_missing" => {
                StatusCode::CONFLICT
            }
            "rest_endpoint_missing"
            | "rest_path_elsewhere"
            | "rest_header_invalid"
            | "flow_table_unknown" => StatusCode::BAD_REQUEST,
            "broker_not_permitted" => StatusCode::FORBIDDEN,
            "outbound_waited" | "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ if self.initiator.is_some() => StatusCode::CONFLICT,
            _ => StatusCode::BAD_GATEWAY,
        }
    }

    pub(super) fn detail(&self) -> String {
        match &self.initiator {
            Some(initiator) => format!("{} A person has to consent at {initiator}", self.why),
            None => self.why.clone(),
        }
    }
}
