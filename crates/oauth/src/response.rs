//! What the token endpoint answers (RFC 6749 §5), as bytes.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    error::TokenError,
    pkce::ChallengeMismatch,
    policy::{ErrorStyle, Policy},
    resource::Resources,
    scope::Scope,
    token::{TokenClaims, TokenText},
};

/// A successful answer (RFC 6749 §5.1).
#[derive(Debug, Clone)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: AccessTokenText,
    /// What the access token says.
    pub access: TokenClaims,
    /// Where the access token may be used; none: at this instance.
    pub resources: Resources,
    /// Who the person is, where the client asked for it (OpenID Connect Core §3.1.3.3).
    pub id_token: Option<String>,
    /// The refresh token, where the grant gives one.
    pub refresh_token: Option<TokenText>,
    /// What the access token may be used for.
    pub scope: Scope,
    /// Seconds the access token lives, as the policy counts them.
    pub expires_in: u32,
}

/// The text of an access token, in the client's format.
#[derive(Clone)]
pub enum AccessTokenText {
    /// 86 characters that say nothing to others.
    Opaque(TokenText),
    /// A signed JWT (RFC 9068).
    Jwt(Zeroizing<String>),
}

impl AccessTokenText {
    /// Returns the text, to be sent to the client it belongs to.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Opaque(text) => text.expose(),
            Self::Jwt(text) => text,
        }
    }
}

impl fmt::Debug for AccessTokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessTokenText(…)")
    }
}

impl TokenResponse {
    /// Writes the JSON, its keys in the order ServiceNow's answers have (`inbound-oauth.md` §2.0).
    ///
    /// Tokens and scope names hold no character that JSON escapes, so nothing is scanned or copied twice.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.reserve(FIXED_LEN + self.scope.as_str().len());
        out.extend_from_slice(br#"{"access_token":""#);
        out.extend_from_slice(self.access_token.expose().as_bytes());
        if let Some(refresh_token) = &self.refresh_token {
            out.extend_from_slice(br#"","refresh_token":""#);
            out.extend_from_slice(refresh_token.expose().as_bytes());
        }
        out.extend_from_slice(br#"","scope":""#);
        out.extend_from_slice(self.scope.as_str().as_bytes());
        out.extend_from_slice(br#"","token_type":"Bearer","expires_in":"#);
        write_decimal(self.expires_in, out);
        if let Some(id_token) = &self.id_token {
            out.extend_from_slice(br#","id_token":""#);
            out.extend_from_slice(id_token.as_bytes());
            out.push(b'"');
        }
        out.push(b'}');
    }
}

/// A refusal, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: String,
    /// The value of the `WWW-Authenticate` header, if there is one.
    pub www_authenticate: Option<&'static str>,
}

impl TokenError {
    /// Renders the refusal in the policy's style.
    ///
    /// ServiceNow answers every fault with the same 401. What it does with a missing or unknown `grant_type`
    /// is not public (`inbound-oauth.md` §9.1); here that is the same 401.
    #[must_use]
    pub fn render(&self, policy: &Policy, used_basic: bool) -> ErrorResponse {
        match policy.errors {
            ErrorStyle::CatchAll => ErrorResponse {
                status: 401,
                body: self.catch_all(),
                www_authenticate: None,
            },
            ErrorStyle::Rfc6749 => self.render_by_rfc(used_basic),
        }
    }

    /// One body for every fault, with the one exception that is on record (§9.1). Challenges hold no character that
    /// JSON escapes (`CodeVerifier::parse`).
    fn catch_all(&self) -> String {
        let Self::CodeChallenge(ChallengeMismatch { expected, actual }) = self else {
            return CATCH_ALL.to_owned();
        };
        format!(
            r#"{{"error_description":"can't verify code challenge, expected:{expected}, actual:{actual}","error":"invalid_request"}}"#
        )
    }

    fn render_by_rfc(&self, used_basic: bool) -> ErrorResponse {
        let unauthenticated = matches!(self, Self::InvalidClient(_));
        // The description holds no `"` and no `\`: RFC 6749 §5.2, and `GrantTypeFault::unknown`.
        let body = format!(
            r#"{{"error":"{}","error_description":"{self}"}}"#,
            self.code()
        );
        ErrorResponse {
            status: if unauthenticated { 401 } else { 400 },
            body,
            // RFC 6749 §5.2: a client that used the header is answered with the matching challenge.
            www_authenticate: (unauthenticated && used_basic).then_some(BASIC_CHALLENGE),
        }
    }
}

fn write_decimal(number: u32, out: &mut Vec<u8>) {
    let mut digits = [0; 10];
    let mut rest = number;
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Both tokens, the keys and the largest number.
const FIXED_LEN: usize = 2 * TokenText::LEN + 112;
const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
const BASIC_CHALLENGE: &str = r#"Basic realm="oauth", charset="UTF-8""#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, 10, 1799, u32::MAX] {
            let mut out = Vec::new();
            write_decimal(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
