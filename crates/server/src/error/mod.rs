//! Every error body of the REST surface, in one place (`rest-and-records.md` §1.7).

mod answer;
mod cause;
mod outbound;
mod reason;
mod texts;

use axum::http::StatusCode;
use snowglobe_oauth::api_access::policy::Scheme;
use snowglobe_records::write::Abort;

pub(crate) use self::{
    answer::{json, no_content},
    outbound::OutboundRefusal,
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
    /// E12, for what a real instance has and this one has not: what, and what there is in its place.
    NotServed {
        what: &'static str,
        instead: &'static str,
    },
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

impl RestError {
    fn status(&self) -> StatusCode {
        match self {
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::InvalidTable(_)
            | Self::NoSuchApi
            | Self::NotServed { .. }
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
}
