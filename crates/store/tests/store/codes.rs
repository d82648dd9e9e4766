//! What codes gave in a session, so that it can end with it.

use snowglobe_oauth::{
    authorize::NewCode,
    change::Change,
    login::Proof,
    logout::SessionGrant,
    time::{UnixMillis, UnixSeconds},
    token::{TokenId, TokenKind},
};
use snowglobe_store::{Allowance, Owner};

use crate::{
    fixture::{NOW, Place},
    holder::Holder,
};

/// Gives a code in a session, and exchanges it; returns the family.
async fn granted(holder: &Holder, session: &str, until: UnixSeconds) -> TokenId {
    let code = NewCode {
        token: holder.issue(TokenKind::Code, None),
        redirect_uri: None,
        challenge: None,
        nonce: None,
        authenticated_at: UnixSeconds(1_800_000_000),
        proof: Proof::Password,
        session: session.into(),
    };
    let allowance = Allowance {
        owner: Owner {
            client: &holder.client,
            user: &holder.user,
        },
        code: Some(&code),
        token: &[],
        consent: None,
        ticket: None,
        now: NOW,
    };
    holder.store.allow(&allowance).await.unwrap();
    let family = holder.issue(TokenKind::Refresh, None);
    let consumed = Change::ConsumeCode {
        id: code.token.claims.id,
        gave: family.claims.id,
        gave_until: until,
        at: NOW,
    };
    let both = [Change::InsertToken(family), consumed];
    holder.apply(&both).await.unwrap();
    family.claims.id
}

pub(crate) async fn security_39_a_client_s_grants_of_a_session_are_found_until_they_are_dead(
    place: Place,
) {
    let holder = Holder::make(place.open().await).await;
    let until = UnixSeconds(1_808_640_000);
    let family = granted(&holder, "one", until).await;
    granted(&holder, "other", until).await;
    let store = &holder.store;
    let of = async |session: &str| {
        store
            .session_grants(session, holder.client.no)
            .await
            .unwrap()
    };
    let expected = SessionGrant {
        gave: family,
        until,
        offline: false,
    };
    assert_eq!(of("one").await, [expected]);
    assert_eq!(of("none").await, []);
    // A day after its code it is still there, and a day after its tokens no more.
    let day = |from: i64| UnixMillis((from + 24 * 3600 + 1) * 1000);
    store.sweep(NOW, day(1_800_000_060)).await.unwrap();
    assert_eq!(of("one").await, [expected]);
    store.sweep(NOW, day(until.0.into())).await.unwrap();
    assert_eq!(of("one").await, []);
}
