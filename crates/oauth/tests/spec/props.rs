//! Properties that hold for any input.

use proptest::prelude::*;
use snowglobe_oauth::{
    ClientNo, Form, KeyRing, Policy, Scope, ScopeNo, SecretHash, TokenClaims, TokenId, TokenIds,
    TokenKind, TokenRequest, UnixMillis, UnixSeconds, UserNo, revoke::RevocationRequest,
};

use crate::instance::{ABEL, Instance, WEB};

fn claims() -> impl Strategy<Value = TokenClaims> {
    let id = || (1..=i64::MAX).prop_map(|id| TokenId::from_i64(id).unwrap());
    let kind = prop_oneof![Just(TokenKind::Access), Just(TokenKind::Refresh)];
    let numbers = any::<[u32; 5]>();
    (kind, id(), proptest::option::of(id()), numbers).prop_map(|(kind, id, family, numbers)| {
        let [client, user, scope, expires, generation] = numbers;
        TokenClaims {
            kind,
            id,
            family,
            client: ClientNo(client),
            user: UserNo(user),
            scope: ScopeNo(scope),
            expires: UnixSeconds(expires),
            generation,
        }
    })
}

/// Bodies that come close to token requests.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just("grant_type=password".to_owned()),
        Just("grant_type=refresh_token".to_owned()),
        Just("grant_type=client_credentials".to_owned()),
        "(client_id|client_secret|scope|username|password|refresh_token|token)=.{0,8}",
        "[%+=&a-f0-9]{0,9}",
    ];
    let parts =
        proptest::collection::vec(part, 0..8).prop_map(|parts| parts.join("&").into_bytes());
    prop_oneof![3 => parts, 1 => proptest::collection::vec(any::<u8>(), 0..64)]
}

proptest! {
    #[test]
    fn a_token_says_what_it_was_minted_with(claims in claims(), key in any::<[u8; 32]>()) {
        let ring = KeyRing::new(1, &key);
        let (issued, text) = ring.mint(claims);
        prop_assert_eq!(ring.recover(text.expose()), Ok(issued));
        prop_assert!(text.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn no_text_is_a_token_by_chance(text in "[A-Za-z0-9_-]{86}|.{0,100}") {
        prop_assert!(KeyRing::new(1, &[1; 32]).verify(&text).is_err());
    }

    #[test]
    fn requests_of_any_bytes_are_read_or_refused(
        body in body(),
        authorization in proptest::option::of("(Basic )?.{0,20}"),
        strict in any::<bool>(),
    ) {
        let policy = if strict { Policy::strict() } else { Policy::servicenow() };
        if let Ok(form) = Form::parse(&body) {
            let authorization = authorization.as_deref();
            let _ = RevocationRequest::parse(&form, authorization, &policy);
            if let Err(error) = TokenRequest::parse(&form, authorization, &policy) {
                let response = error.render(&policy, true);
                prop_assert!(serde_json::from_str::<serde_json::Value>(&response.body).is_ok());
            }
        }
    }

    #[test]
    fn a_form_says_what_was_encoded(value in "\\PC{1,40}") {
        let encoded: Vec<_> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let body = format!("a=1&text={}", encoded.concat());
        let form = Form::parse(body.as_bytes()).unwrap();
        prop_assert_eq!(form.get("text"), Ok(Some(value.as_str())));
    }

    #[test]
    fn stored_secrets_of_any_text_are_read_or_refused(text in "(\\$(sha256|argon2id)\\$)?.{0,80}") {
        if let Ok(hash) = SecretHash::parse(&text) {
            prop_assert_eq!(hash.render(), text);
        }
    }

    #[test]
    fn ids_only_grow(clock in proptest::collection::vec(0..10_i64, 1..200), node in any::<u16>()) {
        let ids = TokenIds::new(node);
        let issued: Vec<_> = clock.iter().map(|ms| ids.next(UnixMillis(1_700_000_000_000 + ms))).collect();
        prop_assert!(issued.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_scope_is_its_text(names in "[a-c ]{0,12}") {
        if let Ok(scope) = Scope::parse(&names) {
            prop_assert_eq!(Scope::parse(scope.as_str()), Ok(scope.clone()));
            prop_assert!(scope.names().all(|name| names.split(' ').any(|asked| asked == name)));
        }
    }

    /// Whatever a client asks for at whatever time, it gets no more scope than is registered, no more than
    /// it asked for, and no more time than its record allows.
    #[test]
    fn nothing_is_issued_beyond_what_was_asked_and_allowed(
        steps in proptest::collection::vec((0..4_u8, 0..4_000_i64, "[a-d ]{0,6}"), 1..12),
        strict in any::<bool>(),
    ) {
        let mut it = if strict { Instance::strict() } else { Instance::servicenow() };
        it.client("web").scope = Scope::parse("a b c").ok();
        let mut held: Option<(String, String)> = None;
        for (step, seconds, asked) in steps {
            it.later(seconds);
            let (ground, before) = match (&held, step) {
                (Some((token, scope)), 0 | 1) => {
                    (format!("grant_type=refresh_token&refresh_token={token}"), Some(scope.clone()))
                }
                (_, 2) => ("grant_type=client_credentials".to_owned(), None),
                _ => (ABEL.to_owned(), None),
            };
            let scope = asked.replace(' ', "+");
            let Ok(answer) = it.post(&format!("{ground}&scope={scope}&{WEB}")) else { continue };
            let granted: Vec<_> = answer.scope.split(' ').collect();
            if let Some(before) = &before {
                prop_assert!(granted.iter().all(|name| before.split(' ').any(|had| had == *name)));
            } else if let Ok(asked) = Scope::parse(&asked) {
                prop_assert_eq!(asked.as_str(), &answer.scope);
            }
            prop_assert!(granted.iter().all(|name| ["a", "b", "c", "useraccount"].contains(name)));
            let access = it.keys.verify(&answer.access_token).unwrap();
            prop_assert!(access.expires <= it.now.after(1800));
            prop_assert!(answer.expires_in <= 1800);
            prop_assert!(it.call(&answer.access_token).is_ok());
            if let Some(refresh) = &answer.refresh_token {
                let claims = it.keys.verify(refresh).unwrap();
                prop_assert!(claims.expires <= claims.id.issued_at().after(8_640_000));
                held = Some((refresh.clone(), before.unwrap_or(answer.scope)));
            }
        }
    }
}

#[test]
fn every_prefix_extension_and_flip_of_a_token_is_dead() {
    let mut it = Instance::servicenow();
    let token = it.post(&format!("{ABEL}&{WEB}")).unwrap().access_token;
    for end in 0..token.len() {
        assert!(it.keys.verify(&token[..end]).is_err(), "prefix of {end}");
    }
    for extra in ["A", "=", "==", "\0", " ", "&"] {
        assert!(
            it.keys.verify(&format!("{token}{extra}")).is_err(),
            "{extra:?} behind"
        );
        assert!(
            it.keys.verify(&format!("{extra}{token}")).is_err(),
            "{extra:?} before"
        );
    }
    for at in 0..token.len() {
        for byte in (0..128_u8).filter(|byte| *byte != token.as_bytes()[at]) {
            let mut flipped = token.clone().into_bytes();
            flipped[at] = byte;
            let flipped = String::from_utf8(flipped).unwrap();
            assert!(it.keys.verify(&flipped).is_err(), "byte {at} as {byte}");
        }
    }
    assert!(it.keys.verify(&token).is_ok());
}
