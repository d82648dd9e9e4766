//! The answer of another's token endpoint (RFC 6749 §5), read with the leniency that the field needs.
//!
//! Names of headers are compared without regard to case, `expires_in` may be text, an error may come with status 200,
//! and some providers answer with a form where JSON is due; each of them has broken a real integration
//! (`outbound-oauth.md` §3.4, §8.4).

use serde_json::{Map, Value};

use crate::{form::Form, secret::Secret};

/// What a provider answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// RFC 6749 §5.1
    Granted(Granted),
    /// RFC 6749 §5.2
    Refused(Refusal),
    /// Neither.
    Unusable(Unusable),
}

/// Tokens.
#[derive(Debug, Clone)]
pub struct Granted {
    /// `access_token`
    pub access_token: Secret,
    /// `refresh_token`
    pub refresh_token: Option<Secret>,
    /// `expires_in`, in seconds.
    pub expires_in: Option<u32>,
    /// `refresh_expires_in` and its other spellings, in seconds.
    pub refresh_expires_in: Option<u32>,
    /// `scope`
    pub scope: Option<Box<str>>,
}

/// A refusal, in the provider's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// `error`; empty if there is none.
    pub error: Box<str>,
    /// `error_description`
    pub description: Box<str>,
    /// There was nothing at all in the body.
    pub silent: bool,
}

/// An answer that is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no JSON object, nor a form.
    #[error("the answer is no JSON object")]
    NotJson,
    /// `outbound-oauth.md` §3.4: seen with providers that give only an `id_token`.
    #[error("invalid_request, Missing parameters: access_token")]
    NoAccessToken,
    /// RFC 6749 §7.1: "The client MUST NOT use an access token if it does not understand the token type."
    #[error("the token is of a type that is not Bearer")]
    TokenType,
    /// It could not be sent in a header.
    #[error("the token holds characters that no header can carry")]
    Characters,
}

impl Answer {
    /// Reads an answer.
    #[must_use]
    pub fn read(status: u16, body: &[u8]) -> Self {
        let object = match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Some(object),
            Ok(_) => None,
            Err(_) => form(body),
        };
        let object = match object {
            Some(object) => object,
            None if status == 200 => return Self::Unusable(Unusable::NotJson),
            None => Map::new(),
        };
        let error = text(&object, "error");
        if status == 200 && (error.is_none() || object.contains_key("access_token")) {
            return granted(&object).map_or_else(Self::Unusable, Self::Granted);
        }
        Self::Refused(Refusal {
            status,
            error: shown(error.unwrap_or_default(), 80),
            description: shown(text(&object, "error_description").unwrap_or_default(), 400),
            silent: body.is_empty(),
        })
    }
}

impl Refusal {
    /// Tells whether the grant is dead: nothing but a person's consent gives another (RFC 6749 §5.2). Two names are
    /// of providers that invented their own, and one (Glewlwyd) says 400 and nothing else to a refresh token that is dead.
    #[must_use]
    pub fn ends_grant(&self) -> bool {
        (self.silent && self.status == 400)
            || matches!(
                &*self.error,
                "invalid_grant" | "bad_refresh_token" | "token_revoked"
            )
    }

    /// Tells whether the same request may be granted later: the provider is in trouble, not the request.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.status, 408 | 409 | 423 | 425 | 429 | 500..)
            || matches!(
                &*self.error,
                "temporarily_unavailable" | "server_error" | "slow_down"
            )
    }

    /// Tells whether the provider does not take this instance for the client.
    #[must_use]
    pub fn is_about_client(&self) -> bool {
        matches!(&*self.error, "invalid_client" | "unauthorized_client")
            || (self.status == 401 && self.error.is_empty())
    }
}

fn granted(object: &Map<String, Value>) -> Result<Granted, Unusable> {
    let token = |name| text(object, name).filter(|text| !text.is_empty());
    let access = token("access_token").ok_or(Unusable::NoAccessToken)?;
    let bearer = token("token_type").is_none_or(|it| it.eq_ignore_ascii_case("bearer"));
    if !bearer {
        return Err(Unusable::TokenType);
    }
    // RFC 6749 appendix A.12: visible ASCII.
    if !access.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Err(Unusable::Characters);
    }
    let seconds = |names: &[&str]| names.iter().find_map(|name| seconds(object.get(*name)?));
    Ok(Granted {
        access_token: Secret::new(access.to_owned()),
        refresh_token: token("refresh_token").map(|it| Secret::new(it.to_owned())),
        expires_in: seconds(&["expires_in"]),
        refresh_expires_in: seconds(&[
            "refresh_expires_in",
            "refresh_token_expires_in",
            "x_refresh_token_expires_in",
        ]),
        scope: token("scope").map(|it| shown(it, 1000)),
    })
}

/// `access_token=…&token_type=bearer`, or an error in the same way.
fn form(body: &[u8]) -> Option<Map<String, Value>> {
    let form = Form::parse(body).ok()?;
    let mut object = Map::new();
    for (name, value) in form.iter() {
        // RFC 6749 §5: none comes twice.
        if object.insert(name.to_owned(), value.into()).is_some() {
            return None;
        }
    }
    let is_answer = object.contains_key("access_token") || object.contains_key("error");
    is_answer.then_some(object)
}

fn text<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o str> {
    object.get(name)?.as_str()
}

/// A number, or a text that is one.
fn seconds(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held within the range first; `as` saturates"
    )]
    (number >= 0.0).then_some(number.min(f64::from(u32::MAX)) as u32)
}

/// What another said, on one line and no longer than that.
fn shown(text: &str, most: usize) -> Box<str> {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(most).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(body: &str) -> Granted {
        match Answer::read(200, body.as_bytes()) {
            Answer::Granted(granted) => granted,
            other => panic!("{body}: {other:?}"),
        }
    }

    fn unusable(body: &str) -> Unusable {
        match Answer::read(200, body.as_bytes()) {
            Answer::Unusable(why) => why,
            other => panic!("{body}: {other:?}"),
        }
    }

    fn refused(status: u16, body: &str) -> Refusal {
        match Answer::read(status, body.as_bytes()) {
            Answer::Refused(refusal) => refusal,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn rfc6749_5_1_tokens_are_read() {
        let all = granted(
            r#"{"access_token":"a","token_type":"BEARER","expires_in":3600,"refresh_token":"r","scope":"x y","extra":1}"#,
        );
        assert_eq!(all.access_token.expose(), "a");
        assert_eq!(all.refresh_token.as_ref().map(Secret::expose), Some("r"));
        assert_eq!(
            (all.expires_in, all.scope.as_deref()),
            (Some(3600), Some("x y"))
        );
        let few = granted(r#"{"access_token":"a","refresh_token":""}"#);
        assert!(few.refresh_token.is_none() && few.expires_in.is_none());
    }

    #[test]
    fn outbound_3_4_lifetimes_come_in_many_spellings() {
        for (body, seconds) in [
            (r#"{"access_token":"a","expires_in":"3599"}"#, Some(3599)),
            (r#"{"access_token":"a","expires_in":3599.9}"#, Some(3599)),
            (r#"{"access_token":"a","expires_in":1e99}"#, Some(u32::MAX)),
            (r#"{"access_token":"a","expires_in":-1}"#, None),
            (r#"{"access_token":"a","expires_in":null}"#, None),
        ] {
            assert_eq!(granted(body).expires_in, seconds, "{body}");
        }
        let refresh = granted(r#"{"access_token":"a","refresh_token_expires_in":7}"#);
        assert_eq!(refresh.refresh_expires_in, Some(7));
    }

    #[test]
    fn outbound_3_4_an_answer_without_a_usable_token_is_none() {
        assert_eq!(unusable(r#"{"id_token":"x"}"#), Unusable::NoAccessToken);
        assert_eq!(unusable(r#"{"access_token":""}"#), Unusable::NoAccessToken);
        assert_eq!(unusable("<html>"), Unusable::NotJson);
        assert_eq!(unusable("[]"), Unusable::NotJson);
        let dpop = r#"{"access_token":"a","token_type":"DPoP"}"#;
        assert_eq!(unusable(dpop), Unusable::TokenType);
        let split = r#"{"access_token":"a\r\nX-Evil: 1"}"#;
        assert_eq!(unusable(split), Unusable::Characters);
    }

    #[test]
    fn outbound_8_4_a_form_is_an_answer_too() {
        let tokens =
            granted("access_token=gho_1&expires_in=28800&refresh_token=r%2F1&scope=repo%2Cgist");
        assert_eq!(tokens.access_token.expose(), "gho_1");
        assert_eq!(
            tokens.refresh_token.as_ref().map(Secret::expose),
            Some("r/1")
        );
        assert_eq!(tokens.expires_in, Some(28800));
        let dead = refused(200, "error=bad_refresh_token&error_description=gone");
        assert!(dead.ends_grant());
        assert_eq!(unusable("a=b"), Unusable::NotJson);
        assert_eq!(unusable("access_token=a&access_token=b"), Unusable::NotJson);
    }

    #[test]
    fn a_refusal_says_whether_it_is_for_good() {
        let dead = refused(
            400,
            r#"{"error":"invalid_grant","error_description":"gone\n"}"#,
        );
        assert!(dead.ends_grant() && !dead.is_passing());
        assert_eq!(&*dead.description, "gone ");
        let github = refused(200, r#"{"error":"bad_refresh_token"}"#);
        assert!(github.ends_grant(), "an error may come with status 200");
        for (status, body) in [(503, ""), (429, "{}"), (400, r#"{"error":"server_error"}"#)] {
            assert!(refused(status, body).is_passing(), "{status} {body}");
        }
        assert!(refused(400, "").ends_grant(), "Glewlwyd says no more");
        for (status, body) in [
            (400, "<html>"),
            (400, "{}"),
            (401, ""),
            (404, ""),
            (500, ""),
        ] {
            assert!(!refused(status, body).ends_grant(), "{status} {body}");
        }
        assert!(refused(401, "").is_about_client());
        assert!(refused(400, r#"{"error":"invalid_client"}"#).is_about_client());
        let scope = refused(400, r#"{"error":"invalid_scope"}"#);
        assert!(!scope.ends_grant() && !scope.is_passing() && !scope.is_about_client());
    }
}
