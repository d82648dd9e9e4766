//! OpenID Connect Core §3.1.2 and OAuth 2.0 Form Post Response Mode: what a client may ask of the authorization
//! endpoint beyond OAuth.

use snowglobe_oauth::{
    Change, UnixSeconds,
    logout::{self, SessionGrant},
};

use crate::{
    authorization::{CALLBACK, CODE, End, Visitor},
    instance::Instance,
};

#[test]
fn security_39_what_a_client_got_in_a_session_ends_with_it_unless_it_was_to_go_on_offline() {
    let mut instance = Instance::strict();
    let client = instance.client("web").clone();
    let grant = |offline| SessionGrant {
        gave: instance.ids.next(instance.now),
        until: UnixSeconds(1_800_001_800),
        offline,
    };
    let (online, offline) = (grant(false), grant(true));
    let ended: Vec<_> = logout::ended(&[online, offline], &client, instance.now).collect();
    let [Change::RevokeFamily { id, forget_after }] = ended[..] else {
        panic!("{ended:?}")
    };
    // However often it was rotated: a hundred days.
    assert_eq!(
        (id, forget_after),
        (online.gave, UnixSeconds(1_808_640_000))
    );
}

fn ends_at_login(end: &End) -> Option<bool> {
    match end {
        End::Login { again } => Some(*again),
        _ => None,
    }
}

#[test]
fn oidc_3_1_2_1_nobody_logs_in_first() {
    let mut instance = Instance::strict().web();
    let nobody = Visitor::nobody(&instance);
    assert_eq!(
        ends_at_login(&instance.authorize_as(CODE, &nobody)),
        Some(false)
    );
}

#[test]
fn oidc_3_1_2_1_prompt_none_shows_no_page() {
    let mut instance = Instance::strict().web();
    let query = format!("{CODE}&prompt=none");
    let nobody = Visitor::nobody(&instance);
    assert_eq!(
        instance.authorize_as(&query, &nobody).sent().error(),
        "login_required"
    );
    assert_eq!(
        instance.authorize(&query).sent().error(),
        "consent_required"
    );
    let old = Visitor {
        authenticated_at: UnixSeconds(1),
        ..Visitor::abel(&instance)
    };
    let aged = format!("{query}&max_age=10");
    assert_eq!(
        instance.authorize_as(&aged, &old).sent().error(),
        "login_required"
    );
}

#[test]
fn oidc_3_1_2_1_prompt_login_asks_for_a_login_after_it() {
    let mut instance = Instance::strict().web();
    let now = instance.now.seconds();
    for more in ["&prompt=login", "&max_age=0"] {
        // Who was nobody is asked once: the login that comes counts.
        let nobody = Visitor::nobody(&instance);
        let asked = instance.authorize_as(&format!("{CODE}{more}"), &nobody);
        assert_eq!(ends_at_login(&asked), Some(true));
        let query = format!("{CODE}{more}");
        assert_eq!(
            ends_at_login(&instance.authorize(&query)),
            Some(true),
            "{more}"
        );
        let stale = Visitor {
            asked: Some(now),
            ..Visitor::abel(&instance)
        };
        assert_eq!(
            ends_at_login(&instance.authorize_as(&query, &stale)),
            Some(true)
        );
        let fresh = Visitor {
            asked: Some(now),
            authenticated_at: now,
            ..Visitor::abel(&instance)
        };
        instance.authorize_as(&query, &fresh).sent().code();
    }
}

#[test]
fn oidc_3_1_2_1_max_age_asks_for_a_login_that_is_young_enough() {
    let mut instance = Instance::strict().web();
    // Abel logged in a minute ago.
    instance
        .authorize(&format!("{CODE}&max_age=60"))
        .sent()
        .code();
    let end = instance.authorize(&format!("{CODE}&max_age=59"));
    assert_eq!(ends_at_login(&end), Some(true));
}

#[test]
fn oidc_3_1_2_1_what_the_exchange_needs_is_kept_with_the_code() {
    let mut instance = Instance::strict().web();
    instance.code(&format!("{CODE}&scope=openid+profile&nonce=n-0S6_WzA2Mj"));
    let stored = instance.codes.values().next().unwrap();
    assert_eq!(stored.nonce.as_deref(), Some("n-0S6_WzA2Mj"));
    assert_eq!(
        stored.authenticated_at,
        Visitor::abel(&instance).authenticated_at
    );
    let code = instance.code(&format!("{CODE}&scope=openid+profile"));
    assert_eq!(
        instance.exchange(&code, "").unwrap().scope,
        "openid profile"
    );
}

#[test]
fn response_modes_put_the_answer_where_it_was_asked_for() {
    let mut instance = Instance::strict().web();
    for (mode, place) in [("query", '?'), ("fragment", '#'), ("form_post", 'f')] {
        let query = format!("{CODE}&response_mode={mode}");
        let sent = instance.authorize(&query).sent();
        assert_eq!((sent.separator, &*sent.uri), (place, CALLBACK), "{mode}");
        instance.exchange(sent.code(), "").unwrap();
    }
}
