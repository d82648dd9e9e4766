//! Why: the reason of each error in the one list of them.

use super::RestError;
use crate::refusal::Why;

impl RestError {
    /// Returns the reason, where nothing nearer to the cause has said it.
    pub(super) fn why(&self) -> Why {
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
            | Self::NotServed { .. }
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
            Self::NotServed { .. } => "not_served",
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
}
